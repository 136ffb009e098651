package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"
)

// ruleFile is the form of a file of rules, of which no other field is used.
type ruleFile struct {
	Groups []struct {
		Name     string
		Interval string
		Rules    []rule
	}
}

type rule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

func readRules(t *testing.T) ruleFile {
	t.Helper()
	data, err := os.ReadFile("rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file ruleFile
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	if err := decoder.Decode(new(any)); err != io.EOF {
		t.Fatal("more than one document")
	}
	return file
}

// recorded adds what the rules record to what can be asked for, and checks each rule.
func (known catalogue) recorded(t *testing.T, file ruleFile) {
	t.Helper()
	recordName := regexp.MustCompile(`^promise:servicequality_[a-z_]+:[a-z0-9_]+$`)
	names := make(map[string]bool)
	for _, g := range file.Groups {
		if g.Name == "" || names[g.Name] {
			t.Errorf("group %q", g.Name)
		}
		names[g.Name] = true
		if g.Interval != "" {
			if _, err := model.ParseDuration(g.Interval); err != nil {
				t.Errorf("%s: %v", g.Name, err)
			}
		}
		for _, r := range g.Rules {
			name := r.Record + r.Alert
			labels, err := known.check(r.Expr)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if names[name] || (r.Record == "") == (r.Alert == "") {
				t.Errorf("%s: there are two, or it is not one thing", name)
			}
			names[name] = true
			if r.Record != "" {
				if !recordName.MatchString(r.Record) || r.For != "" || r.Annotations != nil {
					t.Errorf("%s: want level:metric:operations, and nothing of an alert", name)
				}
				known[r.Record] = make(map[string][]string)
				for _, l := range labels {
					known[r.Record][l] = nil
				}
				continue
			}
			r.check(t, labels)
		}
	}
}

// check checks what an alert tells people.
func (r rule) check(t *testing.T, labels []string) {
	t.Helper()
	if r.For != "" {
		if _, err := model.ParseDuration(r.For); err != nil {
			t.Errorf("%s: %v", r.Alert, err)
		}
	}
	if s := r.Labels["severity"]; s != "page" && s != "ticket" {
		t.Errorf("%s: severity %q", r.Alert, s)
	}
	values := make(map[string]string)
	for _, l := range labels {
		values[l] = "the " + l
	}
	for _, field := range []string{"summary", "description"} {
		text := r.Annotations[field]
		tmpl, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
			"humanizeDuration": func(float64) string { return "4d" },
		}).Parse("{{$labels := .Labels}}{{$value := .Value}}" + text)
		if err != nil {
			t.Errorf("%s: %v", r.Alert, err)
			continue
		}
		var out strings.Builder
		if err := tmpl.Execute(&out, map[string]any{"Labels": values, "Value": 4.5}); err != nil || out.Len() < 20 {
			t.Errorf("%s: %s: %q, %v", r.Alert, field, out.String(), err)
		}
	}
}

func TestRules(t *testing.T) {
	known := sampleCatalogue(t)
	file := readRules(t)
	known.recorded(t, file)
	alerts, records := 0, 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert != "" {
				alerts++
			} else {
				records++
			}
		}
	}
	if alerts != 6 || records != 8 {
		t.Errorf("%d alerts, %d recorded", alerts, records)
	}
}

func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed; TestRules parses the rules by itself")
	}
	if out, err := exec.Command(promtool, "check", "rules", "rules.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// No alert on burn asks for more than its windows can have: where all promises are broken,
// the burn is 1 / (1 - goal).
func TestBurnCanBeReached(t *testing.T) {
	d := sampleDesk(t)
	threshold := regexp.MustCompile(`burn:ratio_delta\w+ >= ([0-9.]+)`)
	found := 0
	for _, g := range readRules(t).Groups {
		for _, r := range g.Rules {
			for _, m := range threshold.FindAllStringSubmatch(r.Expr, -1) {
				found++
				var burn float64
				if err := yaml.Unmarshal([]byte(m[1]), &burn); err != nil {
					t.Fatal(err)
				}
				for i := range d.policy.Targets {
					goal := d.policy.Targets[i].Goal
					if most := float64(goal.Whole) / float64(goal.Whole-goal.Part); goal.Whole != 0 && burn >= most {
						t.Errorf("%s: a burn of %v is out of reach of a goal of %v", r.Alert, burn, goal)
					}
				}
			}
		}
	}
	if found != 6 {
		t.Errorf("%d thresholds", found)
	}
}
