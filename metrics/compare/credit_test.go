package compare_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// agentTimes returns the figures of agents 0, 1, … with first responses of so
// many seconds.
func agentTimes(all [][]int64) []*compare.Observed {
	figures := make([]*compare.Observed, len(all))
	for n, list := range all {
		figures[n] = new(compare.Observed)
		for _, v := range list {
			figures[n].Figures.Elapsed.FirstResponse.Add(time.Duration(v) * time.Second)
		}
	}
	return figures
}

func agentStars(t testing.TB, counts ...[5]int64) []*compare.Observed {
	figures := make([]*compare.Observed, len(counts))
	for n := range counts {
		figures[n] = new(compare.Observed)
		var err error
		if figures[n].Figures.Ratings, err = rating.NewDistribution(counts[n]); err != nil {
			t.Fatal(err)
		}
	}
	return figures
}

// credit ranks figures by their number.
func credit(t testing.TB, i compare.Metric, figures []*compare.Observed) compare.Credit[int] {
	t.Helper()
	c, err := compare.NewCredit(i, func(yield func(int) bool) {
		for n := range figures {
			if !yield(n) {
				return
			}
		}
	}, nil, func(n int, _ string) *compare.Observed { return figures[n] }, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ranking(c compare.Credit[int]) (keys []int) {
	for _, s := range c.Places {
		keys = append(keys, s.Key)
	}
	return keys
}

// Two easy tickets make nobody the best agent.
func TestTwoEasyTickets(t *testing.T) {
	ratings := agentStars(t,
		[5]int64{0, 0, 0, 0, 2},       // all of two
		[5]int64{5, 5, 20, 50, 120},   // 85 % of 200
		[5]int64{20, 10, 20, 50, 100}, // 75 %
		[5]int64{40, 20, 20, 40, 80},  // 60 %
		[5]int64{6, 4, 10, 30, 50},    // 80 % of 100
	)
	c := credit(t, compare.CSAT, ratings)
	if got := ranking(c); !slices.Equal(got, []int{1, 4, 0, 2, 3}) || c.Method.String() != "beta_binomial" {
		t.Errorf("by CSAT %v: %v", c.Method, got)
	}
	if two := c.Places[2]; two.Raw.Value != 1 || two.Shrunken.Weight > 0.1 {
		t.Errorf("%+v", two)
	}
	var verdicts []stat.Conclusion
	for _, s := range c.Places {
		verdicts = append(verdicts, s.Rest.Conclusion)
	}
	want := []stat.Conclusion{stat.Better, stat.NotDistinguishable, stat.TooFew, stat.NotDistinguishable, stat.Worse}
	if !slices.Equal(verdicts, want) {
		t.Errorf("%v, want %v", verdicts, want)
	}
	c = credit(t, compare.Stars, ratings)
	if got := ranking(c); !slices.Equal(got, []int{1, 0, 4, 2, 3}) || c.Method.String() != "paule_mandel" {
		t.Errorf("by stars %v: %v", c.Method, got)
	}

	// A hundred answers each, of some nine minutes, and two of seven.
	var times [][]int64
	for agent := range 4 {
		var list []int64
		for k := range 100 {
			list = append(list, int64(300+30*agent+7*(k%13)*(k%11)))
		}
		times = append(times, list)
	}
	c = credit(t, compare.FirstResponse.Mean(), agentTimes(append(times, []int64{400, 420})))
	if got := ranking(c); !slices.Equal(got, []int{0, 1, 4, 2, 3}) {
		t.Errorf("by mean first response: %v", got)
	}
}

func TestCreditOfLittle(t *testing.T) {
	// Nobody, nobody with data.
	for _, figures := range [][]*compare.Observed{nil, {nil, new(compare.Observed)}} {
		if c := credit(t, compare.CSAT, figures); len(c.Places) != 0 {
			t.Errorf("%+v", c)
		}
	}
	// One value.
	c := credit(t, compare.FirstResponse.Mean(), agentTimes([][]int64{{}, {90}}))
	if got := fmt.Sprint(c.Places[0]); len(c.Places) != 1 || got != "1. 1: 1 min 30 s, by itself 1 min 30 s of 1" ||
		c.Pooled != 90 || c.Places[0].Rest.Conclusion != stat.NoData || c.Places[0].Shrunken.Weight != 1 {
		t.Errorf("%+v", c)
	}
	// All the same: one rank, in the order of the keys.
	c = credit(t, compare.FirstResponse.Mean(), agentTimes([][]int64{{60, 60}, {60}, {60, 60, 60}}))
	for n, s := range c.Places {
		if s.Rank != 1 || s.Key != n || s.Shrunken.Interval.Estimate != 60 {
			t.Errorf("%+v", s)
		}
	}
	// Intervals stay within what the metric can be.
	c = credit(t, compare.Stars, agentStars(t, [5]int64{0, 0, 0, 0, 3}, [5]int64{0, 0, 0, 1, 9}, [5]int64{9, 0, 0, 0, 0}, [5]int64{1, 0, 0, 0, 0}))
	for _, s := range c.Places {
		if i := s.Shrunken.Interval; i.Low < 1 || i.High > 5 || i.Low >= i.High {
			t.Errorf("%+v", s)
		}
	}
	c = credit(t, compare.FirstResponse.Mean(), agentTimes([][]int64{{0, 1}, {0, 2000}, {0, 100, 9000}}))
	for _, s := range c.Places {
		if i := s.Shrunken.Interval; i.Low != 0 || i.High <= i.Estimate {
			t.Errorf("%+v", s)
		}
	}
}

func TestCreditRefuses(t *testing.T) {
	figures := func(int, string) *compare.Observed { return desk(t) }
	for _, tt := range []struct {
		index compare.Metric
		level float64
		want  error
	}{
		{compare.FirstResponse, 0.95, compare.ErrMetric},
		{compare.Response.P90(), 0.95, compare.ErrMetric},
		{compare.Conversations, 0.95, compare.ErrMetric},
		{compare.Metric("9999"), 0.95, compare.ErrMetric},
		{compare.CSAT, 0, stat.ErrLevel},
		{compare.CSAT, 1, stat.ErrLevel},
		{compare.CSAT, math.NaN(), stat.ErrLevel},
	} {
		c, err := compare.NewCredit(tt.index, slices.Values([]int{1, 2}), nil, figures, tt.level)
		if !errors.Is(err, tt.want) || len(c.Places) > 0 {
			t.Errorf("%v at %v: %+v, %v", tt.index, tt.level, c, err)
		}
	}
	for _, level := range []float64{-1, 0, 1, 1.5, math.NaN()} {
		if _, err := compare.NewCredit(compare.CSAT, slices.Values([]int(nil)), nil, figures, level); !errors.Is(err, stat.ErrLevel) {
			t.Errorf("level %v: %v", level, err)
		}
	}
	for _, i := range indices() {
		c, err := compare.NewCredit(i, slices.Values([]int{1, 2}), nil, figures, 0.95)
		if i == compare.Conversations || strings.HasPrefix(i.String(), "median") || strings.HasPrefix(i.String(), "p90") {
			if !errors.Is(err, compare.ErrMetric) {
				t.Errorf("%v: %v", i, err)
			}
			continue
		}
		if err != nil || len(c.Places) != 2 || c.Places[0].Rank != 1 || c.Places[1].Rank != 1 {
			t.Errorf("%v: %+v, %v", i, c, err)
		}
	}
}

// shrink is the method of Paule and Mandel on durations themselves, with τ² found
// by halving.
func shrink(all [][]int64) (pooled float64, estimates []float64) {
	var k, n, squares float64
	means := make([]float64, len(all))
	for i, list := range all {
		for _, v := range list {
			means[i] += float64(v) / float64(len(list))
		}
		for _, v := range list {
			squares += math.Pow(float64(v)-means[i], 2)
		}
		k, n = k+1, n+float64(len(list))
	}
	sigma := squares / (n - k)
	solve := func(tau float64) (pooled, q float64) {
		var total float64
		for i, list := range all {
			w := 1 / (sigma/float64(len(list)) + tau)
			total, pooled = total+w, pooled+w*means[i]
		}
		pooled /= total
		for i, list := range all {
			q += math.Pow(means[i]-pooled, 2) / (sigma/float64(len(list)) + tau)
		}
		return pooled, q
	}
	low, high := 0.0, 0.0
	if _, q := solve(0); q > k-1 {
		for high = 1; ; high *= 2 {
			if _, q := solve(high); q < k-1 {
				break
			}
		}
		for range 200 {
			if _, q := solve((low + high) / 2); q > k-1 {
				low = (low + high) / 2
			} else {
				high = (low + high) / 2
			}
		}
	}
	pooled, _ = solve(low)
	for i, list := range all {
		weight := 0.0
		if low > 0 {
			weight = low / (low + sigma/float64(len(list)))
		}
		estimates = append(estimates, weight*means[i]+(1-weight)*pooled)
	}
	return pooled, estimates
}

func TestCreditAgreesWithOracle(t *testing.T) {
	p := laws(t, 300)
	p.Property("means of times", prop.ForAll(func(shift []int64, sizes []int64) string {
		var all [][]int64
		for i, by := range shift {
			var list []int64
			for k := range sizes[i%len(sizes)] {
				list = append(list, max(0, by*20+(k*k*31+int64(i)*17)%97-40))
			}
			all = append(all, list)
		}
		figures := agentTimes(all)
		c := credit(t, compare.FirstResponse.Mean(), figures)
		pooled, want := shrink(all)
		close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }
		if !close(c.Pooled, pooled) || len(c.Places) != len(all) {
			return fmt.Sprintf("pooled %v of %d, want %v", c.Pooled, len(c.Places), pooled)
		}
		var family compare.Family
		for i := range all {
			rest := new(compare.Observed)
			for j, f := range figures {
				if i != j {
					if err := rest.Merge(f); err != nil {
						return err.Error()
					}
				}
			}
			family.Change(compare.FirstResponse.Mean(), rest, figures[i])
		}
		differences, err := family.Differences()
		if err != nil {
			return err.Error()
		}
		for n, s := range c.Places {
			if e := s.Shrunken.Interval.Estimate; !close(e, want[s.Key]) {
				return fmt.Sprintf("%d: shrunken to %v, want %v", s.Key, e, want[s.Key])
			}
			if s.Raw.N != int64(len(all[s.Key])) || s.Shrunken.N != s.Raw.N || math.Abs(s.Raw.Value-s.Shrunken.Raw) > 1e-9 {
				return fmt.Sprintf("%+v", s)
			}
			better := 0
			for _, other := range c.Places {
				if other.Shrunken.Interval.Estimate < s.Shrunken.Interval.Estimate {
					better++
				}
			}
			if s.Rank != better+1 || n > 0 && s.Rank < c.Places[n-1].Rank {
				return fmt.Sprintf("%d has rank %d, want %d", s.Key, s.Rank, better+1)
			}
			if s.Rest != differences[s.Key] {
				return fmt.Sprintf("against the rest\n\tgot  %+v\n\twant %+v", s.Rest, differences[s.Key])
			}
		}
		return ""
	}, gen.SliceOfN(7, gen.Int64Range(0, 12)), gen.SliceOfN(5, gen.Int64Range(2, 30))))
	p.Property("shares and rates", prop.ForAll(func(parts []int64) string {
		var figures []*compare.Observed
		var ratios []stat.Ratio
		var samples []stat.Sample
		var pool stat.Ratio
		for n, part := range parts {
			r := stat.Ratio{Part: part, Whole: part + 1 + int64(n*n)}
			ratios, pool = append(ratios, r), pool.Pool(r)
			figures = append(figures, &compare.Observed{Figures: metrics.Figures{OneTouch: r, RepliesToResolve: r}})
		}
		for _, r := range ratios {
			s := stat.Sample{N: r.Whole, Mean: float64(r.Part) / float64(r.Whole), Variance: float64(pool.Part) / float64(pool.Whole)}
			if s.N == 1 {
				s.Variance = 0
			}
			samples = append(samples, s)
		}
		shares, err := stat.ShrinkProportions(ratios, 0.95)
		rates, err2 := stat.ShrinkMeans(samples, 0.95)
		if err != nil || err2 != nil {
			return fmt.Sprint(err, err2)
		}
		for i, want := range map[compare.Metric]stat.Shrinkage{compare.OneTouch: shares, compare.RepliesToResolve: rates} {
			c := credit(t, i, figures)
			if c.Pooled != want.Pooled || c.PriorN != want.PriorN || c.Method != want.Method {
				return fmt.Sprintf("%+v, want %+v", c, want)
			}
			for _, s := range c.Places {
				expected := want.Groups[s.Key]
				if expected.Interval.Low = max(0, expected.Interval.Low); s.Shrunken != expected {
					return fmt.Sprintf("%v %d:\n\tgot  %+v\n\twant %+v", i, s.Key, s.Shrunken, expected)
				}
			}
			estimates := make([]float64, len(c.Places))
			for n, s := range c.Places {
				estimates[n] = s.Shrunken.Interval.Estimate
			}
			if i == compare.OneTouch {
				slices.Reverse(estimates)
			}
			if !slices.IsSorted(estimates) {
				return fmt.Sprintf("%v: %v", i, estimates)
			}
		}
		return ""
	}, gen.SliceOfN(6, gen.Int64Range(0, 60))))
	p.TestingRun(t)
}

// A conversation that one agent has and another answers is the one's or the
// other's, as the Rules say.
func TestCreditIsGivenByRules(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	conversation, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: at(0)},
		metrics.Assigned{Conversation: "7", At: at(1), Agent: "ben"},
		metrics.ReplySent{Conversation: "7", At: at(20), Agent: "ana"}, // for ben, who is away
		metrics.Assigned{Conversation: "7", At: at(21), Agent: "eve"},
		metrics.Resolved{Conversation: "7", At: at(30), Agent: "ana"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rules                metrics.Rules
		response, resolution []metrics.AgentID
	}{
		{metrics.Rules{}, []metrics.AgentID{"ana"}, []metrics.AgentID{"ana"}},
		{metrics.Rules{CreditAssigned: true}, []metrics.AgentID{"ben"}, []metrics.AgentID{"eve"}},
	} {
		byAgent := compare.NewGroups(metrics.Facet.Agent)
		if err := byAgent.Add(conversation.Read(tt.rules, at(59))); err != nil {
			t.Fatal(err)
		}
		agents := slices.Sorted(byAgent.Keys())
		for index, want := range map[compare.Metric][]metrics.AgentID{
			compare.FirstResponse.Mean(): tt.response, compare.FirstResolution.Mean(): tt.resolution,
		} {
			c, err := compare.NewCredit(index, slices.Values(agents), nil, func(a metrics.AgentID, _ string) *compare.Observed { return byAgent.Group(a) }, 0.95)
			var got []metrics.AgentID
			for _, s := range c.Places {
				got = append(got, s.Key)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v by %+v: %v, %v, want %v", index, tt.rules, got, err, want)
			}
		}
	}
}
