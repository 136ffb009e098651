package compare_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// Simpson's paradox: each channel's customers are more satisfied than before, and
// all together less, because most of them now come by the channel where fewer
// are. The total says what customers saw; at the same mix, the desk got better.
func TestSimpsonsParadox(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	rate := func(channel metrics.Channel, start time.Time, satisfied, n int, wait time.Duration) {
		for i := range n {
			stars := rating.Stars(2)
			if i < satisfied {
				stars = 5
			}
			h.ticket(t, channel, start.Add(time.Duration(i)*time.Minute), wait+time.Duration(i%7)*time.Minute, stars)
		}
	}
	rate(metrics.Chat, spans.Before.Start, 720, 800, 5*time.Minute)  // 90 %
	rate(metrics.Email, spans.Before.Start, 100, 200, 2*time.Hour)   // 50 %
	rate(metrics.Chat, spans.After.Start, 192, 200, 3*time.Minute)   // 96 %
	rate(metrics.Email, spans.After.Start, 480, 800, 90*time.Minute) // 60 %
	b := h.sides(t, spans, metrics.Rules{})
	before, after := b.Total()
	var f compare.Family
	f.Change(compare.CSAT, before, after)
	f.Standardised(compare.CSAT, b.Strata()...)
	f.Change(compare.Response.Mean(), before, after)
	f.Standardised(compare.Response.Mean(), b.Strata()...)
	for _, channel := range []metrics.Channel{metrics.Chat, metrics.Email} {
		f.Change(compare.CSAT, b.Before(channel), b.After(channel))
		f.Change(compare.Response.Mean(), b.Before(channel), b.After(channel))
	}
	got := differences(t, &f)
	for n, want := range []stat.Conclusion{
		stat.Worse, stat.Better, stat.Worse, stat.Better, stat.Better, stat.Better, stat.Better, stat.Better,
	} {
		if got[n].Conclusion != want {
			t.Errorf("%v, want %v", got[n], want)
		}
	}
	// Both channels have half of all tickets of both weeks.
	for n, want := range map[int][3]float64{0: {0.82, 0.672, -0.148}, 1: {0.7, 0.78, 0.08}} {
		d := got[n]
		for k, v := range []float64{d.Before.Value, d.After.Value, d.Change.Estimate} {
			if v-want[k] > 1e-12 || want[k]-v > 1e-12 {
				t.Errorf("%v: %v, want %v", d, v, want[k])
			}
		}
	}
	if d := got[1]; d.Before.N != 1000 || d.After.N != 1000 || d.LeftOut != 0 || d.Test.Method != stat.AdjustedWald || got[3].Test.Method != stat.Welch {
		t.Errorf("%+v", d)
	}
}

func TestStandardised(t *testing.T) {
	rated := func(satisfied, n int64) *compare.Observed {
		f := new(compare.Observed)
		f.Figures.Ratings, _ = rating.NewDistribution([5]int64{n - satisfied, 0, 0, 0, satisfied})
		return f
	}
	pair := func(x1, n1, x2, n2 int64) compare.Pair {
		return compare.Pair{Before: rated(x1, n1), After: rated(x2, n2)}
	}
	var f compare.Family
	f.Standardised(compare.CSAT, pair(30, 50, 40, 50))
	f.Change(compare.CSAT, rated(30, 50), rated(40, 50))
	f.Standardised(compare.CSAT, pair(30, 50, 40, 50), pair(9, 9, 0, 0), pair(0, 0, 1, 7))
	f.Standardised(compare.Stars, pair(30, 50, 40, 50), pair(1, 1, 6, 9))
	f.Standardised(compare.CSAT, pair(3, 5, 4, 5))
	f.Standardised(compare.CSAT, pair(3, 5, 0, 0))
	f.Standardised(compare.CSAT)
	f.Standardised(compare.FirstResponse, pair(30, 50, 40, 50))
	f.Standardised(compare.RepliesToResolve, pair(30, 50, 40, 50))
	f.Standardised(compare.CSAT, pair(1, 10, 2, 20), pair(30, 50, 40, 50), pair(7, 9, 3, 8))
	f.Standardised(compare.CSAT, pair(7, 9, 3, 8), pair(1, 10, 2, 20), pair(30, 50, 40, 50))
	f.Standardised(compare.CSAT, pair(8, 10, 20, 40), pair(6, 10, 9, 10)) // twenty are enough
	f.Standardised(compare.CSAT, pair(8, 10, 5, 9), pair(6, 40, 9, 10))
	f.Standardised(compare.CSAT, pair(30, 50, 40, 50), pair(1, 1, 6, 9)) // of a share, one counts
	got := differences(t, &f)
	// One stratum is itself.
	for k, want := range [][2]float64{{got[0].Before.Value, got[1].Before.Value}, {got[0].After.Value, got[1].After.Value}, {got[2].After.Value, 0.8}} {
		if want[0] != want[1] {
			t.Errorf("%d: %v", k, want)
		}
	}
	for n, leftOut := range map[int]int64{0: 0, 2: 16, 3: 10, 5: 5, 13: 0} {
		if got[n].LeftOut != leftOut {
			t.Errorf("%v: %d left out, want %d", got[n], got[n].LeftOut, leftOut)
		}
	}
	for n, want := range map[int]stat.Conclusion{4: stat.TooFew, 5: stat.NoData, 6: stat.NoData, 7: stat.NotTested, 8: stat.NotTested, 11: stat.NotDistinguishable, 12: stat.TooFew} {
		if got[n].Conclusion != want {
			t.Errorf("%v, want %v", got[n], want)
		}
	}
	if df := got[3].Test.DF; !(df > 50 && df < 98) || got[0].Test.DF != 0 {
		t.Errorf("%v degrees of freedom of 100 ratings", df)
	}
	if got[7].String() != "median first response at the same mix: not tested" {
		t.Error(got[7])
	}
	if got[9] != got[10] {
		t.Errorf("the order of strata makes a difference: %v and %v", got[9], got[10])
	}
	// By hand: weights 30, 100 and 17 of 147, the first without a change.
	if want := (100*(0.8-0.6) + 17*(3.0/8-7.0/9)) / 147; got[9].Change.Estimate-want > 1e-12 || want-got[9].Change.Estimate > 1e-12 {
		t.Errorf("%v, want %v", got[9].Change.Estimate, want)
	}
}

// A total's mean is that of its waits, not of its channels' means.
func TestAverageOfAverages(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	for i := range 90 {
		h.ticket(t, metrics.Chat, spans.Before.Start.Add(time.Duration(i)*time.Hour), 2*time.Minute, 5)
	}
	for i := range 10 {
		h.ticket(t, metrics.Email, spans.Before.Start.Add(time.Duration(i)*time.Hour), 102*time.Minute, 0)
	}
	b := h.sides(t, spans, metrics.Rules{})
	before, _ := b.Total()
	total, _ := compare.FirstResponse.Mean().Of(before, 0.95)
	chat, _ := compare.FirstResponse.Mean().Of(b.Before(metrics.Chat), 0.95)
	email, _ := compare.FirstResponse.Mean().Of(b.Before(metrics.Email), 0.95)
	if total.Duration() != 12*time.Minute || (chat.Duration()+email.Duration())/2 != 52*time.Minute || total.Duration() != time.Duration(mean(h.plain(spans.Before).first)*1e9) {
		t.Errorf("total %v, channels %v and %v", total, chat, email)
	}
}

// One ticket that was forgotten for 40 days hides from the mean what the median
// shows.
func TestOneOldTicket(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	for i := range 100 {
		off := time.Duration(i%11) * time.Minute
		h.ticket(t, metrics.Email, spans.Before.Start.Add(time.Duration(i)*time.Hour), 30*time.Minute+off, 0)
		h.ticket(t, metrics.Email, spans.After.Start.Add(time.Duration(i)*time.Hour), 20*time.Minute+off, 0)
	}
	h.ticket(t, metrics.Email, spans.After.Start.AddDate(0, 0, -40), 41*24*time.Hour, 0)
	before, after := h.sides(t, spans, metrics.Rules{}).Total()
	got := compare.Figures(before, after, compare.FirstResponse, compare.FirstResponse.Mean())
	if got[0].Conclusion != stat.Better || got[1].Conclusion != stat.NotDistinguishable || got[1].After.Value <= got[1].Before.Value {
		t.Errorf("%v", got)
	}
}

// A desk that stops answering has no response time to be proud of.
func TestAllUnanswered(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	for i := range 60 {
		h.ticket(t, metrics.Email, spans.Before.Start.Add(time.Duration(i)*time.Hour), time.Hour, 0)
		id := metrics.ConversationID(fmt.Sprint("silent", i))
		start := spans.After.Start.Add(time.Duration(i) * time.Hour)
		h.append(t, id, metrics.MessageReceived{Conversation: id, At: start, Channel: metrics.Email})
		if i%2 == 0 {
			h.append(t, id, metrics.Resolved{Conversation: id, At: start.Add(time.Hour)})
		}
	}
	before, after := h.sides(t, spans, metrics.Rules{}).Total()
	want := map[compare.Metric]stat.Conclusion{
		compare.FirstResponse: stat.NoData, compare.Response.Mean(): stat.NoData, compare.Unanswered: stat.Worse, compare.CSAT: stat.NoData,
	}
	for i, verdict := range want {
		if d := compare.Figures(before, after, i)[0]; d.Conclusion != verdict {
			t.Errorf("%v, want %v", d, verdict)
		}
	}
	if v, _ := compare.Unanswered.Of(after, 0.95); v.Value != 1 || v.N != 60 {
		t.Errorf("%v of %d are unanswered", v, v.N)
	}
}

// Of a period in which nothing happened there is nothing to say, but that nobody
// came.
func TestEmptyPeriod(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	for i := range 60 {
		h.ticket(t, metrics.Email, spans.Before.Start.Add(time.Duration(i)*time.Hour), time.Hour, 5)
	}
	before, after := h.sides(t, spans, metrics.Rules{}).Total()
	for _, d := range compare.Figures(before, after) {
		if d.Conclusion != stat.NoData || !strings.HasSuffix(d.String(), ": no data") {
			t.Errorf("%v", d)
		}
	}
	if d := compare.Figures(before, after, compare.Conversations)[0]; d.Conclusion != stat.Lower {
		t.Errorf("%v", d)
	}
	if d := compare.Figures(after, before, compare.Conversations)[0]; d.Conclusion != stat.NotTested {
		t.Errorf("%v", d)
	}
}

// On the day on which clocks go forward there are 23 hours: as many tickets an
// hour are fewer tickets, and no fewer arrivals.
func TestClockChange(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	var h history
	spans, err := compare.Periods(period(t, "2026-03-28"), period(t, "2026-03-29"), berlin, at(t, "2026-04-01T00:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	for now := spans.Before.Start.Add(-time.Hour); now.Before(spans.After.End.Add(time.Hour)); now = now.Add(time.Minute) {
		h.ticket(t, metrics.Chat, now, 0, 0)
	}
	before, after := h.sides(t, spans, metrics.Rules{}).Total()
	if before.Figures.Conversations != 24*60 || after.Figures.Conversations != 23*60 {
		t.Errorf("%d and %d", before.Figures.Conversations, after.Figures.Conversations)
	}
	f := compare.Family{Spans: spans}
	f.Change(compare.Conversations, before, after)
	if d := differences(t, &f)[0]; d.Conclusion != stat.NotDistinguishable || d.Change.Estimate > 1e-12 || d.Change.Estimate < -1e-12 {
		t.Errorf("%v", d)
	}
}

// The others took part in whatever else changed: what is left is the training's.
func TestBeyond(t *testing.T) {
	var h history
	spans := twoWeeks(t)
	ticket := func(who metrics.Channel, start time.Time, wait time.Duration, stars rating.Stars, n int) {
		h.ticket(t, who, start.Add(time.Duration(n)*time.Minute), wait+time.Duration(n%60)*time.Minute, stars)
	}
	for n := range 600 {
		ticket("trained", spans.Before.Start, 60*time.Minute, rating.Stars(2+2*(n%2)), n)
		ticket("trained", spans.After.Start, 30*time.Minute, rating.Stars(2+2*min(1, n%4)), n) // 75 %
		ticket("others", spans.Before.Start, 60*time.Minute, rating.Stars(2+2*(n%2)), n)
		ticket("others", spans.After.Start, 40*time.Minute, rating.Stars(2+2*min(1, n%4)), n)
	}
	b := h.sides(t, spans, metrics.Rules{})
	var f compare.Family
	for _, i := range []compare.Metric{compare.FirstResponse, compare.FirstResponse.Mean(), compare.CSAT, compare.RepliesToResolve, compare.Conversations} {
		f.Change(i, b.Before("trained"), b.After("trained"))
		f.Beyond(i, b.Before("trained"), b.After("trained"), b.Before("others"), b.After("others"))
	}
	got := differences(t, &f)
	for n, want := range []struct {
		verdict stat.Conclusion
		change  float64
	}{
		{stat.Better, -30 * 60}, {stat.Better, -10 * 60},
		{stat.Better, -30 * 60}, {stat.Better, -10 * 60},
		{stat.Better, 0.25}, {stat.NotDistinguishable, 0},
		{stat.NotDistinguishable, 0}, {stat.NotTested, 0},
		{stat.NotDistinguishable, 0}, {stat.NotTested, 0},
	} {
		d := got[n]
		if off := d.Change.Estimate - want.change; d.Conclusion != want.verdict || off > 1e-9 || off < -1e-9 {
			t.Errorf("%v, want %v by %v", d, want.verdict, want.change)
		}
	}
	if d := got[1]; d.Design != compare.Beyond || d.OthersBefore.Duration() != 89*time.Minute+30*time.Second || d.OthersAfter.N != 600 {
		t.Errorf("%+v", d)
	}
	// An interval of shares ends where the shares do.
	only := func(satisfied, n int64) *compare.Observed {
		f := new(compare.Observed)
		f.Figures.Ratings, _ = rating.NewDistribution([5]int64{n - satisfied, 0, 0, 0, satisfied})
		return f
	}
	wide := compare.Family{Minimum: 1, Level: 0.999999}
	wide.Beyond(compare.CSAT, only(0, 2), only(2, 2), only(2, 2), only(0, 2))
	wide.Standardised(compare.CSAT, compare.Pair{Before: only(0, 2), After: only(2, 2)})
	for n, limit := range []float64{2, 1} {
		if d := differences(t, &wide)[n]; d.Change.High != limit || d.Change.Estimate != limit {
			t.Errorf("%v", d.Change)
		}
	}
}
