package compare

import (
	"encoding/json"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// sampleOf returns the number, mean and variance of durations, in seconds: the
// mean exact but for its last digit, the variance as near as the summary holds
// the durations. It returns false for none.
func sampleOf(s *metrics.Summary) (stat.Sample, bool) {
	mean, ok := s.Mean()
	if !ok {
		return stat.Sample{}, false
	}
	sample := stat.Sample{N: s.Count(), Mean: mean.Seconds()}
	var held struct {
		Values  []time.Duration `json:"values_ns"`
		Buckets [][2]int64      `json:"buckets"`
	}
	text, err := s.MarshalJSON()
	if err == nil {
		err = json.Unmarshal(text, &held)
	}
	if err != nil || sample.N == 1 {
		return sample, err == nil
	}
	squares := 0.0
	for _, v := range held.Values {
		squares += math.Pow((v - mean).Seconds(), 2)
	}
	for _, b := range held.Buckets {
		squares += float64(b[1]) * math.Pow(middleOf(b[0])-sample.Mean, 2)
	}
	sample.Variance = squares / float64(sample.N-1)
	return sample, true
}

// middleOf returns the seconds in the middle of a bucket of a Summary.
func middleOf(bucket int64) float64 {
	if bucket < 0 {
		return -middleOf(-bucket)
	}
	if bucket < 128 {
		return float64(bucket) / 1e9
	}
	shift := bucket>>6 - 1
	return math.Ldexp(float64(bucket-shift<<6)+0.5, int(shift)) / 1e9
}

// quantileInterval returns the interval of a quantile between two of the
// durations.
func quantileInterval(s *metrics.Summary, p, level float64) (stat.Interval, error) {
	low, high, _, err := stat.QuantileRanks(s.Count(), p, level)
	if err != nil {
		return stat.Interval{}, err
	}
	estimate, _ := s.Quantile(p)
	return stat.Interval{
		Estimate: estimate.Seconds(), Low: ranked(s, low).Seconds(), High: ranked(s, high).Seconds(),
		Level: level, Method: stat.OrderStatistics,
	}, nil
}

// ranked returns the duration of a rank, from 1.
func ranked(s *metrics.Summary, rank int64) time.Duration {
	p := 0.0
	if n := s.Count(); n > 1 {
		p = float64(rank-1) / float64(n-1)
	}
	d, _ := s.Quantile(p)
	return d
}
