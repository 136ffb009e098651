package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/montanaflynn/stats"
	gonum "gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// A statistic is computed by package stat and by others, which must give the same
// numbers.
type statistic struct {
	name   string
	within float64 // relative difference that is allowed
	ours   func() []float64
	peers  [len(statPeers)]func() []float64 // nil where a peer does not have it
}

var statPeers = [...]string{"sorting", "gonum", "montanaflynn/stats"}

const (
	bySorting = iota
	byGonum
	byMontanaflynn
)

// compareStat measures what package stat has in common with others.
func compareStat(w io.Writer, o options) error {
	list, err := statistics(o.values)
	if err != nil {
		return err
	}
	fmt.Fprint(w, "Medians. The ratio is the time of the other to that of package stat. Others are faster where they compute less: "+
		"package stat refuses what is not finite, and gives intervals and p-values beside an estimate.\n\n")
	t := table{head: []string{"", "stat"}}
	for _, name := range statPeers {
		t.head = append(t.head, name, "ratio")
	}
	for _, s := range list {
		want := s.ours()
		for i, peer := range s.peers {
			if peer == nil {
				continue
			}
			if err := same(peer(), want, s.within); err != nil {
				return fmt.Errorf("%s, %s: %w", s.name, statPeers[i], err)
			}
		}
		all := [1 + len(statPeers)][]float64{}
		for range (o.repeats + 1) / 2 { // in turns
			all[0] = append(all[0], o.once(s.ours))
			for i, peer := range s.peers {
				if peer != nil {
					all[i+1] = append(all[i+1], o.once(peer))
				}
			}
		}
		row := []string{s.name, duration(median(all[0]))}
		for _, times := range all[1:] {
			if len(times) == 0 {
				row = append(row, none, none)
				continue
			}
			row = append(row, duration(median(times)), ratio(median(times), median(all[0])))
		}
		t.add(row...)
	}
	t.print(w, o.markdown)
	return nil
}

// once returns the nanoseconds of a call, a mean of as many as fill the time.
func (o options) once(f func() []float64) float64 {
	calls := 0
	begin := time.Now()
	for calls == 0 || time.Since(begin) < o.atLeast {
		f()
		calls++
	}
	return float64(time.Since(begin)) / float64(calls)
}

// same returns an error unless the numbers are the same but for a relative
// difference.
func same(got, want []float64, within float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d numbers, not %d", len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= within*math.Abs(want[i])) {
			return fmt.Errorf("number %d is %v, by package stat %v", i+1, got[i], want[i])
		}
	}
	return nil
}

// duration prints nanoseconds in a unit that fits.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return digits(ns) + " ns"
	case ns < 1e6:
		return digits(ns/1e3) + " µs"
	}
	return digits(ns/1e6) + " ms"
}

// must returns numbers that are known to exist.
func must[T any](x T, err error) T {
	if err != nil {
		panic(err) // the arguments are constants of this program
	}
	return x
}

// statistics returns what is compared, on n values.
func statistics(n int) ([]statistic, error) {
	if n < 1000 {
		return nil, errors.New("too few values")
	}
	durations := logNormalDurations(n)
	x, y := make([]float64, n), make([]float64, n)
	r := rand.New(rand.NewPCG(13, 21))
	for i, d := range durations {
		x[i] = milliseconds(d)
		y[i] = 0.3*x[i] + 1e6*r.NormFloat64()
	}
	probabilities := []float64{0.5, 0.9, 0.99}
	// Few enough for the quadratic time of others, and without ties, of which
	// they have other definitions.
	series, order := make([]float64, 1000), make([]float64, 1000)
	for i := range series {
		series[i], order[i] = r.NormFloat64()+float64(i)/500, float64(i)
	}
	numbers, count := x, fmt.Sprintf("%s values", thousands(int64(n)))
	// All others cost time in proportion, and some of the peers much of it.
	n /= 10
	x, y = x[:n], y[:n]
	tenth := fmt.Sprintf("%s values", thousands(int64(n)))
	return []statistic{
		{
			name: "three quantiles of durations, type 7, " + count, within: 1e-12,
			ours: func() []float64 {
				q := must(metrics.Quantiles(durations, 7, probabilities...))
				return []float64{float64(q[0]), float64(q[1]), float64(q[2])}
			},
			peers: peersOf(map[int]func() []float64{bySorting: func() []float64 {
				sorted := slices.Clone(durations)
				slices.Sort(sorted)
				q := make([]float64, len(probabilities))
				for i, p := range probabilities {
					at := p * float64(len(sorted)-1)
					low := sorted[int(at)]
					high := sorted[min(int(at)+1, len(sorted)-1)]
					q[i] = math.Floor(float64(low) + (at-math.Floor(at))*float64(high-low) + 0.5)
				}
				return q
			}, byMontanaflynn: func() []float64 {
				q := make([]float64, len(probabilities))
				for i, p := range probabilities {
					q[i] = math.Floor(1e6*must(stats.Percentile(numbers, 100*p)) + 0.5)
				}
				return q
			}}),
		},
		{
			name: "mean and variance, " + tenth, within: 1e-9,
			ours: func() []float64 { s := must(stat.Describe(x)); return []float64{s.Mean, s.Variance} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				mean, variance := gonum.MeanVariance(x, nil)
				return []float64{mean, variance}
			}, byMontanaflynn: func() []float64 {
				return []float64{must(stats.Mean(x)), must(stats.SampleVariance(x))}
			}}),
		},
		{
			name: "t interval of the mean, " + tenth, within: 1e-9,
			ours: func() []float64 { i := must(must(stat.Describe(x)).Interval(0.95)); return []float64{i.Low, i.High} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				mean, sd := gonum.MeanStdDev(x, nil)
				half := gonum.StdErr(sd, float64(n)) * distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
				return []float64{mean - half, mean + half}
			}}),
		},
		{
			name: "correlation, " + tenth, within: 1e-9,
			ours: func() []float64 { return []float64{must(stat.Pearson(x, y, 0.95)).Estimate} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				return []float64{gonum.Correlation(x, y, nil)}
			}, byMontanaflynn: func() []float64 { return []float64{must(stats.Pearson(x, y))} }}),
		},
		{
			name: "Kendall's tau of a trend (ours with the slope), 1,000 values", within: 1e-12,
			ours: func() []float64 { return []float64{must(stat.MannKendall(order, series, 0.95)).TauB} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				return []float64{gonum.Kendall(order, series, nil)}
			}, byMontanaflynn: func() []float64 { return []float64{must(stats.KendallTau(order, series))} }}),
		},
		{
			name: "Clopper–Pearson interval, 83 of 100", within: 1e-9,
			ours: func() []float64 {
				i := must(stat.Proportion(83, 100, 0.95, stat.ClopperPearson))
				return []float64{i.Low, i.High}
			},
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				return []float64{
					distuv.Beta{Alpha: 83, Beta: 18}.Quantile(0.025),
					distuv.Beta{Alpha: 84, Beta: 17}.Quantile(0.975),
				}
			}}),
		},
		{
			name: "quantile of F, 3 and 12 degrees of freedom", within: 1e-9,
			ours: func() []float64 { return []float64{must(stat.FQuantile(0.975, 3, 12))} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				return []float64{distuv.F{D1: 3, D2: 12}.Quantile(0.975)}
			}}),
		},
		{
			name: "quantile of the normal distribution", within: 1e-9,
			ours: func() []float64 { return []float64{must(stat.NormalQuantile(0.975))} },
			peers: peersOf(map[int]func() []float64{byGonum: func() []float64 {
				return []float64{distuv.UnitNormal.Quantile(0.975)}
			}}),
		},
	}, nil
}

func peersOf(by map[int]func() []float64) (peers [len(statPeers)]func() []float64) {
	for i, f := range by {
		peers[i] = f
	}
	return peers
}
