package servicequality_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the listing of the API anew, and the forms of version 1 that have no file yet")

// apiFile lists what the packages of the library export.
const apiFile = ".ci/api.txt"

// What the library exports is what apiFile says, so that no change of it goes
// unseen. A parameter's name is part of the listing: it says what is meant.
func TestAPI(t *testing.T) {
	lines := exported(t)
	if len(lines) < 1000 {
		t.Fatalf("only %d lines", len(lines))
	}
	if *update {
		if err := os.WriteFile(apiFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(apiFile)
	if err != nil {
		t.Fatal(err)
	}
	if d := apiDifference(strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"), lines); d != "" {
		t.Errorf("the API is not what %s says:\n%s\nFrom version 1 on nothing is removed or changed, and what is added needs a minor version.\n"+
			"If this is meant, say so in CHANGELOG.md and run: go test -run TestAPI -update .", apiFile, d)
	}
}

func TestAPIDifference(t *testing.T) {
	was := []string{"metrics.A = 1", "metrics.B func()", "metrics.C = 3", "metrics.D.X int"}
	is := []string{"metrics.A = 2", "metrics.B func()", "metrics.D.X int", "metrics.E.X int"}
	want := "removed: metrics.C = 3\nchanged: metrics.A = 1\n     to: metrics.A = 2\nadded:   metrics.E.X int"
	if got := apiDifference(was, is); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := apiDifference(was, was); got != "" {
		t.Errorf("between equals: %s", got)
	}
}

// apiDifference says what was removed, changed and added between two listings.
func apiDifference(was, is []string) string {
	name := func(line string) string { before, _, _ := strings.Cut(line, " "); return before }
	now, old := make(map[string]string), make(map[string]string)
	for _, line := range is {
		now[name(line)] = line
	}
	var removed, changed, added []string
	for _, line := range was {
		old[name(line)] = line
		switch to, stays := now[name(line)]; {
		case !stays:
			removed = append(removed, "removed: "+line)
		case to != line:
			changed = append(changed, "changed: "+line+"\n     to: "+to)
		}
	}
	for _, line := range is {
		if _, was := old[name(line)]; !was {
			added = append(added, "added:   "+line)
		}
	}
	return strings.Join(slices.Concat(removed, changed, added), "\n")
}

// exported returns a line for each constant, variable, function, type, method
// and field that the packages of the library export, sorted by name.
func exported(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, p := range libraryTypes(t) {
		name := strings.TrimPrefix(p.Path(), module+"/")
		if p.Path() == module {
			name = p.Name()
		}
		for _, object := range p.Scope().Names() {
			if o := p.Scope().Lookup(object); o.Exported() {
				lines = append(lines, apiLines(name+".", o)...)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// libraryTypes returns the packages of the library as their users' compiler sees
// them, sorted by path.
func libraryTypes(t *testing.T) []*types.Package {
	t.Helper()
	type compiled struct{ ImportPath, Export string }
	files := make(map[string]string)
	for _, p := range goList[compiled](t, "-export", "./metrics/...", "./rating/...", "./standards/...", "./survey/...", ".") {
		files[p.ImportPath] = p.Export
	}
	imported := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, errors.New("not of the library: " + path)
		}
		return os.Open(files[path])
	})
	var packages []*types.Package
	for path := range library(t) {
		if place(path) == "metrics/internal" {
			continue
		}
		p, err := imported.Import(strings.TrimSuffix(module+"/"+path, "/"))
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	slices.SortFunc(packages, func(a, b *types.Package) int { return cmp.Compare(a.Path(), b.Path()) })
	return packages
}

// short writes a package of the module by its path in it, and any other by its own.
func short(p *types.Package) string { return strings.TrimPrefix(p.Path(), module+"/") }

// apiLines returns the line of an object, and those of its methods and fields.
func apiLines(prefix string, o types.Object) []string {
	name := prefix + o.Name()
	switch o := o.(type) {
	case *types.Const:
		value := o.Val().ExactString()
		if value == strconv.Itoa(math.MinInt) {
			value = "math.MinInt" // whose number depends on the platform
		}
		return []string{fmt.Sprintf("%s const %s = %s", name, types.TypeString(o.Type(), short), value)}
	case *types.Var:
		return []string{fmt.Sprintf("%s var %s", name, types.TypeString(o.Type(), short))}
	case *types.Func:
		return []string{name + " func" + signature(o)}
	}
	declared := o.(*types.TypeName)
	if declared.IsAlias() {
		return []string{fmt.Sprintf("%s type = %s", name, types.TypeString(types.Unalias(o.Type()), short))}
	}
	named := o.Type().(*types.Named)
	lines := []string{fmt.Sprintf("%s type%s %s", name, typeParameters(named), kindOf(named))}
	for _, m := range methodsOf(named) {
		receiver := types.TypeString(m.Signature().Recv().Type(), func(*types.Package) string { return "" })
		lines = append(lines, fmt.Sprintf("%s.%s method (%s)%s", name, m.Name(), receiver, signature(m)))
	}
	if s, ok := named.Underlying().(*types.Struct); ok {
		for i := range s.NumFields() {
			if f := s.Field(i); f.Exported() {
				line := fmt.Sprintf("%s.%s field %s", name, f.Name(), types.TypeString(f.Type(), short))
				if s.Tag(i) != "" {
					line += " `" + s.Tag(i) + "`"
				}
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// invented matches the names that a compiler gives to results without one.
var invented = regexp.MustCompile(`#rv[0-9]+ `)

// signature returns what a function takes and returns, from its type parameters on.
func signature(f *types.Func) string {
	text := strings.TrimPrefix(types.TypeString(f.Type(), short), "func")
	if i := strings.LastIndex(text, "(#rv1 "); i >= 0 && f.Signature().Results().Len() == 1 {
		text = text[:i] + strings.TrimSuffix(text[i+1:], ")")
	}
	return invented.ReplaceAllString(text, "")
}

func typeParameters(named *types.Named) string {
	var parameters []string
	for p := range named.TypeParams().TypeParams() {
		parameters = append(parameters, p.Obj().Name()+" "+types.TypeString(p.Constraint(), short))
	}
	if parameters == nil {
		return ""
	}
	return "[" + strings.Join(parameters, ", ") + "]"
}

// kindOf says what a type is made of, but for what is listed by itself: a struct
// says whether it compares with ==, and whether others can write all its fields.
func kindOf(named *types.Named) string {
	switch u := named.Underlying().(type) {
	case *types.Struct:
		kind := "struct"
		if types.Comparable(named) {
			kind = "comparable " + kind
		}
		for f := range u.Fields() {
			if !f.Exported() {
				return kind + " with fields of its own"
			}
		}
		return kind
	case *types.Interface:
		for m := range u.Methods() {
			if !m.Exported() {
				return "interface, sealed"
			}
		}
		if u.IsMethodSet() {
			return "interface"
		}
	}
	return types.TypeString(named.Underlying(), short)
}

// methodsOf returns the exported methods that a type declares.
func methodsOf(named *types.Named) (methods []*types.Func) {
	all := named.Methods()
	if u, ok := named.Underlying().(*types.Interface); ok {
		all = u.Methods()
	}
	for m := range all {
		if m.Exported() {
			methods = append(methods, m)
		}
	}
	return methods
}
