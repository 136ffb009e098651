package metrics_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/metrics"
)

// contents are all that can be seen of a log.
func contents(log *metrics.EventLog) string {
	var b strings.Builder
	fmt.Fprintln(&b, log.Len(), log.Duplicates(), log.Earliest(), log.Latest())
	for k := metrics.KindOpened; k <= metrics.KindRetracted; k++ {
		fmt.Fprintln(&b, k, log.Has(k))
	}
	for c := range log.Conversations() {
		for r := range c.Records() {
			fmt.Fprintf(&b, "%+v\n", r)
		}
	}
	return b.String()
}

// decodedLog appends typed events, as a program would that looks at each, and returns the
// log with the errors.
func decodedLog(events iter.Seq2[metrics.Event, error]) (*metrics.EventLog, []string) {
	log := new(metrics.EventLog)
	var errs []string
	for e, err := range events {
		if err == nil {
			err = log.Append(e)
		}
		if err != nil {
			errs = append(errs, err.Error())
		}
	}
	return log, errs
}

// loadedLog loads a file.
func loadedLog(in io.Reader) (*metrics.EventLog, []string) {
	log := new(metrics.EventLog)
	var errs []string
	for err := range log.Load(in) {
		errs = append(errs, err.Error())
	}
	return log, errs
}

// sameAsDecoded fails unless a file loads as its events decode one by one.
func sameAsDecoded(t *testing.T, in string) {
	t.Helper()
	decode := metrics.DecodeJSONLines
	if start := strings.TrimLeft(strings.TrimPrefix(in, "\xef\xbb\xbf"), " \t\r\n"); start != "" && start[0] != '{' {
		decode = metrics.DecodeCSV
	}
	want, wantErrs := decodedLog(decode(strings.NewReader(in)))
	got, errs := loadedLog(strings.NewReader(in))
	if !slices.Equal(errs, wantErrs) {
		t.Fatalf("%q:\nloaded  %q\ndecoded %q", in, errs, wantErrs)
	}
	if got, want := contents(got), contents(want); got != want {
		t.Fatalf("%q:\nloaded\n%s\ndecoded\n%s", in, got, want)
	}
}

// linesOf are events as JSON Lines and as CSV.
func linesOf(t testing.TB, events []metrics.Event) (jsonLines, rows []string) {
	t.Helper()
	for _, e := range events {
		r := metrics.RecordOf(e)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		jsonLines = append(jsonLines, string(text))
		var row bytes.Buffer
		w := csv.NewWriter(&row)
		if err := w.Write(cellsOf(r)); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		rows = append(rows, strings.TrimSuffix(row.String(), "\n"))
	}
	return jsonLines, rows
}

// Real lines with bytes changed, removed, put in and doubled are loaded as the strict
// parser reads them, errors and all.
func TestLoadAsDecoding(t *testing.T) {
	random := source(t)
	jsonLines, rows := linesOf(t, append(plausibleDesk(seed(t)), wireEvents()...))
	rounds := 1500
	if testing.Short() || raceEnabled {
		rounds = 150
	}
	for range rounds {
		text := jsonLines
		header := ""
		if random.IntN(2) == 0 {
			text, header = rows, csvHeader
		}
		var b strings.Builder
		b.WriteString(header)
		for range 1 + random.IntN(20) {
			line := text[random.IntN(len(text))]
			for range random.IntN(3) {
				line = mutated(random, line)
			}
			b.WriteString(line)
			b.WriteString(one(random, "\n", "\n", "\n", "\n", "\r\n", "\n\n", ""))
		}
		sameAsDecoded(t, b.String())
	}
}

// mutated changes a line at random, most often where something stands that means
// something.
func mutated(r *rand.Rand, line string) string {
	b := []byte(line)
	if len(b) == 0 {
		return "x"
	}
	at := r.IntN(len(b))
	if marks := strings.Count(line, `"`) + strings.Count(line, ","); marks > 0 && r.IntN(2) == 0 {
		for n := r.IntN(marks); ; at = (at + 1) % len(b) {
			if b[at] == '"' || b[at] == ',' {
				if n--; n < 0 {
					break
				}
			}
		}
	}
	some := func() []byte {
		return []byte(one(r, `"`, `\`, ",", "{", "}", ":", " ", "\t", "\r", "\x00", "\x7f", "\x80", "é", "\xef\xbb\xbf", "0", "9", "-", "T", "t", "Z", "+01:00",
			`\u00e9`, `""`, ",,", `"seq":3,`, `"channel":"chat",`, `"stars":0,`, "null", "x"))
	}
	switch r.IntN(5) {
	case 0:
		b[at] ^= 1 << r.IntN(8)
	case 1:
		b = slices.Delete(b, at, at+1)
	case 2:
		b = slices.Insert(b, at, some()...)
	case 3:
		b = slices.Replace(b, at, at+1, some()...)
	default:
		end := at + r.IntN(len(b)-at)
		b = slices.Insert(b, at, b[at:end]...)
	}
	return string(b)
}

// Lines by hand: what the quick parser must leave to the strict one.
func TestLoadLines(t *testing.T) {
	long := func(n int) string { return goodLine(strings.Repeat("x", n-len(goodLine("")))) }
	inputs := []string{
		"", "\n", " \r\n\t\n", "\xef\xbb\xbf", "\xef\xbb\xbf" + goodLine("a"), goodLine("a"), goodLine("a") + "\r\n", goodLine("a") + "\r\r\n" + goodLine("b"),
		goodLine("a") + "\n\n \n" + goodLine("b") + "\nx\n", "{ " + goodLine("a")[1:], goodLine("a") + " ", goodLine("a") + "{}", goodLine("é"), goodLine("\xff") + "\n" + goodLine("b"),
		strings.Replace(goodLine("a"), `"at"`, `"at" `, 1), strings.ReplaceAll(goodLine("a"), `":"`, `": "`), strings.ReplaceAll(goodLine("a"), `,"`, `, "`), strings.ReplaceAll(goodLine("a"), `,"`, `,  "`),
		long(1<<15-1) + "\n" + long(1<<15) + "\n", long(1<<16 - 1), long(1<<16-1) + "\n", long(1 << 16), long(1<<16) + "\n" + goodLine("b"), long(1<<16+1) + "\r\n" + goodLine("b"),
		goodLine("a") + "\n" + long(1<<18) + "\n" + goodLine("b"), goodLine("a") + "\n" + long(1<<20) + "\n" + goodLine("b") + "\nx", long(1<<18) + "\n" + goodLine("b"), long(1 << 19),
		csvHeader, csvHeader + "\n\n", "type,conversation,at\r\nopened,a,2026-03-02T09:00:00Z\r\n,,\n\"opened\",\"b,c\",\"2026-03-02T09:00:00Z\"\nopened,\"d\"\"e\",2026-03-02T09:00:00Z\nopened,f\"g,2026-03-02T09:00:00Z\n",
		"\xef\xbb\xbf\n \ntype,conversation,at\nx", "type,conversation\n", "type,conversation,at,at\n", "type,conversation,at,automated\n", "type,\"conversation\n", "type," + strings.Repeat("x", 1<<16) + "\nx\n", "type,\xff,at\nx",
		"type,conversation,at\nopened,a,2026-03-02T09:00:00Z,\nopened,a\nopened,a,2026-03-02T09:00:00\t\nopened,a\tb,2026-03-02 09:00:00+00\nopened,é,2026-03-02 09:00:00+00:00",
	}
	for _, tt := range refusedLines {
		inputs = append(inputs, goodLine("a")+"\n"+tt.line+"\n"+goodLine("b"))
	}
	for _, in := range inputs {
		sameAsDecoded(t, in)
	}
}

// A file of several pieces has the same numbers of lines and events, wherever it is cut.
func TestLoadInPieces(t *testing.T) {
	random := source(t)
	jsonLines, rows := linesOf(t, plausibleDesk(seed(t)))
	for _, form := range []struct {
		header string
		lines  []string
		decode func(io.Reader) iter.Seq2[metrics.Event, error]
	}{{"", jsonLines, metrics.DecodeJSONLines}, {csvHeader, rows, metrics.DecodeCSV}} {
		var b strings.Builder
		b.WriteString(form.header)
		for b.Len() < 700_000 {
			line := form.lines[random.IntN(len(form.lines))]
			if random.IntN(200) == 0 {
				line += "x"
			}
			fmt.Fprintln(&b, line)
		}
		want, wantErrs := decodedLog(form.decode(strings.NewReader(b.String())))
		got, errs := loadedLog(strings.NewReader(b.String()))
		if !slices.Equal(errs, wantErrs) || contents(got) != contents(want) {
			t.Error("pieces are loaded otherwise than decoded")
		}
		for _, r := range []io.Reader{iotest.HalfReader(strings.NewReader(b.String())), iotest.DataErrReader(strings.NewReader(b.String()))} {
			got, errs := loadedLog(r)
			if !slices.Equal(errs, wantErrs) || contents(got) != contents(want) {
				t.Error("what a reader gives at once makes a difference")
			}
		}
	}
}

// The events before a line at which the caller stops are in the log, and no others.
func TestLoadStops(t *testing.T) {
	in := goodLine("a") + "\nx\n" + goodLine("b") + "\ny\n" + goodLine("c") + "\n"
	for stop, want := range []int{1, 2} {
		var log metrics.EventLog
		for range log.Load(strings.NewReader(in)) {
			if stop--; stop < 0 {
				break
			}
		}
		if log.Len() != want {
			t.Errorf("%d events, want %d", log.Len(), want)
		}
	}
}

func TestLoadReaderFails(t *testing.T) {
	broken := errors.New("cable cut")
	for _, in := range []string{"", "{", goodLine("a"), goodLine("a") + "\n", goodLine("a") + "\n{", csvHeader, csvHeader + "x"} {
		want, wantErrs := decodedLog(metrics.DecodeJSONLines(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken))))
		if strings.HasPrefix(in, "type") {
			want, wantErrs = decodedLog(metrics.DecodeCSV(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken))))
		}
		got, errs := loadedLog(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)))
		if !slices.Equal(errs, wantErrs) || contents(got) != contents(want) {
			t.Errorf("%q: loaded %q, decoded %q", in, errs, wantErrs)
		}
	}
	var log metrics.EventLog
	for err := range log.Load(silent{}) {
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("a reader that gives nothing: %v", err)
		}
	}
}

// Pieces that are decoded by several goroutines, in any order, and used again are the same
// log.
func TestAppendPiece(t *testing.T) {
	jsonLines, _ := linesOf(t, plausibleDesk(seed(t)))
	in := strings.Repeat(strings.Join(jsonLines, "\n")+"\nx\n", 1+3<<18/len(strings.Join(jsonLines, "\n")))
	want, wantErrs := loadedLog(strings.NewReader(in))
	var got metrics.EventLog
	var errs []string
	pieces := metrics.NewPieces(strings.NewReader(in))
	kept := make([]metrics.Piece, 3)
	for more := true; more; {
		var filled int
		for more && filled < len(kept) {
			if err := pieces.Next(&kept[filled]); err == io.EOF {
				more = false
			} else if err != nil {
				t.Fatal(err)
			} else {
				filled++
			}
		}
		var all sync.WaitGroup
		for i := range filled - filled%2 { // the last one may be left to AppendPiece
			all.Go(kept[i].Decode)
		}
		all.Wait()
		for i := range filled {
			for _, err := range got.AppendPiece(&kept[i]) {
				errs = append(errs, err.Error())
			}
		}
	}
	if err := pieces.Next(&kept[0]); err != io.EOF {
		t.Errorf("after the end: %v", err)
	}
	if refused := got.AppendPiece(&kept[0]); refused != nil || got.AppendPiece(new(metrics.Piece)) != nil {
		t.Errorf("a piece of nothing is refused: %v", refused)
	}
	if !slices.Equal(errs, wantErrs) || contents(&got) != contents(want) {
		t.Error("pieces that were decoded apart make another log")
	}
}

// A log that is full of one kind of name takes the lines that need none.
func TestLoadFull(t *testing.T) {
	var in strings.Builder
	in.WriteString("type,conversation,at,channel\n")
	for i := range 1<<16 - 1 {
		fmt.Fprintf(&in, "opened,7,2026-03-02T09:00:00Z,channel %d\n", i)
	}
	in.WriteString("opened,7,2026-03-02T09:00:00Z,one more\nresumed,8,2026-03-02T09:00:00Z,one more\nx\nopened,8,2026-03-02T09:00:00Z,channel 7\n")
	log, errs := loadedLog(strings.NewReader(in.String()))
	if len(errs) != 2 || !strings.HasPrefix(errs[0], "line 65537: metrics: event log is full") || !strings.HasPrefix(errs[1], "line 65539: ") {
		t.Errorf("errors %q", errs)
	}
	if c, ok := log.Conversation("8"); !ok || c.Len() != 2 {
		t.Errorf("%d events of the conversation after it", c.Len())
	}
}

// What is no text of events is told, by every decoder.
func TestForeignFiles(t *testing.T) {
	line := goodLine("a")
	wide := func(text string) string {
		var b strings.Builder
		for i := range len(text) {
			b.WriteByte(text[i])
			b.WriteByte(0)
		}
		return b.String()
	}
	for _, tt := range []struct{ in, says string }{
		{"\x1f\x8b\x08\x00\x00", "gunzip"},
		{"\x28\xb5\x2f\xfd\x04\x00", "zstd"},
		{"\xfd7zXZ\x00", "xz -dc"},
		{"BZh91AY", "bunzip2"},
		{"PK\x03\x04\x14\x00", "spreadsheet"},
		{"PAR1\x15", "Parquet"},
		{"SQLite format 3\x00\x10", "DecodeRows"},
		{"\xff\xfe" + wide(line), "UTF-16"},
		{"\xfe\xff\x00" + wide(line), "UTF-16"},
		{wide(line), "UTF-16"},
		{"\x00" + wide(line), "UTF-16"},
		{"[" + line + "," + line + "]", "jq -c '.[]'"},
		{" \n[\n" + line + "\n]\n", "jq -c '.[]'"},
		{"{\n  \"type\": \"opened\"\n}\n", "jq -c '.'"},
		{"\xef\xbb\xbf{ \r\n", "jq -c '.'"},
		{"<!DOCTYPE html>\n", "HTML"},
		{strings.Repeat("\x00", 300), "zeros"},
		{"type,conversation,at\ropened,7,2026-03-02T09:00:00Z\r", "tr '\\r' '\\n'"},
	} {
		for name, seq := range map[string]iter.Seq2[metrics.Event, error]{
			"json": metrics.DecodeJSONLines(strings.NewReader(tt.in)), "csv": metrics.DecodeCSV(strings.NewReader(tt.in)),
		} {
			events, errs := decoded(seq)
			if len(events) > 0 || len(errs) != 1 || !errors.Is(errs[0], metrics.ErrFormat) || !strings.Contains(errs[0].Error(), tt.says) {
				t.Errorf("%q as %s: %d events, %v, want what says %q", tt.in, name, len(events), errs, tt.says)
			}
		}
		if log, errs := loadedLog(strings.NewReader(tt.in)); log.Len() > 0 || len(errs) != 1 || !strings.Contains(errs[0], tt.says) {
			t.Errorf("%q: loaded %d events, %q, want what says %q", tt.in, log.Len(), errs, tt.says)
		}
	}
	// Of a line that is not the first one nothing is known.
	if log, errs := loadedLog(strings.NewReader(line + "\n[\n{\n<\n" + line)); log.Len() != 1 || len(errs) != 3 {
		t.Errorf("later lines: %d events, %q", log.Len(), errs)
	}
	if log, errs := loadedLog(strings.NewReader("type,conversation,at\n[\nopened,7,2026-03-02T09:00:00Z\n")); log.Len() != 1 || len(errs) != 1 {
		t.Errorf("after a header: %d events, %q", log.Len(), errs)
	}
}

// What was taken up to an instant is what was appended with an instant up to it.
func TestTaken(t *testing.T) {
	properties := laws(t, 400)
	properties.Property("every delivery counts at its instant", prop.ForAll(func(steps []step, asOf int64, reads bool) bool {
		list := events(steps, false)
		log, n := new(metrics.EventLog), 0
		var earliest, latest time.Time
		has := make(map[metrics.Kind]bool)
		for _, e := range append(list, list[:len(list)/2]...) {
			r := metrics.RecordOf(e)
			at := r.At
			has[r.Type] = true
			if log.Append(e) != nil || reads && log.Len() == 0 {
				return false
			}
			if !at.After(time.Unix(0, asOf)) {
				n++
			}
			if at.After(latest) {
				latest = at
			}
			if earliest.IsZero() || at.Before(earliest) {
				earliest = at
			}
		}
		for k := metrics.KindOpened; k <= metrics.KindRetracted; k++ {
			if log.Has(k) != has[k] {
				return false
			}
		}
		return log.Taken(time.Unix(0, asOf)) == n && log.Latest().Equal(latest) && log.Earliest().Equal(earliest) && log.Taken(latest) == len(list)+len(list)/2
	}, genSteps(), genAt(), gen.Bool()))
	properties.TestingRun(t)
}

// silent gives nothing, and says no error.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }
