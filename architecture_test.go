package servicequality_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/servicequality/servicequality"

// imports lists, for each package of the library, which others of the module it
// may import. Arrows point one way; nobody imports examples. The machinery below
// metrics/internal knows no package that has words of the field.
var imports = map[string][]string{
	"":                              {},
	"metrics/stat":                  {"metrics/internal", "metrics/text"},
	"metrics/text":                  {},
	"metrics/calendar":              {"metrics/text"},
	"metrics/calendar/calendartest": {},
	"rating":                        {"metrics/stat", "metrics/text"},
	"metrics/internal":              {"metrics/internal"},
	"metrics":                       {"metrics/internal", "metrics/stat", "metrics/text", "rating"},
	"metrics/compare":               {"metrics", "metrics/stat", "metrics/text"},
	"metrics/flow":                  {"metrics", "metrics/stat", "metrics/text"},
	"standards":                     {"metrics", "metrics/calendar", "metrics/stat", "metrics/text"},
	"survey":                        {"metrics/stat", "metrics/text"},
	"survey/servqual":               {"metrics/stat", "metrics/text", "survey"},
}

// place returns where a package stands in the layout.
func place(path string) string {
	if strings.HasPrefix(path, "metrics/internal/") {
		return "metrics/internal"
	}
	return path
}

// goList runs go list on the module and decodes what it prints.
func goList[T any](t *testing.T, args ...string) []T {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []T
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var one T
		if err := dec.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

type goPackage struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	Imports    []string
}

// library lists the packages of the module but for the examples, by their path
// in it.
func library(t *testing.T) map[string]goPackage {
	t.Helper()
	packages := make(map[string]goPackage)
	for _, p := range goList[goPackage](t, "./...") {
		path := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if !strings.HasPrefix(path, "examples") {
			packages[path] = p
		}
	}
	if len(packages) < 5 {
		t.Fatalf("only %d packages found", len(packages))
	}
	return packages
}

func TestImportsPointOneWay(t *testing.T) {
	for path, p := range library(t) {
		allowed, known := imports[place(path)]
		if !known {
			t.Errorf("package %q is not in the layout", path)
		}
		for _, imported := range p.Imports {
			inside, isOurs := strings.CutPrefix(imported, module)
			switch {
			case isOurs:
				if inside = strings.TrimPrefix(inside, "/"); !slices.Contains(allowed, place(inside)) {
					t.Errorf("%q imports %q", path, inside)
				}
			case strings.Contains(imported, ".") && imported != "github.com/shopspring/decimal":
				t.Errorf("%q imports %s", path, imported)
			}
		}
	}
}

func TestDirectRequirements(t *testing.T) {
	type goModule struct {
		Path     string
		Main     bool
		Indirect bool
	}
	var direct []string
	for _, m := range goList[goModule](t, "-m", "all") {
		if !m.Main && !m.Indirect {
			direct = append(direct, m.Path)
		}
	}
	slices.Sort(direct)
	if want := []string{"github.com/leanovate/gopter", "github.com/shopspring/decimal"}; !slices.Equal(direct, want) {
		t.Errorf("direct requirements %v, want %v", direct, want)
	}
}

func TestTopLevel(t *testing.T) {
	want := []string{
		".ci", ".git", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md",
		"architecture_test.go", "doc.go", "doc_test.go", "example_test.go", "examples", "go.mod", "go.sum", "metrics", "rating",
		"standards", "survey", "zero_test.go",
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(want, e.Name()) {
			t.Errorf("%s is not in the layout", e.Name())
		}
	}
}

// sources parses the files of a package that are not tests.
func sources(t *testing.T, p goPackage) map[string]*ast.File {
	t.Helper()
	files := make(map[string]*ast.File)
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[path] = f
	}
	return files
}

// The library reads no clock, starts no goroutine, and panics only in functions
// whose name begins with Must.
func TestNoHiddenEffects(t *testing.T) {
	for _, p := range library(t) {
		for path, f := range sources(t, p) {
			for _, decl := range f.Decls {
				function, _ := decl.(*ast.FuncDecl)
				ast.Inspect(decl, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.GoStmt:
						t.Errorf("%s starts a goroutine", path)
					case *ast.SelectorExpr:
						if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" {
							switch n.Sel.Name {
							case "Now", "Since", "Until", "Local", "After", "Tick", "Sleep":
								t.Errorf("%s uses time.%s", path, n.Sel.Name)
							}
						}
					case *ast.CallExpr:
						if x, ok := n.Fun.(*ast.Ident); ok && x.Name == "panic" && !(function != nil && strings.HasPrefix(function.Name.Name, "Must")) {
							t.Errorf("%s panics", path)
						}
					}
					return true
				})
			}
		}
	}
}

// A package variable is an error that is documented, a value without state, or
// a table that nobody outside can reach and that no code changes.
func TestNoMutablePackageVariables(t *testing.T) {
	for _, p := range library(t) {
		files := sources(t, p)
		variables := make(map[string]string) // their types, as far as they are named
		stateless := make(map[string]bool)   // types
		for _, f := range files {
			for _, decl := range f.Decls {
				if d, ok := decl.(*ast.GenDecl); ok {
					declared(d, variables, stateless)
				}
			}
		}
		for name, typ := range variables {
			if ast.IsExported(name) && !strings.HasPrefix(name, "Err") && !stateless[typ] {
				t.Errorf("%s: anybody can change %s", p.ImportPath, name)
			}
		}
		for path, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				for _, x := range changed(n) {
					if _, ok := variables[root(x)]; ok {
						t.Errorf("%s changes the package variable %s", path, root(x))
					}
				}
				return true
			})
		}
	}
}

// declared notes the variables of a declaration, and its types without fields.
func declared(d *ast.GenDecl, variables map[string]string, stateless map[string]bool) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if s, ok := spec.Type.(*ast.StructType); ok && len(s.Fields.List) == 0 {
				stateless[spec.Name.Name] = true
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if d.Tok == token.VAR {
					typ, _ := spec.Type.(*ast.Ident)
					variables[name.Name] = root(typ)
				}
			}
		}
	}
}

// changed returns what a statement assigns to.
func changed(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	}
	return nil
}

// root returns the name of the variable of which x is a part, if it has one.
func root(x ast.Expr) string {
	for {
		switch e := x.(type) {
		case *ast.Ident:
			if e == nil {
				return ""
			}
			return e.Name
		case *ast.IndexExpr:
			x = e.X
		case *ast.SelectorExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.ParenExpr:
			x = e.X
		default:
			return ""
		}
	}
}
