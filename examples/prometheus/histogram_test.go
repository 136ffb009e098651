package main

import (
	"io"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// A histogram made of a summary is the one that would have been told of each duration: to
// the last up to 1,024 of them, and beyond that but for those within 1/128 of a bound.
func TestHistogram(t *testing.T) {
	bounds := boundsOf(standards.Policy{Targets: []standards.Target{{Within: standards.BudgetOf(90 * time.Second)}, {Within: standards.BusinessDays(2)}}})
	floats := make([]float64, len(bounds))
	for i, b := range bounds {
		floats[i] = b.Seconds()
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 2, 100, 1024, 1025, 20000} {
		var s metrics.Summary
		observer := prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "x", Help: "x", Buckets: floats, NativeHistogramBucketFactor: 1.1, NativeHistogramZeroThreshold: prometheus.NativeHistogramZeroThresholdZero,
		})
		values := make([]time.Duration, n)
		for i := range values {
			values[i] = time.Duration(math.Exp(rng.Float64()*18) * float64(time.Millisecond))
			switch rng.IntN(20) {
			case 0:
				values[i] = bounds[rng.IntN(len(bounds))]
			case 1:
				values[i] = time.Second << rng.IntN(20) // the end of a native bucket
			case 2:
				values[i] = 0
			case 3:
				values[i] = 1
			}
			s.Add(values[i])
			observer.Observe(values[i].Seconds())
		}
		m, err := newHistogram(prometheus.NewDesc("x", "x", nil, nil), bounds, &s)
		if err != nil {
			t.Fatal(err)
		}
		var made, observed dto.Metric
		if err := m.Write(&made); err != nil {
			t.Fatal(err)
		}
		if err := observer.Write(&observed); err != nil {
			t.Fatal(err)
		}
		got, want := made.GetHistogram(), observed.GetHistogram()
		if got.GetSampleCount() != uint64(n) || got.GetSchema() != want.GetSchema() || got.GetZeroThreshold() != 0 || got.CreatedTimestamp != nil {
			t.Errorf("%d: count %d, schema %d, created %v", n, got.GetSampleCount(), got.GetSchema(), got.CreatedTimestamp)
		}
		if sum, of := got.GetSampleSum(), want.GetSampleSum(); math.Abs(sum-of) > 1e-9*of {
			t.Errorf("%d: sum %v, want %v", n, sum, of)
		}
		if len(got.GetBucket()) != len(bounds) {
			t.Fatalf("%d: %d buckets", n, len(got.GetBucket()))
		}
		for i, b := range got.GetBucket() {
			low, high := around(values, bounds[i], n)
			if c := b.GetCumulativeCount(); b.GetUpperBound() != floats[i] || c < low || c > high {
				t.Errorf("%d: bucket %v holds %d, want %d to %d", n, b.GetUpperBound(), c, low, high)
			}
		}
		made2, observed2 := bucketsOf(got), bucketsOf(want)
		total := got.GetZeroCount()
		for k, c := range made2 {
			total += uint64(c)
			if n <= 1024 && c != observed2[k] {
				t.Errorf("%d: native bucket %d holds %d, want %d", n, k, c, observed2[k])
			}
		}
		if total != uint64(n) || got.GetZeroCount() != want.GetZeroCount() || n <= 1024 && len(made2) != len(observed2) {
			t.Errorf("%d: native buckets hold %d, %d at zero, want %d; %d buckets, want %d", n, total, got.GetZeroCount(), want.GetZeroCount(), len(made2), len(observed2))
		}
		// Beyond that, what is misplaced lies in the next bucket.
		for k := range made2 {
			if observed2[k-1]+observed2[k]+observed2[k+1] == 0 {
				t.Errorf("%d: nothing belongs near native bucket %d", n, k)
			}
		}
	}
}

// around returns how many values are at most a bound, less and more those within 1/128 of it
// if there are more than a summary keeps.
func around(values []time.Duration, bound time.Duration, n int) (low, high uint64) {
	slack := bound / 128
	if n <= 1024 {
		slack = 0
	}
	for _, v := range values {
		if v <= bound-slack {
			low++
		}
		if v <= bound+slack {
			high++
		}
	}
	return low, high
}

// bucketsOf returns the native buckets of a histogram, those that are not empty.
func bucketsOf(h *dto.Histogram) map[int]int64 {
	buckets := make(map[int]int64)
	at, delta, count := 0, 0, int64(0)
	for _, span := range h.GetPositiveSpan() {
		at += int(span.GetOffset())
		for range span.GetLength() {
			count += h.GetPositiveDelta()[delta]
			if count != 0 {
				buckets[at] = count
			}
			at, delta = at+1, delta+1
		}
	}
	return buckets
}

// The end of a bucket belongs to it, and what is next to the next one.
func TestBucketOf(t *testing.T) {
	for n := -240; n <= 240; n++ {
		end := math.Exp2(float64(n) / 8)
		if got := bucketOf(end); got != n {
			t.Errorf("%v is in bucket %d, want %d", end, got, n)
		}
		if got := bucketOf(math.Nextafter(end, math.Inf(1))); got != n+1 {
			t.Errorf("just above %v is bucket %d, want %d", end, got, n+1)
		}
	}
}

// A server that asks for native histograms has them, with the classic ones.
func TestNative(t *testing.T) {
	d := sampleDesk(t)
	request := httptest.NewRequest("GET", "/metrics", nil)
	request.Header.Set("Accept", string(expfmt.NewFormat(expfmt.TypeProtoDelim)))
	answer := httptest.NewRecorder()
	newHandler(newRegistry(d.collector(d.log.Latest(), namesIn(&d.log)))).ServeHTTP(answer, request)
	decoder := expfmt.NewDecoder(answer.Body, expfmt.ResponseFormat(answer.Result().Header))
	found := 0
	for {
		var f dto.MetricFamily
		err := decoder.Decode(&f)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range f.GetMetric() {
			if h := m.GetHistogram(); f.GetName() == "servicequality_first_response_seconds" {
				found++
				n := h.GetZeroCount()
				for _, c := range bucketsOf(h) {
					n += uint64(c)
				}
				if n != h.GetSampleCount() || n == 0 || len(h.GetBucket()) != len(boundsOf(d.policy)) {
					t.Errorf("%v", m)
				}
			}
		}
	}
	if found != 3 {
		t.Errorf("%d histograms", found)
	}
}

func TestBounds(t *testing.T) {
	minute, third := standards.BudgetOf(time.Minute), standards.BudgetOf(time.Second/3)
	got := boundsOf(standards.Policy{Targets: []standards.Target{{Within: minute}, {Within: third}, {Within: standards.BusinessDays(1)}, {}}})
	if len(got) != len(roundTimes)+1 || got[0] != time.Second/3 || got[1] != 20*time.Second {
		t.Errorf("%v", got)
	}
}
