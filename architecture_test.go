package servicequality_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
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
	"metrics/compare":               {"metrics", "metrics/stat", "metrics/text", "standards"},
	"metrics/flow":                  {"metrics", "metrics/internal", "metrics/stat", "metrics/text"},
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
		"api_test.go", "architecture_test.go", "doc.go", "doc_test.go", "example_test.go", "examples", "go.mod", "go.sum", "metrics", "rating",
		"standards", "survey", "v1_test.go", "v1_values_test.go",
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

// zeroValues are pointers to the zero values of all exported types of each package that
// are not interfaces.
var zeroValues = map[string][]any{
	"metrics": {
		new(metrics.Abandoned), new(metrics.Activity), new(metrics.Actor), new(metrics.AgentID), new(metrics.AssistantReplies),
		new(metrics.Assigned), new(metrics.AutomationReplies), new(metrics.Binding),
		new(metrics.Breakdown[string]), new(metrics.Exhibit), new(metrics.ExhibitKind), new(metrics.Channel),
		new(metrics.ClockStart), new(metrics.Conversation), new(metrics.ConversationID), new(metrics.CustomerID),
		new(metrics.Cycle), new(metrics.Discarded), new(metrics.EventError), new(metrics.EventID), new(metrics.EventLog),
		new(metrics.Evidence[string]), new(metrics.Facet), new(metrics.Figures), new(metrics.Grouping[string]), new(metrics.Handled), new(metrics.History),
		new(metrics.HourOfWeek), new(metrics.Kind), new(metrics.LineError), new(metrics.Merged),
		new(metrics.MessageReceived), new(metrics.MessageResumes), new(metrics.Moment), new(metrics.Opened), new(metrics.Outcome),
		new(metrics.Paused), new(metrics.Period), new(metrics.Periods), new(metrics.Piece), new(metrics.Pieces), new(metrics.Prioritized), new(metrics.Priority),
		new(metrics.RatingGiven), new(metrics.RatingRequested), new(metrics.Reading), new(metrics.HoldReason), new(metrics.HoldReasons),
		new(metrics.Record), new(metrics.Requests), new(metrics.Reopened), new(metrics.ReplySent), new(metrics.Resolved), new(metrics.Resumed),
		new(metrics.Retracted), new(metrics.RowError), new(metrics.Rules), new(metrics.Span), new(metrics.State), new(metrics.Station), new(metrics.StatusError),
		new(metrics.StatusRow), new(metrics.Summary), new(metrics.TeamID), new(metrics.Terms),
		new(metrics.Spell), new(metrics.Times), new(metrics.Took), new(metrics.Top[int]), new(metrics.Tracker[*metrics.Breakdown[string]]),
		new(metrics.TrackerState), new(metrics.Unit), new(metrics.Volume), new(metrics.Wait),
	},
	"metrics/calendar": {
		new(calendar.Calendar), new(calendar.Config), new(calendar.ConfigError), new(calendar.Date), new(calendar.FeedError),
		new(calendar.Holiday), new(calendar.HolidayCloses), new(calendar.Hours), new(calendar.MonthDay), new(calendar.TimeOfDay), new(calendar.Version), new(calendar.Weekly),
		new(calendar.Window),
	},
	"metrics/compare": {
		new(compare.ChartMethod), new(compare.ControlChart), new(compare.ControlPoint), new(compare.Credit[string]),
		new(compare.Design), new(compare.Difference), new(compare.Family), new(compare.Groups[string]), new(compare.Metric), new(compare.Observed), new(compare.Pair),
		new(compare.PeriodTrend), new(compare.Place[string]), new(compare.Point),
		new(compare.Sides[string]), new(compare.Signal), new(compare.SignalRule), new(compare.Spans), new(compare.Tendency),
		new(compare.Timeline), new(compare.Timelines[string]), new(compare.Value),
	},
	"metrics/flow": {
		new(flow.AssistantOutcome), new(flow.Assistants), new(flow.Backlog[string]), new(flow.Contact), new(flow.Contacts),
		new(flow.Counts), new(flow.FirstContact), new(flow.FirstContactVerdict), new(flow.HeatMap[string]),
		new(flow.OpenConversation), new(flow.Load), new(flow.Returns[string]), new(flow.Row), new(flow.Series[string]), new(flow.Stock), new(flow.WeekHours), new(flow.Workload[string]),
	},
	"metrics/stat": {
		new(stat.Chart), new(stat.ChartPoint), new(stat.Conclusion), new(stat.Contrast), new(stat.Decision),
		new(stat.Direction), new(stat.DurationInterval), new(stat.Ending), new(stat.Estimate), new(stat.HyndmanFan), new(stat.Incidence),
		new(stat.Interval), new(stat.MedianSample), new(stat.Method), new(stat.Net), new(stat.Observation), new(stat.Ratio),
		new(stat.Rounding), new(stat.Sample), new(stat.Shrinkage), new(stat.Shrunken), new(stat.Survival), new(stat.Term),
		new(stat.ScoreCounts), new(stat.Test), new(stat.Trend), new(stat.Weighted), new(stat.WeightedNet),
	},
	"metrics/text": {
		new(text.Enum[uint8]),
	},
	"rating": {
		new(rating.Agreement), new(rating.Assessment), new(rating.BayesianAverage), new(rating.Calibration),
		new(rating.Coefficient), new(rating.Criterion), new(rating.CriterionAgreement), new(rating.DirichletBound),
		new(rating.Distribution), new(rating.Facts), new(rating.HalfStars), new(rating.Ladder), new(rating.Level),
		new(rating.MeasuredRung), new(rating.PartError), new(rating.Points), new(rating.RankScore),
		new(rating.Ranked[string]), new(rating.Review), new(rating.ReviewScore), new(rating.ReviewTally), new(rating.Rung),
		new(rating.Scorecard), new(rating.SectionScore), new(rating.Stars), new(rating.Tier),
	},
	"standards": {
		new(standards.Attainment), new(standards.Board), new(standards.Budget), new(standards.Escalation), new(standards.Finding),
		new(standards.Formula),
		new(standards.Measure), new(standards.Policy), new(standards.PolicyError), new(standards.Scores[string]),
		new(standards.Tally), new(standards.Target), new(standards.Verdict),
	},
	"survey": {
		new(survey.AnswerPair), new(survey.Answers), new(survey.Comparison), new(survey.Definition), new(survey.DimensionMean),
		new(survey.DimensionScore), new(survey.Favour), new(survey.Feedback), new(survey.FeedbackKind), new(survey.Group),
		new(survey.GroupIndex), new(survey.Index), new(survey.Item), new(survey.ItemReliability), new(survey.LeftOut),
		new(survey.Profile), new(survey.Question), new(survey.Questionnaire), new(survey.Range), new(survey.Rate),
		new(survey.Reason), new(survey.Reliability), new(survey.Response), new(survey.Responses), new(survey.Satisfaction),
		new(survey.Scale), new(survey.Source), new(survey.SourceResponses), new(survey.Statistic), new(survey.Stratum),
		new(survey.WeightedIndex), new(survey.Dispositions), new(survey.GoalComparison), new(survey.Kano),
	},
	"survey/servqual": {
		new(servqual.Column), new(servqual.CompetitivePosition), new(servqual.Dimension), new(servqual.DimensionGap), new(servqual.ItemGap),
		new(servqual.Mean), new(servqual.Respondent), new(servqual.RespondentGap), new(servqual.Result), new(servqual.Study),
		new(servqual.Zone), new(servqual.ZoneMeans), new(servqual.ZoneRespondent), new(servqual.ZoneResult),
	},
}

// No method of a zero value panics, whatever else it does; nor does printing it.
func TestZeroValues(t *testing.T) {
	for path, p := range library(t) {
		values := zeroValues[path]
		if place(path) == "metrics/internal" {
			continue
		}
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
		for _, name := range exportedTypes(t, p) {
			if !listed[name] {
				t.Errorf("%s.%s is not in the list of zero values", path, name)
			}
		}
	}
}

// callZero calls a method of a zero value with zero values, which are not nil where
// a pointer or a function is wanted. What is returned as a sequence is gone through.
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
		case in.Kind() == reflect.Func && !in.CanSeq():
			args = append(args, reflect.MakeFunc(in, func([]reflect.Value) (zero []reflect.Value) {
				for i := range in.NumOut() {
					zero = append(zero, reflect.Zero(in.Out(i)))
				}
				return zero
			}))
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
