package metrics

import (
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
)

// Figures are the figures of a set of conversations. They hold counts, sums and
// distributions, never means or shares, so that the figures of two sets merge
// into those of both. The zero value is that of no conversation.
type Figures struct {
	Conversations int64  `json:"conversations"` // that count; see [History.Counts]
	Volume        Volume `json:"volume"`

	Elapsed Times `json:"elapsed"`           // around the clock
	InHours Times `json:"in_hours,omitzero"` // in hours of service; empty without [Rules.Calendar]

	AnsweredByAutomation int64 `json:"answered_by_automation"` // waits
	ClosedUnanswered     int64 `json:"closed_unanswered"`      // waits
	Moved                int64 `json:"moved"`                  // waits

	Backlog  int64 `json:"backlog"`  // conversations that are open
	Reopened int64 `json:"reopened"` // conversations that were reopened at least once
	Reopens  int64 `json:"reopens"`

	OneTouch         stat.Ratio `json:"one_touch"`          // of conversations that are resolved now
	RepliesToResolve stat.Ratio `json:"replies_to_resolve"` // per conversation that is resolved now

	Ratings rating.Distribution `json:"ratings"`
}

// Times are the durations of a set of conversations, on one calendar.
type Times struct {
	FirstResponse   Summary `json:"first_response"`
	Response        Summary `json:"response"` // of all answered waits, the first among them
	NextResponse    Summary `json:"next_response"`
	FirstResolution Summary `json:"first_resolution"`
	FullResolution  Summary `json:"full_resolution"`
	Active          Summary `json:"active"`
	StillWaiting    Summary `json:"still_waiting"` // ages of the open waits
}

// summaries returns all the summaries of t.
func (t *Times) summaries() [7]*Summary {
	return [...]*Summary{
		&t.FirstResponse, &t.Response, &t.NextResponse, &t.FirstResolution,
		&t.FullResolution, &t.Active, &t.StillWaiting,
	}
}

// IsZero reports whether t has no durations.
func (t Times) IsZero() bool {
	for _, s := range t.summaries() {
		if s.Count() != 0 {
			return false
		}
	}
	return true
}

// times returns the durations around the clock and in hours of service.
func (f *Figures) times() [2]*Times { return [...]*Times{&f.Elapsed, &f.InHours} }

// Merge adds the durations of other.
func (t *Times) Merge(other *Times) {
	from := other.summaries()
	for i, s := range t.summaries() {
		s.Merge(from[i])
	}
}

// counts returns all the counts of f.
func (f *Figures) counts() [15]*int64 {
	return [...]*int64{
		&f.Conversations, &f.Volume.Messages, &f.Volume.Replies, &f.Volume.Automated, &f.Volume.RatingRequested,
		&f.AnsweredByAutomation, &f.ClosedUnanswered, &f.Moved, &f.Backlog, &f.Reopened, &f.Reopens,
		&f.OneTouch.Part, &f.OneTouch.Whole, &f.RepliesToResolve.Part, &f.RepliesToResolve.Whole,
	}
}

// Merge adds the figures of other.
func (f *Figures) Merge(other *Figures) {
	from := other.counts()
	for i, n := range f.counts() {
		*n += *from[i]
	}
	f.Elapsed.Merge(&other.Elapsed)
	f.InHours.Merge(&other.InHours)
	f.Ratings.Merge(other.Ratings)
}

// AutomatedShare returns the share of replies that were automated.
func (f *Figures) AutomatedShare() stat.Ratio {
	return stat.Ratio{Part: f.Volume.Automated, Whole: f.Volume.Automated + f.Volume.Replies}
}
