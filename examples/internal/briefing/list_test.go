package briefing

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/examples/internal/pagetest"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// behind is an address that says which figure it is behind.
func behind(b Behind) string {
	on := "any"
	if b.Channel != nil {
		on = string(*b.Channel)
	}
	return fmt.Sprintf("/%s/%d/%s", b.Kind, b.Promise, on)
}

// listOf is a list, of now or of the period.
func listOf(b *Briefing, of Behind) List {
	if of.Kind.Now() {
		return b.Now.List(of)
	}
	return b.List(of)
}

// The lists are what a plain loop over the histories finds, in their order.
func TestLists(t *testing.T) {
	d := quarter(t, everyone)
	b := made(t, d, Ask{About: metrics.Month, Against: "previous", Named: 10_000})
	march := metrics.Span{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, d.Zone), End: d.AsOf}
	within := func(at time.Time) bool { return !at.Before(march.Start) && at.Before(march.End) }
	want := make(map[Kind][]string)
	add := func(k Kind, id metrics.ConversationID, what string) { want[k] = append(want[k], string(id)+" "+what) }
	for h := range d.Log.Read(d.Rules, d.AsOf).Histories() {
		id := h.Conversation().ID()
		if w, ok := h.StillWaiting(); ok {
			add(Waiters, id, text.Exact(w.Duration()))
		}
		if h.IsOpen() {
			add(Oldest, id, "")
		}
		if w, ok := h.FirstResponse(); ok && within(w.End) {
			add(Slow, id, text.Exact(w.Duration()))
		}
		if h.Counts() {
			for r := range h.Conversation().Records() {
				if r.Type == metrics.KindRatingGiven && r.Stars < 4 && within(r.At) {
					add(Low, id, fmt.Sprint(r.Stars))
				}
			}
		}
		for f := range d.Policy.Findings(h) {
			if f.Target.Agreement != "" {
				continue
			}
			if f.Verdict == standards.Breached && within(f.Start) {
				add(Broken, id, f.Target.String())
			}
			if f.End.IsZero() && f.Verdict == standards.Breached {
				add(Late, id, f.Target.String())
			}
			if f.End.IsZero() && f.Verdict == standards.Pending && !f.Due.IsZero() {
				add(Due, id, f.Target.String())
			}
		}
	}
	orders := map[Kind]func(a, b Listed) int{
		Waiters: func(a, b Listed) int { return cmp.Compare(b.Took, a.Took) },
		Oldest:  func(a, b Listed) int { return a.Since.Compare(b.Since) },
		Slow:    func(a, b Listed) int { return cmp.Compare(b.Took, a.Took) },
		Low:     func(a, b Listed) int { return cmp.Or(cmp.Compare(a.Stars, b.Stars), b.Since.Compare(a.Since)) },
		Broken:  func(a, b Listed) int { return b.Since.Compare(a.Since) },
		Late:    func(a, b Listed) int { return b.Due.Compare(a.Due) },
		Due:     func(a, b Listed) int { return a.Due.Compare(b.Due) },
	}
	for _, kind := range Kinds() {
		l := listOf(b, Behind{Kind: kind})
		var got []string
		for _, r := range l.Rows {
			what := ""
			switch {
			case l.promised():
				what = r.Promise
			case kind == Low:
				what = fmt.Sprint(r.Stars)
			case kind != Oldest:
				what = text.Exact(r.Took)
			}
			got = append(got, string(r.Conversation)+" "+what)
		}
		if !slices.IsSortedFunc(l.Rows, orders[kind]) {
			t.Errorf("%s is not in order: %v", kind, l.Rows)
		}
		slices.Sort(got)
		slices.Sort(want[kind])
		if !slices.Equal(got, want[kind]) || l.All != int64(len(got)) || len(got) < 5 {
			t.Errorf("%s: %d of %d: %q, want %q", kind, len(got), l.All, got, want[kind])
		}
		// On the channels by themselves, there are as many.
		sum := 0
		for _, channel := range []metrics.Channel{"chat", "email", "phone", ""} {
			on := listOf(b, Behind{Kind: kind, Channel: &channel})
			if on.All != int64(len(on.Rows)) {
				t.Errorf("%s on %s: %d of %d", kind, channel, len(on.Rows), on.All)
			}
			sum += len(on.Rows)
		}
		if sum != len(got) {
			t.Errorf("%s: %d on the channels, and %d in all", kind, sum, len(got))
		}
		// A list of another kind is empty.
		other := b.Now.List(Behind{Kind: kind})
		if kind.Now() {
			other = b.List(Behind{Kind: kind})
		}
		if other.All != 0 || len(other.Rows) != 0 {
			t.Errorf("%s: %v", kind, other)
		}
	}
	// The number of a promise that was broken is that of its list.
	for i := range b.Brief.Promises {
		m := &b.Brief.Promises[i]
		if l := b.List(Behind{Broken, b.place(m.Target), &m.Channel}); l.All != m.Tally.Breached || int64(len(l.Rows)) != m.Tally.Breached {
			t.Errorf("%v on %s: %d of %d, want %d", m.Target, m.Channel, len(l.Rows), l.All, m.Tally.Breached)
		}
	}
	if l := b.List(Behind{Kind: Broken, Promise: 99}); l.All != 0 {
		t.Errorf("%v", l)
	}
	// With fewer names, there are as many.
	few := made(t, d, Ask{About: metrics.Month, Against: "previous"})
	if l := few.List(Behind{Kind: Slow}); len(l.Rows) != mostNamed || l.All != int64(len(want[Slow])) {
		t.Errorf("%d of %d", len(l.Rows), l.All)
	}
	section := few.ListSection(few.List(Behind{Kind: Slow}), 3, "/slow.csv")
	if words := section.Intro; words != text.Count(int64(len(want[Slow])))+" conversations, of which 3 are shown." {
		t.Error(words)
	}
}

// Each figure leads to what is behind it.
func TestBehind(t *testing.T) {
	d := quarter(t, everyone)
	course := metrics.Week
	b := made(t, d, Ask{About: metrics.Month, Against: "previous", Course: &course, Behind: behind, Link: link.Local("/conversation?id={id}")})
	html := page(t, b)
	for _, kind := range Kinds() {
		if !strings.Contains(html, `href="/`+string(kind)+`/0/any"`) {
			t.Errorf("no link to what is %s", kind)
		}
	}
	for i := range b.Brief.Promises {
		m := &b.Brief.Promises[i]
		want := fmt.Sprintf(`<a href="/broken/%d/%s" aria-label="%d broken: %s, %s">%d</a>`, b.place(m.Target), m.Channel, m.Tally.Breached, m.Target, draw.ChannelName(m.Channel), m.Tally.Breached)
		if has := strings.Contains(html, want); has != (m.Tally.Breached > 0) {
			t.Errorf("%s: %v", want, has)
		}
	}
	if !strings.Contains(html, `href="/conversation?id=Q-0005"`) {
		t.Error("no link to a conversation")
	}
	// Who waits is told once: in what is live.
	if strings.Contains(html, "customers wait for an answer,") || strings.Count(html, "<h3>Waiting now</h3>") != 1 || strings.Count(html, `id="waiting"`) != 1 {
		t.Error("who waits is told twice")
	}
	b.Now = nil
	if text := page(t, b); !strings.Contains(text, "14 customers wait for an answer,") || strings.Contains(text, `id="due"`) {
		t.Error("who waits is not told")
	}
}

// A desk with a warning in its policy, a pause, an inner agreement and nothing assigned.
func TestNow(t *testing.T) {
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 2, hour, minute, 0, 0, time.UTC) }
	hours := func(n int) standards.Budget { return standards.BudgetOf(time.Duration(n) * time.Hour) }
	d := Desk{Log: new(metrics.EventLog), Zone: time.UTC, AsOf: at(12, 0), Own: true}
	d.Policy.Targets = []standards.Target{
		{Name: "answer", Within: hours(4)},
		{Name: "solve", Measure: standards.FirstResolution, Within: hours(100)},
		{Name: "inner", Within: hours(1), Agreement: "inner"},
		{Name: "assign", Measure: standards.TimeToAssign, Within: hours(1)},
	}
	take := func(events ...metrics.Event) {
		for _, e := range events {
			if err := d.Log.Append(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	now := func() *Now {
		n := NewNow(d, Ask{})
		if err := d.Log.Read(d.Rules, d.AsOf).Into(n.Sinks()...); err != nil {
			t.Fatal(err)
		}
		return n
	}
	rows := func(k Kind) (names []string) {
		for _, r := range now().List(Behind{Kind: k}).Rows {
			names = append(names, fmt.Sprintf("%s %s %s", r.Conversation, r.Promise, text.Duration(r.Took)))
		}
		return names
	}
	take(
		metrics.MessageReceived{Conversation: "late", At: at(7, 0)},
		metrics.MessageReceived{Conversation: "later", At: at(7, 30)},
		metrics.MessageReceived{Conversation: "edge", At: at(10, 0)}, // is due in two hours to the second
		metrics.MessageReceived{Conversation: "near", At: at(9, 0)},
		metrics.MessageReceived{Conversation: "fine", At: at(10, 1)},
		metrics.MessageReceived{Conversation: "answered", At: at(10, 0)},
		metrics.ReplySent{Conversation: "answered", At: at(10, 1)},
		metrics.MessageReceived{Conversation: "hold", At: at(10, 0)},
		metrics.ReplySent{Conversation: "hold", At: at(10, 1)},
		metrics.Paused{Conversation: "hold", At: at(10, 2)},
	)
	if late, near := now().Counts(); late != 2 || near != 2 {
		t.Errorf("%d late, %d near", late, near)
	}
	if got := strings.Join(rows(Late), "; "); got != "later answer 30 min; late answer 1 h" {
		t.Error(got)
	}
	if got := strings.Join(rows(Due)[:3], "; "); got != "near answer 1 h; edge answer 2 h; fine answer 2 h 1 min" || len(rows(Due)) != 9 {
		t.Errorf("%s, %d", got, len(rows(Due)))
	}
	page := now().Sections()
	if due := page[1].Parts[0].(draw.Box).Parts[0].(draw.Table).Groups[0].Rows; due[0][5].Text != "in 1 h" || due[0][5].Chip.Word != "soon" || due[0][4].Text != "75 %" || due[2][5].Chip.Word != "" || due[3][5].Text != "Fri 11:00" {
		t.Errorf("%+v", due)
	}
	if w := now().Waiting(); w.N != 5 || w.Overdue != 2 {
		t.Errorf("%+v", w)
	}
	// By a warning of the policy, more is near; and once anything is assigned, what is not is late.
	d.Policy.Targets[0].Warn = stat.Ratio{Part: 1, Whole: 4}
	take(metrics.Assigned{Conversation: "answered", At: at(10, 2), Agent: "ana"})
	late, near := now().Counts()
	if late != 6 || near != 0 {
		t.Errorf("%d late, %d near", late, near)
	}
	d.Policy.Targets = d.Policy.Targets[:3]
	if late, near := now().Counts(); late != 2 || near != 3 {
		t.Errorf("%d late, %d near", late, near)
	}
	if small := now().Sections()[0].Parts[0].(draw.Cards)[1].Figures[0].Small; small != "due soon" {
		t.Error(small)
	}
	d.AsOf = at(7, 0).AddDate(0, 0, -1)
	if late, near := now().Counts(); late != 0 || near != 0 {
		t.Error("before anything happened")
	}
	if got := now().due(&standards.Finding{Margin: 7 * 24 * time.Hour, Due: at(9, 0)}); got != "2 Mar, 09:00" {
		t.Error(got)
	}
}

// A full disk takes nothing.
type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// Files have a row for each conversation, and no name that a spreadsheet computes.
func TestWriteCSV(t *testing.T) {
	d := quarter(t, everyone)
	b := made(t, d, Ask{About: metrics.Month, Against: "previous", Named: 10_000})
	for kind, head := range map[Kind]string{
		Waiters: "conversation,channel,agent,team,wrote,answer_due,waits_for_seconds",
		Late:    "conversation,channel,agent,team,promise,since,was_due,late_by_seconds",
		Due:     "conversation,channel,agent,team,promise,since,due,left_seconds",
		Slow:    "conversation,channel,agent,team,wrote,answered_after_seconds",
		Broken:  "conversation,channel,agent,team,promise,since,was_due,late_by_seconds",
		Low:     "conversation,channel,agent,team,stars,rated",
		Oldest:  "conversation,channel,agent,team,open_since,open_for_seconds",
	} {
		l := listOf(b, Behind{Kind: kind})
		var out strings.Builder
		if err := l.WriteCSV(&out, d.Zone); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(lines) != len(l.Rows)+1 || strings.Join(lines[0], ",") != head {
			t.Errorf("%s: %d lines, %v, %q", kind, len(lines), err, lines[0])
		}
	}
	l := newList(Late)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l.Rows = []Listed{{Conversation: "=1+1", Channel: "-", Agent: "@a", Team: "+t", Promise: "\tp", Since: at, Took: 1500 * time.Millisecond}, {Conversation: "a,\"b", Agent: "o=k"}}
	var out strings.Builder
	if err := l.WriteCSV(&out, d.Zone); err != nil {
		t.Fatal(err)
	}
	const want = "conversation,channel,agent,team,promise,since,was_due,late_by_seconds\n'=1+1,'-,'@a,'+t,'\tp,2026-03-02T10:00:00+01:00,,1.5\n\"a,\"\"b\",,o=k,,,,,0\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if err := l.WriteCSV(full{}, d.Zone); err != errFull {
		t.Error(err)
	}
	for _, kind := range Kinds() {
		var page strings.Builder
		b.Link = link.Local("/conversation?id={id}")
		s := b.ListSection(listOf(b, Behind{Kind: kind}), 5, "/list.csv")
		if err := (draw.Page{Title: "A list", Sections: []draw.Section{s}}).Write(&page); err != nil {
			t.Fatal(err)
		}
		pagetest.Check(t, page.String())
	}
}
