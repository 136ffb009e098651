package survey_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/servicequality/servicequality/survey"
)

// exported holds a pointer to the zero value of every exported type.
func exported() []any {
	return []any{
		new(survey.Answers), new(survey.Comparison), new(survey.Definition), new(survey.DimensionMean), new(survey.DimensionScore),
		new(survey.Direction), new(survey.Favour), new(survey.Feedback), new(survey.FeedbackKind), new(survey.Group),
		new(survey.GroupIndex), new(survey.Index), new(survey.Item), new(survey.ItemReliability), new(survey.LeftOut),
		new(survey.Profile), new(survey.Question), new(survey.Questionnaire), new(survey.Range), new(survey.Rate),
		new(survey.Reason), new(survey.Reliability), new(survey.Response), new(survey.Responses), new(survey.Satisfaction),
		new(survey.Scale), new(survey.Source), new(survey.SourceResponses), new(survey.Statistic), new(survey.Stratum),
		new(survey.Verdict), new(survey.WeightedIndex),
	}
}

// No method of a zero value panics, with zero arguments.
func TestZeroValues(t *testing.T) {
	var names []string
	for _, v := range exported() {
		typ := reflect.TypeOf(v)
		names = append(names, typ.Elem().Name())
		for i := range typ.NumMethod() {
			t.Run(typ.Elem().Name()+"."+typ.Method(i).Name, func(t *testing.T) {
				method := reflect.New(typ.Elem()).Method(i)
				var args []reflect.Value
				for k := range method.Type().NumIn() {
					if k < method.Type().NumIn()-1 || !method.Type().IsVariadic() {
						args = append(args, reflect.Zero(method.Type().In(k)))
					}
				}
				method.Call(args)
			})
		}
	}
	slices.Sort(names)
	if want := exportedTypes(t); !slices.Equal(names, want) {
		t.Errorf("the types are %v, want %v", names, want)
	}
}

// exportedTypes returns the names of the exported types of the package, sorted.
func exportedTypes(t *testing.T) (names []string) {
	t.Helper()
	files := must(filepath.Glob("*.go"))
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && s.Name.IsExported() {
				names = append(names, s.Name.Name)
			}
			return true
		})
	}
	slices.Sort(names)
	return names
}

// What accumulates holds no memory that a copy would share, or vet refuses to copy
// it.
func TestCopiesShareNothing(t *testing.T) {
	accumulators := 0
	for _, v := range exported() {
		typ := reflect.TypeOf(v)
		_, adds := typ.MethodByName("Add")
		_, merges := typ.MethodByName("Merge")
		if !adds && !merges {
			continue
		}
		accumulators++
		refused := false
		for i := range typ.Elem().NumField() {
			refused = refused || reflect.PointerTo(typ.Elem().Field(i).Type).Implements(reflect.TypeFor[sync.Locker]())
		}
		if !refused && shares(typ.Elem()) {
			t.Errorf("copies of %v share memory", typ.Elem())
		}
	}
	if accumulators != 4 {
		t.Errorf("%d types accumulate", accumulators)
	}
}

// shares reports whether copies of values of the type share memory that can be
// written.
func shares(typ reflect.Type) bool {
	switch typ.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return true
	case reflect.Array:
		return shares(typ.Elem())
	case reflect.Struct:
		for i := range typ.NumField() {
			if shares(typ.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// What Responses hand out does not change with what comes later.
func TestHandedOutIsFrozen(t *testing.T) {
	for _, n := range []int{1, 3, 5000} {
		r := must(survey.NewResponses(satisfaction()))
		add := func(to *survey.Responses, value int) {
			for i := range n {
				at := day(1).Add(time.Duration(i) * time.Second)
				if err := to.Add(survey.Response{Source: "email", At: at, Group: "chat", Value: value}); err != nil {
					t.Fatal(err)
				}
			}
			if err := to.Invite("email", int64(2*n)); err != nil {
				t.Fatal(err)
			}
		}
		add(r, 4)
		handed := []any{r.Answers(), must(r.Index()), must(r.Weighted()), r.Resolved(), r.Groups(), r.Sources(), r.Question()}
		before := must(json.Marshal(handed))
		sum := new(survey.Responses)
		if err := sum.Merge(r); err != nil {
			t.Fatal(err)
		}
		add(sum, 1)
		if r.Len() != n || r.Sources()[0].Invited != int64(2*n) {
			t.Errorf("n = %d: what was merged from has changed", n)
		}
		add(r, 2)
		if err := r.Merge(sum); err != nil {
			t.Fatal(err)
		}
		if after := must(json.Marshal(handed)); string(after) != string(before) {
			t.Errorf("n = %d: what was handed out has changed", n)
		}
		// And back: writing to what was handed out changes nothing.
		r.Resolved()[0].Value = 5
		r.Groups()[0].Answers.LeaveOut(survey.Excluded)
		if a := r.Answers(); a.Count(5) != 0 || !a.LeftOut().IsZero() {
			t.Errorf("n = %d: %v", n, a)
		}
	}
}
