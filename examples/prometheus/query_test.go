package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metricsql"
)

// catalogue has what can be asked for: each metric with its labels, and the values that these
// have. A nil list of values is of any.
type catalogue map[string]map[string][]string

// sampleCatalogue has the metrics that a scrape of the sample shows.
func sampleCatalogue(t *testing.T) catalogue {
	t.Helper()
	d := sampleDesk(t)
	d.rules.Calendar = office(t)
	all, _ := scrape(t, d.collector(d.log.Latest(), namesIn(&d.log)))
	known := make(catalogue)
	for s := range all {
		name, rest, _ := strings.Cut(s, "{")
		if known[name] == nil {
			known[name] = make(map[string][]string)
		}
		for _, pair := range regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(rest, -1) {
			known[name][pair[1]] = append(known[name][pair[1]], pair[2])
		}
	}
	return known
}

// functions are those that queries use, whether of PromQL or not a matter of this list: the
// parser knows a larger language. Those of counters are not among them.
var functions = []string{"delta", "histogram_quantile", "absent"}

// check parses a query, and checks that what it asks for exists. It returns the labels of
// the answer.
func (known catalogue) check(query string) (labels []string, err error) {
	e, err := metricsql.Parse(query)
	if err != nil {
		return nil, err
	}
	return known.labels(e)
}

func (known catalogue) labels(e metricsql.Expr) ([]string, error) {
	switch e := e.(type) {
	case *metricsql.NumberExpr:
		return nil, nil
	case *metricsql.RollupExpr:
		return nil, fmt.Errorf("%s: a window without a function", e.AppendString(nil))
	case *metricsql.MetricExpr:
		return known.metric(e)
	case *metricsql.FuncExpr:
		return known.function(e)
	case *metricsql.AggrFuncExpr:
		inner, err := known.labels(e.Args[0])
		if err != nil {
			return nil, err
		}
		if !slices.Contains([]string{"sum", "max"}, e.Name) || len(e.Args) != 1 || e.Modifier.Op != "" && e.Modifier.Op != "by" {
			return nil, fmt.Errorf("%s: not an aggregation that is known here", e.AppendString(nil))
		}
		for _, l := range e.Modifier.Args {
			if !slices.Contains(inner, l) {
				return nil, fmt.Errorf("%s: there is no label %q", e.AppendString(nil), l)
			}
		}
		return e.Modifier.Args, nil
	case *metricsql.BinaryOpExpr:
		left, err := known.labels(e.Left)
		if err != nil {
			return nil, err
		}
		right, err := known.labels(e.Right)
		if err != nil {
			return nil, err
		}
		left, right = slices.Sorted(slices.Values(left)), slices.Sorted(slices.Values(right))
		_, number := e.Right.(*metricsql.NumberExpr)
		if _, first := e.Left.(*metricsql.NumberExpr); first {
			return right, nil
		}
		if !number && (e.GroupModifier.Op != "" || !slices.Equal(left, right)) {
			return nil, fmt.Errorf("%s: no match of %q and %q", e.AppendString(nil), left, right)
		}
		return left, nil
	}
	return nil, fmt.Errorf("%T: %s", e, e.AppendString(nil))
}

func (known catalogue) function(e *metricsql.FuncExpr) ([]string, error) {
	if !slices.Contains(functions, e.Name) {
		return nil, fmt.Errorf("%s: not a function that is known here", e.AppendString(nil))
	}
	arg := e.Args[len(e.Args)-1]
	if e.Name == "delta" {
		rollup, ok := arg.(*metricsql.RollupExpr)
		if !ok || rollup.Window == nil || rollup.Step != nil || rollup.InheritStep || rollup.Offset != nil {
			return nil, fmt.Errorf("%s: want a window", e.AppendString(nil))
		}
		arg = rollup.Expr
	}
	labels, err := known.labels(arg)
	if err != nil || e.Name == "delta" {
		return labels, err
	}
	if e.Name == "absent" {
		return nil, nil
	}
	if !slices.Contains(labels, "le") {
		return nil, fmt.Errorf("%s: there is no label le", e.AppendString(nil))
	}
	return slices.DeleteFunc(slices.Clone(labels), func(l string) bool { return l == "le" }), nil
}

// metric checks that a metric exists, and that each of its filters fits a value.
func (known catalogue) metric(e *metricsql.MetricExpr) ([]string, error) {
	if len(e.LabelFilterss) != 1 || len(e.LabelFilterss[0]) == 0 || e.LabelFilterss[0][0].Label != "__name__" {
		return nil, fmt.Errorf("%s: want one metric", e.AppendString(nil))
	}
	filters := e.LabelFilterss[0]
	labels, ok := known[filters[0].Value]
	if !ok {
		return nil, fmt.Errorf("there is no metric %s", filters[0].Value)
	}
	for _, f := range filters[1:] {
		values, ok := labels[f.Label]
		if !ok {
			return nil, fmt.Errorf("%s has no label %q", filters[0].Value, f.Label)
		}
		alternatives := []string{f.Value}
		if f.IsRegexp {
			alternatives = strings.Split(f.Value, "|")
		}
		for _, a := range alternatives {
			if !f.IsNegative && a != ".*" && values != nil && !slices.Contains(values, a) {
				return nil, fmt.Errorf("%s has no %s %q", filters[0].Value, f.Label, a)
			}
		}
	}
	return slices.Sorted(maps.Keys(labels)), nil
}

// The check finds what is wrong.
func TestCheck(t *testing.T) {
	known := catalogue{
		"a":        {"x": {"1", "2"}, "y": {"3"}},
		"b_bucket": {"le": {"1"}, "x": {"1"}},
	}
	for query, want := range map[string]string{
		`a`:                         "x y",
		`sum by (x) (delta(a[5m]))`: "x",
		`max(a{x=~"1|2"}) * 1000`:   "",
		`1 - sum by (y) (a)`:        "y",
		`absent(a)`:                 "",
		`sum by (x) (a) > 3 and sum by (x) (a{y="3"}) >= 1`:             "x",
		`histogram_quantile(0.5, sum by (le, x) (delta(b_bucket[1h])))`: "x",
		`c`:                               "!there is no metric c",
		`a{z="1"}`:                        `!a has no label "z"`,
		`a{x="3"}`:                        `!a has no x "3"`,
		`a{x=~"1|7"}`:                     `!a has no x "7"`,
		`sum by (z) (a)`:                  `!sum(a) by(z): there is no label "z"`,
		`rate(a[5m])`:                     "!rate(a[5m]): not a function that is known here",
		`delta(a)`:                        "!delta(a): want a window",
		`delta(a[5m] offset 1h)`:          "!delta(a[5m] offset 1h): want a window",
		`sum by (x) (a) / sum by (y) (a)`: `!sum(a) by(x) / sum(a) by(y): no match of ["x"] and ["y"]`,
		`histogram_quantile(0.5, a)`:      "!histogram_quantile(0.5, a): there is no label le",
		`sum(a`:                           "!",
		`a[5m]`:                           "!a[5m]: a window without a function",
	} {
		labels, err := known.check(query)
		got := strings.Join(labels, " ")
		if err != nil {
			got = "!" + err.Error()
		}
		if got != want && !(want == "!" && err != nil) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
