// Package eventfile looks whether a file is one of events, and whether what was read from
// it can be right, so that no program shows an empty or a strange report without a word.
//
//	file, err := eventfile.Check(file)
//	for err := range log.Load(file) { … }
//	err = eventfile.Whole(log, rejected)
//	warnings := eventfile.Stray(log)
package eventfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// looked is how much of the beginning of a file is looked at, in bytes.
const looked = 1 << 16

// The reasons for which a file has no events.
var (
	errEmpty  = errors.New("the input is empty: want events as JSON Lines or CSV, as README.md says")
	errMac    = errors.New(`the lines of the input end with carriage returns alone: turn them into line feeds, as by tr '\r' '\n'`)
	errPretty = errors.New("the input is JSON with objects on several lines: write each on one, as by jq -c '.'")
)

// Check returns a file from its beginning, or the reason for which there can be no events in
// it: nothing but white space, lines that carriage returns end, JSON over several lines.
// Other formats are told by [metrics.EventLog.Load]. It waits for the first 64 KB.
func Check(file io.Reader) (io.Reader, error) {
	r := bufio.NewReaderSize(file, looked)
	start, err := r.Peek(looked)
	if err != nil && err != io.EOF {
		return nil, err
	}
	return r, reason(start, err == io.EOF)
}

// reason says why there are no events behind the beginning of a file, which may be all of it.
func reason(start []byte, whole bool) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n")
	first, rest, more := bytes.Cut(text, []byte("\n"))
	switch {
	case len(text) == 0 && whole:
		return errEmpty
	case bytes.HasPrefix(text, []byte("[")):
		return nil // which the log tells
	case bytes.IndexByte(bytes.TrimRight(first, "\r"), '\r') > 0 && !more:
		return errMac
	case more && len(bytes.TrimSpace(rest)) > 0 && goesOn(text, len(first)):
		return errPretty
	}
	return nil
}

// goesOn reports whether text begins with an object of JSON that goes on below the first
// line, which has so many bytes.
func goesOn(text []byte, first int) bool {
	in := json.NewDecoder(bytes.NewReader(text))
	for depth := 0; ; {
		token, err := in.Token()
		if in.InputOffset() > int64(first) {
			return err == nil
		}
		if err != nil {
			return false
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return false
		}
	}
}

// Whole returns an error if no line of a file is an event, of some that were rejected.
func Whole(log *metrics.EventLog, rejected int) error {
	if rejected == 0 || !log.Latest().IsZero() {
		return nil
	}
	return fmt.Errorf("no line is an event, and %s could not be read: README.md says how events are written", text.Counted(int64(rejected), "line"))
}

// far is how long after or before all others an event is likelier a mistake than news.
const far = 90 * 24 * time.Hour

// Stray returns warnings: if the last event, or up to one in a hundred, is more than ninety
// days later than all others, as by a clock that is wrong, what is said as of then is wrong
// too; and so if the first is as much earlier.
func Stray(log *metrics.EventLog) (warnings []string) {
	all, first, last := log.Taken(log.Latest()), log.Earliest(), log.Latest()
	warn := func(few, between int, side string, at time.Time) {
		if few > max(1, all/100) || 2*few >= all || between > 0 {
			return
		}
		verb := "is"
		if few > 1 {
			verb = "are"
		}
		warnings = append(warnings, fmt.Sprintf("%s of %s %s more than %d days %s than all others, at %s; if that is a mistake, mend it, for figures are wrong by it",
			text.Counted(int64(few), "event"), text.Count(int64(all)), verb, far/(24*time.Hour), side, at.Format(time.RFC3339)))
	}
	if all == 0 {
		return nil
	}
	since := log.Taken(last.Add(-far - 1))
	warn(all-since, since-log.Taken(last.Add(-2*far)), "later", last)
	until := log.Taken(first.Add(far))
	warn(until, log.Taken(first.Add(2*far))-until, "earlier", first)
	return warnings
}
