package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/golden"
	"github.com/servicequality/servicequality/metrics"
)

// A clock goes on by a second each time that it is looked at.
func clock() func() time.Time {
	at := time.Unix(0, 0)
	return func() time.Time {
		at = at.Add(time.Second)
		return at
	}
}

func output(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	p := program{clock(), []int{10, 100}}
	if len(args) == 0 {
		p.sizes = []int{10, 100, 1000, 10_000}
	}
	var out, errs bytes.Buffer
	status = p.run(args, &out, &errs)
	return out.String(), errs.String(), status
}

func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"year.txt":  nil,
		"times.txt": {"-agents", "1", "-days", "100", "-shards", "10", "-seed", "7", "-times"},
		"day.txt":   {"-agents", "1", "-days", "1", "-shards", "1"},
	} {
		if args == nil && os.Getenv("TEST_THOROUGH") == "" {
			continue // it takes ten times as long as all others
		}
		got, errs, status := output(t, args...)
		if status != exitDone || errs != "" {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
		golden.Check(t, name, got)
	}
}

// The desk is the same however it is split; only what is stored of each day is in
// other parts.
func TestSplitDoesNotMatter(t *testing.T) {
	section := func(text, title string) string {
		_, rest, ok := strings.Cut(text, title+"\n")
		if !ok {
			t.Fatalf("no %q in\n%s", title, text)
		}
		rest, _, _ = strings.Cut(rest, "\n\n")
		return rest
	}
	one, _, _ := output(t, "-agents", "2", "-days", "40", "-shards", "1")
	for _, shards := range []string{"2", "9"} {
		many, errs, status := output(t, "-agents", "2", "-days", "40", "-shards", shards)
		if status != exitDone {
			t.Fatalf("status %d: %s", status, errs)
		}
		if a, b := section(one, "What is open at the end"), section(many, "What is open at the end"); a != b {
			t.Errorf("in %s shards\n%s\nin one\n%s", shards, b, a)
		}
		last := func(text string) []string { // numbers of the desk's days
			lines := strings.Split(section(text, "The rows of each shard, one for each day"), "\n")
			return strings.Fields(lines[len(lines)-1])
		}
		if a, b := last(one), last(many); !slices.Equal(a, b) {
			t.Errorf("in %s shards %q, in one %q", shards, b, a)
		}
	}
}

func small(t *testing.T) (settings, []*shard) {
	t.Helper()
	s, err := parse([]string{"-agents", "1", "-days", "20", "-shards", "2"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	shards, err := split(s.desk, s.shards)
	if err != nil {
		t.Fatal(err)
	}
	return s, shards
}

// What is left out or counted twice is found out, and what is of another instant is
// refused.
func TestDifferenceIsFound(t *testing.T) {
	s, shards := small(t)
	end := s.asOf(s.days)
	all := new(metrics.EventLog)
	for e := range s.events() {
		if err := all.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	rowsOf := func(asOf time.Time) (settled, open []rows) {
		for _, shard := range shards {
			n, err := shard.night(s.desk, asOf)
			if err != nil {
				t.Fatal(err)
			}
			settled, open = append(settled, n.settled), append(open, n.open)
		}
		return settled, open
	}
	settled, open := rowsOf(end)
	if len(open[0]) == 0 || len(open[1]) == 0 {
		t.Fatal("nothing is open in a shard")
	}
	onDays := make(map[metrics.Period]bool)
	for _, r := range open {
		for day := range r {
			onDays[day] = true
		}
	}
	for name, tt := range map[string]struct {
		from []rows
		want int
	}{
		"all":           {slices.Concat(settled, open), 0},
		"one shard":     {[]rows{settled[0], open[0]}, 20},
		"a shard twice": {slices.Concat(settled, open, settled[:1]), 20},
		"settled alone": {settled, len(onDays)},
		"open alone":    {open, 20},
		"nothing":       {nil, 20},
	} {
		u, _, err := compare(metrics.Day, s, tt.from, all, end, clock())
		if err != nil || u.differ != tt.want {
			t.Errorf("%s: %d differ, %v, want %d", name, u.differ, err, tt.want)
		}
		if status := (&year{units: []unit{{}, u, {}}}).status(); status != min(tt.want, exitDifferent) {
			t.Errorf("%s: status %d", name, status)
		}
	}

	settledBefore, openBefore := rowsOf(s.asOf(s.days - 1))
	settledLater, openLater := rowsOf(end.Add(1)) // midnight, which is the next day
	for name, tt := range map[string]struct {
		from []rows
		want error
	}{
		"settled rows of the night before": {slices.Concat(settledBefore, open), nil},
		"open rows of the night before":    {slices.Concat(settled, open, openBefore), metrics.ErrOtherTerms},
		"nothing but those":                {openBefore, metrics.ErrOtherTerms},
		"settled rows of midnight":         {settledLater, metrics.ErrOtherTerms},
		"open rows of midnight":            {openLater, metrics.ErrOtherTerms},
	} {
		f, err := sum(tt.from, end)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		if err == nil && (!f.AsOf.Equal(end) || f.Settled) {
			t.Errorf("%s: %v, settled %v", name, f.AsOf, f.Settled)
		}
	}

	k, err := settle(shards, s.desk, new(metrics.Figures))
	if err != nil || !k.differ || (&year{keep: k}).status() != exitDifferent {
		t.Errorf("kept %+v, %v: other figures were expected", k, err)
	}
	var b strings.Builder
	y := &year{settings: s, units: []unit{{differ: 3}}, total: new(metrics.Figures), stored: stored{differ: true, hadOpen: true}, keep: k}
	if err := write(&b, y, nil); err != nil || strings.Count(b.String(), "other figures") != 2 ||
		!strings.Contains(b.String(), "3 differ") || !strings.Contains(b.String(), "which is wrong") {
		t.Errorf("%v:\n%s", err, b.String())
	}
	for want, one := range map[int]year{
		exitDone:      {stored: stored{hadOpen: true, refused: metrics.ErrOtherTerms}},
		exitDifferent: {stored: stored{hadOpen: true}},
	} {
		if got := one.status(); got != want {
			t.Errorf("%+v: status %d, want %d", one.stored, got, want)
		}
	}
}

// A night writes the rows whose figures are others, whatever their instant.
func TestWrite(t *testing.T) {
	day := func(n int) metrics.Period { return firstDay.Next(n) }
	row := func(night int, conversations int64) []byte {
		f := metrics.Figures{AsOf: time.Unix(int64(night), 0), Settled: true, Conversations: conversations}
		data, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	for want, other := range []rows{
		{day(0): row(2, 1), day(1): row(2, 2), day(2): row(2, 3)},
		{day(0): row(2, 1), day(1): row(2, 9), day(2): row(2, 3)},
		{day(0): row(2, 1), day(1): row(2, 2), day(3): row(2, 3)},
		nil,
	} {
		a := rows{day(0): row(1, 1), day(1): row(1, 2), day(2): row(1, 3)}
		if got, err := a.write(other); got != want || err != nil || len(a) != len(other) {
			t.Errorf("%d rows written, %v, want %d", got, err, want)
		}
		if want < 3 && !slices.Equal(a[day(0)], row(1, 1)) {
			t.Error("a row was written that has not changed")
		}
	}
	wrong := rows{day(0): {1}}
	if _, err := merge([]rows{wrong}, metrics.Month, time.Time{}); err == nil {
		t.Error("merged bytes that are not figures")
	}
	for _, pair := range [][2]rows{{wrong, {day(0): row(1, 1)}}, {{day(0): row(1, 1)}, wrong}} {
		if _, err := pair[0].write(pair[1]); err == nil {
			t.Error("compared bytes that are not figures")
		}
	}
}

// Every event of a conversation is in the shard of its name, and none is empty.
func TestShards(t *testing.T) {
	s, shards := small(t)
	of := make(map[metrics.ConversationID]int)
	events := 0
	for i, shard := range shards {
		for c := range shard.log.Conversations() {
			if _, ok := of[c.ID()]; ok {
				t.Errorf("%s is in two shards", c.ID())
			}
			of[c.ID()] = i
		}
		events += shard.events
	}
	counts := make([]int, len(shards))
	n := 0
	for e := range s.events() {
		id := metrics.RecordOf(e).Conversation
		if of[id] != shardOf(id, s.shards) {
			t.Errorf("%s is in shard %d", id, of[id])
		}
		if at := metrics.RecordOf(e).At; at.After(s.asOf(s.days)) || at.Before(firstDay.In(s.zone).Start) {
			t.Errorf("%s at %v", id, at)
		}
		counts[of[id]]++
		n++
	}
	if slices.Min(counts) == 0 || n != events {
		t.Errorf("%d events by shard, want %v", events, counts)
	}
	if got := shardOf("T-000000042", 1000); got != 908 {
		t.Errorf("T-000000042 is in shard %d: who stored days by shard finds others there now", got)
	}
}

// Customers who write twice, and whose first conversation is merged into the second. With
// shards by customer the sum is the desk, byte for byte. With shards by conversation those
// whose two conversations are in two shards wait for ever.
func TestMergers(t *testing.T) {
	const shards = 3
	end := firstDay.Next(1).In(time.UTC).Start
	var whole metrics.EventLog
	var byCustomer, byName [shards]metrics.EventLog
	var apart int64
	for n := range 50 {
		customer := metrics.CustomerID(fmt.Sprint("c-", n))
		first, second := metrics.ConversationID(fmt.Sprint("T-", 2*n)), metrics.ConversationID(fmt.Sprint("T-", 2*n+1))
		if shardOf(first, shards) != shardOf(second, shards) {
			apart++
		}
		at := func(minute int) time.Time { return end.Add(time.Duration(minute+n-1000) * time.Minute) }
		for _, e := range []metrics.Event{
			metrics.MessageReceived{Conversation: first, At: at(0), Customer: customer},
			metrics.MessageReceived{Conversation: second, At: at(10), Customer: customer},
			metrics.Merged{Conversation: first, At: at(20), Into: second},
			metrics.ReplySent{Conversation: second, At: at(30), Agent: "ana"},
			metrics.Resolved{Conversation: second, At: at(40), Agent: "ana"},
		} {
			for _, log := range []*metrics.EventLog{
				&whole,
				&byCustomer[shardOf(metrics.ConversationID(customer), shards)],
				&byName[shardOf(metrics.RecordOf(e).Conversation, shards)],
			} {
				if err := log.Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	sumOf := func(logs *[shards]metrics.EventLog) *metrics.Figures {
		total := new(metrics.Figures)
		for i := range logs {
			if err := total.Merge(logs[i].Read(rules, end).Figures()); err != nil {
				t.Fatal(err)
			}
		}
		return total
	}
	want := whole.Read(rules, end).Figures()
	if longest, _ := want.Elapsed.FirstResponse.Max(); want.Moved != 50 || want.Elapsed.StillWaiting.Count() != 0 || longest != 30*time.Minute {
		t.Errorf("%d moved, %d waiting, %v", want.Moved, want.Elapsed.StillWaiting.Count(), longest)
	}
	if same, err := equal(sumOf(&byCustomer), want); err != nil || !same {
		t.Errorf("shards by customer: %v, %v", same, err)
	}
	if f := sumOf(&byName); apart == 0 || f.Elapsed.StillWaiting.Count() != apart || f.Moved != 50-apart || f.Backlog != apart {
		t.Errorf("shards by conversation: %d waiting, %d moved, %d open; %d are apart", f.Elapsed.StillWaiting.Count(), f.Moved, f.Backlog, apart)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"-agents", "0"}, "year: -agents 0: want 1 to 100000"},
		{[]string{"-days", "-1"}, "year: -days -1: want 1 to 10000"},
		{[]string{"-shards", "10001"}, "year: -shards 10001: want 1 to 10000"},
		{[]string{"2026"}, `year: unexpected argument "2026"`},
	} {
		got, errs, status := output(t, tt.args...)
		if got != "" || strings.TrimSpace(errs) != tt.want || status != exitFailed {
			t.Errorf("%v: status %d, %q, %q", tt.args, status, got, errs)
		}
	}
	if _, errs, status := output(t, "-seed", "x"); status != exitFailed || !strings.Contains(errs, "seed") {
		t.Errorf("status %d: %s", status, errs)
	}
	if _, errs, status := output(t, "-h"); status != exitDone || !strings.Contains(errs, "-shards") {
		t.Errorf("status %d: %s", status, errs)
	}
	if status := (program{now: clock()}).run([]string{"-agents", "1", "-days", "1"}, broken{}, &bytes.Buffer{}); status != exitFailed {
		t.Errorf("a broken output: status %d", status)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := number(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0s", 999: "999ns", 1234567: "1.23ms", 83_456_789_000: "1m23.5s",
	} {
		if got := round(d).String(); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
