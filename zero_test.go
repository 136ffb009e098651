package servicequality_test

import (
	"fmt"
	"go/ast"
	"reflect"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
)

// zeroValues are pointers to the zero values of all exported types of a package that
// are not interfaces.
var zeroValues = map[string][]any{
	"metrics/calendar": {
		new(calendar.Calendar), new(calendar.Config), new(calendar.ConfigError), new(calendar.Date),
		new(calendar.FeedError), new(calendar.Holiday), new(calendar.Hours), new(calendar.MonthDay),
		new(calendar.TimeOfDay), new(calendar.Version), new(calendar.Weekly), new(calendar.Window),
	},
	"metrics/text": {new(text.Enum[uint8])},
	"rating": {
		new(rating.Agreement), new(rating.Assessment), new(rating.BayesianAverage), new(rating.Calibration),
		new(rating.Coefficient), new(rating.Criterion), new(rating.CriterionAgreement), new(rating.DirichletBound),
		new(rating.Distribution), new(rating.Facts), new(rating.HalfStars), new(rating.Ladder), new(rating.Level),
		new(rating.MeasuredRung), new(rating.PartError), new(rating.Points), new(rating.Ranked[string]),
		new(rating.RankScore), new(rating.Review), new(rating.ReviewScore), new(rating.ReviewTally),
		new(rating.Rung), new(rating.Scorecard), new(rating.SectionScore), new(rating.Stars), new(rating.Tier),
	},
}

// No method of a zero value panics, whatever else it does; nor does printing it.
func TestZeroValues(t *testing.T) {
	packages := library(t)
	for path, values := range zeroValues {
		listed := make(map[string]bool)
		for _, v := range values {
			typ := reflect.TypeOf(v)
			name, _, _ := strings.Cut(typ.Elem().Name(), "[")
			listed[name] = true
			for i := range typ.NumMethod() {
				// A method may change its receiver, so each has one of its own.
				callZero(t, typ, typ.Method(i))
			}
			if printed := fmt.Sprintf("%v %+v", v, reflect.ValueOf(v).Elem()); strings.Contains(printed, "PANIC") {
				t.Errorf("zero %v prints as %s", typ.Elem(), printed)
			}
		}
		for _, name := range exportedTypes(t, packages[path]) {
			if !listed[name] {
				t.Errorf("%s.%s is not in the list of zero values", path, name)
			}
		}
	}
}

// callZero calls a method of a zero value with zero values, which are not nil where
// a pointer is wanted. What is returned as a sequence is gone through.
func callZero(t *testing.T, typ reflect.Type, m reflect.Method) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("zero %v: %s panics: %v", typ.Elem(), m.Name, p)
		}
	}()
	args := []reflect.Value{reflect.New(typ.Elem())}
	for i := 1; i < m.Type.NumIn(); i++ {
		in := m.Type.In(i)
		switch {
		case m.Type.IsVariadic() && i == m.Type.NumIn()-1:
		case in.Kind() == reflect.Pointer:
			args = append(args, reflect.New(in.Elem()))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	for _, result := range m.Func.Call(args) {
		switch {
		case result.Type().CanSeq() && result.Kind() == reflect.Func:
			for range result.Seq() {
			}
		case result.Type().CanSeq2() && result.Kind() == reflect.Func:
			for range result.Seq2() {
			}
		}
	}
}

// exportedTypes returns the names of the exported types of a package but interfaces.
func exportedTypes(t *testing.T, p goPackage) []string {
	t.Helper()
	var names []string
	for _, f := range sources(t, p) {
		for _, decl := range f.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range d.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
					if _, isInterface := s.Type.(*ast.InterfaceType); !isInterface {
						names = append(names, s.Name.Name)
					}
				}
			}
		}
	}
	return names
}
