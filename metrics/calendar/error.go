package calendar

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/metrics/text"
)

var (
	// ErrTime reports a time of day that is not HH:MM or HH:MM:SS between 00:00
	// and 24:00, or an opening at 24:00.
	ErrTime = errors.New("calendar: bad time of day")

	// ErrDate reports a date that does not exist, is not written YYYY-MM-DD (or
	// MM-DD for a recurring one), or lies outside the years 1900 to 2199.
	ErrDate = errors.New("calendar: bad date")

	// ErrHours reports hours that open and close at the same time of day (the whole
	// day is 00:00 to 24:00), two windows or two breaks that share an instant, and
	// more than 1440 of either on one date.
	ErrHours = errors.New("calendar: bad hours")

	// ErrConflict reports a date that is both a holiday and an override.
	ErrConflict = errors.New("calendar: date is both a holiday and an override")

	// ErrHolidayCloses reports text, or a value, that says nothing that a holiday can
	// close.
	ErrHolidayCloses = errors.New("calendar: a holiday closes date or shift")

	// ErrZone reports a time zone that is missing, unknown, or not usable: the
	// name "Local" means something else on each machine and is refused. On a machine
	// without a zone database only UTC is known, and the error says what to import.
	ErrZone = errors.New("calendar: unknown time zone")

	// ErrSyntax reports JSON of another shape than [Config] has: an unknown or
	// repeated field, or a value of the wrong kind.
	ErrSyntax = errors.New("calendar: bad configuration")

	// ErrVersions reports versions that are missing or not in order of date.
	ErrVersions = errors.New("calendar: versions are not in order of date")

	// ErrNeverOpens reports a calendar without a single open instant.
	ErrNeverOpens = errors.New("calendar: never opens")

	// ErrUnreachable reports that there is no such instant in the years 1 to
	// 9999, the range that RFC 3339 can write.
	ErrUnreachable = errors.New("calendar: no such instant in the years 1 to 9999")

	// ErrNegativeBudget reports a budget below zero.
	ErrNegativeBudget = errors.New("calendar: negative budget")

	// ErrOnHold reports a deadline that nobody can know yet, because a hold that
	// has not ended begins before it.
	ErrOnHold = errors.New("calendar: on hold, no deadline yet")

	// ErrFeed reports a holiday feed that is broken, too large, or says something
	// that [ReadHolidays] does not understand.
	ErrFeed = errors.New("calendar: bad holiday feed")
)

// A ConfigError says where a [Config] is wrong.
type ConfigError struct {
	Path  string // where, as in "weekly.mon[1]" or "overrides.2026-12-24[0]"
	Input string // what stands there; may be empty
	Err   error  // why: one of the sentinels above, or an error that wraps one
}

// Error returns the path, the reason and the quoted input.
func (e *ConfigError) Error() string {
	return located(e.Path, e.Err, e.Input)
}

// Unwrap returns e.Err.
func (e *ConfigError) Unwrap() error { return e.Err }

// A FeedError says where a holiday feed is wrong.
type FeedError struct {
	Line  int    // line of the feed where the property begins, from 1
	Input string // the property as it stands there, unfolded; may be empty
	Err   error  // why; wraps [ErrFeed], or is the error of the reader
}

// Error returns the line, the reason and the quoted input.
func (e *FeedError) Error() string {
	return located("line "+strconv.Itoa(e.Line), e.Err, e.Input)
}

// Unwrap returns e.Err.
func (e *FeedError) Unwrap() error { return e.Err }

const prefix = "calendar: "

// located puts the package name once, and first. A place with characters that are not
// printed, or a very long one, is quoted: keys of JSON are part of it.
func located(where string, err error, input string) string {
	var b strings.Builder
	b.WriteString(prefix)
	if where != "" {
		const most = 120
		if len(where) > most || strings.ContainsFunc(where, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }) {
			where = text.Quote(where)
		}
		b.WriteString(where)
		b.WriteString(": ")
	}
	if err == nil { // only in a zero value
		err = errors.New("unknown error")
	}
	b.WriteString(strings.TrimPrefix(err.Error(), prefix))
	if input != "" {
		b.WriteString(": ")
		b.WriteString(text.Quote(input))
	}
	return b.String()
}

// because adds a detail to a sentinel.
func because(err error, format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{err}, args...)...)
}
