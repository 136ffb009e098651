package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
	"github.com/servicequality/servicequality/survey"
)

// attacks are all there are.
func attacks() []attack {
	all := holidayAttacks()
	all = append(all, eventAttacks()...)
	all = append(all, configAttacks()...)
	all = append(all, storedAttacks()...)
	all = append(all, numberAttacks()...)
	return append(all, programAttacks()...)
}

// repeated writes a text n times.
func repeated(text string) func(io.Writer, int) {
	return between("", text, "")
}

// between writes a text n times, with others before and after it.
func between(before, text, after string) func(io.Writer, int) {
	return func(w io.Writer, n int) {
		out := bufio.NewWriterSize(w, 1<<16)
		defer out.Flush() // whoever reads may end earlier
		out.WriteString(before)
		for range n {
			if _, err := out.WriteString(text); err != nil {
				return
			}
		}
		out.WriteString(after)
	}
}

// each writes n texts, by their number.
func each(text func(i int) string) func(io.Writer, int) {
	return func(w io.Writer, n int) {
		out := bufio.NewWriterSize(w, 1<<16)
		defer out.Flush() // whoever reads may end earlier
		for i := range n {
			if _, err := out.WriteString(text(i)); err != nil {
				return
			}
		}
	}
}

// told says what came of an error that is as good as any other answer.
func told(err error) string {
	if err == nil {
		return "accepted"
	}
	return err.Error()
}

const (
	feedBegin = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
	feedEnd   = "\nEND:VEVENT\nEND:VCALENDAR\n"
)

// feed reads a holiday feed.
func feed(first, last int) func(io.Reader) (string, error) {
	return func(r io.Reader) (string, error) {
		holidays, err := calendar.ReadHolidays(r, first, last)
		if err != nil {
			return told(err), nil
		}
		return fmt.Sprintf("%d holidays", len(holidays)), nil
	}
}

func holidayAttacks() []attack {
	days := func(w io.Writer, n int) {
		out := bufio.NewWriter(w)
		defer out.Flush() // whoever reads may end earlier
		out.WriteString(feedBegin + "DTSTART:20000101\nDURATION:P366D")
		start := time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
		for range 4 {
			out.WriteString("\nRDATE:")
			for i := range n {
				if i > 0 {
					out.WriteByte(',')
				}
				out.WriteString(start.AddDate(0, 0, i%109_000).Format("20060102"))
			}
		}
		out.WriteString(feedEnd)
	}
	list := func(name string) func(io.Writer, int) {
		of := map[string]string{"BYDAY": "53MO", "BYMONTHDAY": "31", "BYMONTH": "12"}[name]
		return between(feedBegin+"DTSTART:19000101\nRRULE:FREQ=YEARLY;"+name+"=", of+",", of+feedEnd)
	}
	event := "BEGIN:VEVENT\nDTSTART:19000101\nDURATION:P366D\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
	return []attack{
		{name: "holidays: 4 lines of 110,000 dates, each of a year", input: days, size: 110_000, small: 20, read: feed(1900, 2199)},
		{name: "holidays: one date 100,001 times", size: 100_000, small: 30, read: feed(2026, 2026),
			input: between(feedBegin+"DTSTART:19000101\nDURATION:P366D\nRDATE:", "20260101,", "20260101"+feedEnd)},
		{name: "holidays: 200,000 weekdays in a rule", input: list("BYDAY"), size: 200_000, small: 20, read: feed(1900, 2199)},
		{name: "holidays: 200,000 days of months in a rule", input: list("BYMONTHDAY"), size: 200_000, small: 20, read: feed(1900, 2199)},
		{name: "holidays: 200,000 months in a rule", input: list("BYMONTH"), size: 200_000, small: 20, read: feed(1900, 2199)},
		{name: "holidays: 5,000 events of each day of a year", size: 5000, small: 5, read: feed(2026, 2026),
			input: between("BEGIN:VCALENDAR\n", event, "END:VCALENDAR\n")},
		{name: "holidays: 5,000 events of each day of 300 years", size: 5000, small: 2, read: feed(1900, 2199),
			input: between("BEGIN:VCALENDAR\n", event, "END:VCALENDAR\n")},
		{name: "holidays: a line of 100 MB", size: 100_000_000, small: 10_000, read: feed(2026, 2026), input: between(feedBegin+"SUMMARY:", "x", feedEnd)},
		{name: "holidays: 10,000,000 folds of a line", size: 10_000_000, small: 1000, read: feed(2026, 2026), input: between(feedBegin+"SUMMARY:", "x\n ", feedEnd)},
	}
}

// counts decodes events, and keeps none.
func counts(csv bool) func(io.Reader) (string, error) {
	return func(r io.Reader) (string, error) {
		decode := metrics.DecodeJSONLines
		if csv {
			decode = metrics.DecodeCSV
		}
		good, bad, first := 0, 0, ""
		for _, err := range decode(r) {
			if err == nil {
				good++
			} else if bad++; bad == 1 {
				first = err.Error()
			}
		}
		if len(first) > 1000 {
			return "", fmt.Errorf("an error of %d bytes", len(first))
		}
		return fmt.Sprintf("%d events, %d errors, first: %.80s", good, bad, first), nil
	}
}

// logged loads events, and reads them by rules.
func logged(rules metrics.Rules) func(io.Reader) (string, error) {
	return func(r io.Reader) (string, error) {
		log := new(metrics.EventLog)
		for err := range log.Load(r) {
			return "", err
		}
		f := log.Read(rules, log.Latest().AddDate(1, 0, 0)).Figures()
		return fmt.Sprintf("%d events of %d conversations", log.Len(), f.Conversations), nil
	}
}

var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// cycles writes n times the kinds of events in one conversation.
func cycles(kinds ...string) func(io.Writer, int) {
	return each(func(i int) string {
		var lines strings.Builder
		for k, kind := range kinds {
			fmt.Fprintf(&lines, `{"type":%q,"conversation":"1","at":%q}`+"\n", kind, start.Add(time.Duration(10*i+k)*time.Second).Format(time.RFC3339))
		}
		return lines.String()
	})
}

func eventAttacks() []attack {
	ids := each(func(i int) string {
		return fmt.Sprintf(`{"type":"opened","conversation":"%065000d","at":"2026-03-02T09:00:00Z"}`+"\n", i)
	})
	return []attack{
		{name: "events: a line of 200 MB without end, JSON", input: between("{", "a", ""), size: 200_000_000, small: 100_000, read: counts(false)},
		{name: "events: a line of 200 MB without end, CSV", input: between("type,conversation,at\n", "a", ""), size: 200_000_000, small: 100_000, read: counts(true)},
		{name: "events: a header of 200 MB", input: repeated("a"), size: 200_000_000, small: 100_000, read: counts(true)},
		{name: "events: 200 MB of NUL", input: repeated("\x00"), size: 200_000_000, small: 100_000, read: counts(false)},
		{name: "events: 20,000,000 empty lines", input: repeated("\n"), size: 20_000_000, small: 10_000, read: counts(false)},
		{name: "events: 2,000,000 lines of nonsense", input: repeated("{\"\n"), size: 2_000_000, small: 1000, read: counts(false)},
		{name: "events: 20,000 names of 65,000 bytes", input: ids, size: 20_000, small: 3, read: counts(false)},
		{name: "events: 40,000 cycles with pauses in a conversation", input: cycles("message_received", "paused", "resolved"), size: 40_000, small: 100, read: logged(metrics.Rules{})},
		{name: "events: 120,000 cycles with pauses that stop waits", size: 120_000, small: 100, read: logged(metrics.Rules{PauseStopsWaits: metrics.AnyReason}),
			input: cycles("message_received", "paused", "resumed", "reply_sent", "resolved")},
		{name: "events: 100,000 pauses in one wait", size: 100_000, small: 100, read: logged(metrics.Rules{PauseStopsWaits: metrics.AnyReason}),
			input: func(w io.Writer, n int) {
				cycles("message_received")(w, 1)
				cycles("opened", "paused", "resumed")(w, n)
			}},
		{name: "events: 100,000 conversations merged in a chain", input: each(func(i int) string {
			return fmt.Sprintf(`{"type":"message_received","conversation":"%d","at":"2026-03-02T09:00:00Z"}`+"\n"+
				`{"type":"merged","conversation":"%d","at":"2026-03-02T10:00:00Z","into":"%d"}`+"\n", i, i, i+1)
		}), size: 100_000, small: 100, read: logged(metrics.Rules{})},
		{name: "events: 100,000 versions of one event", input: each(func(i int) string {
			return fmt.Sprintf(`{"type":"rating_given","conversation":"1","id":"r","at":%q,"stars":%d}`+"\n", start.Add(time.Duration(i)*time.Second).Format(time.RFC3339), 1+i%5)
		}), size: 100_000, small: 100, read: logged(metrics.Rules{})},
		{name: "events: 100,000 events at one instant", input: each(func(i int) string {
			return fmt.Sprintf(`{"type":%q,"conversation":"1","id":"%d","at":"2026-03-02T09:00:00Z"}`+"\n", []string{"message_received", "reply_sent", "paused", "resumed", "resolved", "reopened"}[i%6], i)
		}), size: 100_000, small: 100, read: logged(metrics.Rules{})},
		{name: "events: 65,535 channels, and then those of a desk", read: channels, input: each(func(i int) string { return "" }), size: 1},
	}
}

// channels fills a log with channels, after which all events are taken that bring no new
// one.
func channels(io.Reader) (string, error) {
	log := new(metrics.EventLog)
	refused := 0
	for i := range 70_000 {
		err := log.Append(metrics.MessageReceived{Conversation: "a", At: start, Channel: metrics.Channel(fmt.Sprint("c", i))})
		switch {
		case err == nil:
		case errors.Is(err, metrics.ErrFull):
			refused++
		default:
			return "", err
		}
	}
	if refused == 0 || refused > 70_000-65_000 {
		return "", fmt.Errorf("%d of 70,000 channels were refused", refused)
	}
	later := start.Add(time.Hour)
	for _, e := range []metrics.Event{
		metrics.ReplySent{Conversation: "a", At: later},
		metrics.MessageReceived{Conversation: "b", At: later, Channel: "c1"},
		metrics.MessageReceived{Conversation: "c", At: later},
		metrics.MessageReceived{Conversation: "a", ID: "1", At: later},
		metrics.ReplySent{Conversation: "a", At: later, Agent: "x"},
		metrics.Assigned{Conversation: "a", At: later, Team: "y"},
		metrics.Paused{Conversation: "a", At: later, For: "parts"},
		metrics.Prioritized{Conversation: "a", At: later, Priority: "high"},
	} {
		if err := log.Append(e); err != nil {
			return "", fmt.Errorf("%+v: %w", e, err)
		}
	}
	return fmt.Sprintf("%d channels refused, and no other event", refused), nil
}

// decodes reads JSON into a value. Whether it is accepted is no matter.
func decodes[T any](r io.Reader) (string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	var value T
	err = json.Unmarshal(data, &value)
	if err != nil && len(err.Error()) > 10_000 {
		return "", fmt.Errorf("an error of %d bytes", len(err.Error()))
	}
	return told(err), nil
}

func configAttacks() []attack {
	config := func(r io.Reader) (string, error) {
		var c calendar.Config
		data, err := io.ReadAll(r)
		if err == nil {
			err = json.Unmarshal(data, &c)
		}
		if err != nil {
			return told(err), nil
		}
		_, err = calendar.New(c)
		return told(err), nil
	}
	const open = `{"timezone":"UTC","weekly":{"mon":[["09:00","17:00"]]}`
	return []attack{
		{name: "config: 200,000 recurring holidays", input: between(open+`,"recurring_holidays":["12-25"`, `,"12-25"`, "]}"), size: 200_000, small: 30, read: config},
		{name: "config: 200,000 holidays", input: between(open+`,"holidays":["2026-12-25"`, `,"2026-12-25"`, "]}"), size: 200_000, small: 30, read: config},
		{name: "config: 200,000 windows of a day", input: between(`{"timezone":"UTC","weekly":{"mon":[["09:00","09:01"]`, `,["09:00","09:01"]`, "]}}"), size: 200_000, small: 30, read: config},
		{name: "config: a zone of 5 MB", input: between(`{"timezone":"`, "x", `"}`), size: 5_000_000, small: 10_000, read: config},
		{name: "config: 1,000,000 brackets", input: between(`{"weekly":`, "[", ""), size: 1_000_000, small: 1000, read: config},
		{name: "policy: 20,000 targets", input: between(`{"targets":[{"measure":"next_response","within":"1h"}`, `,{"measure":"next_response","within":"1h"}`, "]}"), size: 20_000, small: 30, read: decodes[standards.Policy]},
		{name: "policy: 200,000 channels of a target", input: between(`{"targets":[{"measure":"next_response","within":"1h","channels":["chat"`, `,"chat"`, "]}]}"), size: 200_000, small: 30, read: decodes[standards.Policy]},
		{name: "policy: 200,000 escalations of a target", input: between(`{"targets":[{"measure":"next_response","within":"1h","escalations":[{"after":"1m"}`, `,{"after":"1m"}`, "]}]}"), size: 200_000, small: 30, read: decodes[standards.Policy]},
		{name: "policy: a goal of 4,000,000 digits", input: between(`{"targets":[{"measure":"next_response","within":"1h","goal":"`, "9", `%"}]}`), size: 4_000_000, small: 1000, read: decodes[standards.Policy]},
		{name: "policy: a time of 4,000,000 digits", input: between(`{"targets":[{"measure":"next_response","within":"`, "9", `h"}]}`), size: 4_000_000, small: 1000, read: decodes[standards.Policy]},
		{name: "rules: 200,000 reasons", input: between(`{"pause_stops_waits":["a"`, `,"a"`, "]}"), size: 200_000, small: 30, read: decodes[metrics.Rules]},
		{name: "scorecard: 20,000 criteria", size: 20_000, small: 30, read: decodes[rating.Scorecard],
			input: func(w io.Writer, n int) {
				io.WriteString(w, `{"pass_mark":"80","criteria":[{"id":"a","weight":"1","min":0,"max":1}`)
				each(func(i int) string { return fmt.Sprintf(`,{"id":"c%d","weight":"1","min":0,"max":1}`, i) })(w, n)
				io.WriteString(w, "]}")
			}},
		{name: "scorecard: a weight of 4,000,000 digits", input: between(`{"pass_mark":"80","criteria":[{"id":"a","weight":"`, "9", `","min":0,"max":1}]}`), size: 4_000_000, small: 1000, read: decodes[rating.Scorecard]},
		{name: "scorecard: a mark of 1e2147483647", input: between(`{"pass_mark":1e2147483647,"criteria":[{"id":"a","weight":1e2147483647,"min":0,"max":1}]}`, "", ""), size: 1, small: 1, read: decodes[rating.Scorecard]},
		{name: "config: text that is cut or goes on, taken directly", input: repeated(""), size: 1, read: func(io.Reader) (string, error) { return direct() }},
	}
}

// direct gives readers of JSON text that is cut or goes on, without package json before
// them, which would refuse it.
func direct() (string, error) {
	refused := 0
	for _, tt := range []struct {
		into  json.Unmarshaler
		whole string
	}{
		{new(calendar.Config), `{"timezone":"UTC","weekly":{"mon":[["09:00","17:00"]]}}`},
		{new(standards.Policy), `{"targets":[{"measure":"next_response","within":"1h"}]}`},
		{new(metrics.Summary), `{"n":1,"sum_ns":1,"min_ns":1,"max_ns":1,"values_ns":[1]}`},
		{new(metrics.Record), `{"type":"opened","conversation":"1","at":"2026-03-02T09:00:00Z"}`},
		{new(rating.Distribution), `{"n":1,"stars":[1,0,0,0,0],"mean":"1","tier":"disappointing"}`},
	} {
		if err := json.Unmarshal([]byte(tt.whole), tt.into); err != nil {
			return "", fmt.Errorf("%T: %w", tt.into, err)
		}
		for _, broken := range []string{tt.whole[:len(tt.whole)-1], tt.whole[:len(tt.whole)-1] + "]", tt.whole + " garbage", tt.whole + "}", tt.whole + tt.whole, ""} {
			if tt.into.UnmarshalJSON([]byte(broken)) == nil {
				return "", fmt.Errorf("%T takes %q", tt.into, broken)
			}
			refused++
		}
	}
	return fmt.Sprintf("%d texts refused", refused), nil
}

// digits writes a number of n digits into a text.
func digits(text string) func(io.Writer, int) {
	before, after, _ := strings.Cut(text, "#")
	return between(before, "9", after)
}

func storedAttacks() []attack {
	one := func(name, text string, read func(io.Reader) (string, error)) attack {
		return attack{name: name + " of 4,000,000 digits", input: digits(text), size: 4_000_000, small: 1000, read: read}
	}
	return []attack{
		one("stored: a sum", `{"n":1,"sum_ns":#,"min_ns":1,"max_ns":1,"values_ns":[1]}`, decodes[metrics.Summary]),
		one("stored: a count", `{"n":#,"sum_ns":1,"min_ns":1,"max_ns":1,"values_ns":[1]}`, decodes[metrics.Summary]),
		one("stored: the open time of a row", `{"period":"2026-03","open_ns":#}`, decodes[flow.Row]),
		one("stored: the sum of reviews", `{"n":1,"passed":1,"auto_failed":0,"sum":"#","squares":"1","mean":"1"}`, decodes[rating.ReviewTally]),
		one("stored: the mean of reviews", `{"n":1,"passed":1,"auto_failed":0,"sum":"1","squares":"1","mean":"#"}`, decodes[rating.ReviewTally]),
		one("stored: the mean of stars", `{"n":1,"stars":[1,0,0,0,0],"mean":#,"tier":null}`, decodes[rating.Distribution]),
		one("stored: answers", `{"scale":"1-5","counts":[#]}`, decodes[survey.Answers]),
		{name: "stored: values of a summary, 2,000,000", input: between(`{"n":1,"sum_ns":1,"min_ns":1,"max_ns":1,"values_ns":[1`, ",1", "]}"), size: 2_000_000, small: 1000, read: decodes[metrics.Summary]},
		{name: "stored: figures with negative counts", input: repeated(""), size: 1, read: func(io.Reader) (string, error) { return figures() }},
		{name: "stored: counts near 2^63 that are merged", input: repeated(""), size: 1, small: 1, read: func(io.Reader) (string, error) { return merged() }},
		{name: "stored: a tracker of 200,000 events", size: 200_000, small: 100, read: func(r io.Reader) (string, error) {
			var state metrics.TrackerState
			if err := json.NewDecoder(r).Decode(&state); err != nil {
				return told(err), nil
			}
			err := metrics.NewTracker(metrics.Rules{}, func() *metrics.Breakdown[metrics.Channel] { return metrics.NewBreakdown(metrics.Facet.Channel) }).Restore(state)
			return told(err), nil
		}, input: between(`{"events":[{"type":"opened","conversation":"1","at":"2026-03-02T09:00:00Z"}`, `,{"type":"opened","conversation":"1","at":"2026-03-02T09:00:00Z"}`, "]}")},
	}
}

// figures gives figures counts that no desk has.
func figures() (string, error) {
	var empty metrics.Figures
	data, err := empty.MarshalBinary()
	if err != nil {
		return "", err
	}
	refused := 0
	for i, b := range data {
		if b != 0 { // of an empty desk, counts are
			continue
		}
		bad := append(append(append([]byte(nil), data[:i]...), binary.AppendVarint(nil, -5)...), data[i+1:]...)
		var f metrics.Figures
		if err := f.UnmarshalBinary(bad); err != nil {
			refused++
		} else if f.Conversations < 0 || f.Cases < 0 || f.Backlog < 0 || f.Moved < 0 {
			return "", fmt.Errorf("byte %d: %d conversations, %d cases, a backlog of %d", i, f.Conversations, f.Cases, f.Backlog)
		}
	}
	for _, text := range []string{`{"conversations":-7}`, `{"conversations":1,"nonsense":2}`, `{"Conversations":1,"conversations":9}`, `{"conversations":1,"conversations":9}`} {
		var f metrics.Figures
		if err := json.Unmarshal([]byte(text), &f); err == nil {
			return "", fmt.Errorf("%s is taken: %d conversations", text, f.Conversations)
		}
		refused++
	}
	return fmt.Sprintf("%d refused", refused), nil
}

// merged merges what holds as much as can be read with itself. It must stay something that
// can be stored, and never less than nothing.
func merged() (string, error) {
	var d rating.Distribution
	err := json.Unmarshal([]byte(`{"n":9223372036854775807,"stars":[0,0,0,0,9223372036854775807],"mean":"5","tier":"outstanding"}`), &d)
	if err == nil {
		if err := d.Add(5); err == nil && d.N() < 0 {
			return "", fmt.Errorf("%d stars", d.N())
		}
		d.Merge(d)
		if d.N() < 0 {
			return "", fmt.Errorf("%d stars", d.N())
		}
		data, err := d.MarshalBinary()
		if err == nil {
			err = d.UnmarshalBinary(data)
		}
		if err != nil {
			return "", fmt.Errorf("stars cannot be stored: %w", err)
		}
	}
	counts := make([]int64, 5)
	counts[4] = 1 << 53
	answers, err := survey.AnswersOf(survey.OneTo(5), counts)
	if err == nil {
		if err := answers.Merge(answers); err == nil {
			data, err := answers.MarshalBinary()
			if err == nil {
				err = answers.UnmarshalBinary(data)
			}
			if err != nil {
				return "", fmt.Errorf("answers cannot be stored: %w", err)
			}
		}
	}
	return "held", nil
}

func numberAttacks() []attack {
	return []attack{{name: "numbers: levels and counts at their ends", input: repeated(""), size: 1, read: func(io.Reader) (string, error) { return numbers() }}}
}

// numbers asks for estimates of what no desk has. None may be no number, and none may take
// for ever.
func numbers() (string, error) {
	asked, refused := 0, 0
	check := func(what string, err error, values ...float64) error {
		asked++
		if err != nil {
			refused++
			return nil
		}
		for _, v := range values {
			if math.IsNaN(v) {
				return errors.New(what + " is no number")
			}
		}
		return nil
	}
	for _, level := range []float64{0, 5e-324, 1e-300, 1e-17, 1e-16, 1.2e-16, 1e-8, 0.5, 0.95, 1 - 1e-16, 1, 2, -1, math.NaN(), math.Inf(1)} {
		for _, n := range []int64{0, 1, 5, 1 << 53, math.MaxInt64 - 1, math.MaxInt64} {
			for _, x := range []int64{0, n / 2, n} {
				for m := range stat.Method(8) {
					iv, err := stat.Proportion(x, n, level, m)
					if err := check(fmt.Sprintf("the share %d of %d at level %v by %v", x, n, level, m), err, iv.Low, iv.High, iv.Estimate); err != nil {
						return "", err
					}
				}
			}
			for _, exposure := range []float64{1e-17, 1, 1e17, math.MaxFloat64} {
				iv, err := stat.PoissonRate(n, exposure, level)
				if err := check(fmt.Sprintf("the rate %d in %v at level %v", n, exposure, level), err, iv.Low, iv.High, iv.Estimate); err != nil {
					return "", err
				}
				c, err := stat.CompareRates(n, exposure, 1, 1)
				if err := check(fmt.Sprintf("the rate %d in %v against 1 in 1", n, exposure), err, c.Test().P); err != nil {
					return "", err
				}
			}
		}
	}
	s, err := stat.ShrinkProportions([]stat.Ratio{{Part: 8, Whole: 10347}, {Part: 10576740777, Whole: 10576740777}, {Part: 0, Whole: 11262815451955772}}, 0.95)
	if err == nil {
		for _, g := range s.Groups {
			if err := check("a share that is shrunk", nil, g.Interval.Low, g.Interval.High, g.Interval.Estimate); err != nil {
				return "", err
			}
		}
	}
	return fmt.Sprintf("%d asked, %d refused", asked, refused), nil
}
