package compare

import (
	"fmt"
	"strings"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// Index is a measure of [metrics.Figures] that a desk watches: what is measured,
// by which statistic, and for times whether around the clock or in hours of
// service. A constant that names a time is its median around the clock, and the
// other readings are methods:
//
//	compare.FirstResponse                  // median first response
//	compare.FirstResponse.Mean()           // mean first response
//	compare.FirstResponse.P90().InHours()  // 90th percentile in hours of service
//
// An Index is comparable. The zero value is FirstResponse.
type Index uint16

// Times. A mean feels one wait of a week; a median does not. What has not been
// answered or resolved has no part in any of them: see Unanswered beside them.
const (
	FirstResponse   Index = iota // lower is better; one for each conversation at most
	Response                     // lower is better; every answered wait, the first among them
	NextResponse                 // lower is better; answered waits but the first
	FirstResolution              // lower is better; to the first resolution
	FullResolution               // lower is better; to the last resolution, while nothing is open
	Active                       // lower is better; the cycles of FullResolution, without the time between them
	lastTime        = Active
)

// Shares, means and counts.
const (
	// CSAT is the share of ratings with 4 or 5 stars. Higher is better.
	CSAT Index = iota + lastTime + 1
	// Stars is the mean of the ratings, from 1 to 5. Higher is better.
	Stars
	// OneTouch is the share of conversations resolved now that took one reply of
	// a person and were never reopened. Higher is better.
	OneTouch
	// Reopened is the share of conversations that were reopened at least once.
	// Lower is better.
	Reopened
	// Unanswered is the share of waits that were closed without an answer, or go
	// on as of the figures' instant. An answer by automation is one, where the
	// Rules let it end a wait; waits that moved to another conversation are left
	// out, since they go on there. Lower is better.
	Unanswered
	// Automated is the share of replies that were automated. Neither way is
	// better.
	Automated
	// RepliesToResolve is the mean number of replies that people sent, over the
	// conversations that are resolved now. Lower is better. Figures hold the two
	// totals but not how much conversations differ, so its interval and test are
	// those of a Poisson rate: too sure of themselves where the variance of the
	// number of replies is above its mean.
	RepliesToResolve
	// Conversations is how many conversations there were: arrivals. Neither more
	// nor fewer is better. Its interval and test are those of a Poisson count,
	// which is what arrivals that know nothing of each other give; a day's
	// outage that makes a hundred customers write is one cause, not a hundred.
	Conversations
	lastIndex = Conversations
)

const (
	subjectMask Index = 1<<8 - 1
	asMean      Index = 1 << 8
	asP90       Index = 1 << 9
	inHours     Index = 1 << 10
)

// The units of indices.
const (
	seconds  = "seconds"
	fraction = "fraction"
	stars    = "stars"
	replies  = "replies per conversation"
	arrivals = "conversations"
)

// subject is what the constants of Index have of their own.
type subject struct {
	name      string // in text
	label     string // for people
	kind      Kind
	direction Direction
	unit      string
}

var subjects = [...]subject{
	FirstResponse:    {"first_response", "first response", Quantile, LowerIsBetter, seconds},
	Response:         {"response", "response", Quantile, LowerIsBetter, seconds},
	NextResponse:     {"next_response", "next response", Quantile, LowerIsBetter, seconds},
	FirstResolution:  {"first_resolution", "first resolution", Quantile, LowerIsBetter, seconds},
	FullResolution:   {"full_resolution", "full resolution", Quantile, LowerIsBetter, seconds},
	Active:           {"active", "active time", Quantile, LowerIsBetter, seconds},
	CSAT:             {"csat", "CSAT", Share, HigherIsBetter, fraction},
	Stars:            {"stars", "mean stars", Mean, HigherIsBetter, stars},
	OneTouch:         {"one_touch", "one-touch", Share, HigherIsBetter, fraction},
	Reopened:         {"reopened", "reopened", Share, LowerIsBetter, fraction},
	Unanswered:       {"unanswered", "unanswered", Share, LowerIsBetter, fraction},
	Automated:        {"automated", "automated", Share, Neither, fraction},
	RepliesToResolve: {"replies_to_resolve", "replies to resolve", Rate, LowerIsBetter, replies},
	Conversations:    {"conversations", "conversations", Count, Neither, arrivals},
}

// subject returns what i measures; of a number that is no index, the name says
// so and nothing is measured.
func (i Index) subject() subject {
	if !i.valid() {
		return subject{label: fmt.Sprintf("Index(%d)", uint16(i))}
	}
	s := subjects[i&subjectMask]
	if i&asMean != 0 {
		s.kind = Mean
	}
	return s
}

// valid reports whether i is a constant or made of one by the methods.
func (i Index) valid() bool {
	switch flags := i &^ subjectMask; {
	case i&subjectMask > lastIndex, flags&^(asMean|asP90|inHours) != 0, flags&asMean != 0 && flags&asP90 != 0:
		return false
	default:
		return flags == 0 || i.isTime()
	}
}

func (i Index) isTime() bool { return i&subjectMask <= lastTime }

// Mean returns the mean of a time. Any other index is returned as it is.
func (i Index) Mean() Index { return i.as(asMean) }

// Median returns the median of a time. Any other index is returned as it is.
func (i Index) Median() Index { return i.as(0) }

// P90 returns the 90th percentile of a time: what nine of ten customers did not
// wait longer than. Any other index is returned as it is.
func (i Index) P90() Index { return i.as(asP90) }

func (i Index) as(statistic Index) Index {
	if !i.isTime() {
		return i
	}
	return i&^(asMean|asP90) | statistic
}

// InHours returns a time in hours of service, of which there are figures if the
// Rules had a Calendar. Any other index is returned as it is.
func (i Index) InHours() Index {
	if !i.isTime() {
		return i
	}
	return i | inHours
}

// Elapsed returns a time around the clock. Any other index is returned as it is.
func (i Index) Elapsed() Index { return i &^ inHours }

// IsInHours reports whether i is a time in hours of service.
func (i Index) IsInHours() bool { return i&inHours != 0 }

// Kind returns what sort of number i is, and so how it is estimated and
// compared. Of a number that is no index it is the zero Kind.
func (i Index) Kind() Kind { return i.subject().kind }

// Direction returns which way i should go.
func (i Index) Direction() Direction { return i.subject().direction }

// Unit returns the unit of a [Value] of i: "seconds", "fraction" (of a share,
// from 0 to 1), "stars", "replies per conversation" or "conversations".
func (i Index) Unit() string { return i.subject().unit }

// probability returns which quantile a time is, if it is one.
func (i Index) probability() float64 {
	if i&asP90 != 0 {
		return 0.9
	}
	return 0.5
}

// String returns the index for people, such as "CSAT" or "mean first response in
// hours of service".
func (i Index) String() string {
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

func (i Index) statistic() string {
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
// index is an error that wraps [ErrIndex].
func (i Index) AppendText(b []byte) ([]byte, error) {
	if !i.valid() {
		return b, fmt.Errorf("%w: %d", ErrIndex, uint16(i))
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
func (i Index) MarshalText() ([]byte, error) { return i.AppendText(nil) }

// UnmarshalText reads what MarshalText writes. A time without its statistic is
// its median: "first_response". Other text is an error that wraps [ErrIndex].
func (i *Index) UnmarshalText(text []byte) error {
	name, calendar := strings.CutSuffix(string(text), "_in_hours")
	read := Index(0)
	for prefix, statistic := range map[string]Index{"median_": 0, "mean_": asMean, "p90_": asP90} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			name, read = rest, statistic
			break
		}
	}
	for n, s := range subjects {
		if s.name != name {
			continue
		}
		read |= Index(n)
		if calendar {
			read |= inHours
		}
		written, err := read.AppendText(nil)
		if err == nil && (string(written) == string(text) || string(written) == "median_"+string(text)) {
			*i = read
			return nil
		}
	}
	return fmt.Errorf("%w: %q", ErrIndex, quotable(text))
}

// Summary returns the durations of which a time is the median, mean or
// percentile. It returns false for an index that is no time.
func (i Index) Summary(f *metrics.Figures) (*metrics.Summary, bool) {
	if !i.valid() || !i.isTime() {
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

// Ratio returns the two counts of a share, or of a rate. It returns false for an
// index of another kind. Without data the ratio is not defined.
func (i Index) Ratio(f *metrics.Figures) (stat.Ratio, bool) {
	switch i {
	case CSAT:
		return f.Ratings.AtLeast(4), true
	case OneTouch:
		return f.OneTouch, true
	case Reopened:
		return stat.Ratio{Part: f.Reopened, Whole: f.Conversations}, true
	case Unanswered:
		unanswered := f.ClosedUnanswered + f.Elapsed.StillWaiting.Count()
		return stat.Ratio{Part: unanswered, Whole: unanswered + f.Elapsed.Response.Count() + f.AnsweredByAutomation}, true
	case Automated:
		return f.AutomatedShare(), true
	case RepliesToResolve:
		return f.RepliesToResolve, true
	}
	return stat.Ratio{}, false
}

// Sample returns the number, mean and variance of what a mean is made of, in the
// unit of the index: seconds, or stars. It returns false for an index of another
// kind, and where there is nothing.
func (i Index) Sample(f *metrics.Figures) (stat.Sample, bool) {
	if i.Kind() != Mean {
		return stat.Sample{}, false
	}
	if s, ok := i.Summary(f); ok {
		return s.Sample()
	}
	var moments stat.Moments
	for n, count := range f.Ratings.Counts() {
		// Counts of ratings are neither negative nor too many.
		_ = moments.AddTimes(int64(n)+1, count)
	}
	return moments.Sample()
}
