package standards

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// Budget is how much time a promise gives: a length of time, or a number of business
// days. The zero Budget is no time at all, and promises nothing. Budgets are equal (==)
// if they give the same.
//
// Business days are counted by the calendar of the target, which must know them, as
// that of package calendar does. They are as long as its hours: the budget of a wait is
// the open time from its start to the deadline that the calendar gives. So Used and Left
// of a [Finding] are open time too, and a hold moves the deadline on by as much open
// time as it takes before the deadline that it moves. A longer hold never makes a
// deadline earlier.
type Budget struct {
	n    int64 // nanoseconds or days
	unit unit
}

type unit uint8

const (
	ofTime unit = iota
	ofDays
	toEndOfDay
)

// maxDays is the largest number of business days of a budget and of a step: some forty
// years of weekdays.
const maxDays = 10_000

const wantBudget = `a duration such as "2m", "2 business days" or "end of 1 business day"`

// BudgetOf returns a length of time: in the hours of the calendar of the target, or
// around the clock if there is none.
func BudgetOf(d time.Duration) Budget { return Budget{n: int64(d)} }

// BusinessDays returns a budget that ends at the same time of day n business days
// later, or when the desk closes before that; up to 10,000 days. It is what DeadlineDays
// of the calendar says.
func BusinessDays(n int) Budget { return Budget{int64(n), ofDays} }

// EndOfBusinessDay returns a budget that ends when the desk closes on the n-th business
// day after the date of the start, up to 10,000; 0 is the date itself, or the next
// business day if it has none to come. It is what DeadlineEndOfDay of the calendar says.
func EndOfBusinessDay(n int) Budget { return Budget{int64(n), toEndOfDay} }

// ParseBudget reads the text of [Budget.String]: a duration as [time.ParseDuration]
// takes it, or business days exactly as String writes them. Other text is an error
// that wraps [ErrBudget] and quotes it.
func ParseBudget(s string) (Budget, error) {
	if d, err := time.ParseDuration(s); err == nil {
		return BudgetOf(d), nil
	}
	if b := parseDays(s); b.String() == s {
		return b, nil
	}
	return Budget{}, fmt.Errorf("%w: want %s: %s", ErrBudget, wantBudget, text.Quote(s))
}

// parseDays reads business days, and takes text for them that is not.
func parseDays(s string) Budget {
	number, end := strings.CutPrefix(s, "end of ")
	number, _, _ = strings.Cut(number, " ")
	n, _ := strconv.Atoi(number)
	if end {
		return EndOfBusinessDay(n)
	}
	return BusinessDays(n)
}

// String returns a budget as policies write it: "24h", "1m30s", "1 business day",
// "2 business days" or "end of 1 business day".
func (b Budget) String() string {
	if b.unit == ofTime {
		return text.Exact(time.Duration(b.n))
	}
	s := strconv.FormatInt(b.n, 10) + " business day"
	if b.n != 1 && b.n != -1 {
		s += "s"
	}
	if b.unit == toEndOfDay {
		s = "end of " + s
	}
	return s
}

// AppendText implements [encoding.TextAppender] with the text of [Budget.String].
func (b Budget) AppendText(to []byte) ([]byte, error) { return append(to, b.String()...), nil }

// MarshalText implements [encoding.TextMarshaler].
func (b Budget) MarshalText() ([]byte, error) { return b.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]; see [ParseBudget].
func (b *Budget) UnmarshalText(text []byte) error {
	read, err := ParseBudget(string(text))
	if err == nil {
		*b = read
	}
	return err
}

// Duration returns the length of time. It returns false for business days, whose
// length depends on when they start.
func (b Budget) Duration() (time.Duration, bool) {
	if b.unit != ofTime {
		return 0, false
	}
	return time.Duration(b.n), true
}

// positive reports whether b gives time at all.
func (b Budget) positive() bool { return b.n > 0 || b.n == 0 && b.unit == toEndOfDay }

// plus returns b with more business days, or fewer.
func (b Budget) plus(days int) Budget { return Budget{b.n + int64(days), b.unit} }

// days is a calendar that knows business days, as that of package calendar does.
type days interface {
	// DeadlineDays returns the same time of day n business days later, or the closing
	// instant before it if the desk is closed then.
	DeadlineDays(start time.Time, n int) (time.Time, error)
	// DeadlineEndOfDay returns when the n-th business day after the date of the start
	// closes; 0 is the date itself, or the next business day.
	DeadlineEndOfDay(start time.Time, n int) (time.Time, error)
}

// lasts returns how much open time b is for what starts at an instant. It returns false
// if the calendar does not know business days, or has not so many.
func (b Budget) lasts(c metrics.Calendar, start time.Time) (time.Duration, bool) {
	if b.unit == ofTime {
		return time.Duration(b.n), true
	}
	return b.daysLast(c, start)
}

func (b Budget) daysLast(c metrics.Calendar, start time.Time) (time.Duration, bool) {
	known, ok := c.(days)
	if !ok {
		return 0, false
	}
	deadline := known.DeadlineDays
	if b.unit == toEndOfDay {
		deadline = known.DeadlineEndOfDay
	}
	due, err := deadline(start, int(b.n))
	if err != nil {
		return 0, false
	}
	return c.Between(start, due), true
}
