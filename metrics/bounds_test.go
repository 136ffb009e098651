package metrics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// allocated returns how many bytes a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// jsonForms are good texts of all that has a JSON form of its own, and what reads them.
func jsonForms(t testing.TB) map[string]struct {
	text string
	read func([]byte) error
} {
	log := logOf(t, wireEvents())
	reading := log.Read(metrics.Rules{Calendar: shifts{1, 2}}, nine.Add(time.Hour))
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	tracker := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[metrics.Channel] { return metrics.NewBreakdown(metrics.Facet.Channel) })
	for _, e := range wireEvents() {
		if err := tracker.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := tracker.Close(nine.Add(time.Hour), nil); n == 0 || err != nil {
		t.Fatalf("%d closed, %v", n, err)
	}
	state, err := tracker.State()
	if err := errors.Join(err, reading.Into(byChannel)); err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	return map[string]struct {
		text string
		read func([]byte) error
	}{
		"Summary":      {text(summaryOf(3, 5)), func(b []byte) error { return new(metrics.Summary).UnmarshalJSON(b) }},
		"long Summary": {plainTally{5: 3000, 70: 1 << 40}.json(), func(b []byte) error { return new(metrics.Summary).UnmarshalJSON(b) }},
		"Figures":      {text(reading.Figures()), func(b []byte) error { return new(metrics.Figures).UnmarshalJSON(b) }},
		"Breakdown":    {text(byChannel), func(b []byte) error { return metrics.NewBreakdown(metrics.Facet.Channel).UnmarshalJSON(b) }},
		"Rules":        {`{"by_start":true,"pause_stops_waits":["customer"],"short_abandon":"5s"}`, func(b []byte) error { return new(metrics.Rules).UnmarshalJSON(b) }},
		"HoldReasons":  {`["customer","parts"]`, func(b []byte) error { return new(metrics.HoldReasons).UnmarshalJSON(b) }},
		"Record":       {text(full(metrics.KindReplySent)), func(b []byte) error { return new(metrics.Record).UnmarshalJSON(b) }},
		"TrackerState": {text(state), func(b []byte) error {
			var read metrics.TrackerState
			if err := read.UnmarshalJSON(b); err != nil {
				return err
			}
			var restored metrics.Tracker[*metrics.Breakdown[metrics.Channel]]
			return restored.Restore(read)
		}},
	}
}

// TestJSONIsWhole calls each UnmarshalJSON directly, as encoding/json does only after it has
// looked at the whole text.
func TestJSONIsWhole(t *testing.T) {
	for name, form := range jsonForms(t) {
		for _, space := range []string{"", " ", "\n", "\r\n\t "} {
			if err := form.read([]byte(space + form.text + space)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for i := 0; i < len(form.text); i += 1 + len(form.text)/rounds(400) {
			if err := form.read([]byte(form.text[:i])); err == nil {
				t.Errorf("%s is read from its first %d bytes of %d: %s", name, i, len(form.text), form.text)
			}
		}
		for _, more := range []string{"x", " x", "{}", ",", "]", "}", "null", "\x00", "0"} {
			if err := form.read([]byte(form.text + more)); err == nil {
				t.Errorf("%s is read with %q after it", name, more)
			}
		}
	}
}

// TestJSONNames gives each name of each object twice, in capitals, and with another one
// beside it.
func TestJSONNames(t *testing.T) {
	for name, form := range jsonForms(t) {
		names, ratings := 0, regexp.MustCompile(`"ratings":\{[^}]*\}`).FindAllStringIndex(form.text, -1)
		for i := range form.text {
			if slices.ContainsFunc(ratings, func(at []int) bool { return i > at[0] && i < at[1] }) {
				continue // a form of package rating
			}
			end := strings.Index(form.text[i:], `":`)
			if form.text[i] != '"' || i == 0 || form.text[i-1] != '{' && form.text[i-1] != ',' || end < 0 || strings.ContainsAny(form.text[i+1:i+end], `",`) {
				continue
			}
			if names++; names%(1+200/rounds(200)) > 0 {
				continue
			}
			key := form.text[i+1 : i+end]
			for what, text := range map[string]string{
				"in capitals":       form.text[:i+1] + strings.ToUpper(key) + form.text[i+end:],
				"beside an unknown": form.text[:i] + `"unknown":0,` + form.text[i:],
				"twice":             form.text[:i] + `"` + key + `":null,` + form.text[i:],
			} {
				err := form.read([]byte(text))
				// A channel or a reason may have any name.
				any := what == "in capitals" && slices.Contains([]string{"", "email", "chat", "phone", "customer", "third_party", "parts", "talk", "wrap_up", "web", "sms"}, key)
				if err == nil && !any {
					t.Errorf("%s with %q %s is read: %s", name, key, what, text)
				}
			}
		}
		if names == 0 && name != "HoldReasons" {
			t.Errorf("%s has no names: %s", name, form.text)
		}
	}
}

// caseless is a key that is read in small and capital letters.
type caseless string

func (c *caseless) UnmarshalText(text []byte) error {
	*c = caseless(strings.ToLower(string(text)))
	return nil
}

// TestBreakdownOfNamesOfOneKey gives names that differ and are read as one key.
func TestBreakdownOfNamesOfOneKey(t *testing.T) {
	const one, two = `{"cases":1}`, `{"cases":2}`
	number, letters := func(b []byte) error {
		var read metrics.Breakdown[int8]
		if err := read.UnmarshalJSON([]byte(`{"7":{"cases":7}}`)); err != nil {
			return err
		}
		err := read.UnmarshalJSON(b)
		if err != nil && (read.Total().Cases != 7 || read.Group(7).Cases != 7) {
			t.Errorf("%s is refused, and %d cases are left of 7", b, read.Total().Cases)
		}
		if err == nil && read.Total().Cases != 3 {
			t.Errorf("%s has %d cases, want 3", b, read.Total().Cases)
		}
		return err
	}, func(b []byte) error { return new(metrics.Breakdown[caseless]).UnmarshalJSON(b) }
	for _, tt := range []struct {
		read func([]byte) error
		text string
		ok   bool
	}{
		{number, `{"1":` + one + `,"2":` + two + `}`, true},
		{number, `{"1":` + one + `,"-1":` + two + `}`, true},
		{number, `{"01":` + one + `,"-0":` + two + `,"7":null}`, true},
		{number, `{"1":` + one + `,"01":` + two + `}`, false},
		{number, `{"+1":` + two + `,"1":` + one + `}`, false},
		{number, `{"0":` + one + `,"-0":` + two + `}`, false},
		{number, `{"1":` + one + `,"2":` + two + `,"002":null}`, false},
		{letters, `{"a":` + one + `,"B":` + two + `}`, true},
		{letters, `{"a":` + one + `,"A":` + two + `}`, false},
	} {
		if err := tt.read([]byte(tt.text)); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.text, err)
		} else if err != nil && !regexp.MustCompile(`^metrics: breakdown: (2 names for 1 groups|3 names for 2 groups)$`).MatchString(err.Error()) {
			t.Errorf("%s: %v", tt.text, err)
		}
	}
}

// TestManyDigits reads numbers of a megabyte, for which big.Int would take seconds.
func TestManyDigits(t *testing.T) {
	digits := strings.Repeat("9", 1<<20)
	form := jsonForms(t)
	for _, tt := range []struct{ name, text string }{
		{"Summary", `{"n":0,"sum_ns":` + digits + `,"min_ns":null,"max_ns":null}`},
		{"Summary", `{"n":0,"sum_ns":-` + digits + `,"min_ns":null,"max_ns":null}`},
		{"Summary", `{"n":0,"sum_ns":0.` + digits + `,"min_ns":null,"max_ns":null}`},
		{"Summary", `{"n":0,"sum_ns":1e` + digits + `,"min_ns":null,"max_ns":null}`},
		{"Summary", `{"n":` + digits + `,"sum_ns":0,"min_ns":null,"max_ns":null}`},
		{"Summary", `{"n":1,"sum_ns":0,"min_ns":0,"max_ns":0,"values_ns":[` + digits + `]}`},
		{"Summary", `{"n":1,"sum_ns":0,"min_ns":0,"max_ns":0,"buckets":[[` + digits + `,1]]}`},
		{"Figures", `{"cases":` + digits + `}`},
		{"Figures", `{"handle_time":{"n":0,"sum_ns":` + digits + `}}`},
		{"Figures", `{"` + digits + `":1}`},
		{"Breakdown", `{"email":{"cases":` + digits + `}}`},
		{"Breakdown", `{"email":{"elapsed":{"response":{"n":0,"sum_ns":` + digits + `}}}}`},
		{"TrackerState", `{"events":[{"seq":` + digits + `}]}`},
		{"TrackerState", `{"events":[{"stars":` + digits + `}]}`},
		{"TrackerState", `{"settled":{},"` + digits + `":0}`},
		{"Rules", `{"by_start":` + digits + `}`},
		{"Rules", `{"short_abandon":"` + digits + `s"}`},
		{"HoldReasons", digits},
		{"HoldReasons", `[` + digits + `]`},
		{"Record", `{"seq":` + digits + `}`},
		{"Record", `{"took":"` + digits + `s"}`},
		{"Record", `{"took":"` + strings.Repeat(":", 1<<20) + `"}`},
	} {
		var err error
		bytes := allocated(func() { err = form[tt.name].read([]byte(tt.text)) })
		if err == nil {
			t.Errorf("%s is read from %.40s", tt.name, tt.text)
		} else if len(err.Error()) > 1000 {
			t.Errorf("%s: an error of %d bytes for %.40s", tt.name, len(err.Error()), tt.text)
		}
		if limit := uint64(40 * len(tt.text)); bytes > limit {
			t.Errorf("%s: %d bytes for the %d of %.40s", tt.name, bytes, len(tt.text), tt.text)
		}
	}
}

func TestManyReasons(t *testing.T) {
	list := func(n int) string { return `["r"` + strings.Repeat(`,"r"`, n-1) + `]` }
	var r metrics.HoldReasons
	if err := r.UnmarshalJSON([]byte(list(1000))); err != nil {
		t.Error(err)
	}
	r = "before"
	if err := r.UnmarshalJSON([]byte(list(1001))); err == nil || r != "before" {
		t.Errorf("1001 reasons: %v, now %.20s", err, r)
	}
	if err := r.UnmarshalJSON([]byte(" null ")); err != nil || r != "before" {
		t.Errorf("null: %v, now %s", err, r)
	}
}

// TestFullSummary has room for three durations more.
func TestFullSummary(t *testing.T) {
	most := plainTally{5: math.MaxInt64 - 3}
	durations := func(n int) []time.Duration { return slices.Repeat([]time.Duration{7}, n) }
	for _, read := range []bool{true, false} {
		for name, tt := range map[string]struct {
			more func(s *metrics.Summary)
			want plainTally
		}{
			"Add":               {func(s *metrics.Summary) { s.Add(7) }, plainTally{7: 1}},
			"Add three":         {func(s *metrics.Summary) { s.Add(7); s.Add(7); s.Add(7) }, plainTally{7: 3}},
			"Add four":          {func(s *metrics.Summary) { s.Add(7); s.Add(7); s.Add(7); s.Add(7) }, plainTally{7: 3}},
			"AddAll of three":   {func(s *metrics.Summary) { s.AddAll(durations(3)) }, plainTally{7: 3}},
			"AddAll of four":    {func(s *metrics.Summary) { s.AddAll(durations(4)) }, plainTally{}},
			"AddAll of many":    {func(s *metrics.Summary) { s.AddAll(durations(2000)) }, plainTally{}},
			"one and three":     {func(s *metrics.Summary) { s.Add(7); s.AddAll(durations(3)) }, plainTally{7: 1}},
			"two and one":       {func(s *metrics.Summary) { s.AddAll(durations(2)); s.Add(7) }, plainTally{7: 3}},
			"Merge":             {func(s *metrics.Summary) { s.Merge(summaryOf(7, 7, 7)) }, plainTally{7: 3}},
			"Merge of four":     {func(s *metrics.Summary) { s.Merge(summaryOf(7, 7, 7, 7)) }, plainTally{}},
			"Merge of many":     {func(s *metrics.Summary) { s.Merge(plainTally{7: 1025}.summary(true)) }, plainTally{}},
			"Merge with itself": {func(s *metrics.Summary) { s.Merge(s) }, plainTally{}},
			"Merge into a few": {func(s *metrics.Summary) {
				few := summaryOf(7, 7, 7)
				few.Merge(s)
				*s = *few
			}, plainTally{7: 3}},
			"Merge into four": {func(s *metrics.Summary) {
				few := summaryOf(7, 7, 7, 7)
				few.Merge(s)
				if few.Count() != 4 {
					panic(few.Count())
				}
			}, plainTally{}},
		} {
			s := most.summary(read)
			tt.more(s)
			want := plainTally{}
			want.merge(most)
			want.merge(tt.want)
			if text := want.check(s); text != "" {
				t.Errorf("%s: %s", name, text)
			}
			if mean, _ := s.Mean(); mean < 5 || mean > 7 {
				t.Errorf("%s: the mean is %v", name, mean)
			}
			again := new(metrics.Summary)
			if err := again.UnmarshalBinary([]byte(binaryForm(s))); err != nil {
				t.Errorf("%s: what comes out is refused: %v", name, err)
			}
		}
	}
	// A summary merged with itself again and again never wraps.
	s := metrics.Summary{}
	s.AddAll(durations(2000))
	for range 80 {
		s.Merge(&s)
	}
	if s.Count() != 2000<<52 {
		t.Errorf("doubled 80 times there are %d", s.Count())
	}
}

// TestFullFigures merges figures of counts such as no desk has.
func TestFullFigures(t *testing.T) {
	half := plainTally{5: 1 << 62}.summary(true)
	for name, f := range map[string]metrics.Figures{
		"cases":       {Cases: 1 << 62},
		"a volume":    {Volume: metrics.Volume{Automated: 1 << 62}},
		"replies":     {RepliesToResolve: stat.Ratio{Part: 1<<62 - 1, Whole: 1}},
		"requests":    {Requests: metrics.Requests{Pending: 1 << 62}},
		"a mix":       {Moved: 1 << 60, Reopens: 1 << 61, Waited: 1 << 60},
		"responses":   {Elapsed: metrics.Times{Response: *half}},
		"of two":      {Elapsed: metrics.Times{Response: *half, FirstResponse: *half}},
		"in hours":    {InHours: metrics.Times{Active: *half}},
		"holds":       {Elapsed: metrics.Times{OnHold: map[metrics.HoldReason]metrics.Summary{"parts": *half}}},
		"handle time": {HandleTime: *half},
		"an activity": {Handling: map[metrics.Activity]metrics.Summary{"talk": *half}},
	} {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := f.MarshalBinary()
		read, other := new(metrics.Figures), new(metrics.Figures)
		if err := errors.Join(read.UnmarshalJSON(text), other.UnmarshalBinary(data)); err != nil || !same(read, &f) || !same(other, &f) {
			t.Errorf("%s: half of the most is refused: %v", name, err)
			continue
		}
		if err := read.Merge(other); !errors.Is(err, stat.ErrCount) || !same(read, &f) {
			t.Errorf("%s: twice that: %v, %s", name, err, string(text))
		}
		if err := read.Merge(&metrics.Figures{Cases: 7}); err != nil {
			t.Errorf("%s and a few: %v", name, err)
		}
		group := func(n int) string {
			list := make([]string, n)
			for i := range list {
				list[i] = fmt.Sprintf("%q:%s", fmt.Sprint("group ", i), text)
			}
			return "{" + strings.Join(list, ",") + "}"
		}
		b, more := metrics.NewBreakdown(metrics.Facet.Channel), metrics.NewBreakdown(metrics.Facet.Channel)
		if err := b.UnmarshalJSON([]byte(group(2))); !errors.Is(err, stat.ErrCount) || len(slices.Collect(b.Keys())) != 0 {
			t.Errorf("%s in two groups: %v", name, err)
		}
		if err := errors.Join(b.UnmarshalJSON([]byte(group(1))), more.UnmarshalJSON([]byte(group(1)))); err != nil {
			t.Errorf("%s in one group: %v", name, err)
			continue
		}
		if err := b.Merge(more); !errors.Is(err, stat.ErrCount) {
			t.Errorf("%s merged: %v", name, err)
		}
		if !same(b.Total(), b.Group("group 0")) {
			t.Errorf("%s: what was refused is counted", name)
		}
		// A few more have room, and then it can still be stored.
		log := logOf(t, []metrics.Event{metrics.Opened{Conversation: "more", At: nine, Channel: "group 0"}})
		if err := log.Read(metrics.Rules{}, nine).Into(b); err != nil {
			t.Errorf("%s and a conversation: %v", name, err)
		}
		stored, err := json.Marshal(b)
		if again := metrics.NewBreakdown(metrics.Facet.Channel); err != nil || again.UnmarshalJSON(stored) != nil {
			t.Errorf("%s: what comes out is refused: %v", name, err)
		} else if err := log.Read(metrics.Rules{ByStart: true}, nine).Into(again); name != "responses" && !errors.Is(err, stat.ErrCount) {
			t.Errorf("%s: more than half of the most, and a conversation: %v", name, err)
		}
	}
	one, err := rating.NewDistribution([5]int64{1})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]metrics.Figures{
		"a negative count":      {Backlog: -1},
		"a negative share":      {OneTouch: stat.Ratio{Part: -1}},
		"negative requests":     {Requests: metrics.Requests{Replaced: -1}},
		"a sum beyond the most": {Cases: math.MaxInt64, Moved: 1},
		"and one rating":        {Cases: math.MaxInt64, Ratings: one},
	} {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := f.MarshalBinary()
		read := metrics.Figures{Cases: 7}
		if err := read.UnmarshalJSON(text); !errors.Is(err, stat.ErrCount) || read.Cases != 7 {
			t.Errorf("%s by JSON: %v", name, err)
		}
		if err := read.UnmarshalBinary(data); !errors.Is(err, stat.ErrCount) || !errors.Is(err, metrics.ErrBinary) || read.Cases != 7 {
			t.Errorf("%s by bytes: %v", name, err)
		}
		if err := read.Merge(&f); !errors.Is(err, stat.ErrCount) || read.Cases != 7 {
			t.Errorf("%s merged: %v", name, err)
		}
		if err := f.Merge(&read); !errors.Is(err, stat.ErrCount) {
			t.Errorf("%s merged into: %v", name, err)
		}
	}
}

func TestFiguresOfInstants(t *testing.T) {
	for text, want := range map[string]string{
		`{"as_of":"2026-03-02T09:00:00+01:00"}`:                  "2026-03-02 08:00:00 +0000 UTC",
		`{"as_of":"1969-12-31T23:59:59.999999999Z"}`:             "1969-12-31 23:59:59.999999999 +0000 UTC",
		`{"as_of":"2262-01-01T00:00:00Z","settled":true}`:        "2262-01-01 00:00:00 +0000 UTC",
		`{"as_of":"0001-01-01T00:00:00Z"}`:                       "0001-01-01 00:00:00 +0000 UTC",
		`{"as_of":"1969-12-31T23:59:59.999999998Z"}`:             "",
		`{"as_of":"2262-01-01T00:00:00.000000001Z"}`:             "",
		`{"as_of":"9999-12-31T23:59:59Z"}`:                       "",
		`{"settled":true}`:                                       "",
		`{"as_of":"0001-01-01T00:00:00Z","settled":true}`:        "",
		`{"as_of":"2026-03-02T09:00:00+01:00","settled":"true"}`: "",
	} {
		f := metrics.Figures{Cases: 7}
		err := f.UnmarshalJSON([]byte(text))
		if want == "" && (err == nil || f.Cases != 7) || want != "" && (err != nil || f.AsOf.String() != want || f.Cases != 0) {
			t.Errorf("%s: %v, %v", text, err, f.AsOf)
		}
	}
	f := metrics.Figures{Cases: 7}
	if err := f.UnmarshalJSON([]byte(" null")); err != nil || f.Cases != 7 {
		t.Errorf("null: %v, %d cases", err, f.Cases)
	}
}

// TestFullTop counts no further than to the greatest count.
func TestFullTop(t *testing.T) {
	top := metrics.NewTop(2, func(a, b int) int { return a - b })
	for i := range 3 {
		top.Add(i)
	}
	for range 70 {
		top.Merge(top)
	}
	top.Add(9)
	top.Add(0)
	if top.Count() != math.MaxInt64 || !slices.Equal(top.List(), []int{0, 0}) {
		t.Errorf("%d values, %v", top.Count(), top.List())
	}
}
