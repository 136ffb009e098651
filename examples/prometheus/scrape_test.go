package main

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

// sampleDesk returns the desk that is shown without flags.
func sampleDesk(t testing.TB) *desk {
	t.Helper()
	d := new(desk)
	var err error
	if d.rules, d.policy, err = readPolicy(""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.readEvents("", nil, os.Stderr); err != nil {
		t.Fatal(err)
	}
	d.index()
	return d
}

// deskOf returns a desk of some events.
func deskOf(t testing.TB, p standards.Policy, events ...metrics.Event) *desk {
	t.Helper()
	d := &desk{policy: p}
	for _, e := range events {
		if err := d.log.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	d.index()
	return d
}

// series are the samples of a scrape by their names and labels, such as
// `servicequality_waits{channel="chat",outcome="moved",team="none"}`.
type series map[string]float64

// scrape asks a collector as a server would, and reads its text. It shares no code with the
// collector.
func scrape(t testing.TB, c *collector) (series, map[string]*dto.MetricFamily) {
	t.Helper()
	var text bytes.Buffer
	if err := write(&text, newRegistry(c)); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(&text)
	if err != nil {
		t.Fatal(err)
	}
	all := make(series)
	for name, f := range families {
		for _, m := range f.GetMetric() {
			labels := make(map[string]string)
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			switch {
			case m.Counter != nil:
				all[seriesOf(name, labels)] = m.Counter.GetValue()
			case m.Gauge != nil:
				all[seriesOf(name, labels)] = m.Gauge.GetValue()
			case m.Histogram != nil:
				all[seriesOf(name+"_count", labels)] = float64(m.Histogram.GetSampleCount())
				all[seriesOf(name+"_sum", labels)] = m.Histogram.GetSampleSum()
				for _, b := range m.Histogram.GetBucket() {
					labels["le"] = model.SampleValue(b.GetUpperBound()).String()
					all[seriesOf(name+"_bucket", labels)] = float64(b.GetCumulativeCount())
				}
			}
		}
	}
	return all, families
}

func (d *desk) collector(asOf time.Time, n names) *collector {
	return newCollector(d.policy, n, func() (*snapshot, error) { return d.at(asOf) })
}

func seriesOf(name string, labels map[string]string) string {
	pairs := make([]string, 0, len(labels))
	for _, l := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, l+"="+string(quoted(labels[l])))
	}
	return name + "{" + strings.Join(pairs, ",") + "}"
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// sum adds up the samples of a metric that have some labels.
func (all series) sum(name string, labels ...string) (sum float64) {
	for s, v := range all {
		if metric, rest, _ := strings.Cut(s, "{"); metric == name && has(rest, labels) {
			sum += v
		}
	}
	return sum
}

// has reports whether a series has labels, each such as `channel="chat"`.
func has(rest string, labels []string) bool {
	for _, l := range labels {
		if !strings.Contains(","+strings.TrimSuffix(rest, "}")+",", ","+l+",") {
			return false
		}
	}
	return true
}

func label(name, value string) string { return name + "=" + quoted(value) }

func at(t testing.TB, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func office(t testing.TB) *calendar.Calendar {
	t.Helper()
	hours, err := readCalendar("../report/office.json")
	if err != nil {
		t.Fatal(err)
	}
	return hours
}
