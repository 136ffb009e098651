package metrics

import (
	"fmt"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/ranks"
	"github.com/servicequality/servicequality/metrics/internal/selection"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Quantiles returns the exact quantiles of durations for the probabilities p, in
// the order of p, by the type t of Hyndman and Fan (1996); an interpolated one is
// rounded to the nanosecond, ties up. The durations may be in any order and are
// not changed. If a quantile within 1/128 is enough, or durations come one after
// another, use a [Summary].
//
// It selects instead of sorting, in time proportional to the number of durations:
// a tenth of what sorting takes for a hundred thousand response times and more.
// It takes some twenty kilobytes and a copy of the durations near a quantile: a
// few in a hundred, or nearly all if nearly all are within 1/64 of each other.
//
// It returns [stat.ErrNoData] if there is no duration, and [stat.ErrValue] if a p
// is not from 0 to 1 or the type is not valid.
func Quantiles(durations []time.Duration, t stat.HyndmanFan, p ...float64) ([]time.Duration, error) {
	if !t.Valid() {
		return nil, fmt.Errorf("%w: %v", stat.ErrValue, t)
	}
	for _, q := range p {
		if !(q >= 0 && q <= 1) {
			return nil, fmt.Errorf("%w: probability %v", stat.ErrValue, q)
		}
	}
	n := len(durations)
	if n == 0 {
		return nil, stat.ErrNoData
	}
	at := make([]int, 0, 2*len(p))
	for _, q := range p {
		rank, _ := t.Position(int64(n), q)
		at = append(at, int(rank), min(int(rank)+1, n))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	values := selection.Ranked(durations, at)
	quantiles := make([]time.Duration, len(p))
	for i, q := range p {
		rank, weight := t.Position(int64(n), q)
		k, _ := slices.BinarySearch(at, int(rank))
		quantiles[i] = values[k]
		if weight > 0 {
			quantiles[i] = ranks.Interpolate(values[k], values[k+1], weight)
		}
	}
	return quantiles, nil
}
