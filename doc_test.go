package servicequality_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

func contents(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// between returns what stands between two marks.
func between(t *testing.T, s, start, end string) string {
	t.Helper()
	_, s, ok := strings.Cut(s, start)
	if !ok {
		t.Fatalf("no %q", start)
	}
	s, _, ok = strings.Cut(s, end)
	if !ok {
		t.Fatalf("no %q after %q", end, start)
	}
	return s
}

// The quick start is one text in three places.
func TestQuickstartIsOneText(t *testing.T) {
	program := contents(t, "examples/quickstart/main.go")
	if lines := strings.Count(program, "\n"); lines >= 60 {
		t.Errorf("the quick start has %d lines", lines)
	}
	main := between(t, program, "func main() {\n", "\n}\n")
	if example := between(t, contents(t, "example_test.go"), "func Example() {\n", "\n\t// Output:"); example != main {
		t.Error("the package example differs from examples/quickstart/main.go")
	}
	readme := contents(t, "README.md")
	if !strings.Contains(readme, "```go\n"+program+"```") {
		t.Error("the README does not show examples/quickstart/main.go")
	}
	output, err := exec.Command("go", "run", "./examples/quickstart").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(readme, "```text\n"+string(output)+"```") {
		t.Errorf("the README does not show what the quick start prints:\n%s", output)
	}
}

const (
	glossary    = "metrics/docs/glossary.md"
	differences = "metrics/docs/differences.md"
	pitfalls    = "metrics/docs/pitfalls.md"
)

// packages has the directories of the packages that pages name.
var packages = map[string]string{
	"metrics": "metrics", "calendar": "metrics/calendar", "compare": "metrics/compare", "flow": "metrics/flow",
	"stat": "metrics/stat", "text": "metrics/text", "standards": "standards", "rating": "rating",
	"survey": "survey", "servqual": "survey/servqual",
}

var fenced = regexp.MustCompile("(?ms)^```.*?^```$")

// prose returns a page without its blocks of code.
func prose(t *testing.T, page string) string {
	t.Helper()
	return fenced.ReplaceAllString(contents(t, page), "")
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// anchors returns the anchors of the headings of a page, as GitHub makes them.
func anchors(t *testing.T, page string) []string {
	t.Helper()
	var list []string
	for _, h := range heading.FindAllStringSubmatch(prose(t, page), -1) {
		list = append(list, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, h[1]))
	}
	return list
}

// Links of the pages lead to what is there, and the README leads to the pages.
func TestLinksOfPages(t *testing.T) {
	readme := contents(t, "README.md")
	known := make(map[string][]string)
	for _, page := range []string{glossary, differences, pitfalls} {
		if !strings.Contains(readme, "]("+page+")") {
			t.Errorf("the README does not lead to %s", page)
		}
		for _, l := range link.FindAllStringSubmatch(prose(t, page), -1) {
			file, anchor, _ := strings.Cut(l[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %s leads nowhere", page, l[1])
				continue
			}
			if anchor != "" && known[target] == nil {
				known[target] = anchors(t, target)
			}
			if anchor != "" && !slices.Contains(known[target], anchor) {
				t.Errorf("%s: %s has no such heading", page, l[1])
			}
		}
	}
}

// exports returns what a package exports, by name; of a type, the names of its methods and
// fields too, as Type.Name, and the types that it embeds.
func exports(t *testing.T, dir string) (names map[string]bool, embeds map[string][]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names, embeds = make(map[string]bool), make(map[string][]string)
	base := func(e ast.Expr) string {
		for {
			switch x := e.(type) {
			case *ast.StarExpr:
				e = x.X
			case *ast.IndexExpr:
				e = x.X
			case *ast.IndexListExpr:
				e = x.X
			case *ast.Ident:
				return x.Name
			default:
				return ""
			}
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = base(d.Recv.List[0].Type) + "." + name
				}
				names[name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.ValueSpec:
						for _, n := range s.Names {
							names[n.Name] = true
						}
					case *ast.TypeSpec:
						names[s.Name.Name] = true
						body, ok := s.Type.(*ast.StructType)
						if !ok {
							continue
						}
						for _, field := range body.Fields.List {
							for _, n := range field.Names {
								names[s.Name.Name+"."+n.Name] = true
							}
							if field.Names == nil {
								embeds[s.Name.Name] = append(embeds[s.Name.Name], base(field.Type))
							}
						}
					}
				}
			}
		}
	}
	return names, embeds
}

var (
	code      = regexp.MustCompile("`([^`\n]+)`")
	qualified = regexp.MustCompile(`\b([a-z]+)\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)
)

// What the pages call by a name of the API exists.
func TestNamesOnPages(t *testing.T) {
	type exported struct {
		names  map[string]bool
		embeds map[string][]string
	}
	of := make(map[string]exported)
	for name, dir := range packages {
		names, embeds := exports(t, dir)
		of[name] = exported{names, embeds}
	}
	var has func(p exported, typ, member string) bool
	has = func(p exported, typ, member string) bool {
		return p.names[typ+"."+member] || slices.ContainsFunc(p.embeds[typ], func(e string) bool { return has(p, e, member) })
	}
	for _, page := range []string{glossary, differences, pitfalls} {
		count := 0
		for _, span := range code.FindAllStringSubmatch(prose(t, page), -1) {
			for _, q := range qualified.FindAllStringSubmatch(span[1], -1) {
				p, ok := of[q[1]]
				if !ok {
					continue // a file of another project
				}
				count++
				if !p.names[q[2]] || q[3] != "" && !has(p, q[2], q[3]) {
					t.Errorf("%s: there is no %s", page, q[0])
				}
			}
		}
		if count < 20 {
			t.Errorf("%s names %d things of the API", page, count)
		}
	}
}

// columns returns the cells of a row of a table; nil for other lines.
func columns(line string) []string {
	if !strings.HasPrefix(line, "| ") || !strings.HasSuffix(line, " |") {
		return nil
	}
	list := strings.Split(line[2:len(line)-2], " | ")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}

var keys = regexp.MustCompile(`\(([A-Z](?:, [A-Z])*)\)`)

// The glossary has all columns in each row, each translation names sources that are in the
// list, and is written in one script, with the letters of its language.
func TestGlossary(t *testing.T) {
	head := []string{"term", "meaning", "in the API", "unit", "Русский", "Română", "Қазақша", "Latviešu"}
	sources, used, terms := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for line := range strings.Lines(contents(t, glossary)) {
		row := columns(strings.TrimSpace(line))
		if len(row) == 2 && len(row[0]) == 1 {
			sources[row[0]] = true
		}
		if len(row) < 3 || slices.Equal(row, head) {
			continue
		}
		if len(row) != len(head) || slices.Contains(row, "") {
			t.Errorf("%d columns, some perhaps empty: %q", len(row), row)
			continue
		}
		term := row[0]
		if terms[term] {
			t.Errorf("%s is there twice", term)
		}
		terms[term] = true
		if !strings.HasSuffix(row[1], ".") || !code.MatchString(row[2]) {
			t.Errorf("%s: %q in %q", term, row[1], row[2])
		}
		for i, words := range row[4:] {
			if words == "–" {
				continue
			}
			if !strings.HasSuffix(words, ")") || !keys.MatchString(words) {
				t.Errorf("%s: %q has no source", term, words)
			}
			for _, list := range keys.FindAllStringSubmatch(words, -1) {
				for key := range strings.SplitSeq(list[1], ", ") {
					used[key] = true
					if !sources[key] {
						t.Errorf("%s: source %s of %q is not in the list", term, key, words)
					}
				}
			}
			for _, r := range keys.ReplaceAllString(words, "") {
				script := unicode.Cyrillic
				if i%2 == 1 {
					script = unicode.Latin
				}
				abbreviation := strings.Contains(words, "SLA") || strings.Contains(words, "AHT") || strings.Contains(words, "ASA")
				if unicode.IsLetter(r) && !unicode.Is(script, r) && !abbreviation || strings.ContainsRune("şţŞŢ", r) {
					t.Errorf("%s: %q has the letter %q", term, words, r)
				}
			}
		}
	}
	if len(terms) < 80 || len(used) != len(sources) {
		t.Errorf("%d terms, %d of %d sources used", len(terms), len(used), len(sources))
	}
}

// Every pitfall is told in four parts, and the tests that show it exist.
func TestPitfalls(t *testing.T) {
	directory := map[string]string{"servicequality": "."}
	for _, dir := range packages {
		directory[dir] = dir
	}
	shown := regexp.MustCompile("`([a-z/]+)` (`\\w+`(?:, `\\w+`)*)")
	entries := strings.Split(contents(t, pitfalls), "\n### ")[1:]
	if len(entries) < 30 {
		t.Errorf("%d pitfalls", len(entries))
	}
	for _, entry := range entries {
		name, body, _ := strings.Cut(entry, "\n")
		at := 0
		for _, part := range []string{"- **Seen:** ", "- **Why:** ", "- **Do:** ", "- **Shown by:** "} {
			i := strings.Index(body[at:], part)
			if i < 0 {
				t.Fatalf("%s: no %q", name, part)
			}
			at += i
		}
		list := shown.FindAllStringSubmatch(body[at:], -1)
		if len(list) == 0 {
			t.Errorf("%s: no test shows it", name)
		}
		for _, of := range list {
			dir, ok := directory[of[1]]
			files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
			if !ok || err != nil || len(files) == 0 {
				t.Errorf("%s: there are no tests in %s", name, of[1])
				continue
			}
			var tests strings.Builder
			for _, file := range files {
				tests.WriteString(contents(t, file))
			}
			for _, function := range code.FindAllStringSubmatch(of[2], -1) {
				if !strings.Contains(tests.String(), "\nfunc "+function[1]+"(") {
					t.Errorf("%s: there is no %s in %s", name, function[1], of[1])
				}
			}
		}
	}
}

// figure computes a figure of the worked examples, by its name on the page.
func figure(name string, reading metrics.Reading) (string, error) {
	duration := func(d time.Duration, ok bool) string {
		if !ok {
			return "no data"
		}
		return strings.TrimSpace(strings.NewReplacer("h", " h ", "m", " min ", "s", " s").Replace(text.Exact(d)))
	}
	f := reading.Figures()
	times := f.Elapsed
	if of, id, ok := strings.Cut(name, " of "); ok && id != "a cycle" && id != "the assistant" {
		for h := range reading.Conversation(metrics.ConversationID(id)) {
			switch of {
			case "first response":
				wait, ok := h.FirstResponse()
				return duration(wait.Duration(), ok), nil
			case "requester's wait":
				return duration(h.RequesterWait(nil)), nil
			case "first resolution":
				return duration(h.FirstResolution(nil)), nil
			case "full resolution":
				return duration(h.FullResolution(nil)), nil
			case "reopenings":
				return fmt.Sprint(h.Reopens()), nil
			}
		}
	}
	alone := func(within time.Duration) (string, error) {
		returns := flow.NewReturns(metrics.Whole)
		if err := reading.Into(returns); err != nil {
			return "", err
		}
		a, err := returns.Group("").Assistants(within)
		return fmt.Sprint(a.Resolution()), err
	}
	switch name {
	case "median first response":
		return duration(times.FirstResponse.Median()), nil
	case "mean first response":
		return duration(times.FirstResponse.Mean()), nil
	case "median answer of the assistant":
		return duration(times.ByAssistant.Median()), nil
	case "resolved alone, within 24 h":
		return alone(24 * time.Hour)
	case "resolved alone, within 72 h":
		return alone(flow.AssistantWindow)
	case "mean next response":
		return duration(times.NextResponse.Mean()), nil
	case "longest next response":
		return duration(times.NextResponse.Max()), nil
	case "mean resolution of a cycle":
		return duration(times.CycleResolution.Mean()), nil
	case "mean full resolution":
		return duration(times.FullResolution.Mean()), nil
	case "conversations resolved":
		return fmt.Sprint(times.FullResolution.Count()), nil
	case "still waiting":
		return fmt.Sprint(times.StillWaiting.Count()), nil
	case "kept within an hour":
		hour := standards.Policy{Targets: []standards.Target{{Within: standards.BudgetOf(time.Hour)}}}
		scores := standards.NewScores(metrics.Whole, hour, 0)
		if err := reading.Into(scores); err != nil {
			return "", err
		}
		kept := scores.Total()[0].Tally.Compliance()
		return text.Share(kept.Part, kept.Whole, 1), nil
	}
	return "", errors.New("no such figure")
}

// The columns of this library in the worked examples are what it computes from the events on
// the page, by the rules that the column names, as of the instant that the page says.
func TestWorkedExamples(t *testing.T) {
	all := between(t, contents(t, differences), "\n## Worked examples\n", "\n## ")
	without := regexp.MustCompile("without `(\\w+)`")
	instant := regexp.MustCompile("`(\\d{4}-[^`]+Z)`")
	for _, section := range strings.Split(all, "\n### ")[1:] {
		product, section, _ := strings.Cut(section, "\n")
		asOf, err := time.Parse(time.RFC3339, instant.FindStringSubmatch(section)[1])
		if err != nil {
			t.Fatal(err)
		}
		var events []metrics.Event
		for e, err := range metrics.DecodeJSONLines(strings.NewReader(between(t, section, "```json\n", "```\n"))) {
			if err != nil {
				t.Fatal(product, err)
			}
			events = append(events, e)
		}
		var head []string
		checked := 0
		for line := range strings.Lines(section) {
			row := columns(strings.TrimSpace(line))
			if row == nil {
				continue
			}
			if head == nil {
				head = row
				continue
			}
			for i, want := range row[2:] {
				column := head[i+2]
				var rules metrics.Rules
				if err := json.Unmarshal([]byte(code.FindStringSubmatch(column)[1]), &rules); err != nil {
					t.Fatalf("%s: %q: %v", product, column, err)
				}
				var log metrics.EventLog
				for _, e := range events {
					if left := without.FindStringSubmatch(column); left != nil && left[1] == metrics.RecordOf(e).Type.String() {
						continue
					}
					if err := log.Append(e); err != nil {
						t.Fatal(err)
					}
				}
				got, err := figure(row[0], log.Read(rules, asOf))
				if err != nil || got != want {
					t.Errorf("%s: %s, %s: %s %v, and the page says %s", product, row[0], column, got, err, want)
				}
				checked++
			}
		}
		if checked < 6 {
			t.Errorf("%s: %d numbers", product, checked)
		}
	}
}
