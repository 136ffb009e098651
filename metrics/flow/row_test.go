package flow_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// storedRows are rows of the example's desk: of weeks, the last of which is cut,
// on a calendar and with an empty one.
func storedRows(tb testing.TB) []flow.Row {
	weeks := metrics.Periods{Unit: metrics.Week, Zone: zone(tb, "Europe/Berlin")}
	reading := read(desk).Read(metrics.Rules{Calendar: minutes(20)}, date(9).Add(1))
	series := fed(tb, reading, flow.NewSeries(metrics.Whole, weeks))
	rows := []flow.Row{{}}
	for row := range series.Total(date(1).AddDate(0, 0, -7), date(30)) {
		rows = append(rows, row)
	}
	return rows
}

func TestRowForms(t *testing.T) {
	var text, binaries bytes.Buffer
	rows := storedRows(t)
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(line, '\n'))
		binaries.WriteString(hex.EncodeToString(binaryOf(t, row)) + "\n")
		var back flow.Row
		if err := json.Unmarshal(line, &back); err != nil || plain(back) != plain(row) || !bytes.Equal(binaryOf(t, back), binaryOf(t, row)) {
			t.Errorf("%s: %v", line, err)
		}
	}
	for name, got := range map[string]string{"testdata/rows.jsonl": text.String(), "testdata/rows.hex": binaries.String()} {
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || string(want) != got {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestRowLaws(t *testing.T) {
	properties := laws(t, 300)
	properties.Property("rows are read as they were written", prop.ForAll(func(steps []step, s setting) bool {
		series := seriesOf(t, s, s.read(logOf(t, eventsOf(steps))))
		for row := range series.Total(s.from(), s.to()) {
			var a, b flow.Row
			text, err := json.Marshal(row)
			if err != nil || json.Unmarshal(text, &a) != nil || b.UnmarshalBinary(binaryOf(t, row)) != nil {
				return false
			}
			if plain(a) != plain(row) || plain(b) != plain(row) || !bytes.Equal(binaryOf(t, a), binaryOf(t, b)) {
				return false
			}
		}
		return true
	}, genSteps(), genSetting()))
	properties.TestingRun(t)
}

func TestMergeCopies(t *testing.T) {
	rows := storedRows(t)
	before := binaryOf(t, rows[2])
	var sum flow.Row
	for range 2 {
		if err := sum.Merge(&rows[2]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(binaryOf(t, rows[2]), before) {
		t.Error("a row changed what it was given")
	}
	if sum.Opening != 2*rows[2].Opening || sum.HandOffTime.Count() != 2*rows[2].HandOffTime.Count() || sum.HandOffTime.Count() == 0 {
		t.Errorf("%+v", sum)
	}
}

// TestRowsThatAreRefused changes one thing in a good row.
func TestRowsThatAreRefused(t *testing.T) {
	good, err := json.Marshal(storedRows(t)[2])
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) error {
		var row flow.Row
		err := json.Unmarshal([]byte(text), &row)
		if err != nil && (row.Opening != 0 || !row.Span.End.IsZero()) {
			t.Errorf("%s left something: %+v", text, row)
		}
		return err
	}
	if err := read(string(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"2026-03-01/2026-03-07"`, `"2026-03-01/2026-03-08"`},
		{`"end":"2026-03-07`, `"end":"2027-03-07`},
		{`"end":"2026-03-07`, `"end":"2026-02-07`},
		{`"opening":0`, `"opening":-1`},
		{`"opening":0`, `"opening":1`},
		{`"opening":0`, `"opening":9223372036854775807`},
		{`"arrivals":3`, `"arrivals":-3`},
		{`"arrivals":3`, `"arrivals":9223372036854775807`},
		{`"resolutions":3`, `"resolutions":5`},
		{`"abandoned":0,"moved":0`, `"abandoned":0,"moved":2`},
		{`"abandoned":0,"moved":0`, `"abandoned":2,"moved":0`},
		{`"abandoned":0`, `"abandoned":-1`},
		{`"assistant":2`, `"assistant":-2`},
		{`"discarded":0`, `"discarded":-1`},
		{`"reopened":1`, `"reopened":4`},
		{`"deflections":1`, `"deflections":4`},
		{`"first_replies":2`, `"first_replies":3`},
		{`"hand_offs":1`, `"hand_offs":3`},
		{`"hand_offs":1`, `"hand_offs":2`},
		{`"takeovers":0`, `"takeovers":1`},
		{`"reassignments":0`, `"reassignments":1`},
		{`"closing":1`, `"closing":2`},
		{`"open_ns":`, `"open_ns":-`},
		{`"open_ns":`, `"open_ns":999`},
		{`"open_ns":`, `"open_ns":99999999999999999999999999999999999999999`},
		{`"open_ns":`, `"open":`},
		{`"hand_off_time":{"n":1`, `"hand_off_time":{"n":2`},
		{`"hand_off_time"`, `"hand_off"`},
		{`"period"`, `"Periods"`},
		{`"opening"`, `"Opening"`},
		{`"open_ns"`, `"closing":1,"open_ns"`},
		{`"open_ns":`, `"closing_ns":`},
		{`"open_ns":`, `"open_ns":null,"closing_ns":`},
		{`"open_ns":`, `"open_ns":1e`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Errorf("%s is not in %s", change[0], good)
		}
		if err := read(bad); !errors.Is(err, flow.ErrRow) {
			t.Errorf("%s for %s: %v", change[1], change[0], err)
		}
	}
	// Without its hand-offs in hours it is the row of rules without a calendar.
	i := strings.Index(string(good), `,"hand_off_in_hours"`)
	plain := string(good[:i]) + "}"
	if err := read(plain); err != nil {
		t.Error(err)
	}
	if err := read(strings.Replace(plain, `"hand_offs":1`, `"hand_offs":2`, 1)); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
	// The closing backlog may not be negative, or more than can be counted.
	for _, change := range [][2]string{
		{`"resolutions":3`, `"resolutions":5`}, {`"moved":0`, `"moved":2`}, {`"opening":0`, `"opening":9223372036854775807`},
		{`"arrivals":3`, `"arrivals":9223372036854775807`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		closing := `"closing":-1`
		if strings.Contains(change[1], "807") {
			bad = strings.Replace(bad, `"resolutions":3`, `"resolutions":0`, 1)
			bad = strings.Replace(strings.Replace(bad, `"reopened":1`, `"reopened":0`, 1), `"deflections":1`, `"deflections":0`, 1)
			closing = `"closing":-9223372036854775805` // 2⁶³−1 + 4, or 2⁶³−1 + 1, in 64 bits
			if change[0] == `"arrivals":3` {
				closing = `"closing":-9223372036854775808`
			}
		}
		if err := read(strings.Replace(bad, `"closing":1`, closing, 1)); !errors.Is(err, flow.ErrRow) {
			t.Errorf("%s and %s: %v", change[1], closing, err)
		}
	}
	inHours := `"hand_off_in_hours":{"n":2,"sum_ns":0,"min_ns":0,"max_ns":0,"values_ns":[0,0]}}`
	if err := read(string(good[:i]) + "," + inHours); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
	var row flow.Row
	data := binaryOf(t, storedRows(t)[2])
	for n := range data {
		if err := row.UnmarshalBinary(data[:n]); !errors.Is(err, flow.ErrRow) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if err := row.UnmarshalBinary(append(bytes.Clone(data), 0)); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
	if err := row.UnmarshalBinary([]byte{1}); !errors.Is(err, flow.ErrRow) || !strings.Contains(err.Error(), "version 1") {
		t.Error(err)
	}
	// Whatever byte is another one: it is refused, or it is a row that can be.
	refused := 0
	for i := range data {
		for change := range 255 {
			bad := bytes.Clone(data)
			bad[i] ^= byte(change + 1)
			var row flow.Row
			if row.UnmarshalBinary(bad) != nil {
				refused++
			} else if !possible(row) {
				t.Errorf("byte %d: %+v", i, row)
			}
		}
	}
	if refused < 255*len(data)/2 {
		t.Errorf("%d refused", refused)
	}
	// The nanoseconds of an instant, where a row of no time has its first 0 of
	// them.
	zero := binaryOf(t, flow.Row{})
	at := 2 + len("1970-01-01") + len(binary.AppendVarint(nil, time.Time{}.Unix()))
	bad := append(binary.AppendUvarint(bytes.Clone(zero[:at]), 1e9), zero[at+1:]...)
	if err := row.UnmarshalBinary(zero); err != nil {
		t.Error(err)
	}
	if err := row.UnmarshalBinary(bad); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
}

// possible reports whether the parts of a row are no greater than their wholes.
func possible(r flow.Row) bool {
	for _, share := range shares(r.Counts) {
		if share.Part < 0 || share.Part > share.Whole {
			return false
		}
	}
	return r.Opening >= 0 && r.Closing() >= 0 && !r.OpenTime().IsNegative() && r.HandOffTime.Count() == r.HandOffs
}

// A year is as long as a period can be; a row of the longest one, with as many
// conversations as can be counted, is read as it was written.
func TestLargestRow(t *testing.T) {
	text := `{"period":"2028","start":"2028-01-01T00:00:00Z","end":"2029-01-01T00:00:00Z","opening":9223372036854775807,` +
		`"volume":{"messages":0,"replies":0,"assistant":0,"automated":0,"rating_requested":0},"arrivals":0,"reopenings":0,"resolutions":0,` +
		`"abandoned":0,"moved":0,"discarded":0,"reopened":0,"deflections":0,"first_replies":0,"hand_offs":0,"takeovers":0,"assignments":0,` +
		`"reassignments":0,"closing":9223372036854775807,"open_ns":291665159898236462479276800000000000}`
	// 2⁶³−1 conversations for 366 days: (2⁶³−1)·366·86400·10⁹ ns.
	var row flow.Row
	if err := json.Unmarshal([]byte(text), &row); err != nil {
		t.Fatal(err)
	}
	if mean, ok := row.MeanBacklog(); mean != math.MaxInt64 || !ok {
		t.Errorf("mean %v", mean)
	}
	if back, err := json.Marshal(row); err != nil || string(back) != text {
		t.Errorf("%v: %s", err, back)
	}
	if err := json.Unmarshal([]byte(strings.Replace(text, "00000}", "00001}", 1)), &row); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
	// Three times as many are what 64 bits show as 2⁶³−3.
	most := strings.NewReplacer(`"arrivals":0`, `"arrivals":9223372036854775807`, `"reopenings":0`, `"reopenings":9223372036854775807`,
		`"closing":9223372036854775807`, `"closing":9223372036854775805`, "291665159898236462479276800000000000", "0")
	if err := json.Unmarshal([]byte(most.Replace(text)), &row); !errors.Is(err, flow.ErrRow) {
		t.Error(err)
	}
}

// Whatever is read is written and read again as the same, and two of them add up, in either
// order, to what can be stored, or not at all.
func FuzzRow(f *testing.F) {
	for _, row := range storedRows(f) {
		f.Add(binaryOf(f, row))
		text, err := json.Marshal(row)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	others := append(storedRows(f), flow.Row{Opening: math.MaxInt64})
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b flow.Row
		var rows []flow.Row // that were read
		if err := a.UnmarshalBinary(data); err == nil {
			again(t, a)
			rows = append(rows, a)
		} else if !errors.Is(err, flow.ErrRow) {
			t.Errorf("%v", err)
		}
		if err := b.UnmarshalJSON(data); err == nil {
			again(t, b)
			rows = append(rows, b)
		} else if !errors.Is(err, flow.ErrRow) {
			t.Errorf("%v", err)
		}
		for _, other := range others {
			for _, row := range rows {
				left, right := row, other
				errLeft, errRight := left.Merge(&other), right.Merge(&row)
				if (errLeft == nil) != (errRight == nil) {
					t.Fatalf("%v, and the other way round %v", errLeft, errRight)
				}
				if errLeft == nil && !bytes.Equal(binaryOf(t, left), binaryOf(t, right)) {
					t.Fatalf("%+v, and the other way round %+v", plain(left), plain(right))
				}
				again(t, left)
			}
		}
	})
}

// again checks that a row that was read is written and read again as it is.
func again(t *testing.T, row flow.Row) {
	t.Helper()
	var a, b flow.Row
	if err := a.UnmarshalBinary(binaryOf(t, row)); err != nil || plain(a) != plain(row) || !bytes.Equal(binaryOf(t, a), binaryOf(t, row)) {
		t.Errorf("%+v: %v", plain(row), err)
	}
	text, err := json.Marshal(row)
	if err != nil || b.UnmarshalJSON(text) != nil || plain(b) != plain(row) {
		t.Fatalf("%+v is %s, %v", plain(row), text, err)
	}
	if second, err := json.Marshal(b); err != nil || !bytes.Equal(second, text) {
		t.Errorf("%s, %v, want %s", second, err, text)
	}
	if !possible(row) {
		t.Errorf("%+v", row)
	}
}
