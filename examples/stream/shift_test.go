package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

const patience = 10 * time.Second

// night is a server, for as long as the test lasts.
func night(t *testing.T) *broker {
	t.Helper()
	b, err := newBroker("", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	return b
}

// sent returns a stream of the deliveries on a server, and a shift that has not
// begun.
func sent(t *testing.T, b *broker, deliveries []delivery) *shift {
	t.Helper()
	s, err := newStream(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	})
	if err := s.publish(t.Context(), deliveries, 0); err != nil {
		t.Fatal(err)
	}
	return &shift{
		broker: b, stream: s.name, file: filepath.Join(t.TempDir(), "snapshot.json"), every: 20, ackWait: 100 * time.Millisecond,
		out: io.Discard, errs: io.Discard,
	}
}

// Whenever workers die, and however often, the figures are those of the batch.
func TestWhereverWorkersDie(t *testing.T) {
	b, d := night(t), newDesk(120, 2)
	last := uint64(len(d.deliveries))
	random := rand.New(rand.NewPCG(1, 1))
	for n := range 4 {
		s := sent(t, b, d.deliveries)
		for range n * 3 {
			s.deaths = append(s.deaths, death{moment(random.IntN(3)), 1 + random.Uint64N(last/2)})
		}
		if n == 3 { // at the very end, when another worker has nothing to take
			s.deaths = append(s.deaths, death{saving, last}, death{acking, last})
		}
		// In any order, they would wait for each other.
		slices.SortFunc(s.deaths, func(a, b death) int { return int(a.sequence) - int(b.sequence) })
		planned := slices.Clone(s.deaths)
		var errs bytes.Buffer
		s.errs = &errs
		w, err := s.finish(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.deaths) > 0 {
			t.Errorf("deaths %v: %v did not happen", planned, s.deaths)
		}
		var out bytes.Buffer
		w.out = &out
		if equal, err := w.verdict(d); err != nil || !equal {
			t.Errorf("deaths %v: %v\n%s", planned, err, out.String())
		}
		if want := fmt.Sprintf("stream: message %d: ", len(d.deliveries)/3+1); !bytes.HasPrefix(errs.Bytes(), []byte(want)) {
			t.Errorf("reported %s, want %s", errs.String(), want)
		}
		// The snapshot is the state at the end, and nothing is left to be delivered.
		saved, err := readSnapshot(s.file)
		if err != nil || saved.Sequence != last || saved.Refused != 1 || !saved.Latest.Equal(w.state.Latest) {
			t.Errorf("deaths %v: the snapshot is of message %d, with %d refused, as of %v, %v", planned, saved.Sequence, saved.Refused, saved.Latest, err)
		}
		nothingLeft(t, s)
		// Another worker begins where the last one ended.
		again, err := s.finish(t.Context(), last)
		if err != nil {
			t.Fatal(err)
		}
		again.out = io.Discard
		if equal, err := again.verdict(d); err != nil || !equal {
			t.Errorf("deaths %v: restarted at the end: %v", planned, err)
		}
		conversations, events := w.live()
		if c, e := again.live(); c != conversations || e != events {
			t.Errorf("deaths %v: restarted at the end, %d conversations with %d events are live, before %d with %d", planned, c, e, conversations, events)
		}
		again.state.Refused++
		if equal, err := again.verdict(d); err != nil || equal {
			t.Errorf("deaths %v: one more refused makes no difference, %v", planned, err)
		}
	}
}

// nothingLeft looks whether everything was acknowledged.
func nothingLeft(t *testing.T, s *shift) {
	t.Helper()
	nc, js, err := s.broker.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	consumer, err := js.Consumer(t.Context(), s.stream, "figures")
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		info, err := consumer.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.NumAckPending == 0 && info.NumPending == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d messages are not acknowledged, %d not delivered", info.NumAckPending, info.NumPending)
		}
	}
}

// The comparison sees a message that is missing, one that is taken twice where
// that matters, and versions in another order.
func TestComparisonSees(t *testing.T) {
	d := newDesk(120, 2)
	asOf := firstDay.AddDate(0, 0, 9)
	of := func(deliveries []delivery) *metrics.Breakdown[cell] {
		b, _, err := batch(deliveries, asOf)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	whole := of(d.deliveries)
	if different, cells, err := compare(whole, of(slices.Clone(d.deliveries))); err != nil || len(different) > 0 || cells < 6 {
		t.Errorf("%d of %d cells differ, %v", len(different), cells, err)
	}
	if different, _, err := compare(of(d.deliveries[1:]), whole); err != nil || len(different) == 0 {
		t.Errorf("without the first message, nothing differs, %v", err)
	}
	if different, _, err := compare(whole, of(d.deliveries[1:])); err != nil || len(different) == 0 {
		t.Errorf("without the first message of the other, nothing differs, %v", err)
	}
	none := of(nil)
	for _, pair := range [][2]*metrics.Breakdown[cell]{{none, whole}, {whole, none}} {
		if different, cells, err := compare(pair[0], pair[1]); err != nil || len(different) != cells || cells < 6 {
			t.Errorf("nothing and all differ in %d of %d cells, %v", len(different), cells, err)
		}
	}
	// An edited rating, whose versions come in another order.
	reversed := slices.Clone(d.deliveries)
	slices.Reverse(reversed)
	if different, _, err := compare(whole, of(reversed)); err != nil || len(different) == 0 {
		t.Errorf("backwards, nothing differs, %v", err)
	}
}

// Two workers have the figures of one if each gets the conversations that are merged into
// one another; if not, customers wait for ever where their conversation was merged.
func TestMergers(t *testing.T) {
	d := newDesk(600, 3)
	asOf := firstDay.AddDate(0, 0, 10)
	want, _, err := batch(d.deliveries, asOf)
	if err != nil {
		t.Fatal(err)
	}
	byTwo := func(worker func(metrics.ConversationID) int) *metrics.Breakdown[cell] {
		trackers := []*metrics.Tracker[*metrics.Breakdown[cell]]{metrics.NewTracker(rules, newFigures), metrics.NewTracker(rules, newFigures)}
		for _, one := range d.deliveries {
			var r metrics.Record
			if json.Unmarshal(one.data, &r) != nil {
				continue
			}
			e, err := r.Event()
			if err == nil {
				err = trackers[worker(r.Conversation)].Append(e)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		sum := newFigures()
		for _, tracker := range trackers {
			figures, err := tracker.AsOf(asOf)
			if err == nil {
				err = sum.Merge(figures)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return sum
	}
	// "10012" and "10012-again" are one customer.
	together := byTwo(func(id metrics.ConversationID) int { return int(id[4]-'0') % 2 })
	if different, _, err := compare(together, want); err != nil || len(different) > 0 {
		t.Errorf("merged ones together: %v differ, %v", different, err)
	}
	apart := byTwo(func(id metrics.ConversationID) int { return min(len(id)-5, 1) })
	a, w := apart.Total(), want.Total()
	if stay := a.Elapsed.StillWaiting.Count() - w.Elapsed.StillWaiting.Count(); w.Moved == 0 || a.Moved != 0 || stay < w.Moved {
		t.Errorf("merged ones apart: %d moved, %d more wait; together %d moved", a.Moved, stay, w.Moved)
	}
}

// The desk keeps to the latest instants that it names, or the worker would close
// too early; and it has all that makes a stream difficult.
func TestDesk(t *testing.T) {
	d := newDesk(600, 3)
	last := make(map[metrics.ConversationID]time.Time)
	seen := make(map[string]bool)
	twice, late, edited := 0, 0, 0
	ratings := make(map[metrics.EventID]string)
	var clock, latest time.Time
	for _, one := range d.deliveries {
		if one.due.Before(clock) {
			t.Fatal("not in order")
		}
		clock = one.due
		var r metrics.Record
		if json.Unmarshal(one.data, &r) != nil {
			continue
		}
		switch lag := one.due.Sub(r.At); {
		case lag <= 0 || lag > latestDelivery:
			t.Fatalf("%s is delivered %v after it happened", one.data, lag)
		case seen[string(one.data)]:
			twice++
		case r.At.Before(latest):
			late++
		}
		seen[string(one.data)] = true
		if r.Type == metrics.KindRatingGiven {
			if before, ok := ratings[r.ID]; ok && before != string(one.data) {
				edited++
			}
			ratings[r.ID] = string(one.data)
		}
		if r.At.After(latest) {
			latest = r.At
		}
		if r.At.After(last[r.Conversation]) {
			last[r.Conversation] = r.At
		}
	}
	if len(last) != d.conversations || d.conversations < 605 || twice < 100 || late < 100 || edited < 10 || len(seen) != d.events {
		t.Errorf("%d conversations, %d events, %d twice, %d late, %d edited", len(last), len(seen), twice, late, edited)
	}
}
