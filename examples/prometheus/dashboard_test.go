package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dashboard is the classic model of a Grafana dashboard, as far as it is checked.
type dashboard struct {
	ID            *int
	UID           string
	Title         string
	SchemaVersion int
	Time          struct{ From, To string }
	Timezone      string
	Annotations   struct{ List []any }
	Templating    struct {
		List []struct {
			Type, Name, Label, Definition string
			Query                         json.RawMessage
			Datasource                    source
			Options                       []struct{ Value string }
		}
	}
	Panels []panel
}

type source struct{ Type, UID string }

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               source
	GridPos                  struct{ X, Y, W, H int }
	FieldConfig              struct {
		Defaults  struct{ Unit string }
		Overrides []any
	}
	Options map[string]any
	Targets []struct {
		Datasource                        source
		Expr, RefID, Format, LegendFormat string
		Instant, Range                    bool
	}
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	data, err := os.ReadFile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDashboard(t *testing.T) {
	d := readDashboard(t)
	if d.ID != nil || d.UID == "" || len(d.UID) > 40 || d.Title == "" || d.SchemaVersion != 42 || d.Time.From == "" || d.Time.To == "" || d.Timezone == "" || d.Annotations.List == nil {
		t.Errorf("%+v", d)
	}
	known := sampleCatalogue(t)
	known.recorded(t, readRules(t))
	// What Grafana puts in the place of a variable.
	variables := map[string]string{"__range": "7d", "__interval": "1h"}
	labelValues := regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)
	for _, v := range d.Templating.List {
		switch v.Type {
		case "datasource":
			if string(v.Query) != `"prometheus"` {
				t.Errorf("%s: %s", v.Name, v.Query)
			}
			continue
		case "query":
			m := labelValues.FindStringSubmatch(v.Definition)
			if m == nil || known[m[1]][m[2]] == nil || !strings.Contains(string(v.Query), v.Definition) {
				t.Errorf("%s: %s", v.Name, v.Definition)
			}
			variables[v.Name] = ".*"
		default:
			variables[v.Name] = v.Options[0].Value
		}
		if v.Label == "" || v.Type == "query" && v.Datasource != (source{"prometheus", "${datasource}"}) {
			t.Errorf("%s: label %q, %v", v.Name, v.Label, v.Datasource)
		}
	}
	variable, legend := regexp.MustCompile(`\$(\w+)`), regexp.MustCompile(`{{(\w+)}}`)
	used, ids := make(map[string]bool), make(map[int]bool)
	for i, p := range d.Panels {
		if p.ID <= 0 || ids[p.ID] {
			t.Errorf("%s: id %d", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.Type == "" || p.Title == "" || len(p.Description) < 30 || !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || p.FieldConfig.Overrides == nil || len(p.Options) == 0 {
			t.Errorf("panel %d, %q: want a type, a title, a description in a sentence, a unit and options", p.ID, p.Title)
		}
		if g := p.GridPos; g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > 24 {
			t.Errorf("%s: %+v", p.Title, g)
		}
		for _, q := range d.Panels[:i] {
			a, b := p.GridPos, q.GridPos
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Errorf("%s lies over %s", p.Title, q.Title)
			}
		}
		var refs []string
		for _, target := range p.Targets {
			if slices.Contains(refs, target.RefID) || target.RefID == "" || target.Instant == target.Range || target.Format == "" {
				t.Errorf("%s: %+v", p.Title, target)
			}
			refs = append(refs, target.RefID)
			if want := (source{"prometheus", "${datasource}"}); target.Datasource != want || p.Datasource != want {
				t.Errorf("%s: %v", p.Title, target.Datasource)
			}
			query := variable.ReplaceAllStringFunc(target.Expr, func(v string) string {
				value, ok := variables[v[1:]]
				if !ok {
					t.Errorf("%s: there is no variable %s", p.Title, v)
				}
				used[v[1:]] = true
				return value
			})
			labels, err := known.check(query)
			if err != nil {
				t.Errorf("%s: %v", p.Title, err)
			}
			for _, m := range legend.FindAllStringSubmatch(target.LegendFormat, -1) {
				if !slices.Contains(labels, m[1]) {
					t.Errorf("%s: the answer has no label %q, but %q", p.Title, m[1], labels)
				}
			}
		}
		if len(p.Targets) == 0 {
			t.Errorf("%s asks for nothing", p.Title)
		}
	}
	for v := range variables {
		if !used[v] {
			t.Errorf("$%s is not used", v)
		}
	}
	if len(d.Panels) < 12 {
		t.Errorf("%d panels", len(d.Panels))
	}
}
