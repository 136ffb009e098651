package main

import (
	"math"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// roundTimes are the bounds of classic buckets that every histogram has.
var roundTimes = []time.Duration{
	20 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 8 * time.Hour,
	24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

// boundsOf returns the bounds of classic buckets in order: round times, and the limits of
// the promises, at which a bucket is exact. A limit in business days has no bound, as it is
// of another length each time.
func boundsOf(p standards.Policy) []time.Duration {
	bounds := slices.Clone(roundTimes)
	for i := range p.Targets {
		if d, ok := p.Targets[i].Within.Duration(); ok && d > 0 {
			bounds = append(bounds, d)
		}
	}
	slices.Sort(bounds)
	return slices.Compact(bounds)
}

// schema is the resolution of native histograms: eight buckets for each power of two, so
// that a bound is 9 % above the one before.
const schema = 3

// histogram is a metric that has a summary as classic and as native histogram; which of
// them is stored, the server decides when it asks.
type histogram struct{ classic, native prometheus.Metric }

func newHistogram(desc *prometheus.Desc, bounds []time.Duration, s *metrics.Summary, labels ...string) (prometheus.Metric, error) {
	sum, _ := s.Sum().Float64()
	classic := make(map[float64]uint64, len(bounds))
	for _, b := range bounds {
		classic[b.Seconds()] = uint64(s.AtMost(b))
	}
	native := make(map[int]int64)
	zero := int64(0)
	for d, n := range s.All() {
		if d <= 0 {
			zero += n
			continue
		}
		native[bucketOf(d.Seconds())] += n
	}
	count := uint64(s.Count())
	c, err := prometheus.NewConstHistogram(desc, count, sum, classic, labels...)
	if err != nil {
		return nil, err
	}
	n, err := prometheus.NewConstNativeHistogram(desc, count, sum, native, nil, uint64(zero), schema, 0, time.Time{}, labels...)
	return histogram{c, n}, err
}

// bucketOf returns the number of the native bucket of a number of seconds: bucket n ends at
// 2^(n/8), which belongs to it.
func bucketOf(seconds float64) int {
	const perDouble = 1 << schema
	end := func(n int) float64 { return math.Exp2(float64(n) / perDouble) }
	n := int(math.Ceil(math.Log2(seconds) * perDouble))
	for end(n-1) >= seconds {
		n--
	}
	for end(n) < seconds {
		n++
	}
	return n
}

// Desc implements [prometheus.Metric].
func (h histogram) Desc() *prometheus.Desc { return h.classic.Desc() }

// Write implements [prometheus.Metric].
func (h histogram) Write(to *dto.Metric) error {
	var classic dto.Metric
	if err := h.classic.Write(&classic); err != nil {
		return err
	}
	if err := h.native.Write(to); err != nil {
		return err
	}
	to.Histogram.Bucket = classic.GetHistogram().GetBucket()
	to.Histogram.CreatedTimestamp = nil // the events do not tell
	return nil
}
