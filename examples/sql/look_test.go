//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// A delivery is an event and when it comes.
type delivery struct {
	at time.Time
	metrics.Event
}

// deliveries are the events of a quarter as they come: most at their instant, some weeks
// late, some twice. And in some conversations something happens weeks later: the customer
// writes, a rating is given, edited or taken back, or one is merged into another, which may
// not be there yet.
func deliveries(t *testing.T, random *rand.Rand) []delivery {
	t.Helper()
	const day = 24 * time.Hour
	var list []delivery
	var names []metrics.ConversationID
	for e, err := range decoded("../report/quarter.jsonl") {
		if err != nil {
			t.Fatal(err)
		}
		r := metrics.RecordOf(e)
		d := delivery{r.At, e}
		if random.IntN(50) == 0 {
			d.at = d.at.Add(time.Duration(random.Int64N(int64(30 * day))))
		}
		list = append(list, d)
		if random.IntN(50) == 0 {
			list = append(list, delivery{d.at.Add(time.Duration(random.Int64N(int64(30 * day)))), e})
		}
		if r.Type != metrics.KindOpened {
			continue
		}
		names = append(names, r.Conversation)
		at := r.At
		later := func() time.Time {
			at = at.Add(time.Duration(random.Int64N(int64(20 * day))))
			return at
		}
		add := func(e metrics.Event) { list = append(list, delivery{metrics.RecordOf(e).At, e}) }
		switch random.IntN(12) {
		case 0:
			add(metrics.MessageReceived{ID: "late", Conversation: r.Conversation, At: later(), Channel: r.Channel})
			if random.IntN(2) == 0 {
				add(metrics.Resolved{ID: "late", Conversation: r.Conversation, At: later()})
			}
		case 1:
			for range 1 + random.IntN(3) {
				add(metrics.RatingGiven{ID: "edited", Conversation: r.Conversation, At: later(), Stars: rating.Stars(1 + random.IntN(5))})
			}
			if random.IntN(2) == 0 {
				add(metrics.Retracted{ID: "taken back", Conversation: r.Conversation, At: later(), Event: "edited"})
			}
		case 2:
			into := names[random.IntN(len(names))]
			if random.IntN(3) == 0 {
				into = metrics.ConversationID(fmt.Sprintf("Q-%04d", 1+random.IntN(700)))
			}
			add(metrics.Merged{ID: "merged", Conversation: r.Conversation, At: later(), Into: into})
		case 3:
			add(metrics.Discarded{ID: "spam", Conversation: r.Conversation, At: later()})
		}
	}
	slices.SortStableFunc(list, func(a, b delivery) int { return a.at.Compare(b.at) })
	return list
}

// texts of figures, without the instant and whether they are settled: of merged figures those
// are of the youngest part.
func (f figures) bytes(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, channel := range slices.Sorted(maps.Keys(f)) {
		one := new(metrics.Figures)
		if err := one.Merge(f[channel]); err != nil {
			t.Fatal(err)
		}
		one.AsOf, one.Settled = time.Time{}, false
		data, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%q: %s\n", channel, data)
	}
	return b.String()
}

// takeLook takes a look, after which a conversation is settled when it was quiet for seven
// days. Queries name few conversations, so that many pass over those that are not wanted.
func takeLook(t *testing.T, b table, dsn, state string, asOf time.Time) look {
	t.Helper()
	return takeLookAt(t, b, dsn, state, asOf, asOf, 0)
}

// takeLookAt takes a look when the clock here shows an instant.
func takeLookAt(t *testing.T, b table, dsn, state string, asOf, clock time.Time, unsure time.Duration) look {
	t.Helper()
	p := program{
		settings:  settings{dsn: dsn, state: state, keep: 7 * 24 * time.Hour, asOf: asOf},
		source:    source{b.DB, b.dialect},
		unsure:    unsure,
		clock:     func() time.Time { return clock },
		mostNamed: 40,
		refused:   refusals{to: io.Discard},
	}
	l, err := p.look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p.refused.n > 0 {
		t.Fatalf("%d rows were refused", p.refused.n)
	}
	return l
}

// inOneGo returns the figures of all events of a table.
func inOneGo(t *testing.T, b table, asOf time.Time) figures {
	t.Helper()
	p := program{source: source{b.DB, b.dialect}, refused: refusals{to: io.Discard}}
	log := new(metrics.EventLog)
	if err := p.readAll(t.Context(), log); err != nil {
		t.Fatal(err)
	}
	all := newByChannel()
	if err := log.Read(rules, asOf).Into(all); err != nil {
		t.Fatal(err)
	}
	return figuresOf(all)
}

// Looks while events come have the figures of all events read in one go, byte for byte, and
// read little.
func TestLooks(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			dsn, state := newDSN(t, kind), filepath.Join(t.TempDir(), "state.db")
			b := tableOf(t, dsn)
			list := deliveries(t, rand.New(rand.NewPCG(7, 7)))
			looks := map[string]int{"sqlite": 30}[kind]
			if looks == 0 {
				looks = 8
			}
			var read, dissolved, settled int
			for len(list) > 0 {
				n := min(len(list), len(list)/max(looks, 1)+1)
				looks--
				batch := make([]metrics.Event, n)
				for i := range batch {
					batch[i] = list[i].Event
				}
				asOf := list[n-1].at
				list = list[n:]
				b.insert(t, batch...)
				switch len(list) % 5 {
				case 0: // a conversation is deleted
					b.exec(t, "DELETE FROM service_events WHERE conversation = 'Q-0042'")
					b.exec(t, "DELETE FROM service_changes WHERE conversation = 'Q-0042'")
				case 1: // events of the last conversations are deleted
					name := metrics.RecordOf(batch[0]).Conversation
					b.exec(t, fmt.Sprintf("DELETE FROM service_events WHERE type = 'reply_sent' AND conversation = '%s'", name))
					b.exec(t, fmt.Sprintf("UPDATE service_changes SET changed = changed + 1 WHERE conversation = '%s'", name))
				}
				l := takeLook(t, b, dsn, state, asOf)
				if got, want := l.figures.bytes(t), inOneGo(t, b, asOf).bytes(t); got != want {
					t.Fatalf("as of %v: %v\n%s\nwant\n%s", asOf, l, got, want)
				}
				read, dissolved, settled = read+l.read, dissolved+l.dissolved, max(settled, l.settled)

				// Nothing happened: nothing is read.
				again := takeLook(t, b, dsn, state, asOf)
				if again.changed+again.read+again.dissolved+again.gone > 0 {
					t.Fatalf("again: %v", again)
				}
				if got, want := again.figures.bytes(t), l.figures.bytes(t); got != want {
					t.Fatalf("again, as of %v:\n%s\nwant\n%s", asOf, got, want)
				}
			}
			t.Logf("%d conversations were read, %d days dissolved, %d settled", read, dissolved, settled)
			if settled < 300 || kind == "sqlite" && dissolved < 30 {
				t.Errorf("%d settled, %d days dissolved: the test shows little", settled, dissolved)
			}
		})
	}
}

// A conversation is live until it was quiet for seven days, to the nanosecond, and so are
// those that it is merged with.
func TestQuiet(t *testing.T) {
	dsn, state := newDSN(t, "sqlite"), filepath.Join(t.TempDir(), "state.db")
	b := tableOf(t, dsn)
	const day = 24 * time.Hour
	b.insert(t,
		metrics.MessageReceived{ID: "1", Conversation: "7", At: noon.Add(-30 * day)},
		metrics.Resolved{ID: "1", Conversation: "7", At: noon},
		metrics.MessageReceived{ID: "1", Conversation: "8", At: noon.Add(-30 * day)},
		metrics.MessageReceived{ID: "1", Conversation: "9", At: noon.Add(-30 * day)},
		metrics.Merged{ID: "1", Conversation: "9", At: noon.Add(-20 * day), Into: "7"},
	)
	for _, tt := range []struct {
		asOf          time.Time
		live, settled int
	}{{noon.Add(-1), 3, 0}, {noon, 3, 0}, {noon.Add(7*day - 1), 3, 0}, {noon.Add(7 * day), 1, 2}, {noon.Add(100 * day), 1, 2}} {
		l := takeLook(t, b, dsn, state, tt.asOf)
		if l.live != tt.live || l.settled != tt.settled {
			t.Errorf("as of %v: %v", tt.asOf, l)
		}
		if got, want := l.figures.bytes(t), inOneGo(t, b, tt.asOf).bytes(t); got != want {
			t.Errorf("as of %v\n%s\nwant\n%s", tt.asOf, got, want)
		}
	}
}

// A conversation that was merged into one that comes later is not settled before it.
func TestMergedBefore(t *testing.T) {
	dsn, state := newDSN(t, "sqlite"), filepath.Join(t.TempDir(), "state.db")
	b := tableOf(t, dsn)
	later := noon.Add(30 * 24 * time.Hour)
	b.insert(t,
		metrics.MessageReceived{ID: "1", Conversation: "7", At: noon.Add(-time.Hour)},
		metrics.Merged{ID: "1", Conversation: "7", At: noon, Into: "8"},
		metrics.Resolved{ID: "1", Conversation: "7", At: noon.Add(time.Hour)},
	)
	if l := takeLook(t, b, dsn, state, later); l.settled != 0 || l.figures[""].ClosedUnanswered != 1 {
		t.Errorf("%v", l)
	}
	b.insert(t,
		metrics.MessageReceived{ID: "1", Conversation: "8", At: noon.Add(-time.Minute)},
		metrics.ReplySent{ID: "1", Conversation: "8", At: noon.Add(time.Minute)},
	)
	l := takeLook(t, b, dsn, state, later)
	if got, want := l.figures.bytes(t), inOneGo(t, b, later).bytes(t); got != want || l.figures[""].ClosedUnanswered != 0 {
		t.Errorf("%v\n%s\nwant\n%s", l, got, want)
	}
}

// What changed shortly before the last change is read again, since a second change in the
// same second does not show.
func TestUnsure(t *testing.T) {
	dsn, state := newDSN(t, "sqlite"), filepath.Join(t.TempDir(), "state.db")
	b := tableOf(t, dsn)
	changed := func(name string, second int) {
		b.exec(t, fmt.Sprintf("UPDATE service_changes SET changed = %d WHERE conversation = '%s'", second*1_000_000, name))
	}
	for name, second := range map[metrics.ConversationID]int{"1": 1000, "2": 1040, "3": 1041, "4": 1100} {
		b.insert(t, metrics.Opened{ID: "1", Conversation: name, At: noon})
		changed(string(name), second)
	}
	look := func(second float64, want int) look {
		t.Helper()
		clock := noon.Add(time.Duration(second * float64(time.Second)))
		l := takeLookAt(t, b, dsn, state, noon, clock, time.Minute)
		if l.read != want {
			t.Errorf("%v after %v s: want %d", l, second, want)
		}
		return l
	}
	look(0, 4)  // all
	look(10, 2) // those of the last minute before the last change
	b.insert(t, metrics.Resolved{ID: "1", Conversation: "3", At: noon})
	changed("3", 1041)
	if l := look(59, 2); l.figures[""].Backlog != 3 {
		t.Errorf("%v, %d are open", l, l.figures[""].Backlog)
	}
	look(60, 2) // for the last time
	look(61, 0)
	b.insert(t, metrics.Resolved{ID: "1", Conversation: "1", At: noon})
	changed("1", 1090)
	look(70, 1)
	look(71, 1)
	look(130, 1)
	look(131, 0)
	b.insert(t, metrics.Resolved{ID: "1", Conversation: "2", At: noon})
	changed("2", 1030) // a mark that is older than a minute is sure at once
	look(200, 1)
	look(201, 0)
}

// What a look refuses.
func TestLookRefuses(t *testing.T) {
	dsn, state := newDSN(t, "sqlite"), filepath.Join(t.TempDir(), "state.db")
	b := tableOf(t, dsn)
	b.insert(t, metrics.Opened{Conversation: "7", At: noon})
	takeLook(t, b, dsn, state, noon)
	for want, p := range map[string]program{
		"the report is of an instant before that of the last look": {settings: settings{dsn: dsn, state: state, asOf: noon.Add(-1)}},
		"take another file": {settings: settings{dsn: "other.db", state: state, asOf: noon}},
		"want another file": {settings: settings{dsn: state, state: state, asOf: noon}},
		"want a file":       {settings: settings{dsn: dsn, state: "postgres://localhost/x", asOf: noon}},
	} {
		p.source = source{b.DB, b.dialect}
		if _, err := p.look(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	takeLook(t, b, dsn, state, noon)
}

// start starts the program as a process of its own.
func start(t *testing.T, out io.Writer, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asProgram+"="+strings.Join(args, " "))
	cmd.Stdout = out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// killed starts the program, kills it within a time, and reports whether it was still
// running.
func killed(t *testing.T, within time.Duration, args ...string) bool {
	t.Helper()
	cmd := start(t, io.Discard, args...)
	time.Sleep(time.Duration(rand.Int64N(int64(within))))
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	err := cmd.Wait()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() && err != nil {
		t.Fatal(err)
	}
	return status.Signaled()
}

// ended returns what the program prints, and how long it took.
func ended(t *testing.T, args ...string) (string, time.Duration) {
	t.Helper()
	var out bytes.Buffer
	at := time.Now()
	if err := start(t, &out, args...).Wait(); err != nil {
		t.Fatal(err)
	}
	return out.String(), time.Since(at)
}

// A process that is killed at any point loses nothing and counts nothing twice: the look
// after it prints what one go over all events prints. So does the load of a file.
func TestKilled(t *testing.T) {
	folder := t.TempDir()
	dsn, state := filepath.Join(folder, "events.db"), filepath.Join(folder, "state.db")
	list := deliveries(t, rand.New(rand.NewPCG(8, 8)))
	const looks, kills = 5, 4
	var hit, tries int
	for i := range looks {
		// The events up to here come by files, the first of which are in the table already.
		file := filepath.Join(folder, fmt.Sprint(i, ".jsonl"))
		part := list[i*len(list)/looks : (i+1)*len(list)/looks]
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range part {
			if err := json.NewEncoder(f).Encode(metrics.RecordOf(d.Event)); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		asOf := part[len(part)-1].at.Format(time.RFC3339Nano)
		load := []string{"-dsn", dsn, "-load", file, "-as-of", asOf}
		look := []string{"-dsn", dsn, "-state", state, "-as-of", asOf, "-keep", "168h"}
		for _, args := range [][]string{load, look} {
			within := 400 * time.Millisecond
			for range kills {
				tries++
				at := time.Now()
				if killed(t, within, args...) {
					hit++
				} else {
					within = time.Since(at)
				}
			}
			if _, took := ended(t, args...); took < within {
				within = took
			}
		}
		want, _ := ended(t, "-dsn", dsn, "-as-of", asOf)
		if got, _ := ended(t, look...); got != want {
			t.Fatalf("after look %d\n%s\nwant\n%s", i, got, want)
		}
	}
	t.Logf("%d of %d processes were killed while they ran", hit, tries)
	if hit < tries/8 {
		t.Errorf("only %d of %d processes were killed while they ran", hit, tries)
	}
}

// One row of a clock that is wrong does not make all others sure, so that what they were
// still changing to is missed.
func TestLastChange(t *testing.T) {
	clock := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		changed []time.Time
		want    time.Time
	}{
		"usual":       {[]time.Time{clock.Add(-time.Hour), clock.Add(-time.Minute)}, clock.Add(-time.Minute)},
		"a bit ahead": {[]time.Time{clock.Add(-time.Hour), clock.Add(time.Hour)}, clock.Add(time.Hour)},
		"in 2062":     {[]time.Time{clock.Add(-time.Hour), clock.AddDate(36, 0, 0)}, clock.Add(-time.Hour)},
		"all in 2062": {[]time.Time{clock.AddDate(36, 0, 0), clock.AddDate(35, 0, 0)}, clock.AddDate(36, 0, 0)},
	} {
		list := make(map[metrics.ConversationID]listed)
		for i, at := range tt.changed {
			list[metrics.ConversationID(fmt.Sprint(i))] = listed{changed: at.UnixMicro()}
		}
		if got := lastChange(list, clock); got != tt.want.UnixMicro() {
			t.Errorf("%s: %v, want %v", name, time.UnixMicro(got).UTC(), tt.want)
		}
		if name == "a bit ahead" {
			continue // the clock of the source may be
		}
		p := program{unsure: unsure, clock: func() time.Time { return clock }}
		list["now"] = listed{changed: clock.UnixMicro()}
		if p.marks(list, nil)["now"] == 0 {
			t.Errorf("%s: what changed just now is sure", name)
		}
	}
}
