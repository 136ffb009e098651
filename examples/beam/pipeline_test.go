package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

func init() {
	register.DoFn4x1[[]byte, func(*instant) bool, func(*Cell, **metrics.Figures) bool, func(*Counts) bool, error](&keepFn{})
}

// A keepFn writes what the pipeline found to a file, in which a test can read it
// wherever the worker runs.
type keepFn struct{ File string }

// found is a report in bytes.
type found struct {
	AsOf   instant
	Counts Counts
	Cells  map[string][]byte // by the cell's text
}

func (f *keepFn) ProcessElement(
	_ []byte, asOf func(*instant) bool, cells func(*Cell, **metrics.Figures) bool, counts func(*Counts) bool,
) error {
	kept := found{Cells: make(map[string][]byte)}
	asOf(&kept.AsOf)
	counts(&kept.Counts)
	var cell Cell
	for f := (*metrics.Figures)(nil); cells(&cell, &f); {
		if err := kept.add(cell, f); err != nil {
			return err
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return os.WriteFile(f.File, text, 0o644)
}

func (k *found) add(c Cell, f *metrics.Figures) (err error) {
	name := fmt.Sprintf("%+v", c)
	if k.Cells[name] != nil {
		return fmt.Errorf("cell %s comes twice", name)
	}
	k.Cells[name], err = f.MarshalBinary()
	return err
}

// piped returns what the pipeline finds in the deliveries that a function adds to
// it.
func piped(t *testing.T, q question, deliver func(beam.Scope) beam.PCollection) found {
	t.Helper()
	file := filepath.Join(t.TempDir(), "found.json")
	p, s := beam.NewPipelineWithRoot()
	a := analyse(s, deliver(s), q)
	beam.ParDo0(s, &keepFn{file}, beam.Impulse(s),
		beam.SideInput{Input: a.asOf}, beam.SideInput{Input: a.cells},
		beam.SideInput{Input: beam.Combine(s, addCounts, a.counts)})
	if _, err := beam.Run(context.Background(), "prism", p); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kept found
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	return kept
}

// inOneProcess returns what a log and breakdowns make of the deliveries in their
// order.
func inOneProcess(t *testing.T, q question, deliveries []Delivery) found {
	t.Helper()
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		t.Fatal(err)
	}
	var log metrics.EventLog
	last := time.Time{}
	for _, d := range deliveries {
		e, err := d.Record.Event()
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			t.Fatal(err)
		}
		if d.Record.At.After(last) {
			last = d.Record.At
		}
	}
	kept := found{Cells: make(map[string][]byte), Counts: Counts{Taken: int64(len(deliveries)), Events: int64(log.Len())}}
	asOf := q.AsOf
	if asOf.IsZero() {
		asOf = last
	}
	kept.AsOf = asOf.UnixNano()
	days := metrics.NewBreakdown(func(f metrics.Facet) [2]string {
		return [...]string{string(f.Channel()), f.At().In(zone).Format("2006-01-02")}
	})
	channels := metrics.NewBreakdown(metrics.Facet.Channel)
	reading := log.Read(metrics.Rules{}, asOf)
	if err := reading.Into(days, channels); err != nil {
		t.Fatal(err)
	}
	add := func(c Cell, f *metrics.Figures) {
		if err := kept.add(c, f); err != nil {
			t.Fatal(err)
		}
	}
	for k := range days.Keys() {
		add(Cell{Channel: k[0], Day: k[1]}, days.Group(k))
	}
	for k := range channels.Keys() {
		add(Cell{Channel: string(k)}, channels.Group(k))
	}
	add(Cell{Everything: true}, reading.Figures())
	return kept
}

func compare(t *testing.T, got, want found) {
	t.Helper()
	if got.AsOf != want.AsOf {
		t.Errorf("as of %v, want %v", timeOf(got.AsOf), timeOf(want.AsOf))
	}
	if got.Counts != want.Counts {
		t.Errorf("counts %+v, want %+v", got.Counts, want.Counts)
	}
	for cell, figures := range want.Cells {
		if !bytes.Equal(got.Cells[cell], figures) {
			t.Errorf("cell %s: %x, want %x", cell, got.Cells[cell], figures)
		}
	}
	for cell := range got.Cells {
		if want.Cells[cell] == nil {
			t.Errorf("cell %s is too much", cell)
		}
	}
}

// everything returns the deliveries of a source in their order.
func everything(t *testing.T, from source) []Delivery {
	t.Helper()
	parts, err := from.parts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []Delivery
	for _, p := range parts {
		err := p.read(t.Context(), func(d Delivery) { all = append(all, d) }, func(m Malformed) { t.Error(m) })
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].compare(all[i].Position) >= 0 {
			t.Fatalf("%v arrives after %v", all[i].Position, all[i-1].Position)
		}
	}
	return all
}

func fromSource(from source) func(beam.Scope) beam.PCollection {
	return func(s beam.Scope) beam.PCollection {
		deliveries, _ := read(s, from)
		return deliveries
	}
}

var utc = question{Zone: "UTC"}

// Each cell is the one of a log and a breakdown in one process, byte for byte.
func TestEqualsOneProcess(t *testing.T) {
	for name, tt := range map[string]struct {
		from source
		q    question
	}{
		"sample":            {source{}, utc},
		"sample in Berlin":  {source{}, question{Zone: "Europe/Berlin"}},
		"made up":           {source{Generate: 600}, utc},
		"in several ranges": {source{Generate: rangeLength + 1}, question{Zone: "Pacific/Auckland"}},
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, piped(t, tt.q, fromSource(tt.from)), inOneProcess(t, tt.q, everything(t, tt.from)))
		})
	}
}

// What is not known yet is left out, and versions of events that were not written
// yet.
func TestAsOf(t *testing.T) {
	q := question{AsOf: madeUpStart.Add(6*24*time.Hour + 12345*time.Second), Zone: "UTC"}
	from := source{Generate: 300}
	got := piped(t, q, fromSource(from))
	want := inOneProcess(t, q, everything(t, from))
	want.Counts = Counts{} // the oracle counts all that it took
	var known []Delivery
	for _, d := range everything(t, from) {
		if !d.Record.At.After(q.AsOf) {
			want.Counts.Taken++
			known = append(known, d)
		}
	}
	log, err := logOf(known)
	if err != nil {
		t.Fatal(err)
	}
	want.Counts.Events = int64(log.Len())
	compare(t, got, want)
	if n := int64(len(everything(t, from))); want.Counts.Taken == n || want.Counts.Taken == 0 {
		t.Errorf("%d of %d deliveries are known: too easy", want.Counts.Taken, n)
	}
}

// In whichever order deliveries come out of a shuffle, and however they are spread
// over bundles, their positions decide.
func TestAnyOrder(t *testing.T) {
	all := everything(t, source{Generate: 200})
	want := inOneProcess(t, utc, all)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, bundles := range []int{1, 2, 7} {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		got := piped(t, utc, func(s beam.Scope) beam.PCollection {
			var collections []beam.PCollection
			for chunk := range slices.Chunk(all, (len(all)+bundles-1)/bundles) {
				collections = append(collections, beam.CreateList(s, chunk))
			}
			return beam.Reshuffle(s, beam.Flatten(s, collections...))
		})
		compare(t, got, want)
	}
}

// The same deliveries as lines of files: the names of the files are the order of
// arrival, and not the order in which they are read.
func TestFiles(t *testing.T) {
	all := everything(t, source{Generate: 150})
	const files = 5
	var lines [files][]string
	var inOrder [files][]Delivery
	for i, d := range all {
		text, err := json.Marshal(d.Record)
		if err != nil {
			t.Fatal(err)
		}
		file := i % files
		lines[file] = append(lines[file], string(text))
		inOrder[file] = append(inOrder[file], d)
	}
	folder := t.TempDir()
	for _, i := range []int{3, 0, 4, 1, 2} {
		writeFile(t, folder, fmt.Sprintf("events-%d.jsonl", i), lines[i]...)
	}
	got := piped(t, utc, fromSource(source{Files: filepath.Join(folder, "events-*.jsonl")}))
	compare(t, got, inOneProcess(t, utc, slices.Concat(inOrder[:]...)))
}

// Parts are in the order of the whole names, whatever the file system lists first.
func TestOrderOfParts(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a", "a-b"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(folder, name), "events.jsonl")
	}
	parts, err := source{Files: filepath.Join(folder, "*", "events.jsonl")}.parts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []part{
		{Number: 0, File: filepath.Join(folder, "a-b", "events.jsonl")},
		{Number: 1, File: filepath.Join(folder, "a", "events.jsonl")},
	}
	if !slices.Equal(parts, want) {
		t.Errorf("%+v, want %+v", parts, want)
	}
}

// The version of an event that arrived last wins, whichever comes first to the
// worker: neither its instant nor its stars decide.
func TestLastArrivedWins(t *testing.T) {
	rated := func(part, number int64, second int, stars rating.Stars) Delivery {
		return Delivery{Position{part, number}, metrics.Record{
			Type: metrics.KindRatingGiven, ID: "r", Conversation: "7", At: time.Date(2026, 3, 2, 9, 0, second, 0, time.UTC),
			Channel: metrics.Chat, Stars: stars,
		}}
	}
	for name, tt := range map[string]struct {
		list []Delivery
		want rating.Stars
	}{
		"one part":                   {[]Delivery{rated(0, 9, 0, 1), rated(0, 10, 0, 5)}, 5},
		"one part, down":             {[]Delivery{rated(0, 9, 0, 5), rated(0, 10, 0, 1)}, 1},
		"the part counts more":       {[]Delivery{rated(0, 10, 0, 5), rated(1, 9, 0, 2)}, 2},
		"a number is not text":       {[]Delivery{rated(9, 0, 0, 4), rated(10, 0, 0, 3)}, 3},
		"a later one of an instant":  {[]Delivery{rated(0, 1, 0, 1), rated(0, 2, 30, 3), rated(0, 3, 30, 2)}, 2},
		"an earlier instant as last": {[]Delivery{rated(0, 1, 30, 1), rated(0, 2, 0, 4)}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			for _, reverse := range []bool{false, true} {
				list := slices.Clone(tt.list)
				if reverse {
					slices.Reverse(list)
				}
				got := piped(t, utc, func(s beam.Scope) beam.PCollection { return beam.CreateList(s, list) })
				var f metrics.Figures
				if err := f.UnmarshalBinary(got.Cells[fmt.Sprintf("%+v", Cell{Everything: true})]); err != nil {
					t.Fatal(err)
				}
				if counts := f.Ratings.Counts(); f.Ratings.N() != 1 || counts[tt.want-1] != 1 {
					t.Errorf("reversed %v: stars %v, want one of %d", reverse, counts, tt.want)
				}
				if c := (Counts{Taken: int64(len(list)), Events: 1}); got.Counts != c {
					t.Errorf("reversed %v: counts %+v, want %+v", reverse, got.Counts, c)
				}
			}
		})
	}
}

// A wait goes on in the conversation into which its own was merged, though the two come
// in different parts; where there is no such conversation it stays open.
func TestMergers(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	wrote := func(id metrics.ConversationID, hour int) metrics.Record {
		return metrics.Record{Type: metrics.KindMessageReceived, Conversation: id, At: at(hour), Channel: metrics.Email}
	}
	merged := func(id, into metrics.ConversationID, hour int) metrics.Record {
		return metrics.Record{Type: metrics.KindMerged, Conversation: id, At: at(hour), Into: into}
	}
	answered := func(id metrics.ConversationID, hour int) metrics.Record {
		return metrics.Record{Type: metrics.KindReplySent, Conversation: id, At: at(hour), Agent: "ana"}
	}
	for name, tt := range map[string]struct {
		records      []metrics.Record
		moved, waits int64
		longest      time.Duration // of the first responses
	}{
		"into another":  {[]metrics.Record{wrote("a", 8), wrote("b", 9), merged("a", "b", 10), answered("b", 11)}, 1, 0, 3 * time.Hour},
		"a chain":       {[]metrics.Record{wrote("c", 7), wrote("b", 8), wrote("a", 9), merged("c", "b", 10), merged("b", "a", 11), answered("a", 12)}, 2, 0, 5 * time.Hour},
		"into a third":  {[]metrics.Record{wrote("a", 7), wrote("b", 8), wrote("c", 9), merged("a", "c", 10), merged("b", "c", 10), answered("c", 12)}, 2, 0, 5 * time.Hour},
		"into nothing":  {[]metrics.Record{wrote("a", 8), merged("a", "z", 10), wrote("b", 9), answered("b", 11)}, 0, 1, 2 * time.Hour},
		"into itself":   {[]metrics.Record{wrote("a", 8), merged("a", "a", 10), answered("a", 11)}, 0, 0, 3 * time.Hour},
		"round, twice":  {[]metrics.Record{wrote("a", 8), wrote("b", 8), merged("a", "b", 9), merged("b", "a", 10)}, 0, 2, 0},
		"none together": {[]metrics.Record{wrote("a", 8), wrote("b", 9), answered("b", 11)}, 0, 1, 2 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var list []Delivery
			for i, r := range tt.records {
				list = append(list, Delivery{Position{int64(i % 3), int64(i)}, r})
			}
			slices.SortFunc(list, byArrival)
			got := piped(t, utc, func(s beam.Scope) beam.PCollection { return beam.CreateList(s, list) })
			compare(t, got, inOneProcess(t, utc, list))
			var f metrics.Figures
			if err := f.UnmarshalBinary(got.Cells[fmt.Sprintf("%+v", Cell{Everything: true})]); err != nil {
				t.Fatal(err)
			}
			if longest, _ := f.Elapsed.FirstResponse.Max(); f.Moved != tt.moved || f.Elapsed.StillWaiting.Count() != tt.waits || longest != tt.longest {
				t.Errorf("%d moved, %d waiting, %v; want %d, %d, %v", f.Moved, f.Elapsed.StillWaiting.Count(), longest, tt.moved, tt.waits, tt.longest)
			}
		})
	}
}

// A family is what mergers connect, in whichever order they come.
func TestFamilies(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		const names = 12
		var mergers []Merger
		var connected [names][names]bool // in one step, then in any number
		for range random.IntN(names) {
			from, into := random.IntN(names), random.IntN(names)
			mergers = append(mergers, Merger{string(rune('a' + from)), string(rune('a' + into))})
			connected[from][into], connected[into][from] = true, true
		}
		for via := range names {
			for i := range names {
				for j := range names {
					connected[i][j] = connected[i][j] || connected[i][via] && connected[via][j]
				}
			}
		}
		f := familiesOf(func(m *Merger) bool {
			if len(mergers) == 0 {
				return false
			}
			*m, mergers = mergers[0], mergers[1:]
			return true
		})
		for i := range names {
			least := i
			for j := range names {
				if connected[i][j] {
					least = min(least, j)
				}
			}
			if got := f.of(string(rune('a' + i))); got != string(rune('a'+least)) {
				t.Fatalf("%c is of %s, want %c", 'a'+i, got, 'a'+least)
			}
		}
	}
}

// One conversation may have very many events, in several parts.
func TestLongConversation(t *testing.T) {
	const events = 20_000
	var lines [2][]string
	for i := range events {
		what := `"type":"message_received"`
		if i%2 == 1 {
			what = `"type":"reply_sent","agent":"ana"`
		}
		at := madeUpStart.Add(time.Duration(i) * 7 * time.Second).Format(time.RFC3339)
		lines[i/3%2] = append(lines[i/3%2], fmt.Sprintf(`{%s,"conversation":"7","at":%q,"channel":"chat"}`, what, at))
	}
	folder := t.TempDir()
	for i := range lines {
		writeFile(t, folder, fmt.Sprintf("%d.jsonl", i), lines[i]...)
	}
	from := source{Files: filepath.Join(folder, "*.jsonl")}
	got := piped(t, utc, fromSource(from))
	compare(t, got, inOneProcess(t, utc, everything(t, from)))
	if c := (Counts{Taken: events, Events: events}); got.Counts != c {
		t.Errorf("counts %+v, want %+v", got.Counts, c)
	}
}

// Workers are other processes: everything has to go over the wire, and what they
// run has to be found by its name.
func TestOtherProcesses(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// In place of the program that starts workers in Beam's containers. The runner
	// quotes the name of the worker.
	script := writeFile(t, t.TempDir(), "worker.sh", "#!/bin/sh",
		`for a; do case $a in`,
		`--id=*) id=$(echo "${a#--id=}" | tr -d "'");;`,
		`--provision_endpoint=*) at=${a#--provision_endpoint=};;`,
		`esac; done`,
		`exec "`+program+`" --worker --id="$id" --logging_endpoint="$at" --control_endpoint="$at"`,
	)
	if err := os.Chmod(script, 0o755); err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(map[string]string{"command": script})
	if err != nil {
		t.Fatal(err)
	}
	for option, value := range map[*string]string{
		jobopts.EnvironmentType: "process", jobopts.EnvironmentConfig: string(config),
		jobopts.WorkerBinary: script, // what would be copied to a cluster
	} {
		before := *option
		t.Cleanup(func() { *option = before })
		*option = value
	}
	for _, from := range []source{{}, {Generate: 100}} {
		compare(t, piped(t, utc, fromSource(from)), inOneProcess(t, utc, everything(t, from)))
	}
	got, errs, status := output(t)
	if want, _, _ := output(t, "-batch"); got != want || status != exitDone {
		t.Errorf("status %d: %s%s", status, errs, got)
	}
}

// The made-up conversations have in them what makes reports go wrong.
func TestMadeUp(t *testing.T) {
	have := make(map[string]int)
	for n := range int64(600) {
		records := conversation(n)
		if again := conversation(n); !slices.Equal(records, again) {
			t.Fatalf("conversation %d differs each time", n)
		}
		for i, r := range records {
			if _, err := r.Event(); err != nil {
				t.Fatal(err)
			}
			have[r.Type.String()]++
			if r.By != metrics.ByPerson {
				have["by "+r.By.String()]++
			}
			if r.Seq > 0 {
				have["numbered"]++
			}
			if !r.Until.IsZero() {
				have["until"]++
			}
			if r.Channel == "" && r.Type == metrics.KindMessageReceived {
				have["no channel"]++
			}
			for _, earlier := range records[:i] {
				switch {
				case earlier == r:
					have["repeated"]++
				case earlier.ID == r.ID && r.ID != "" && earlier.At.Equal(r.At):
					have["edited at once"]++
				case earlier.ID == r.ID && r.ID != "":
					have["edited later"]++
				case earlier.At.Equal(r.At):
					have["ties"]++
				case earlier.At.After(r.At):
					have["late"]++
				}
			}
		}
	}
	names := []string{"by assistant", "by automation", "numbered", "until", "no channel", "repeated", "edited at once", "edited later", "ties", "late"}
	for k := metrics.KindOpened; k <= metrics.KindRetracted; k++ {
		names = append(names, k.String())
	}
	for _, name := range names {
		if have[name] < 5 {
			t.Errorf("%d × %s", have[name], name)
		}
	}
	if len(have) != len(names) {
		t.Errorf("%s, want %s", slices.Sorted(maps.Keys(have)), strings.Join(names, " "))
	}
}
