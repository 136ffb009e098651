package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/DataDog/sketches-go/ddsketch"
	"github.com/DataDog/sketches-go/ddsketch/mapping"
	"github.com/DataDog/sketches-go/ddsketch/store"
	"github.com/HdrHistogram/hdrhistogram-go"
	tdigest "github.com/caio/go-tdigest/v4"

	"github.com/servicequality/servicequality/metrics"
)

// compareSummaries sums up durations and asks for their quantiles.
func compareSummaries(w io.Writer, o options) error {
	values := logNormalDurations(o.values)
	exact := slices.Sorted(slices.Values(values))
	parts := values[:min(len(values)/partSize, 100)*partSize]

	times := make([]sketchTimes, len(sketches))
	for range (o.repeats + 1) / 2 { // in turns
		for i, s := range sketches {
			if err := times[i].measure(s.new, values, parts, o.atLeast); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	fmt.Fprintf(w, "%s log-normal waits, 1 ms to 30 days; medians. Error: the greatest of the percentiles 1 to 99, of the value. Encoded: bytes of the binary form.\n\n",
		thousands(int64(len(values))))
	few := min(len(values), 25)
	t := table{head: []string{
		"", "add ns", "ratio", fmt.Sprintf("merge %d, ns", partSize), "quantile ns", "error",
		fmt.Sprintf("bytes, %d values", few), "encoded", fmt.Sprintf("bytes, %s values", thousands(int64(len(values)))), "encoded",
	}}
	for i, s := range sketches {
		full, err := filled(s.new, values)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if n := full.count(); n != int64(len(values)) {
			return fmt.Errorf("%s: %d of %d values", s.name, n, len(values))
		}
		worst := worstError(full, exact)
		if s.within > 0 && worst > s.within {
			return fmt.Errorf("%s: a percentile is off by %v, more than %v", s.name, worst, s.within)
		}
		small, err := filled(s.new, values[:few])
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		add := median(times[i].add)
		t.add(s.name, digits(add), ratio(add, median(times[0].add)), digits(median(times[i].merge)), digits(median(times[i].quantile)),
			fmt.Sprintf("%.2f %%", 100*worst),
			thousands(bytesOf(s.new, values[:few], 500)), thousands(int64(small.encoded())),
			thousands(bytesOf(s.new, values, 3)), thousands(int64(full.encoded())))
	}
	t.print(w, o.markdown)
	return nil
}

// partSize is the number of values in each of the sketches that are merged.
const partSize = 1000

// A sketch sums up durations, which peers get in milliseconds.
type sketch interface {
	fill([]time.Duration) error
	merge(sketch) error
	quantile(p float64) float64 // in milliseconds
	count() int64
	encoded() int
}

var sketches = []struct {
	name   string
	within float64 // the error that it promises; 0 for none
	new    func() (sketch, error)
}{
	{"metrics.Summary", 1.0 / 128, func() (sketch, error) { return new(summarySketch), nil }},
	{"metrics.Summary, slices", 1.0 / 128, func() (sketch, error) { return new(sliceSketch), nil }},
	{"DDSketch, cubic mapping, 1 %", 0.01, func() (sketch, error) {
		m, err := mapping.NewCubicallyInterpolatedMapping(0.01)
		if err != nil {
			return nil, err
		}
		return &ddSketch{ddsketch.NewDDSketchFromStoreProvider(m, store.DenseStoreConstructor)}, nil
	}},
	{"DDSketch, linear mapping, 1 %", 0.01, func() (sketch, error) {
		m, err := mapping.NewLinearlyInterpolatedMapping(0.01)
		if err != nil {
			return nil, err
		}
		return &ddSketch{ddsketch.NewDDSketchFromStoreProvider(m, store.DenseStoreConstructor)}, nil
	}},
	{"DDSketch, default, 1 %", 0.01, func() (sketch, error) {
		s, err := ddsketch.NewDefaultDDSketch(0.01)
		return &ddSketch{s}, err
	}},
	{"HdrHistogram, 2 digits", 0.01, func() (sketch, error) {
		return &hdrSketch{hdrhistogram.New(1, 30*24*3_600_000, 2)}, nil
	}},
	{"go-tdigest, compression 100", 0, func() (sketch, error) {
		t, err := tdigest.New(tdigest.Compression(100), tdigest.LocalRandomNumberGenerator(1))
		return &tDigest{t}, err
	}},
}

type summarySketch struct{ metrics.Summary }

func (s *summarySketch) fill(values []time.Duration) error {
	for _, d := range values {
		s.Add(d)
	}
	return nil
}

// A sliceSketch is a Summary that takes many durations at once.
type sliceSketch struct{ summarySketch }

func (s *sliceSketch) fill(values []time.Duration) error {
	s.AddAll(values)
	return nil
}

func (s *sliceSketch) merge(other sketch) error {
	s.Merge(&other.(*sliceSketch).Summary)
	return nil
}

func (s *summarySketch) merge(other sketch) error {
	s.Merge(&other.(*summarySketch).Summary)
	return nil
}

func (s *summarySketch) quantile(p float64) float64 {
	q, _ := s.Quantile(p)
	return milliseconds(q)
}

func (s *summarySketch) count() int64 { return s.Count() }

func (s *summarySketch) encoded() int {
	b, _ := s.MarshalBinary()
	return len(b)
}

type ddSketch struct{ *ddsketch.DDSketch }

func (s *ddSketch) fill(values []time.Duration) error {
	for _, d := range values {
		if err := s.Add(float64(d / time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

func (s *ddSketch) merge(other sketch) error { return s.MergeWith(other.(*ddSketch).DDSketch) }

func (s *ddSketch) quantile(p float64) float64 {
	q, _ := s.GetValueAtQuantile(p)
	return q
}

func (s *ddSketch) count() int64 { return int64(s.GetCount()) }

func (s *ddSketch) encoded() int {
	var b []byte
	s.Encode(&b, false)
	return len(b)
}

type hdrSketch struct{ *hdrhistogram.Histogram }

func (s *hdrSketch) fill(values []time.Duration) error {
	for _, d := range values {
		if err := s.RecordValue(int64(d / time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

func (s *hdrSketch) merge(other sketch) error {
	if dropped := s.Merge(other.(*hdrSketch).Histogram); dropped > 0 {
		return fmt.Errorf("dropped %d", dropped)
	}
	return nil
}

func (s *hdrSketch) quantile(p float64) float64 { return float64(s.ValueAtPercentile(100 * p)) }

func (s *hdrSketch) count() int64 { return s.TotalCount() }

func (s *hdrSketch) encoded() int {
	b, _ := s.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	return len(b)
}

type tDigest struct{ *tdigest.TDigest }

func (s *tDigest) fill(values []time.Duration) error {
	for _, d := range values {
		if err := s.Add(float64(d / time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}

func (s *tDigest) merge(other sketch) error { return s.Merge(other.(*tDigest).TDigest) }

func (s *tDigest) quantile(p float64) float64 { return s.Quantile(p) }

func (s *tDigest) count() int64 { return int64(s.Count()) }

func (s *tDigest) encoded() int {
	b, _ := s.AsBytes()
	return len(b)
}

func filled(create func() (sketch, error), values []time.Duration) (sketch, error) {
	s, err := create()
	if err != nil {
		return nil, err
	}
	return s, s.fill(values)
}

// sketchTimes are nanoseconds, one of each round.
type sketchTimes struct{ add, merge, quantile []float64 }

func (t *sketchTimes) measure(create func() (sketch, error), values, parts []time.Duration, atLeast time.Duration) error {
	s, err := create()
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := s.fill(values); err != nil {
		return err
	}
	t.add = append(t.add, float64(time.Since(begin))/float64(len(values)))

	var list []sketch
	for part := range slices.Chunk(parts, partSize) {
		p, err := filled(create, part)
		if err != nil {
			return err
		}
		list = append(list, p)
	}
	total, err := create()
	if err != nil {
		return err
	}
	begin = time.Now()
	for _, p := range list {
		if err := total.merge(p); err != nil {
			return err
		}
	}
	t.merge = append(t.merge, float64(time.Since(begin))/float64(len(list)))

	asked := 0
	begin = time.Now()
	for sum := 0.0; asked == 0 || time.Since(begin) < atLeast; asked += 99 {
		for p := 1; p < 100; p++ {
			sum += s.quantile(float64(p) / 100)
		}
		if math.IsNaN(sum) {
			return fmt.Errorf("a percentile is not a number")
		}
	}
	t.quantile = append(t.quantile, float64(time.Since(begin))/float64(asked))
	return nil
}

// worstError returns the greatest relative error of the percentiles from 1 to 99.
// The exact value of rank p·(n−1) is one of two where that is not a whole number.
func worstError(s sketch, exact []time.Duration) float64 {
	worst := 0.0
	for p := 1; p < 100; p++ {
		at := p * (len(exact) - 1) / 100
		low, high := milliseconds(exact[at]), milliseconds(exact[min(at+1, len(exact)-1)])
		got := s.quantile(float64(p) / 100)
		switch {
		case got < low:
			worst = max(worst, (low-got)/low)
		case got > high:
			worst = max(worst, (got-high)/high)
		}
	}
	return worst
}

// bytesOf returns the bytes that a sketch of the values keeps, a mean of many.
func bytesOf(create func() (sketch, error), values []time.Duration, many int) int64 {
	list := make([]sketch, many)
	before := heap()
	for i := range list {
		list[i], _ = filled(create, values)
	}
	kept := (heap() - before) / int64(many)
	for _, s := range list {
		s.count()
	}
	return kept
}

func median(x []float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
