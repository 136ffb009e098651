package draw

import (
	"cmp"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// ChannelName names a channel at the beginning of a line. The name may be any that data
// have; see [plain.Name].
func ChannelName(c metrics.Channel) string {
	if c == metrics.Email {
		return "E-mail"
	}
	name := plain.Name(string(c))
	if name == "" {
		return "No channel"
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// ChannelWord names a channel within a sentence.
func ChannelWord(c metrics.Channel) string {
	if c == metrics.Email {
		return "e-mail"
	}
	return cmp.Or(plain.Name(string(c)), "no channel")
}

// ByChannel says on which channel something came, within a sentence.
func ByChannel(c metrics.Channel) string {
	if c == metrics.Email || c == metrics.Phone {
		return "by " + ChannelWord(c)
	}
	return "on " + ChannelWord(c)
}

// Within writes the budget of a promise, and whether it is in hours of service.
func Within(t *standards.Target) string {
	d, ok := t.Within.Duration()
	if !ok {
		return t.Within.String()
	}
	if _, limited := t.Calendar.(*calendar.Calendar); !limited {
		return text.Duration(d)
	}
	if d%time.Hour == 0 {
		return text.Counted(int64(d/time.Hour), "office hour")
	}
	if d < time.Hour && d%time.Minute == 0 {
		return text.Counted(int64(d/time.Minute), "office minute")
	}
	return text.Exact(d) + " of office hours"
}

// Kept writes the share of a promise that was kept, on its side of the goal if it has one.
func Kept(t *standards.Target, kept stat.Ratio) string {
	if !t.Goal.Defined() {
		return text.Share(kept.Part, kept.Whole, 0)
	}
	return text.ShareAgainst(kept.Part, kept.Whole, t.Goal.Part, t.Goal.Whole)
}

// Goal writes the share that is the goal of a promise.
func Goal(t *standards.Target) string { return text.Share(t.Goal.Part, t.Goal.Whole, 0) }

// MayBeChance reports whether the interval of a share holds the goal, so that with so few
// cases chance may have decided.
func MayBeChance(t *standards.Target, tally standards.Tally) bool {
	goal, ok := t.Goal.Float64()
	interval, known := tally.Interval(0.95)
	return ok && known && interval.Low < goal && goal <= interval.High
}
