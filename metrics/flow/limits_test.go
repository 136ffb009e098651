package flow_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// countsIn returns the counts of a struct and of those in it, by their names.
func countsIn(v reflect.Value, name string, all map[string]*int64) map[string]*int64 {
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		switch {
		case !of.IsExported():
		case field.Kind() == reflect.Int64 && of.Type == reflect.TypeFor[int64]():
			all[name+of.Name] = field.Addr().Interface().(*int64)
		case field.Kind() == reflect.Struct && (of.Anonymous || of.Name == "Volume" || of.Name == "Issues"):
			countsIn(field, name+of.Name+".", all)
		}
	}
	return all
}

func countsOf(of any) map[string]*int64 {
	return countsIn(reflect.ValueOf(of).Elem(), "", make(map[string]*int64))
}

// Every count of what is merged is added, and is neither left out nor added to another. One
// that would be above 2⁶³−1 is refused, and leaves everything as it was.
func TestMergeAddsEveryCount(t *testing.T) {
	for _, tt := range []struct {
		name  string
		make  func() any
		merge func(to, from any) error
		n     int
	}{
		{"Row", func() any { return new(flow.Row) }, func(to, from any) error { return to.(*flow.Row).Merge(from.(*flow.Row)) }, 19},
		{"FirstContact", func() any { return &flow.FirstContact{Within: 1} }, func(to, from any) error { return to.(*flow.FirstContact).Merge(from.(*flow.FirstContact)) }, 7},
		{"Assistants", func() any { return &flow.Assistants{Within: 1} }, func(to, from any) error { return to.(*flow.Assistants).Merge(from.(*flow.Assistants)) }, 9},
		{"Counts", func() any { return new(flow.Counts) }, func(to, from any) error { to.(*flow.Counts).Merge(from.(*flow.Counts)); return nil }, 18},
	} {
		counts := countsOf(tt.make())
		if len(counts) != tt.n {
			t.Errorf("%s: %d counts, want %d", tt.name, len(counts), tt.n)
		}
		for name := range counts {
			a, b := tt.make(), tt.make()
			// What comes in gives the others room in the backlog.
			for _, of := range []any{a, b} {
				if in := countsOf(of)["Counts.Arrivals"]; in != nil {
					*in = 1000
				}
			}
			before := *countsOf(a)[name]
			*countsOf(a)[name] += 2
			*countsOf(b)[name] += 3
			if err := tt.merge(a, b); err != nil {
				t.Fatalf("%s of %s: %v", name, tt.name, err)
			}
			for other, n := range countsOf(a) {
				want := int64(0)
				switch {
				case other == name:
					want = 2*before + 5
				case other == "Counts.Arrivals":
					want = 2000
				}
				if *n != want {
					t.Errorf("%s of %s: %s is %d, want %d", name, tt.name, other, *n, want)
				}
			}
			// As many as there can be, and one more.
			a, b = tt.make(), tt.make()
			*countsOf(a)[name] = math.MaxInt64
			if tt.name == "Row" && slices.Contains([]string{"Counts.Resolutions", "Counts.Abandoned", "Counts.Moved"}, name) {
				*countsOf(a)["Opening"] = math.MaxInt64
			}
			whole := reflect.ValueOf(a).Elem().Interface()
			*countsOf(b)[name] = 1
			err := tt.merge(a, b)
			switch {
			case tt.name == "Counts":
				if *countsOf(a)[name] != math.MaxInt64 {
					t.Errorf("%s of %s: %d", name, tt.name, *countsOf(a)[name])
				}
			default:
				if !errors.Is(err, stat.ErrCount) || !reflect.DeepEqual(reflect.ValueOf(a).Elem().Interface(), whole) {
					t.Errorf("%s of %s: %v, %+v", name, tt.name, err, a)
				}
			}
		}
	}
}

// The summaries and the time of rows are added, too, also those of a sum of several.
func TestRowsAddTheirTimes(t *testing.T) {
	rows := storedRows(t)
	a, b := rows[2], rows[2]
	if err := a.Merge(&b); err != nil {
		t.Fatal(err)
	}
	if !a.OpenTime().Equal(b.OpenTime().Add(b.OpenTime())) || !b.OpenTime().IsPositive() ||
		!a.HandOffTime.Sum().Equal(b.HandOffTime.Sum().Add(b.HandOffTime.Sum())) || !b.HandOffTime.Sum().IsPositive() ||
		!a.HandOffInHours.Sum().Equal(b.HandOffInHours.Sum().Add(b.HandOffInHours.Sum())) || !b.HandOffInHours.Sum().IsPositive() {
		t.Errorf("%+v is not twice %+v", plain(a), plain(b))
	}
}

// A quarter cannot have more of anything than can be counted, nor can a backlog.
func TestSumThatIsTooLarge(t *testing.T) {
	day := func(n int, row flow.Row) flow.Row {
		row.Span = metrics.Span{Start: date(n), End: date(n + 1)}
		return row
	}
	sum := func(rows ...flow.Row) error {
		_, err := flow.Sum(slices.Values(rows))
		return err
	}
	most := flow.Row{Counts: flow.Counts{Volume: metrics.Volume{Messages: math.MaxInt64}}}
	one := flow.Row{Counts: flow.Counts{Volume: metrics.Volume{Messages: 1}}}
	if err := sum(day(1, most), day(2, flow.Row{})); err != nil {
		t.Error(err)
	}
	if err := sum(day(1, most), day(2, one)); !errors.Is(err, stat.ErrCount) {
		t.Error(err)
	}
	full := flow.Row{Opening: math.MaxInt64}
	if err := sum(day(1, full), day(2, flow.Row{Opening: math.MaxInt64, Counts: flow.Counts{Arrivals: 1}})); !errors.Is(err, stat.ErrCount) {
		t.Error(err)
	}
	a, b := day(1, full), day(1, flow.Row{Counts: flow.Counts{Reopenings: 1}})
	if err := a.Merge(&b); !errors.Is(err, stat.ErrCount) || a.Reopenings != 0 || a.Opening != math.MaxInt64 {
		t.Errorf("%v: %+v", err, a)
	}
}

// Shares of counts that are as large as can be stay shares.
func TestSharesOfManyCounts(t *testing.T) {
	c := new(flow.Counts)
	for _, n := range countsOf(c) {
		*n = math.MaxInt64
	}
	for name, r := range map[string]stat.Ratio{
		"automated": c.AutomatedShare(), "assistant": c.AssistantShare(), "reopened": c.ReopenRate(), "deflected": c.DeflectionRate(),
		"handed off": c.HandOffRate(), "taken over": c.TakeoverRate(), "reassigned": c.ReassignmentRate(),
	} {
		if r != (stat.Ratio{Part: math.MaxInt64, Whole: math.MaxInt64}) {
			t.Errorf("%s: %v", name, r)
		}
	}
	if c.Inflow() != math.MaxInt64 || c.Outflow() != math.MaxInt64 || c.Net() != 0 {
		t.Errorf("%d in, %d out, %d net", c.Inflow(), c.Outflow(), c.Net())
	}
}

// storedForms are all that is read from JSON by a method, with what it wraps when it is not
// such a form.
func storedForms(tb testing.TB) map[error][]byte {
	first, bots := storedContacts(tb)
	forms := make(map[error][]byte)
	for err, from := range map[error]any{flow.ErrRow: storedRows(tb)[2], flow.ErrContacts: first, nil: bots} {
		text, failed := json.Marshal(from)
		if failed != nil {
			tb.Fatal(failed)
		}
		forms[err] = text
	}
	return forms
}

// A method that is called directly is as strict as encoding/json is, and stricter.
func TestStoredFormsAreStrict(t *testing.T) {
	for is, text := range storedForms(t) {
		read := func(data string) error {
			var row flow.Row
			var first flow.FirstContact
			var bots flow.Assistants
			var err error
			switch is {
			case flow.ErrRow:
				err = row.UnmarshalJSON([]byte(data))
			case flow.ErrContacts:
				err = first.UnmarshalJSON([]byte(data))
			default:
				err = bots.UnmarshalJSON([]byte(data))
			}
			if err != nil && (plain(row) != plain(flow.Row{}) || first != flow.FirstContact{} || bots != flow.Assistants{}) {
				t.Errorf("%s left something", data)
			}
			return err
		}
		good := string(text)
		name := good[2 : strings.Index(good[2:], `"`)+2]
		if err := read(good); err != nil {
			t.Fatal(err)
		}
		if err := read(" " + good + "\n"); err != nil {
			t.Error(err)
		}
		want := is
		if want == nil {
			want = flow.ErrContacts
		}
		for n := range good {
			if err := read(good[:n]); !errors.Is(err, want) {
				t.Errorf("%s: %v", good[:n], err)
			}
		}
		for _, bad := range []string{
			"", "1", "[]", `"x"`, "true", "nul", good + "x", good + "}", good + good, good[:len(good)-1] + "]", "[" + good + "]",
			strings.Replace(good, "{", `{"unknown":1,`, 1),
			strings.Replace(good, name, strings.ToUpper(name), 1),
			strings.Replace(good, "{", "{"+good[1:strings.Index(good, ",")+1], 1),
		} {
			if err := read(bad); !errors.Is(err, want) {
				t.Errorf("%s: %v", bad, err)
			}
		}
		if err := read("null"); (err == nil) != (is != flow.ErrRow) {
			t.Errorf("null: %v", err)
		}
	}
}

// What no counting has made is refused in JSON as in bytes.
func TestContactsThatCannotBe(t *testing.T) {
	for _, text := range []string{
		`{"within_ns":0,"resolved":1}`, `{"within_ns":-1}`, `{"within_ns":1,"resolved":-1}`, `{"as_of":"2026-03-01T00:00:00Z","within_ns":0}`,
		`{"within_ns":1,"resolved":9223372036854775807,"returned":1}`, `{"within_ns":1,"resolved":9223372036854775808}`,
		`{"within_ns":1,"pending":1,"pending_returned":2}`, `{"within_ns":1,"resolved":1.0}`,
	} {
		var f flow.FirstContact
		if err := json.Unmarshal([]byte(text), &f); !errors.Is(err, flow.ErrContacts) || f != (flow.FirstContact{}) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		`{"within_ns":0,"cases":1}`, `{"within_ns":1,"cases":-1}`, `{"within_ns":1,"cases":1,"open":-1}`, `{"within_ns":1,"cases":1,"open":1,"pending":1}`,
		`{"within_ns":1,"cases":9223372036854775807,"open":9223372036854775807,"pending":1}`,
	} {
		var a flow.Assistants
		if err := json.Unmarshal([]byte(text), &a); !errors.Is(err, flow.ErrContacts) || a != (flow.Assistants{}) {
			t.Errorf("%s: %v", text, err)
		}
	}
	// In the year −1, which JSON does not have.
	early := time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, data := range [][]byte{binaryContact(t, flow.FirstContact{AsOf: early, Within: 1}), binaryContact(t, flow.Assistants{AsOf: early, Within: 1})} {
		var f flow.FirstContact
		var a flow.Assistants
		if f.UnmarshalBinary(data) == nil || a.UnmarshalBinary(data) == nil {
			t.Errorf("%x is read", data)
		}
	}
}

// Numbers with many digits are refused before they are read: to read them takes time and
// memory that grow with the square of their length.
func TestManyDigits(t *testing.T) {
	text, err := json.Marshal(storedRows(t)[2])
	if err != nil {
		t.Fatal(err)
	}
	const digits = 4 << 20
	bad := []byte(strings.Replace(string(text), `"open_ns":`, `"open_ns":`+strings.Repeat("9", digits), 1))
	var row flow.Row
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = row.UnmarshalJSON(bad)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, flow.ErrRow) || len(err.Error()) > 500 {
		t.Errorf("%.500s", fmt.Sprint(err))
	}
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 8*digits {
		t.Errorf("%d bytes for %d", bytes, digits)
	}
	for _, digits := range []string{
		"170141183460469231731687303715884105727", "170141183460469231731687303715884105728", "-170141183460469231731687303715884105728",
		"1.0", "1e3", `"1"`, "340282366920938463463374607431768211456", "true",
	} {
		bad := strings.Replace(string(text), `"open_ns":`, `"open_ns":`+digits+`,"x":`, 1)
		if err := row.UnmarshalJSON([]byte(bad)); !errors.Is(err, flow.ErrRow) {
			t.Errorf("%s: %v", digits, err)
		}
	}
}

// A span that a time.Duration cannot have, or that JSON cannot write, is refused.
func TestSpansThatCannotBe(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		from, to int
		fine     bool
	}{
		{1970, 2262, true}, {1970, 2263, false}, {1, 9999, false}, {0, 1, false}, {-1, 0, false}, {9999, 10000, false}, {9998, 9999, true}, {2262, 1970, false},
	} {
		row := flow.Row{Span: metrics.Span{Start: year(tt.from), End: year(tt.to)}}
		var back flow.Row
		if err := back.UnmarshalBinary(binaryOf(t, row)); (err == nil) != tt.fine || err != nil && !errors.Is(err, flow.ErrRow) {
			t.Errorf("%d to %d: %v", tt.from, tt.to, err)
		}
		if text, err := json.Marshal(row); err == nil && (json.Unmarshal(text, &back) == nil) != tt.fine {
			t.Errorf("%s is read: %v", text, !tt.fine)
		}
	}
}

// Binary forms are refused where a part is longer than what is left, empty, or no period, and
// where a number has more than 64 bits.
func TestBinaryPartsThatAreRefused(t *testing.T) {
	data := binaryOf(t, storedRows(t)[2])
	period := int(data[1])
	long := bytes.Repeat([]byte{0xff}, 10)
	for name, bad := range map[string][]byte{
		"a part longer than the rest": append([]byte{2, 0xff, 0x7f}, data[2:]...),
		"a part of 2⁶⁴−1 bytes":       append([]byte{2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, data[2:]...),
		"a part of no bytes":          append([]byte{2, 0}, data[2+period:]...),
		"another period":              append(append([]byte{2, 4}, "20x6"...), data[2+period:]...),
		"a number of 70 bits":         append(append(slices.Clone(data[:2+period]), append(long, 1)...), data[2+period:]...),
		"no summary":                  data[:len(data)-1],
	} {
		var row flow.Row
		if err := row.UnmarshalBinary(bad); !errors.Is(err, flow.ErrRow) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The first and the last instants that events can have are counted as any others.
func TestFirstAndLastInstants(t *testing.T) {
	begin, end := time.Unix(0, 0).UTC(), time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC).Add(-1)
	log := logOf(t, []metrics.Event{
		metrics.MessageReceived{Conversation: "a", At: begin, Customer: "kim"},
		metrics.Assigned{Conversation: "a", At: begin, Agent: "ana", Team: "first"},
		metrics.Handled{Conversation: "a", At: end, Agent: "ana", Took: end.Sub(begin)},
		metrics.Handled{Conversation: "b", At: end, Agent: "ana", Took: end.Sub(begin)},
		metrics.MessageReceived{Conversation: "b", At: end, Customer: "kim"},
	})
	reading := log.Read(metrics.Rules{}, end)
	years := fed(t, reading, flow.NewSeries(metrics.Whole, metrics.Periods{Unit: metrics.Year}))
	rows := slices.Collect(years.Total(begin, end.Add(1)))
	if len(rows) != 292 || rows[0].Arrivals != 1 || rows[291].Arrivals != 1 || rows[291].Opening != 1 || rows[291].Closing() != 2 {
		t.Fatalf("%d rows, first %+v, last %+v", len(rows), rows[0], rows[len(rows)-1])
	}
	sum, err := flow.Sum(slices.Values(rows))
	if err != nil || sum.OpenTime().Shift(9).BigInt().Int64() != int64(end.Sub(begin)) {
		t.Errorf("%v open, %v", sum.OpenTime(), err)
	}
	again(t, sum)
	work := fed(t, reading, flow.NewWorkload(metrics.Facet.Agent)).Group("ana")
	if longest, _ := work.InCharge.Max(); longest != end.Sub(begin) || work.Busy != end.Sub(begin) || work.HandleTime.Count() != 2 {
		t.Errorf("%+v", work)
	}
	stock := fed(t, reading, flow.NewBacklog(metrics.Whole)).Total()
	if oldest, _ := stock.Ages(nil).Max(); stock.Count() != 2 || oldest != end.Sub(begin) || stock.Older(end.Sub(begin)-1, nil) != 1 {
		t.Errorf("%d open, the oldest %v", stock.Count(), oldest)
	}
	week := fed(t, reading, flow.NewHeatMap(metrics.Whole, metrics.Span{Start: begin, End: end.Add(1)}, nil)).Total()
	var all int64
	var shown time.Duration
	for hour := range week.Counts {
		all += week.Counts[hour].Arrivals
		shown += week.Time[hour]
	}
	if all != 2 || shown != end.Sub(begin) {
		t.Errorf("%d arrivals in %v", all, shown)
	}
	returns := fed(t, reading, flow.NewReturns(metrics.Whole)).Total()
	if first, err := returns.FirstContact(math.MaxInt64); err != nil || returns.Count() != 2 || first.Share().Defined() {
		t.Errorf("%v, %v", first, err)
	}
}

// Work on so many conversations, and so long, that it is added in several goes, or is more
// than a duration can have.
func TestLotsOfWork(t *testing.T) {
	const replies = 1500
	var list []metrics.Event
	for i := range replies {
		at := first.Add(time.Duration(i) * time.Hour)
		list = append(list,
			metrics.MessageReceived{Conversation: "a", At: at},
			metrics.ReplySent{Conversation: "a", At: at.Add(time.Minute), Agent: "ana"},
			metrics.Handled{Conversation: "a", At: at.Add(2 * time.Minute), Agent: "ana", Took: 2 * time.Minute},
			metrics.Handled{Conversation: "a", At: at.Add(3 * time.Minute), Agent: "ana", Took: 2 * time.Minute},
		)
	}
	for range 2 {
		list = append(list, metrics.Handled{Conversation: "b", At: first, Agent: "ben", Took: math.MaxInt64, ID: metrics.EventID(fmt.Sprint(len(list)))})
	}
	list = append(list, metrics.MessageReceived{Conversation: "c", At: first}, metrics.Discarded{Conversation: "c", At: first.Add(1)})
	at := first.Add(replies * time.Hour)
	reading := logOf(t, list).Read(metrics.Rules{Calendar: minutes(30)}, at)
	work := fed(t, reading, flow.NewWorkload(metrics.Facet.Agent))
	for name, load := range map[string]flow.Load{"ana": work.Group("ana"), "total": work.Total()} {
		own, _ := load.OwnTime.Mean()
		inHours, _ := load.OwnTimeInHours.Mean()
		if load.OwnTime.Count() != replies || load.OwnTimeInHours.Count() != replies || own != time.Minute || inHours != time.Minute {
			t.Errorf("%s: own time %v, in hours %v", name, load.OwnTime.String(), load.OwnTimeInHours.String())
		}
	}
	if busy := work.Group("ana").Busy; busy != replies*3*time.Minute {
		t.Errorf("busy %v", busy)
	}
	ben := work.Group("ben")
	if longest, _ := ben.HandleTime.Max(); longest != math.MaxInt64 || ben.Busy != first.Sub(time.Unix(0, 0)) {
		t.Errorf("%v, busy %v", longest, ben.Busy)
	}
	if none := work.Group("nobody"); none.HandleTime.Count() != 0 || none.Busy != 0 {
		t.Errorf("%+v", none)
	}
	later := fed(t, logOf(t, list).Read(metrics.Rules{Calendar: minutes(30)}, at.Add(1)), flow.NewWorkload(metrics.Facet.Agent))
	before := work.Total().HandleTime.Count()
	if err := work.Merge(later); !errors.Is(err, metrics.ErrOtherTerms) || work.Total().HandleTime.Count() != before {
		t.Errorf("merged with a later one: %v", err)
	}
	for h := range logOf(t, list).Read(metrics.Rules{}, at).Histories() {
		if err := work.Add(h); !errors.Is(err, metrics.ErrOtherTerms) {
			t.Errorf("added what is of other rules: %v", err)
		}
	}
}

// Loops over what sinks hand out may be left.
func TestLoopsThatAreLeft(t *testing.T) {
	reading := read(desk).Read(metrics.Rules{}, date(9))
	series := fed(t, reading, flow.NewSeries(metrics.Facet.Channel, metrics.Periods{Unit: metrics.Day}))
	backlog := fed(t, reading, flow.NewBacklog(metrics.Facet.Channel, date(2), date(3), date(4)))
	heat := fed(t, reading, flow.NewHeatMap(metrics.Facet.Channel, metrics.Span{Start: date(1), End: date(9)}, nil))
	work := fed(t, reading, flow.NewWorkload(metrics.Facet.Channel))
	returns := fed(t, reading, flow.NewReturns(metrics.Facet.Channel))
	left := map[string]int{}
	for range series.Total(date(1), date(9)) {
		left["Series.Total"]++
		break
	}
	for range series.Rows("chat", date(1), date(9)) {
		left["Series.Rows"]++
		break
	}
	for range backlog.Totals() {
		left["Backlog.Totals"]++
		break
	}
	for range backlog.Stocks("chat") {
		left["Backlog.Stocks"]++
		break
	}
	for range returns.Total().All() {
		left["Contacts.All"]++
		break
	}
	for range series.Keys() {
		left["Series.Keys"]++
		break
	}
	for range heat.Keys() {
		left["HeatMap.Keys"]++
		break
	}
	for range work.Keys() {
		left["Workload.Keys"]++
		break
	}
	for range returns.Keys() {
		left["Returns.Keys"]++
		break
	}
	if len(left) != 9 {
		t.Error(left)
	}
	if keys, want := slices.Sorted(heat.Keys()), slices.Sorted(series.Keys()); !slices.Equal(keys, want) || len(keys) < 2 {
		t.Errorf("keys %v, want %v", keys, want)
	}
}

// Whatever is read is written and read again as the same, and two of them add up, in either
// order, to what can be stored, or not at all.
func FuzzContacts(f *testing.F) {
	first, bots := storedContacts(f)
	for _, from := range []stored{first, bots, flow.FirstContact{}, flow.Assistants{}} {
		text, err := json.Marshal(from)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(binaryContact(f, from))
	}
	f.Add([]byte(`{"within_ns":604800000000000,"resolved":9223372036854775807}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var inBytes, inText flow.FirstContact
		if inBytes.UnmarshalBinary(data) == nil {
			contactsAgain(t, inBytes, first)
		}
		if inText.UnmarshalJSON(data) == nil {
			contactsAgain(t, inText, first)
		}
		var botsInBytes, botsInText flow.Assistants
		if botsInBytes.UnmarshalBinary(data) == nil {
			contactsAgain(t, botsInBytes, bots)
		}
		if botsInText.UnmarshalJSON(data) == nil {
			contactsAgain(t, botsInText, bots)
		}
	})
}

func contactsAgain[T interface {
	comparable
	stored
}, P interface {
	*T
	UnmarshalBinary([]byte) error
	Merge(*T) error
}](t *testing.T, read, other T) {
	t.Helper()
	for _, one := range []T{read, other} {
		left, right := read, one
		errLeft, errRight := P(&left).Merge(&one), P(&right).Merge(&read)
		if (errLeft == nil) != (errRight == nil) || errLeft == nil && left != right {
			t.Fatalf("%+v, %v, and the other way round %+v, %v", left, errLeft, right, errRight)
		}
		if err := roundTrip[T, P](left); err != nil {
			t.Fatal(err)
		}
	}
}

// In one conversation with many cycles, teams, agents and assistants, each sink takes time
// that grows with its length, and memory in proportion.
func TestLongConversation(t *testing.T) {
	const cycles = 2000
	var list []metrics.Event
	at := first
	put := func(r metrics.Record) {
		at = at.Add(time.Minute)
		r.At, r.Conversation = at, "a"
		e, err := r.Event()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	for i := range cycles {
		name := fmt.Sprint(i)
		put(metrics.Record{Type: metrics.KindMessageReceived, Customer: "kim"})
		put(metrics.Record{Type: metrics.KindReplySent, By: metrics.ByAssistant, Agent: metrics.AgentID("bot" + name)})
		put(metrics.Record{Type: metrics.KindAssigned, Agent: metrics.AgentID("bot" + name)})
		put(metrics.Record{Type: metrics.KindPaused})
		put(metrics.Record{Type: metrics.KindResolved, By: metrics.ByAssistant, Agent: metrics.AgentID("bot" + name)})
	}
	log := logOf(t, list)
	reading := log.Read(metrics.Rules{}, at)
	for name, sink := range map[string]metrics.Sink{
		"series":   flow.NewSeries(metrics.Facet.Agent, metrics.Periods{Unit: metrics.Day}),
		"backlog":  flow.NewBacklog(metrics.Facet.Agent, at),
		"heat map": flow.NewHeatMap(metrics.Facet.Agent, metrics.Span{Start: first, End: at}, nil),
		"workload": flow.NewWorkload(metrics.Facet.Agent),
		"returns":  flow.NewReturns(metrics.Facet.Agent),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := reading.Into(sink); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 3000*cycles {
			t.Errorf("%s: %d bytes", name, bytes)
		}
	}
}
