package compare

import (
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Metric is a measure of [metrics.Figures] that a desk watches: what is measured,
// by which statistic, and for times whether around the clock or in hours of
// service. A constant that names a time is its median around the clock, and the
// other readings are methods:
//
//	compare.FirstResponse                  // median first response
//	compare.FirstResponse.Mean()           // mean first response
//	compare.FirstResponse.P90().InHours()  // 90th percentile in hours of service
//
// A Metric is comparable. The zero value is FirstResponse.
type Metric uint16

// Times. One wait of a week moves a mean, but not a median. What has not been
// answered or resolved has no part in any of them: look at Unanswered as well.
const (
	FirstResponse   Metric = iota // lower is better; one for each conversation at most
	Response                      // lower is better; every answered wait, the first among them
	NextResponse                  // lower is better; answered waits but the first
	FirstResolution               // lower is better; to the first resolution
	FullResolution                // lower is better; to the last resolution, while nothing is open
	Active                        // lower is better; the cycles of FullResolution, without the time between them
	lastTime        = Active
)

// Shares, means and counts.
const (
	// CSAT is the share of ratings with 4 or 5 stars. Higher is better.
	CSAT Metric = iota + lastTime + 1
	// Stars is the mean of the ratings, from 1 to 5. Higher is better.
	Stars
	// OneTouch is the share of conversations resolved now that took one reply of
	// a person and were never reopened. Higher is better.
	OneTouch
	// Reopened is the share of conversations that were reopened at least once.
	// Lower is better.
	Reopened
	// Unanswered is the share of waits that were closed without an answer, that the
	// customer abandoned, or that are open as of the figures' instant. An answer by
	// an assistant or by automation counts if the Rules let it end a wait; waits that
	// moved to another conversation are left out, since they go on there. Lower is
	// better.
	//
	// An open wait counts where it began in the figures of [Sides]. In a breakdown by
	// periods all open waits are in the period of the reading's instant.
	Unanswered
	// Automated is the share of replies that no person sent, but an assistant or
	// automation. Neither way is better.
	Automated
	// RepliesToResolve is the mean number of replies that people sent, over the
	// conversations that are resolved now. Lower is better. Figures hold the two
	// totals but not how much conversations differ, so its interval and test are
	// those of a Poisson rate: too sure of themselves if the variance of the number
	// of replies is above its mean.
	RepliesToResolve
	// Conversations is how many conversations there were: arrivals. Neither more
	// nor fewer is better. Its interval and test are those of a Poisson count,
	// which holds for arrivals that are independent of each other. An outage that
	// makes a hundred customers write is one cause, not a hundred.
	Conversations
	lastIndex = Conversations
)

const (
	subjectMask Metric = 1<<8 - 1
	asMean      Metric = 1 << 8
	asP90       Metric = 1 << 9
	inHours     Metric = 1 << 10
)

// The units of metrics.
const (
	seconds  = "seconds"
	fraction = "fraction"
	stars    = "stars"
	replies  = "replies per conversation"
	arrivals = "conversations"
)

// subject is what the constants of Metric have of their own.
type subject struct {
	name      string // in text
	label     string // for people
	kind      kind
	direction stat.Direction
	unit      string
}

var subjects = [...]subject{
	FirstResponse:    {"first_response", "first response", quantile, stat.LowerIsBetter, seconds},
	Response:         {"response", "response", quantile, stat.LowerIsBetter, seconds},
	NextResponse:     {"next_response", "next response", quantile, stat.LowerIsBetter, seconds},
	FirstResolution:  {"first_resolution", "first resolution", quantile, stat.LowerIsBetter, seconds},
	FullResolution:   {"full_resolution", "full resolution", quantile, stat.LowerIsBetter, seconds},
	Active:           {"active", "active time", quantile, stat.LowerIsBetter, seconds},
	CSAT:             {"csat", "CSAT", share, stat.HigherIsBetter, fraction},
	Stars:            {"stars", "mean stars", mean, stat.HigherIsBetter, stars},
	OneTouch:         {"one_touch", "one-touch", share, stat.HigherIsBetter, fraction},
	Reopened:         {"reopened", "reopened", share, stat.LowerIsBetter, fraction},
	Unanswered:       {"unanswered", "unanswered", share, stat.LowerIsBetter, fraction},
	Automated:        {"automated", "automated", share, stat.Neither, fraction},
	RepliesToResolve: {"replies_to_resolve", "replies to resolve", rate, stat.LowerIsBetter, replies},
	Conversations:    {"conversations", "conversations", count, stat.Neither, arrivals},
}

// subject returns what i measures; for a number that is no metric, the name says
// so and nothing is measured.
func (i Metric) subject() subject {
	if !i.valid() {
		return subject{label: fmt.Sprintf("Metric(%d)", uint16(i)), direction: stat.Neither}
	}
	s := subjects[i&subjectMask]
	if i&asMean != 0 {
		s.kind = mean
	}
	return s
}

// valid reports whether i is a constant or made of one by the methods.
func (i Metric) valid() bool {
	switch flags := i &^ subjectMask; {
	case i&subjectMask > lastIndex, flags&^(asMean|asP90|inHours) != 0, flags&asMean != 0 && flags&asP90 != 0:
		return false
	default:
		return flags == 0 || i.isTime()
	}
}

func (i Metric) isTime() bool { return i&subjectMask <= lastTime }

// Mean returns the mean of a time. Any other metric is returned as it is.
func (i Metric) Mean() Metric { return i.as(asMean) }

// Median returns the median of a time. Any other metric is returned as it is.
func (i Metric) Median() Metric { return i.as(0) }

// P90 returns the 90th percentile of a time: what nine of ten customers did not
// wait longer than. Any other metric is returned as it is.
func (i Metric) P90() Metric { return i.as(asP90) }

func (i Metric) as(statistic Metric) Metric {
	if !i.isTime() {
		return i
	}
	return i&^(asMean|asP90) | statistic
}

// InHours returns a time in hours of service, which figures hold if the Rules had a
// Calendar. Any other metric is returned as it is.
func (i Metric) InHours() Metric {
	if !i.isTime() {
		return i
	}
	return i | inHours
}

// Elapsed returns a time around the clock. Any other metric is returned as it is.
func (i Metric) Elapsed() Metric { return i &^ inHours }

// IsInHours reports whether i is a time in hours of service.
func (i Metric) IsInHours() bool { return i&inHours != 0 }

func (i Metric) kind() kind { return i.subject().kind }

// Direction returns which way i should go.
func (i Metric) Direction() stat.Direction { return i.subject().direction }

// Unit returns the unit of a [Value] of i: "seconds", "fraction" (of a share,
// from 0 to 1), "stars", "replies per conversation" or "conversations".
func (i Metric) Unit() string { return i.subject().unit }

// probability returns which quantile a time is, if it is one.
func (i Metric) probability() float64 {
	if i&asP90 != 0 {
		return 0.9
	}
	return 0.5
}

// String returns the metric for people, such as "CSAT" or "mean first response in
// hours of service".
func (i Metric) String() string {
	s := i.subject()
	if !i.valid() || !i.isTime() {
		return s.label
	}
	label := i.statistic() + " " + s.label
	if i.IsInHours() {
		label += " in hours of service"
	}
	return label
}

func (i Metric) statistic() string {
	switch {
	case i&asMean != 0:
		return "mean"
	case i&asP90 != 0:
		return "p90"
	}
	return "median"
}

// AppendText implements [encoding.TextAppender]: "csat",
// "median_first_response", "mean_first_response_in_hours". A number that is no
// metric is an error that wraps [ErrMetric].
func (i Metric) AppendText(b []byte) ([]byte, error) {
	if !i.valid() {
		return b, fmt.Errorf("%w: %d", ErrMetric, uint16(i))
	}
	if i.isTime() {
		b = append(b, i.statistic()...)
		b = append(b, '_')
	}
	b = append(b, i.subject().name...)
	if i.IsInHours() {
		b = append(b, "_in_hours"...)
	}
	return b, nil
}

// MarshalText implements [encoding.TextMarshaler].
func (i Metric) MarshalText() ([]byte, error) { return i.AppendText(nil) }

// UnmarshalText reads what MarshalText writes. A time without its statistic is
// its median: "first_response". Other text is an error that wraps [ErrMetric].
func (i *Metric) UnmarshalText(b []byte) error {
	name, calendar := strings.CutSuffix(string(b), "_in_hours")
	read := Metric(0)
	for prefix, statistic := range map[string]Metric{"median_": 0, "mean_": asMean, "p90_": asP90} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			name, read = rest, statistic
			break
		}
	}
	for n, s := range subjects {
		if s.name != name {
			continue
		}
		read |= Metric(n)
		if calendar {
			read |= inHours
		}
		written, err := read.AppendText(nil)
		if err == nil && (string(written) == string(b) || string(written) == "median_"+string(b)) {
			*i = read
			return nil
		}
	}
	return fmt.Errorf("%w: %s", ErrMetric, text.Quote(b))
}

// Summary returns the durations of which a time is the median, mean or
// percentile. It returns false for a metric that is not a time, and for nil figures.
func (i Metric) Summary(f *metrics.Figures) (*metrics.Summary, bool) {
	if f == nil || !i.valid() || !i.isTime() {
		return nil, false
	}
	times := &f.Elapsed
	if i.IsInHours() {
		times = &f.InHours
	}
	switch i & subjectMask {
	case FirstResponse:
		return &times.FirstResponse, true
	case Response:
		return &times.Response, true
	case NextResponse:
		return &times.NextResponse, true
	case FirstResolution:
		return &times.FirstResolution, true
	case FullResolution:
		return &times.FullResolution, true
	default:
		return &times.Active, true
	}
}

// Ratio returns the two counts of a share, or of a rate. It returns false for a
// metric of another kind, and for nil figures. Without data the ratio is not defined.
func (i Metric) Ratio(f *metrics.Figures) (stat.Ratio, bool) {
	if f == nil {
		return stat.Ratio{}, false
	}
	switch i {
	case CSAT:
		return f.Ratings.AtLeast(4), true
	case OneTouch:
		return f.OneTouch, true
	case Reopened:
		return stat.Ratio{Part: f.Reopened, Whole: f.Conversations}, true
	case Unanswered:
		t := &f.Elapsed
		unanswered := f.ClosedUnanswered + t.Abandoned.Count() + t.StillWaiting.Count()
		return stat.Ratio{Part: unanswered, Whole: unanswered + t.Response.Count() + t.ByAssistant.Count() + t.ByAutomation.Count()}, true
	case Automated:
		return f.AutomatedShare(), true
	case RepliesToResolve:
		return f.RepliesToResolve, true
	}
	return stat.Ratio{}, false
}

// Sample returns the number, mean and variance of what a mean is made from, in the
// unit of the metric: seconds, or stars. It returns false for a metric of another
// kind, and if there is nothing.
func (i Metric) Sample(f *metrics.Figures) (stat.Sample, bool) {
	if f == nil || i.kind() != mean {
		return stat.Sample{}, false
	}
	if s, ok := i.Summary(f); ok {
		return s.Sample()
	}
	counts := f.Ratings.Counts()
	sample, err := stat.DescribeCounts(1, counts[:]...)
	return sample, err == nil
}
