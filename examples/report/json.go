package main

import (
	"encoding/json"
	"io"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
)

type reportJSON struct {
	AsOf       *time.Time        `json:"as_of"`
	Events     int               `json:"events"`
	Duplicates int               `json:"duplicates"`
	Rejected   int               `json:"rejected"`
	NoReplies  bool              `json:"no_replies,omitempty"`
	Waiting    *briefing.Waiting `json:"waiting"`
	Groups     []groupJSON       `json:"groups"`
	Agents     []agentJSON       `json:"agents,omitempty"`
	Teams      []teamJSON        `json:"teams,omitempty"`
	Promises   []promiseJSON     `json:"promises,omitempty"`
	Periods    *periodsJSON      `json:"periods,omitempty"`
	Comparison *comparisonJSON   `json:"comparison,omitempty"`
}

// promiseJSON is what became of a target of the policy, in total and by channel.
type promiseJSON struct {
	Target    string            `json:"target"`
	Measure   standards.Measure `json:"measure"`
	Agreement string            `json:"agreement"`
	Days      *standards.Budget `json:"within,omitempty"` // in place of a time, for business days
	Within    time.Duration     `json:"within_ns,omitempty"`
	Goal      *stat.Ratio       `json:"goal"`
	Channels  []complianceJSON  `json:"channels"`
}

// complianceJSON is a tally and what follows from it, which is null without data or
// without a goal.
type complianceJSON struct {
	Channel string `json:"channel"`
	tallyJSON
	Compliance shareJSON      `json:"compliance"`
	Interval   *stat.Interval `json:"interval"`
	Attained   *bool          `json:"attained"`
}

// tallyCounts is a Tally without its methods.
type tallyCounts standards.Tally

// tallyJSON counts verdicts, and separately those on promises that cannot be
// measured.
type tallyJSON struct {
	tallyCounts
	Unmeasured standards.Tally `json:"unmeasured,omitzero"`
}

type groupJSON struct {
	Key              string              `json:"key"`
	By               map[string]string   `json:"by,omitempty"` // the value of each of several dimensions
	Conversations    int64               `json:"conversations"`
	Cases            *int64              `json:"cases,omitempty"` // only if they are not the conversations
	FirstResponse    *timesJSON          `json:"first_response"`
	Response         *timesJSON          `json:"response"`
	NextResponse     *timesJSON          `json:"next_response"`
	Resolution       *timesJSON          `json:"resolution"`
	ByAssistant      *timesJSON          `json:"by_assistant,omitempty"`
	ByAutomation     *timesJSON          `json:"by_automation,omitempty"`
	Abandoned        *timesJSON          `json:"abandoned,omitempty"`
	Waited           int64               `json:"waited"`
	StillWaiting     int64               `json:"still_waiting"`
	ClosedUnanswered int64               `json:"closed_unanswered"`
	Moved            int64               `json:"moved,omitempty"`
	Reopened         int64               `json:"reopened"`
	Ratings          rating.Distribution `json:"ratings"`
	TierMeaning      string              `json:"tier_meaning,omitempty"`
	CSAT             shareJSON           `json:"csat"`
	Standard         tallyJSON           `json:"standard"`
	deskJSON
	InHours  *inHoursJSON  `json:"in_hours,omitempty"`
	Survival *survivalJSON `json:"survival,omitempty"`
	Evidence *evidenceJSON `json:"evidence,omitempty"`
}

// inHoursJSON are the time metrics in hours of service.
type inHoursJSON struct {
	FirstResponse *timesJSON `json:"first_response"`
	Response      *timesJSON `json:"response"`
	NextResponse  *timesJSON `json:"next_response"`
	Resolution    *timesJSON `json:"resolution"`
	ByAssistant   *timesJSON `json:"by_assistant,omitempty"`
	ByAutomation  *timesJSON `json:"by_automation,omitempty"`
	Abandoned     *timesJSON `json:"abandoned,omitempty"`
}

// timesJSON are the figures of a time metric, in nanoseconds.
type timesJSON struct {
	N    int64         `json:"n"`
	Sum  *big.Int      `json:"sum_ns"`
	Min  time.Duration `json:"min_ns"`
	Max  time.Duration `json:"max_ns"`
	Mean time.Duration `json:"mean_ns"`
	P50  time.Duration `json:"p50_ns"`
	P90  time.Duration `json:"p90_ns"`
	P95  time.Duration `json:"p95_ns"`
	P99  time.Duration `json:"p99_ns"`
	Few  *bool         `json:"few,omitempty"` // only with -min
}

// shareJSON is a share as counts, and as a percentage with ten places, or null
// where there is no data.
type shareJSON struct {
	stat.Ratio
	Percent *decimal.Decimal `json:"percent"`
	Few     *bool            `json:"few,omitempty"` // only with -min
}

func writeJSON(w io.Writer, r *report) error {
	out := reportJSON{Waiting: &r.Waiting, Events: r.Events, Duplicates: r.Duplicates, Rejected: r.Rejected, NoReplies: r.NoReplies}
	if r.Known {
		asOf := r.AsOf.UTC()
		out.AsOf = &asOf
	}
	for _, g := range r.Groups {
		f := g.Figures
		group := groupJSON{
			Key:              g.Key,
			By:               g.Values,
			Conversations:    f.Conversations,
			FirstResponse:    r.timesOf(&f.Elapsed.FirstResponse),
			Response:         r.timesOf(&f.Elapsed.Response),
			NextResponse:     r.timesOf(&f.Elapsed.NextResponse),
			Resolution:       r.timesOf(&f.Elapsed.FirstResolution),
			ByAssistant:      r.timesOf(&f.Elapsed.ByAssistant),
			ByAutomation:     r.timesOf(&f.Elapsed.ByAutomation),
			Abandoned:        r.timesOf(&f.Elapsed.Abandoned),
			Waited:           f.Waited,
			StillWaiting:     f.Elapsed.StillWaiting.Count(),
			ClosedUnanswered: f.ClosedUnanswered,
			Moved:            f.Moved,
			Reopened:         f.Reopened,
			Ratings:          f.Ratings,
			TierMeaning:      meaning(f),
			CSAT:             r.shareOf(f),
			Standard:         tallyOf(g.Standard),
			deskJSON:         r.deskOf(g),
		}
		if r.hasCases() {
			group.Cases = &f.Cases
		}
		group.InHours = r.inHoursOf(f)
		if r.Survival {
			group.Survival = r.survivalOf(g)
		}
		if r.Evidence > 0 {
			group.Evidence = evidenceOf(g)
		}
		out.Groups = append(out.Groups, group)
	}
	out.Agents, out.Teams = r.agentsOf(), r.teamsOf()
	if r.Own {
		for i := range r.Policy.Targets {
			out.Promises = append(out.Promises, r.promiseOf(i))
		}
	}
	if r.Series != nil {
		out.Periods = r.periodsOf(r.Series)
	}
	if r.Comparison != nil {
		out.Comparison = r.comparison()
	}
	enc := json.NewEncoder(plain.JSON(w))
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (r *report) timesOf(s *metrics.Summary) *timesJSON {
	mean, ok := s.Mean()
	if !ok {
		return nil
	}
	t := &timesJSON{N: s.Count(), Sum: s.Sum().Shift(9).BigInt(), Mean: mean, Few: r.marked(s.Count())}
	t.Min, _ = s.Min()
	t.Max, _ = s.Max()
	if q, ok := s.Quantiles(0.50, 0.90, 0.95, 0.99); ok {
		t.P50, t.P90, t.P95, t.P99 = q[0], q[1], q[2], q[3]
	}
	return t
}

// inHoursOf returns the times in hours of service, and nil without a calendar.
func (r *report) inHoursOf(f *metrics.Figures) *inHoursJSON {
	if !r.InHours() {
		return nil
	}
	return &inHoursJSON{
		FirstResponse: r.timesOf(&f.InHours.FirstResponse),
		Response:      r.timesOf(&f.InHours.Response),
		NextResponse:  r.timesOf(&f.InHours.NextResponse),
		Resolution:    r.timesOf(&f.InHours.FirstResolution),
		ByAssistant:   r.timesOf(&f.InHours.ByAssistant),
		ByAutomation:  r.timesOf(&f.InHours.ByAutomation),
		Abandoned:     r.timesOf(&f.InHours.Abandoned),
	}
}

// marked says whether n are few, if that was asked for.
func (r *report) marked(n int64) *bool {
	if r.Min == 0 {
		return nil
	}
	few := r.few(n)
	return &few
}

// meaning says what the tier of the ratings tells of the service.
func meaning(f *metrics.Figures) string {
	tier, _ := f.Ratings.Tier(1)
	return tier.Meaning()
}

func (r *report) shareOf(f *metrics.Figures) shareJSON {
	index, ok := csat(f)
	if !ok {
		return shareJSON{Few: r.marked(0)}
	}
	return r.ratioOf(index.Value)
}

func (r *report) ratioOf(of stat.Ratio) shareJSON {
	share := shareJSON{Ratio: of, Few: r.marked(of.Whole)}
	if percent, ok := of.Percent(10, stat.HalfAwayFromZero); ok {
		share.Percent = &percent
	}
	return share
}

func (r *report) promiseOf(i int) promiseJSON {
	target := &r.Policy.Targets[i]
	out := promiseJSON{Target: target.Name, Measure: target.Measure, Agreement: target.Agreement}
	var timed bool
	if out.Within, timed = target.Within.Duration(); !timed {
		out.Days = &target.Within
	}
	if target.Goal.Defined() {
		out.Goal = &target.Goal
	}
	for _, c := range r.madeOn(i) {
		p := c.Promises[i]
		line := complianceJSON{Channel: c.Name, tallyJSON: tallyOf(p), Compliance: r.ratioOf(p.Tally.Compliance())}
		if iv, ok := p.Tally.Interval(level); ok {
			line.Interval = &iv
		}
		if attained, ok := target.Attained(p.Tally); ok {
			line.Attained = &attained
		}
		out.Channels = append(out.Channels, line)
	}
	return out
}

func tallyOf(p standards.Attainment) tallyJSON { return tallyJSON{tallyCounts(p.Tally), p.Unmeasured} }
