package compare

import (
	"fmt"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Metric is a measure of [Observed] that a desk watches: what is measured, by which
// statistic, and for times whether around the clock or in hours of service. A constant
// that names a time is its median around the clock, and the other readings are methods:
//
//	compare.FirstResponse                    // median first response
//	compare.FirstResponse.Mean()             // mean first response
//	compare.FirstResponse.P90().InHours()    // 90th percentile in hours of service
//	compare.FirstResponse.Within(time.Hour)  // share of first responses within an hour
//	compare.Promise(target)                  // share of the promises of a target that were kept
//
// A Metric is its text form, and comparable. The zero value is no metric, and measures
// nothing.
type Metric string

// Times. One wait of a week moves a mean, but not a median. What has not been
// answered or resolved has no part in any of them: look at Unanswered or at a share
// [Metric.Within] a limit as well.
const (
	FirstResponse   Metric = "median_first_response"   // lower is better; one for each conversation at most
	Response        Metric = "median_response"         // lower is better; every answered wait, the first among them
	NextResponse    Metric = "median_next_response"    // lower is better; answered waits but the first
	FirstResolution Metric = "median_first_resolution" // lower is better; to the first resolution
	FullResolution  Metric = "median_full_resolution"  // lower is better; to the last resolution, while nothing is open
	Active          Metric = "median_active"           // lower is better; the cycles of FullResolution, without the time between them
)

// Shares, means and counts.
const (
	// CSAT is the share of ratings with 4 or 5 stars. Higher is better.
	CSAT Metric = "csat"
	// Stars is the mean of the ratings, from 1 to 5. Higher is better.
	Stars Metric = "stars"
	// OneTouch is the share of conversations resolved now that took one reply of
	// a person and were never reopened. Higher is better.
	OneTouch Metric = "one_touch"
	// Reopened is the share of conversations that were reopened at least once.
	// Lower is better.
	Reopened Metric = "reopened"
	// Unanswered is the share of waits that were closed without an answer, that the
	// customer abandoned, or that are open as of the figures' instant. An answer by
	// an assistant or by automation counts if the Rules let it end a wait; waits that
	// moved to another conversation are left out, since they go on there. Lower is
	// better.
	//
	// An open wait counts where it began; see [Groups].
	Unanswered Metric = "unanswered"
	// Automated is the share of replies that no person sent, but an assistant or
	// automation. Neither way is better.
	Automated Metric = "automated"
	// RepliesToResolve is the mean number of replies that people sent, over the
	// conversations that are resolved now. Lower is better. Figures hold the two
	// totals but not how much conversations differ, so its interval and test are
	// those of a Poisson rate: too sure of themselves if the variance of the number
	// of replies is above its mean.
	RepliesToResolve Metric = "replies_to_resolve"
	// Conversations is how many conversations there were: arrivals. Neither more
	// nor fewer is better. Its interval and test are those of a Poisson count,
	// which holds for arrivals that are independent of each other. An outage that
	// makes a hundred customers write is one cause, not a hundred.
	Conversations Metric = "conversations"
)

// The units of metrics.
const (
	seconds  = "seconds"
	fraction = "fraction"
	stars    = "stars"
	replies  = "replies per conversation"
	arrivals = "conversations"

	netPoints = "net share"
	points    = "points"
)

// subject is what is measured.
type subject struct {
	label     string // for people
	kind      kind
	direction stat.Direction
	unit      string
}

// times are the subjects that have a median, a mean and a 90th percentile.
var times = map[string]subject{
	"first_response":   {"first response", quantile, stat.LowerIsBetter, seconds},
	"response":         {"response", quantile, stat.LowerIsBetter, seconds},
	"next_response":    {"next response", quantile, stat.LowerIsBetter, seconds},
	"first_resolution": {"first resolution", quantile, stat.LowerIsBetter, seconds},
	"full_resolution":  {"full resolution", quantile, stat.LowerIsBetter, seconds},
	"active":           {"active time", quantile, stat.LowerIsBetter, seconds},
}

// others are the metrics that are no times.
var others = map[Metric]subject{
	CSAT:             {"CSAT", share, stat.HigherIsBetter, fraction},
	Stars:            {"mean stars", mean, stat.HigherIsBetter, stars},
	OneTouch:         {"one-touch", share, stat.HigherIsBetter, fraction},
	Reopened:         {"reopened", share, stat.LowerIsBetter, fraction},
	Unanswered:       {"unanswered", share, stat.LowerIsBetter, fraction},
	Automated:        {"automated", share, stat.Neither, fraction},
	RepliesToResolve: {"replies to resolve", rate, stat.LowerIsBetter, replies},
	Conversations:    {"conversations", count, stat.Neither, arrivals},
}

// Parts of the text of a metric.
const (
	asMedian = "median_"
	asMean   = "mean_"
	asP90    = "p90_"
	within   = "_within_"
	inHours  = "_in_hours"
	promise  = "promises_kept:"
)

// parts are what the text of a metric says.
type parts struct {
	subject
	time      string // of a time, or of the share within a limit: the key in times
	statistic string // of a time: asMedian, asMean or asP90
	limit     time.Duration
	inHours   bool
}

// parts reads the text of a metric. For what is no metric, the label says so and the
// kind is unknown.
func (i Metric) parts() parts {
	none := parts{subject: subject{label: fmt.Sprintf("Metric(%s)", text.Quote(string(i))), direction: stat.Neither}}
	if s, ok := others[i]; ok {
		return parts{subject: s}
	}
	if name, ok := strings.CutPrefix(string(i), promise); ok && name != "" {
		return parts{subject: subject{"promises kept (" + name + ")", share, stat.HigherIsBetter, fraction}}
	}
	if s, ok := i.index(); ok {
		return parts{subject: subjectOf(s)}
	}
	name, hours := strings.CutSuffix(string(i), inHours)
	p := parts{inHours: hours}
	if of, limit, ok := strings.Cut(name, within); ok {
		d, err := time.ParseDuration(limit)
		if _, ok := limited[of]; !ok || err != nil || d <= 0 || text.Exact(d) != limit {
			return none
		}
		p.time, p.limit = of, d
		p.subject = subject{times[of].label + " within " + limit, share, stat.HigherIsBetter, fraction}
	} else {
		for _, statistic := range [...]string{asMedian, asMean, asP90} {
			if of, ok := strings.CutPrefix(name, statistic); ok {
				p.time, p.statistic, p.subject = of, statistic, times[of]
			}
		}
		if p.kind == unknown {
			return none
		}
		p.label = strings.TrimSuffix(p.statistic, "_") + " " + p.label
		if p.statistic == asMean {
			p.kind = mean
		}
	}
	if hours {
		p.label += " in hours of service"
	}
	return p
}

// metric returns the text of a time, or of a share within a limit.
func (p parts) metric() Metric {
	name := p.statistic + p.time
	if p.limit != 0 {
		name = p.time + within + text.Exact(p.limit)
	}
	if p.inHours {
		name += inHours
	}
	return Metric(name)
}

func (p parts) isTime() bool { return p.statistic != "" }

// Mean returns the mean of a time. Any other metric is returned as it is.
func (i Metric) Mean() Metric { return i.as(asMean) }

// Median returns the median of a time. Any other metric is returned as it is.
func (i Metric) Median() Metric { return i.as(asMedian) }

// P90 returns the 90th percentile of a time: what nine of ten customers did not
// wait longer than. Any other metric is returned as it is.
func (i Metric) P90() Metric { return i.as(asP90) }

func (i Metric) as(statistic string) Metric {
	p := i.parts()
	if !p.isTime() {
		return i
	}
	p.statistic = statistic
	return p.metric()
}

// InHours returns a time, or a share within a limit, in hours of service: by the
// Calendar of the Rules, or of [Limits]. Any other metric is returned as it is.
func (i Metric) InHours() Metric { return i.hours(true) }

// Elapsed returns a time, or a share within a limit, around the clock. Any other metric
// is returned as it is.
func (i Metric) Elapsed() Metric { return i.hours(false) }

func (i Metric) hours(in bool) Metric {
	p := i.parts()
	if p.time == "" {
		return i
	}
	p.inHours = in
	return p.metric()
}

// IsInHours reports whether i is in hours of service.
func (i Metric) IsInHours() bool { return i.parts().inHours }

func (i Metric) kind() kind { return i.parts().kind }

// Direction returns which way i should go.
func (i Metric) Direction() stat.Direction { return i.parts().direction }

// Unit returns the unit of a [Value] of i: "seconds", "fraction" (of a share,
// from 0 to 1), "net share" (from −1 to 1), "stars", "points" (of the scale of a
// survey), "replies per conversation" or "conversations".
func (i Metric) Unit() string { return i.parts().unit }

// probability returns which quantile a time is, if it is one.
func (i Metric) probability() float64 {
	if i.parts().statistic == asP90 {
		return 0.9
	}
	return 0.5
}

// String returns the metric for people, such as "CSAT" or "mean first response in
// hours of service".
func (i Metric) String() string { return i.parts().label }

// AppendText implements [encoding.TextAppender]: "csat", "median_first_response",
// "mean_first_response_in_hours", "first_response_within_1h", "promises_kept:chat".
// The zero value is the empty text. Other text that is no metric is an error that wraps
// [ErrMetric].
func (i Metric) AppendText(b []byte) ([]byte, error) {
	if i != "" && i.kind() == unknown {
		return b, fmt.Errorf("%w: %s", ErrMetric, text.Quote(string(i)))
	}
	return append(b, i...), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (i Metric) MarshalText() ([]byte, error) { return i.AppendText(nil) }

// UnmarshalText reads what MarshalText writes. A time without its statistic is
// its median: "first_response". Other text is an error that wraps [ErrMetric].
func (i *Metric) UnmarshalText(b []byte) error {
	for _, read := range [...]Metric{Metric(b), Metric(asMedian + string(b))} {
		if read == "" || read.kind() != unknown {
			*i = read
			return nil
		}
	}
	return fmt.Errorf("%w: %s", ErrMetric, text.Quote(b))
}

// Summary returns the durations of which a time is the median, mean or
// percentile. It returns false for a metric that is not a time, and for nil.
func (i Metric) Summary(o *Observed) (*metrics.Summary, bool) {
	p := i.parts()
	if o == nil || !p.isTime() {
		return nil, false
	}
	of := &o.Figures.Elapsed
	if p.inHours {
		of = &o.Figures.InHours
	}
	switch p.time {
	case "first_response":
		return &of.FirstResponse, true
	case "response":
		return &of.Response, true
	case "next_response":
		return &of.NextResponse, true
	case "first_resolution":
		return &of.FirstResolution, true
	case "full_resolution":
		return &of.FullResolution, true
	default:
		return &of.Active, true
	}
}

// Ratio returns the two counts of a share, or of a rate. It returns false for a
// metric of another kind, and for nil. Without data the ratio is not defined.
func (i Metric) Ratio(o *Observed) (stat.Ratio, bool) {
	if o == nil {
		return stat.Ratio{}, false
	}
	f := &o.Figures
	switch i {
	case CSAT:
		return f.Ratings.AtLeast(4), true
	case OneTouch:
		return f.OneTouch, true
	case Reopened:
		return stat.Ratio{Part: f.Reopened, Whole: f.Cases}, true
	case Unanswered:
		t := &f.Elapsed
		var r stat.Ratio
		for _, n := range [...]int64{f.ClosedUnanswered, t.Abandoned.Count(), t.StillWaiting.Count()} {
			r = r.Pool(stat.Ratio{Part: n, Whole: n})
		}
		for _, n := range [...]int64{t.Response.Count(), t.ByAssistant.Count(), t.ByAutomation.Count()} {
			r = r.Pool(stat.Ratio{Whole: n})
		}
		return r, true
	case Automated:
		return f.AutomatedShare(), true
	case RepliesToResolve:
		return f.RepliesToResolve, true
	}
	if s, ok := i.scores(o); ok {
		return s.Share()
	}
	return o.Kept[i], i.kind() == share
}

// Sample returns the number, mean and variance of what a mean or a net share is made
// from, in the unit of the metric: seconds, stars, or that of an index. It returns false
// for a metric of another kind, and if there is nothing.
func (i Metric) Sample(o *Observed) (stat.Sample, bool) {
	kind := i.kind()
	if o == nil || kind != mean && kind != net {
		return stat.Sample{}, false
	}
	if _, ok := i.index(); ok {
		s, _ := i.scores(o)
		sample, err := s.Sample()
		return sample, err == nil
	}
	if s, ok := i.Summary(o); ok {
		return s.Sample()
	}
	counts := o.Figures.Ratings.Counts()
	sample, err := stat.DescribeCounts(1, counts[:]...)
	return sample, err == nil
}
