package metrics

import (
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// Figures are the figures of a set of conversations. They hold counts, sums and
// distributions, never means or shares, so that the figures of two sets merge into
// those of both. The zero value is empty.
//
// Figures are right for the instant AsOf. Those of other conversations as of the same
// instant may be added to them; those of another night may not, because Backlog and
// StillWaiting would count what is open on both nights twice, and Reopened and OneTouch
// change when a conversation comes back. Figures of [Reading.Settled] are right for
// every later instant too, and may be added up over time. Merge refuses the rest.
type Figures struct {
	AsOf    time.Time `json:"as_of,omitzero"`   // the instant of the reading; zero if nothing was read
	Settled bool      `json:"settled,omitzero"` // whether they are right for every instant from AsOf on

	Cases         int64  `json:"cases"`         // that count; see [History.Counts]
	Conversations int64  `json:"conversations"` // those whose first case is among the Cases; without [Rules.NewCaseAfter], all of them
	Waited        int64  `json:"waited"`        // cases in which the customer ever waited, however that ended; a wait that moved counts where it went on
	Volume        Volume `json:"volume"`

	Elapsed Times `json:"elapsed"`           // around the clock
	InHours Times `json:"in_hours,omitzero"` // in hours of service; empty without [Rules.Calendar]

	ClosedUnanswered int64 `json:"closed_unanswered"` // waits
	Moved            int64 `json:"moved"`             // waits that go on in another conversation
	ShortAbandoned   int64 `json:"short_abandoned"`   // of the abandoned waits, those that are short by [Rules.ShortAbandon]

	Backlog   int64 `json:"backlog"`  // cases that are open
	Reopened  int64 `json:"reopened"` // cases that were reopened at least once
	Reopens   int64 `json:"reopens"`
	Transfers int64 `json:"transfers"` // from one team to another; see [History.Transfers]

	OneTouch         stat.Ratio `json:"one_touch"`          // share of the cases that are resolved now
	RepliesToResolve stat.Ratio `json:"replies_to_resolve"` // replies per case that is resolved now

	// HandleTime is how long agents worked on a conversation, one duration for each that
	// has a [Handled]; see [History.HandleTime]. A mean of it is over conversations, not
	// over handlings.
	HandleTime Summary `json:"handle_time,omitzero"`
	// Handling is the handle time of each activity, of the conversations that had it. So
	// the means of the activities do not add up to that of HandleTime, while their sums do.
	Handling map[Activity]Summary `json:"handling,omitempty"`

	Ratings  rating.Distribution `json:"ratings"`
	Requests Requests            `json:"requests"` // for ratings
}

// Times are the durations of a set of conversations, all measured by one calendar.
//
// The responses are those of waits that a person answered only. The share of FirstResponse that is
// at most an hour is therefore not a service level; see [Summary.AtMost].
//
// On the phone, FirstResponse is the speed of answer, and Abandoned the time to abandon.
// They are two figures, because a mean over both would get better the sooner customers
// hang up. For the share of those who do, see [Figures.Abandonment].
type Times struct {
	FirstResponse   Summary `json:"first_response"`
	Response        Summary `json:"response"`         // of all answered waits, including the first
	NextResponse    Summary `json:"next_response"`    // of all answered waits after the first
	ByAssistant     Summary `json:"by_assistant"`     // of the waits that an assistant answered
	ByAutomation    Summary `json:"by_automation"`    // of the waits that automation answered
	Abandoned       Summary `json:"abandoned"`        // of the waits that the customer gave up
	FirstResolution Summary `json:"first_resolution"` // from the start to the first Resolved
	FullResolution  Summary `json:"full_resolution"`  // from the start to the last Resolved
	CycleResolution Summary `json:"cycle_resolution"` // of every cycle that was resolved
	Active          Summary `json:"active"`           // sums of the cycles
	RequesterWait   Summary `json:"requester_wait"`   // sums of the waits, of conversations in which nothing is open
	StillWaiting    Summary `json:"still_waiting"`    // ages of the open waits
	// OnHold is the time on hold for each reason, of conversations that are not open.
	OnHold map[HoldReason]Summary `json:"on_hold,omitempty"`
}

// summaries returns all the summaries of t.
func (t *Times) summaries() [12]*Summary {
	return [...]*Summary{
		&t.FirstResponse, &t.Response, &t.NextResponse, &t.ByAssistant, &t.ByAutomation, &t.Abandoned,
		&t.FirstResolution, &t.FullResolution, &t.CycleResolution, &t.Active, &t.RequesterWait, &t.StillWaiting,
	}
}

// IsZero reports whether t has no durations.
func (t Times) IsZero() bool {
	for _, s := range t.summaries() {
		if s.Count() != 0 {
			return false
		}
	}
	return len(t.OnHold) == 0
}

// times returns the durations around the clock and in hours of service.
func (f *Figures) times() [2]*Times { return [...]*Times{&f.Elapsed, &f.InHours} }

// Merge adds the durations of other, by the same calendar, as [Summary.Merge] does. It
// cannot tell whether they may be added up; [Figures.Merge] can.
func (t *Times) Merge(other *Times) {
	from := other.summaries()
	for i, s := range t.summaries() {
		s.Merge(from[i])
	}
	t.OnHold = mergedSummaries(t.OnHold, other.OnHold)
}

// mergedSummaries returns the summaries of both. It does not change a, which a copy of
// figures may share.
func mergedSummaries[K comparable](a, b map[K]Summary) map[K]Summary {
	if len(b) == 0 {
		return a
	}
	both := make(map[K]Summary, len(a)+len(b))
	maps.Copy(both, a)
	for key, s := range b {
		sum := both[key]
		sum.Merge(&s)
		both[key] = sum
	}
	return both
}

// counts returns all the counts of f.
func (f *Figures) counts() [24]*int64 {
	r := f.Requests.counts()
	return [...]*int64{
		&f.Cases, &f.Conversations, &f.Transfers, &f.Waited, &f.Volume.Messages, &f.Volume.Replies, &f.Volume.Assistant, &f.Volume.Automated,
		&f.Volume.RatingRequested, &f.ClosedUnanswered, &f.Moved, &f.Backlog, &f.Reopened, &f.Reopens,
		&f.OneTouch.Part, &f.OneTouch.Whole, &f.RepliesToResolve.Part, &f.RepliesToResolve.Whole,
		r[0], r[1], r[2], r[3], r[4], &f.ShortAbandoned,
	}
}

// Merge adds the figures of other, which must be of other conversations, read by the
// same rules: Figures cannot tell. The sum is right for the instant for which both are:
//
//   - AsOf, if it is the same for both;
//   - the later AsOf, if the earlier figures are settled.
//
// Figures of two nights that are not settled have no such instant. Then the error
// wraps [ErrOtherTerms], and f is as it was. Figures without AsOf, such as the zero
// value, add up with any. If the counts of both add up to more than 2⁶³−1 the error wraps
// [stat.ErrCount], and if the ratings do to more than a [rating.Distribution] holds,
// [rating.ErrCount]; then too f is as it was.
func (f *Figures) Merge(other *Figures) error {
	terms, err := f.terms().join(other.terms())
	if err != nil {
		return err
	}
	n, err := f.all()
	if err != nil {
		return err
	}
	more, err := other.all()
	if err != nil {
		return err
	}
	if more > math.MaxInt64-n {
		return fmt.Errorf("metrics: figures: %w: %d and %d in all", stat.ErrCount, n, more)
	}
	if err := f.Ratings.Merge(other.Ratings); err != nil {
		return err
	}
	if terms != nil {
		f.AsOf, f.Settled = terms.AsOf, terms.Settled
	}
	from := other.counts()
	for i, n := range f.counts() {
		*n += *from[i]
	}
	f.Elapsed.Merge(&other.Elapsed)
	f.InHours.Merge(&other.InHours)
	f.HandleTime.Merge(&other.HandleTime)
	f.Handling = mergedSummaries(f.Handling, other.Handling)
	return nil
}

// terms returns what f tells of its terms.
func (f *Figures) terms() *terms { return storedTerms(f.AsOf, f.Settled) }

// AutomatedShare returns the share of all replies that no person sent, but an assistant
// or automation.
func (f *Figures) AutomatedShare() stat.Ratio {
	automated := f.Volume.Assistant + f.Volume.Automated
	return stat.Ratio{Part: automated, Whole: automated + f.Volume.Replies}
}

// Volume counts messages, replies and surveys.
type Volume struct {
	Messages        int64 `json:"messages"`         // from the customer
	Replies         int64 `json:"replies"`          // from people
	Assistant       int64 `json:"assistant"`        // replies of AI agents
	Automated       int64 `json:"automated"`        // replies of automation: acknowledgements, campaigns
	RatingRequested int64 `json:"rating_requested"` // surveys
}

func (v *Volume) add(other *Volume) {
	v.Messages += other.Messages
	v.Replies += other.Replies
	v.Assistant += other.Assistant
	v.Automated += other.Automated
	v.RatingRequested += other.RatingRequested
}

// count counts a message or a reply.
func (v *Volume) count(e *packed) {
	switch {
	case e.kind == KindMessageReceived:
		v.Messages++
	case e.by() == ByAssistant:
		v.Assistant++
	case e.by() == ByAutomation:
		v.Automated++
	default:
		v.Replies++
	}
}
