package metrics_test

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// kindOfText is text of a type of its own, as drivers of columnar databases have it.
type kindOfText string

func TestDecodeRowsValues(t *testing.T) {
	paused := metrics.Paused{Conversation: "7", At: nine}
	eleven := nine.Add(2 * time.Hour)
	until := metrics.Paused{Conversation: "7", At: nine, Until: eleven}
	agent := func(id metrics.AgentID) metrics.Event {
		return metrics.Assigned{Conversation: "7", At: nine, Agent: id}
	}
	stars := func(n rating.Stars) metrics.Event {
		return metrics.RatingGiven{Conversation: "7", At: nine, Stars: n}
	}
	seq := func(n int64) metrics.Event { return metrics.Paused{Conversation: "7", At: nine, Seq: n} }
	took := func(d time.Duration) metrics.Event { return metrics.Handled{Conversation: "7", At: nine, Took: d} }
	for _, tt := range []struct {
		column string
		values []driver.Value
		want   metrics.Event
	}{
		{"type", []driver.Value{"paused", []byte("paused"), kindOfText("paused")}, paused},
		{"at", []driver.Value{
			nine, nine.In(time.FixedZone("", -7*3600)), "2026-03-02T09:00:00Z", []byte("2026-03-02 10:00:00+01"),
			int64(1772442000), "1772442000", []byte("1772442000"), 1772442000.0, uint32(1772442000),
			int64(1772442000_000), []byte("1772442000000"), 1772442000e3,
			int64(1772442000_000_000), 1772442000e6, int64(1772442000_000_000_000), uint64(1772442000_000_000_000),
		}, paused},
		{"at", []driver.Value{int64(1e9), int64(1e12), int64(1e15), int64(1e18), "2001-09-09T01:46:40Z"}, metrics.Paused{Conversation: "7", At: time.Unix(1e9, 0)}},
		{"at", []driver.Value{int64(9214646399_999), int64(9214646399_999_000), int64(9214646399_999_000_000)}, metrics.Paused{Conversation: "7", At: time.UnixMilli(9214646399_999)}},
		{"until", []driver.Value{eleven, "2026-03-02T11:00:00Z", []byte("2026-03-02 12:00:00+01"), int64(1772449200), []byte("1772449200000")}, until},
		{"until", []driver.Value{nil, "", []byte{}, time.Time{}, int64(0), "0", []byte("0"), 0.0}, paused},
		{"conversation", []driver.Value{"x", []byte("x"), kindOfText("x")}, metrics.Paused{Conversation: "x", At: nine}},
		{"conversation", []driver.Value{int64(12345), int32(12345), uint64(12345), 12345.0, float32(12345), "12345", []byte("12345")}, metrics.Paused{Conversation: "12345", At: nine}},
		{"agent", []driver.Value{nil, "", []byte{}}, agent("")},
		{"agent", []driver.Value{int64(0), 0.0, math.Copysign(0, -1), "0"}, agent("0")},
		{"agent", []driver.Value{int64(-1), -1.0, "-1"}, agent("-1")},
		{"agent", []driver.Value{float64(1 << 53), int64(1 << 53)}, agent("9007199254740992")},
		{"agent", []driver.Value{uint64(math.MaxUint64)}, agent("18446744073709551615")},
		{"agent", []driver.Value{int64(math.MinInt64)}, agent("-9223372036854775808")},
		{"agent", []driver.Value{"ana é \x00", []byte("ana é \x00")}, agent("ana é \x00")},
		{"agent", []driver.Value{strings.Repeat("a", longest), []byte(strings.Repeat("a", longest))}, agent(metrics.AgentID(strings.Repeat("a", longest)))},
		{"team", []driver.Value{"b", []byte("b")}, metrics.Assigned{Conversation: "7", At: nine, Team: "b"}},
		{"id", []driver.Value{"e1", []byte("e1")}, metrics.Paused{ID: "e1", Conversation: "7", At: nine}},
		{"channel", []driver.Value{"email", []byte("email")}, metrics.Opened{Conversation: "7", At: nine, Channel: "email"}},
		{"priority", []driver.Value{int64(1), "1"}, metrics.Opened{Conversation: "7", At: nine, Priority: "1"}},
		{"customer", []driver.Value{"zoe", []byte("zoe")}, metrics.MessageReceived{Conversation: "7", At: nine, Customer: "zoe"}},
		{"into", []driver.Value{int64(8), "8"}, metrics.Merged{Conversation: "7", At: nine, Into: "8"}},
		{"event", []driver.Value{int64(8), "8"}, metrics.Retracted{Conversation: "7", At: nine, Event: "8"}},
		{"for", []driver.Value{"parts", []byte("parts")}, metrics.Paused{Conversation: "7", At: nine, For: "parts"}},
		{"by", []driver.Value{"assistant", []byte("assistant")}, metrics.ReplySent{Conversation: "7", At: nine, By: metrics.ByAssistant}},
		{"by", []driver.Value{"person", nil, "", []byte{}}, metrics.ReplySent{Conversation: "7", At: nine}},
		{"seq", []driver.Value{int64(3), uint8(3), 3.0, "3", []byte("3")}, seq(3)},
		{"seq", []driver.Value{nil, "", []byte{}, int64(0), "0"}, seq(0)},
		{"seq", []driver.Value{int64(math.MaxInt64), uint64(math.MaxInt64), "9223372036854775807"}, seq(math.MaxInt64)},
		{"stars", []driver.Value{int64(4), int8(4), 4.0, "4", []byte("4")}, stars(4)},
		{"took", []driver.Value{"1m40s", []byte("1m40s"), "100s", "00:01:40", []byte("00:01:40.000000"), "0:01:40."}, took(100 * time.Second)},
		{"took", []driver.Value{"838:59:59.5"}, took(838*time.Hour + 59*time.Minute + 59*time.Second + 500*time.Millisecond)},
		{"took", []driver.Value{"00:00:00.0000000019"}, took(1)},
	} {
		for _, v := range tt.values {
			row := metrics.RecordOf(tt.want)
			d := &tableDriver{columns: metrics.Columns()}
			for i, given := range row.Values() {
				if given, err := driver.DefaultParameterConverter.ConvertValue(given); err != nil {
					t.Fatal(err)
				} else if metrics.Columns()[i] == tt.column {
					d.rows = [][]driver.Value{append(slices.Concat(d.rows...), v)}
				} else {
					d.rows = [][]driver.Value{append(slices.Concat(d.rows...), given)}
				}
			}
			events, errs := d.decode()
			if len(errs) > 0 || len(events) != 1 || !sameEvent(events[0], tt.want) {
				t.Errorf("%s %T %.60v:\n\tgot  %.300v, %v\n\twant %.300v", tt.column, v, v, events, errs, tt.want)
			}
		}
	}
}

// longest is the greatest length of a name.
const longest = 65_494

func TestDecodeRowsRefuses(t *testing.T) {
	for _, tt := range []struct {
		column string
		v      driver.Value
		reason string
		is     error
	}{
		{"type", nil, `metrics: unknown event type: none`, metrics.ErrKind},
		{"type", "", `metrics: unknown event type: none`, metrics.ErrKind},
		{"type", int64(8), `metrics: unknown event type: "8"`, metrics.ErrKind},
		{"type", "Handled", `metrics: unknown event type: "Handled"`, metrics.ErrKind},
		{"at", nil, `metrics: event without a time`, metrics.ErrNoTime},
		{"at", "", `metrics: event without a time`, metrics.ErrNoTime},
		{"at", time.Time{}, `metrics: event without a time`, metrics.ErrNoTime},
		{"at", int64(0), `metrics: event without a time`, metrics.ErrNoTime},
		{"at", "2026-03-02 09:00:00", `metrics: bad field: at: an offset from UTC such as Z or +01:00 is missing: "2026-03-02 09:00:00"`, metrics.ErrField},
		{"at", []byte("yesterday"), `metrics: bad field: at: not an RFC 3339 time: "yesterday"`, metrics.ErrField},
		{"at", time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC), `metrics: time outside 1970 to 2261: 1969-12-31 23:00:00 +0000 UTC`, metrics.ErrTime},
		{"at", int64(9214646400), `metrics: time outside 1970 to 2261: 2262-01-01 00:00:00 +0000 UTC`, metrics.ErrTime},
		{"at", int64(20260302), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "20260302"`, metrics.ErrField},
		{"at", "20260302", `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "20260302"`, metrics.ErrField},
		{"at", int64(999_999_999), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "999999999"`, metrics.ErrField},
		{"at", int64(1e10), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "10000000000"`, metrics.ErrField},
		{"at", int64(1e12 - 1), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "999999999999"`, metrics.ErrField},
		{"at", int64(1e13), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "10000000000000"`, metrics.ErrField},
		{"at", int64(20260302090000), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "20260302090000"`, metrics.ErrField},
		{"at", int64(1e15 - 1), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "999999999999999"`, metrics.ErrField},
		{"at", int64(1e16), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "10000000000000000"`, metrics.ErrField},
		{"at", int64(1e18 - 1), `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "999999999999999999"`, metrics.ErrField},
		{"at", "9999999999999999999", `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "9999999999999999999"`, metrics.ErrField},
		{"at", "17724420:0", `metrics: bad field: at: not an RFC 3339 time: "17724420:0"`, metrics.ErrField},
		{"at", "17724420/0", `metrics: bad field: at: not an RFC 3339 time: "17724420/0"`, metrics.ErrField},
		{"at", int64(-1772442000), `metrics: bad field: at: not an RFC 3339 time: "-1772442000"`, metrics.ErrField},
		{"at", 2461102.0, `metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "2461102"`, metrics.ErrField}, // a Julian day
		{"at", 2461101.875, `metrics: bad field: at of type float64: "2.461101875e+06"`, metrics.ErrField},
		{"at", true, `metrics: bad field: at of type bool: "true"`, metrics.ErrField},
		{"until", int64(20260302), `metrics: bad field: until: not a Unix time of 10, 13, 16 or 19 digits: "20260302"`, metrics.ErrField},
		{"until", "tomorrow", `metrics: bad field: until: not an RFC 3339 time: "tomorrow"`, metrics.ErrField},
		{"conversation", nil, `metrics: event without a conversation`, metrics.ErrNoConversation},
		{"agent", 1.5, `metrics: bad field: agent of type float64: "1.5"`, metrics.ErrField},
		{"agent", float64(1<<53 + 2), `metrics: bad field: agent of type float64: "9.007199254740994e+15"`, metrics.ErrField},
		{"agent", -float64(1<<53 + 2), `metrics: bad field: agent of type float64: "-9.007199254740994e+15"`, metrics.ErrField},
		{"agent", math.NaN(), `metrics: bad field: agent of type float64: "NaN"`, metrics.ErrField},
		{"agent", math.Inf(-1), `metrics: bad field: agent of type float64: "-Inf"`, metrics.ErrField},
		{"agent", false, `metrics: bad field: agent of type bool: "false"`, metrics.ErrField},
		{"agent", nine, `metrics: bad field: agent of type time.Time: "2026-03-02 09:00:00 +0000 UTC"`, metrics.ErrField},
		{"agent", [200]byte{}, `metrics: bad field: agent of type [200]uint8: "[` + strings.Repeat("0 ", 59) + `0"`, metrics.ErrField},
		{"agent", "\xff", `metrics: text is not valid UTF-8 or too long: "\xff"`, metrics.ErrText},
		{"agent", []byte("\xff"), `metrics: text is not valid UTF-8 or too long: "\xff"`, metrics.ErrText},
		{"agent", strings.Repeat("a", longest+1), `metrics: text is not valid UTF-8 or too long: agent: "` + strings.Repeat("a", 120) + `"`, metrics.ErrText},
		{"agent", bytes.Repeat([]byte("a"), longest+1), `metrics: text is not valid UTF-8 or too long: agent: "` + strings.Repeat("a", 120) + `"`, metrics.ErrText},
		{"took", strings.Repeat("1", 1<<20), `metrics: text is not valid UTF-8 or too long: took: "` + strings.Repeat("1", 120) + `"`, metrics.ErrText},
		{"by", "bot", `metrics: bad field: by: metrics: no such actor: "bot"`, metrics.ErrField},
		{"by", int64(1), `metrics: bad field: by: metrics: no such actor: "1"`, metrics.ErrField},
		{"by", true, `metrics: bad field: by of type bool: "true"`, metrics.ErrField},
		{"seq", int64(-1), `metrics: bad field: seq is not a whole number from 0: "-1"`, metrics.ErrField},
		{"seq", 1.5, `metrics: bad field: seq of type float64: "1.5"`, metrics.ErrField},
		{"seq", "first", `metrics: bad field: seq is not a whole number from 0: "first"`, metrics.ErrField},
		{"stars", int64(6), `rating: stars outside 1 to 5: 6`, rating.ErrStars},
		{"stars", int64(256), `rating: stars outside 1 to 5: 256`, rating.ErrStars},
		{"stars", int64(4), `metrics: field does not belong to this type of event: stars on handled`, metrics.ErrMisplaced},
		{"stars", 4.5, `metrics: bad field: stars of type float64: "4.5"`, metrics.ErrField},
		{"took", int64(100), `metrics: bad field: took is not a duration such as 1m40s: "100"`, metrics.ErrField},
		{"took", 1.5, `metrics: bad field: took of type float64: "1.5"`, metrics.ErrField},
		{"took", "1:40", `metrics: bad field: took is not a duration such as 1m40s: "1:40"`, metrics.ErrField},
		{"took", "00:01:60", `metrics: bad field: took is not a duration such as 1m40s: "00:01:60"`, metrics.ErrField},
		{"took", "00:60:00", `metrics: bad field: took is not a duration such as 1m40s: "00:60:00"`, metrics.ErrField},
		{"took", "00:1:00", `metrics: bad field: took is not a duration such as 1m40s: "00:1:00"`, metrics.ErrField},
		{"took", "00:01:0", `metrics: bad field: took is not a duration such as 1m40s: "00:01:0"`, metrics.ErrField},
		{"took", "00:.5:00", `metrics: bad field: took is not a duration such as 1m40s: "00:.5:00"`, metrics.ErrField},
		{"took", ":01:00", `metrics: bad field: took is not a duration such as 1m40s: ":01:00"`, metrics.ErrField},
		{"took", "1.5:01:00", `metrics: bad field: took is not a duration such as 1m40s: "1.5:01:00"`, metrics.ErrField},
		{"took", "-00:01:40", `metrics: bad field: took is not a duration such as 1m40s: "-00:01:40"`, metrics.ErrField},
		{"took", "00:01:40.1s5", `metrics: bad field: took is not a duration such as 1m40s: "00:01:40.1s5"`, metrics.ErrField},
		{"took", "1 day 00:01:40", `metrics: bad field: took is not a duration such as 1m40s: "1 day 00:01:40"`, metrics.ErrField},
		{"took", nil, `metrics: bad field: took is not above 0: 0s`, metrics.ErrField},
	} {
		good := map[string]driver.Value{"type": "handled", "id": "e1", "conversation": "7", "at": nine, "took": "1m40s"}
		columns := slices.DeleteFunc(metrics.Columns(), func(name string) bool { return good[name] == nil && name != tt.column })
		row := make([]driver.Value, len(columns))
		for i, name := range columns {
			row[i] = good[name]
		}
		bad := slices.Clone(row)
		bad[slices.Index(columns, tt.column)] = tt.v
		d := &tableDriver{columns: columns, rows: [][]driver.Value{row, bad, row}}
		events, errs := d.decode()
		if len(events) != 2 || len(errs) != 1 {
			t.Errorf("%s %.60v: %d events, errors %v", tt.column, tt.v, len(events), errs)
			continue
		}
		want := "row 2: " + tt.reason + `: conversation "7", id "e1"`
		if tt.column == "conversation" {
			want = "row 2: " + tt.reason + `: conversation "", id "e1"`
		}
		var located *metrics.RowError
		if errs[0].Error() != want || !errors.As(errs[0], &located) || located.Row != 2 || located.ID != "e1" || !errors.Is(errs[0], tt.is) {
			t.Errorf("%s %.60v:\n\tgot  %v\n\twant %s", tt.column, tt.v, errs[0], want)
		}
	}
}

// TestRowError has names that are long, and none.
func TestRowError(t *testing.T) {
	long := strings.Repeat("x", 200)
	d := &tableDriver{columns: []string{"id", "type", "conversation", "at"}, rows: [][]driver.Value{{long, "called", long, nine}, {nil, "called", "7", nine}, {true, "called", "7", "soon"}}}
	_, errs := d.decode()
	var located *metrics.RowError
	if len(errs) != 3 || !errors.As(errs[0], &located) || string(located.ID) != long[:120] || string(located.Conversation) != long[:120] {
		t.Fatalf("%v", errs)
	}
	if want := `row 2: metrics: unknown event type: "called": conversation "7"`; errs[1].Error() != want {
		t.Errorf("got  %v\nwant %s", errs[1], want)
	}
	// Of several reasons, the first is told.
	if want := `row 3: metrics: bad field: id of type bool: "true": conversation "7"`; errs[2].Error() != want {
		t.Errorf("got  %v\nwant %s", errs[2], want)
	}
}

func TestDecodeRowsColumns(t *testing.T) {
	for _, tt := range []struct{ columns, want string }{
		{"type,at", "no column conversation"},
		{"conversation,at", "no column type"},
		{"type,conversation", "no column at"},
		{"", "no column type"},
		{"type,conversation,at,note", `unknown name "note"`},
		{"type,conversation,at,AUTOMATED2", `unknown name "AUTOMATED2"`},
		{"type,conversation,at,automated", `unknown name "automated"; say by: automation or by: assistant`},
		{"type,conversation,at,event,event", "column event comes twice"},
		{"type,conversation,at,event,Event", "column event comes twice"},
		{"type,conversation,at, agent", `unknown name " agent"`},
		{"type,conversation,at,count(*)", `unknown name "count(*)"`},
	} {
		d := &tableDriver{columns: strings.Split(tt.columns, ",")}
		if tt.columns == "" {
			d.columns = nil
		}
		events, errs := d.decode()
		if len(events) != 0 || len(errs) != 1 || !errors.Is(errs[0], metrics.ErrHeader) || errs[0].Error() != "metrics: bad header: "+tt.want {
			t.Errorf("%s: %v, %v, want %s", tt.columns, events, errs, tt.want)
		}
	}
	d := &tableDriver{columns: []string{"AT", "Agent", "CONVERSATION", "tYPE"}, rows: [][]driver.Value{{nine, "ana", "7", "assigned"}}}
	events, errs := d.decode()
	if len(errs) > 0 || len(events) != 1 || events[0] != (metrics.Assigned{Conversation: "7", At: nine, Agent: "ana"}) {
		t.Errorf("%v, %v", events, errs)
	}
	if events, errs := (&tableDriver{columns: []string{"type", "conversation", "at"}}).decode(); len(events)+len(errs) > 0 {
		t.Errorf("no rows are %v, %v", events, errs)
	}
}

// brokenRows are two rows, of which something fails.
type brokenRows struct {
	columns, scan, rows error
	next                int
}

func (r *brokenRows) Columns() ([]string, error) {
	return []string{"type", "conversation", "at"}, r.columns
}
func (r *brokenRows) Next() bool { r.next++; return r.next <= 2 }
func (r *brokenRows) Err() error { return r.rows }
func (r *brokenRows) Scan(to ...any) error {
	for i, v := range []any{"opened", int64(7), nine} {
		if err := to[i].(sql.Scanner).Scan(v); err != nil {
			return err
		}
	}
	return r.scan
}

func TestDecodeRowsFails(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		rows brokenRows
		kept int
		want string
	}{
		{brokenRows{columns: broken}, 0, "metrics: broken"},
		{brokenRows{scan: broken}, 0, "metrics: row 1: broken"},
		{brokenRows{rows: broken}, 2, "metrics: broken"},
	} {
		var located *metrics.RowError
		events, errs := decoded(metrics.DecodeRows(&tt.rows))
		if len(events) != tt.kept || len(errs) != 1 || errs[0].Error() != tt.want || !errors.Is(errs[0], broken) || errors.As(errs[0], &located) {
			t.Errorf("%d events, %v, want %d, %s", len(events), errs, tt.kept, tt.want)
		}
	}
	d := &tableDriver{columns: []string{"type", "conversation", "at"}, rows: [][]driver.Value{{"opened", "7", nine}}, err: broken}
	if events, errs := d.decode(); len(events) != 1 || len(errs) != 1 || !errors.Is(errs[0], broken) {
		t.Errorf("%v, %v", events, errs)
	}
}

// TestDecodeRowsStops shows that rows are left where the loop ends, and closed by the caller.
func TestDecodeRowsStops(t *testing.T) {
	for name, stop := range map[string]struct {
		rows brokenRows
		kept int
	}{"event": {brokenRows{}, 1}, "error": {brokenRows{columns: errors.New("broken")}, 0}} {
		kept := 0
		for _, err := range metrics.DecodeRows(&stop.rows) {
			if err == nil {
				kept++
			}
			break
		}
		if kept != stop.kept || stop.rows.next != stop.kept {
			t.Errorf("%s: %d events, %d rows", name, kept, stop.rows.next)
		}
	}
}

// shown returns one of the values that drivers may hand over for a field.
func shown(v any, random *rand.Rand) driver.Value {
	either := func(values ...driver.Value) driver.Value { return values[random.IntN(len(values))] }
	switch v := v.(type) {
	case nil:
		return either(nil, "", []byte{})
	case time.Time:
		text := v.Format("2006-01-02 15:04:05.999999999Z07:00")
		number := v.UnixNano()
		for _, unit := range []time.Duration{time.Microsecond, time.Millisecond, time.Second} {
			if v.Truncate(unit).Equal(v) {
				number = v.UnixNano() / int64(unit)
			}
		}
		digits := strconv.FormatInt(number, 10)
		return either(v, v.In(time.FixedZone("", 3600)), text, []byte(text), v.Format(time.RFC3339Nano), number, digits, []byte(digits), uint64(number))
	case int64:
		if v == 0 && random.IntN(2) == 0 {
			return either(nil, "", []byte{})
		}
		return either(v, uint64(v), strconv.FormatInt(v, 10), []byte(strconv.FormatInt(v, 10)))
	case string:
		if n, err := strconv.ParseInt(v, 10, 32); err == nil && strconv.FormatInt(n, 10) == v && random.IntN(2) == 0 {
			return either(n, int32(n), float64(n))
		}
		if v == "" && random.IntN(2) == 0 {
			return nil
		}
		return either(v, []byte(v), kindOfText(v))
	case driver.Valuer:
		value, err := v.Value()
		if err != nil {
			panic(err)
		}
		if d, ok := v.(metrics.Took); ok && d != 0 && random.IntN(2) == 0 {
			whole, part := time.Duration(d)/time.Second, time.Duration(d)%time.Second
			return fmt.Sprintf("%02d:%02d:%02d.%09d", whole/3600, whole/60%60, whole%60, part)
		}
		return shown(value, random)
	}
	panic(fmt.Sprintf("%T", v))
}

// recordsOf returns the records of steps, in the years of Unix times.
func recordsOf(steps []step, random *rand.Rand) (records []metrics.Record) {
	wired := wireEvents()
	for _, s := range steps {
		r := metrics.RecordOf(s.event())
		if random.IntN(3) == 0 {
			r = metrics.RecordOf(wired[random.IntN(len(wired))])
		}
		if r.At = r.At.UTC(); r.At.Year() < 2002 {
			unit := time.Duration(max(1, math.Pow10(3*random.IntN(4))))
			r.At = nine.Add(time.Duration(random.IntN(1000)) * unit)
		}
		if !r.Until.IsZero() {
			r.Until = r.At.Add(time.Hour)
		}
		if random.IntN(2) == 0 {
			r.Conversation, r.Agent = metrics.ConversationID(strconv.Itoa(random.IntN(20))), metrics.AgentID(strconv.Itoa(random.IntN(20)-10))
		}
		records = append(records, r)
	}
	return records
}

// The same records are the same events as rows, JSON Lines and CSV, whatever the driver and
// the order of the columns, and with those that are empty left out.
func TestRowsAreLines(t *testing.T) {
	random := source(t)
	properties := laws(t, 300)
	properties.Property("rows, JSON Lines and CSV are the same", prop.ForAll(func(steps []step) bool {
		records := recordsOf(steps, random)
		all := metrics.Columns()
		var lines, cells bytes.Buffer
		w := csv.NewWriter(&cells)
		_ = w.Write(all)
		needed := map[string]bool{"type": true, "conversation": true, "at": true}
		for _, r := range records {
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			lines.Write(append(text, '\n'))
			line := make([]string, len(all))
			for i, v := range r.Values() {
				if v != nil && !reflect.ValueOf(v).IsZero() {
					line[i], needed[all[i]] = fmt.Sprint(v), true
				}
				if at, ok := v.(time.Time); ok {
					line[i] = at.Format(time.RFC3339Nano)
				}
			}
			_ = w.Write(line)
		}
		w.Flush()
		var table tableDriver
		order := slices.DeleteFunc(random.Perm(len(all)), func(i int) bool { return !needed[all[i]] })
		for _, i := range order {
			table.columns = append(table.columns, all[i])
		}
		for _, r := range records {
			var row []driver.Value
			for _, i := range order {
				row = append(row, shown(r.Values()[i], random))
			}
			table.rows = append(table.rows, row)
		}
		fromRows, errs := table.decode()
		fromLines, errs2 := decoded(metrics.DecodeJSONLines(&lines))
		fromCSV, errs3 := decoded(metrics.DecodeCSV(&cells))
		if len(errs)+len(errs2)+len(errs3) > 0 || len(fromRows) != len(records) ||
			!slices.EqualFunc(fromRows, fromLines, sameEvent) || !slices.EqualFunc(fromRows, fromCSV, sameEvent) {
			t.Logf("%v, %v\n%v, %v\n%v, %v", fromRows, errs, fromLines, errs2, fromCSV, errs3)
			return false
		}
		return true
	}, genSteps()))
	properties.TestingRun(t)
}

// sameRow is a row that comes again and again, but with other conversations if there are
// names for them.
type sameRow struct {
	values []any
	left   int
	names  []any
}

func (r *sameRow) Columns() ([]string, error) {
	return []string{"type", "conversation", "at", "channel", "agent", "team", "customer"}, nil
}
func (r *sameRow) Next() bool { r.left--; return r.left >= 0 }
func (r *sameRow) Err() error { return nil }
func (r *sameRow) Scan(to ...any) error {
	for i, v := range r.values {
		if i == 1 && r.names != nil {
			v = r.names[r.left]
		}
		if err := to[i].(sql.Scanner).Scan(v); err != nil {
			return err
		}
	}
	return nil
}

// TestDecodeRowsAllocates has one allocation a row, of the event.
func TestDecodeRowsAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const rows = 10_000
	names := make([]any, rows) // more than are kept
	for i := range names {
		names[i] = fmt.Sprint("T-", i)
	}
	for name, values := range map[string][]any{
		"bytes":   {[]byte("resumed"), []byte("7f3a"), []byte("2026-03-02T09:00:00Z"), []byte("email"), []byte("ana"), nil, []byte("zoe")},
		"strings": {"resumed", "7f3a", "2026-03-02T09:00:00Z", "email", "ana", nil, "zoe"},
		"numbers": {"resumed", int64(1 << 40), nine, "email", int64(12345), 54321.0, int64(-77777)},
	} {
		var others []any
		if name == "strings" {
			others = names
		}
		allocated := testing.AllocsPerRun(1, func() {
			for _, err := range metrics.DecodeRows(&sameRow{values, rows, others}) {
				if err != nil {
					t.Fatal(err)
				}
			}
		})
		if allocated > 1.01*rows {
			t.Errorf("%s: %.2f allocations a row", name, allocated/rows)
		}
	}
}

// FuzzDecodeRows reads two rows of text, and if they can be CSV, holds them against that.
func FuzzDecodeRows(f *testing.F) {
	for _, e := range wireEvents() {
		var cells []string
		random := rand.New(rand.NewPCG(1, 2))
		for _, v := range metrics.RecordOf(e).Values() {
			cell := fmt.Sprintf("%s", shown(v, random))
			if strings.HasPrefix(cell, "%!") {
				cell = ""
			}
			cells = append(cells, cell)
		}
		f.Add(strings.Join(metrics.Columns(), ","), strings.Join(cells, "\n"), strings.Join(cells, "\n"), true)
	}
	f.Add("AT,type,Conversation,took", "2026-03-02T09:00:00Z\nhandled\n7\n00:01:40", "1772442000\nhandled\n7\n-00:01:40", false)
	f.Fuzz(func(t *testing.T, columns, one, two string, asBytes bool) {
		d := &tableDriver{columns: strings.Split(columns, ",")}
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		_ = w.Write(d.columns)
		plain := columns == strings.ToLower(columns) && !strings.ContainsAny(columns, "\"\n\r")
		for _, line := range []string{one, two} {
			cells := strings.Split(line, "\n")
			for len(cells) < len(d.columns) {
				cells = append(cells, "")
			}
			cells = cells[:len(d.columns)]
			row := make([]driver.Value, len(cells))
			for i, cell := range cells {
				row[i] = cell
				if asBytes {
					row[i] = []byte(cell)
				}
				if d.columns[i] == "at" || d.columns[i] == "until" {
					// Only rows may have Unix times.
					plain = plain && strings.Trim(cell, "0123456789") != ""
				}
			}
			d.rows = append(d.rows, row)
			_ = w.Write(cells)
			plain = plain && !strings.ContainsRune(line, '\r') && len(line) < 1000
		}
		w.Flush()
		events, errs := d.decode()
		log := new(metrics.EventLog)
		for _, e := range events {
			if err := log.Append(e); err != nil {
				t.Fatalf("%+v: %v", e, err)
			}
		}
		if n := len(events) + len(errs); n != 2 && (n != 1 || !errors.Is(errs[0], metrics.ErrHeader)) {
			t.Fatalf("%v, %v", events, errs)
		}
		if !plain || !bytes.Equal(bytes.ToValidUTF8(text.Bytes(), nil), text.Bytes()) {
			return
		}
		fromCSV, errs2 := decoded(metrics.DecodeCSV(&text))
		if len(errs) != len(errs2) || !slices.EqualFunc(events, fromCSV, sameEvent) {
			t.Fatalf("%v, %v, and as CSV %v, %v", events, errs, fromCSV, errs2)
		}
		for i, err := range errs {
			if a, b := errors.Unwrap(err), errors.Unwrap(errs2[i]); fmt.Sprint(a) != fmt.Sprint(b) {
				t.Fatalf("%v, and as CSV %v", a, b)
			}
		}
	})
}
