package standards

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

type findingJSON struct {
	Conversation metrics.ConversationID `json:"conversation"`
	Channel      metrics.Channel        `json:"channel,omitzero"`
	Priority     metrics.Priority       `json:"priority,omitzero"`
	Team         metrics.TeamID         `json:"team,omitzero"`
	InCharge     metrics.AgentID        `json:"in_charge,omitzero"`
	Agent        metrics.AgentID        `json:"agent,omitzero"`
	Owner        metrics.AgentID        `json:"owner,omitzero"`
	Measure      Measure                `json:"measure"`
	Target       string                 `json:"target,omitzero"`
	Agreement    string                 `json:"agreement,omitzero"`
	Verdict      Verdict                `json:"verdict"`
	Warning      bool                   `json:"warning,omitzero"`
	Start        time.Time              `json:"start"`
	End          *time.Time             `json:"end"`
	Outcome      metrics.Outcome        `json:"outcome"`
	Holds        []holdJSON             `json:"holds,omitzero"`
	Due          *time.Time             `json:"due"`
	BreachedAt   *time.Time             `json:"breached_at,omitzero"` // unless that was at the deadline
	Days         *Budget                `json:"within,omitzero"`      // of a budget in business days
	Within       time.Duration          `json:"within_ns"`            // the open time that the budget is
	Used         time.Duration          `json:"used_ns"`
	Left         time.Duration          `json:"left_ns"`
	Margin       *time.Duration         `json:"margin_ns"`
	Steps        []stepJSON             `json:"escalations,omitzero"` // unless they follow from the rest
}

type stepJSON struct {
	Name  string        `json:"name,omitzero"`
	After time.Duration `json:"after_ns"`
	Days  int           `json:"after_business_days,omitzero"`
	At    time.Time     `json:"at"`
}

type holdJSON struct {
	Start time.Time  `json:"start"`
	End   *time.Time `json:"end"`
}

// known returns t, or nil for the zero time.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// MarshalJSON implements [json.Marshaler]: one flat object, with durations in
// nanoseconds. The budget is the open time that it is for this promise, beside its text
// if it is one of business days. The end of what is open is null, and so are the
// deadline and the margin of what has none.
func (f Finding) MarshalJSON() ([]byte, error) { return json.Marshal(f.form()) }

func (f *Finding) form() findingJSON {
	t := f.promise()
	form := findingJSON{
		Conversation: f.Conversation, Channel: f.Channel, Priority: f.Priority, Team: f.Team, InCharge: f.InCharge, Agent: f.Agent, Owner: f.Owner,
		Measure: t.Measure, Target: t.Name, Agreement: t.Agreement, Within: f.Used + f.Left,
		Verdict: f.Verdict, Warning: f.Warning, Start: f.Start, End: known(f.End), Outcome: f.Outcome,
		Due: known(f.Due), Used: f.Used, Left: f.Left,
	}
	if t.Within.unit != ofTime {
		form.Days = &t.Within
	}
	if form.Due != nil {
		form.Margin = &f.Margin
	}
	if !f.BreachedAt.Equal(f.Due) {
		form.BreachedAt = known(f.BreachedAt)
	}
	for _, s := range f.revisedSteps() {
		form.Steps = append(form.Steps, stepJSON{s.Name, s.After, s.Days, s.at})
	}
	for _, h := range f.Holds {
		form.Holds = append(form.Holds, holdJSON{h.Start, known(h.End)})
	}
	return form
}

// revisedSteps returns the steps that have come due, if they are others than the
// deadline alone would give.
func (f *Finding) revisedSteps() []step {
	actual, plain := *f, *f
	actual.settleSteps()
	plain.since, plain.gaps, plain.done, plain.settled = time.Time{}, nil, nil, false
	plain.settleSteps()
	if slices.EqualFunc(actual.done, plain.done, func(a, b step) bool { return a.at.Equal(b.at) && a.Escalation == b.Escalation }) {
		return nil
	}
	return actual.done
}

// dated reports whether an instant is zero, or from 1970 on and up to a year.
func dated(t time.Time, last int) bool { return t.IsZero() || t.Year() >= 1970 && t.Year() <= last }

// The years up to which events and deadlines are.
const (
	lastEvent    = 2262
	lastDeadline = 9999
)

var errDate = fmt.Errorf("%w: an instant that no event or deadline has", ErrTally)

// dated reports whether all instants of form can be those of a finding.
func (form *findingJSON) dated() bool {
	fine := dated(form.Start, lastEvent) && (form.End == nil || dated(*form.End, lastEvent)) &&
		(form.Due == nil || dated(*form.Due, lastDeadline)) && (form.BreachedAt == nil || dated(*form.BreachedAt, lastDeadline))
	for _, h := range form.Holds {
		fine = fine && dated(h.Start, lastEvent) && (h.End == nil || dated(*h.End, lastEvent))
	}
	for _, s := range form.Steps {
		fine = fine && dated(s.At, lastDeadline)
	}
	return fine
}

// finding returns a breach of a target of which form is the form.
func (form *findingJSON) finding(t *Target, index int, asOf time.Time) Finding {
	f := Finding{
		Conversation: form.Conversation, Channel: form.Channel, Priority: form.Priority, Team: form.Team, InCharge: form.InCharge, Agent: form.Agent, Owner: form.Owner,
		Start: form.Start, Outcome: form.Outcome, Target: t, Index: index,
	}
	if form.End != nil {
		f.End = *form.End
	} else {
		f.asOf = asOf
	}
	for _, h := range form.Holds {
		hold := metrics.Span{Start: h.Start}
		if h.End != nil {
			hold.End = *h.End
		}
		f.Holds = append(f.Holds, hold)
	}
	f.judge()
	if form.Due != nil && form.Margin != nil {
		f.Due, f.Margin = *form.Due, *form.Margin // which depend on when a team had it
	}
	for _, s := range form.Steps {
		f.done = append(f.done, step{s.At, Escalation{s.Name, s.After, s.Days}})
	}
	f.settled = len(form.Steps) > 0
	f.settle()
	f.Verdict, f.BreachedAt = Breached, f.Due
	if form.BreachedAt != nil {
		f.BreachedAt = *form.BreachedAt
	}
	return f
}

type attainmentJSON struct {
	Target    string  `json:"target,omitzero"`
	Measure   Measure `json:"measure"`
	Agreement string  `json:"agreement,omitzero"`
	levelJSON
	countsJSON
	Unmeasured countsJSON     `json:"unmeasured,omitzero"`
	Compliance shareJSON      `json:"compliance"`
	Interval   *stat.Interval `json:"interval"`
	Breaches   []findingJSON  `json:"breaches"`
}

// levelJSON is how those who gave up count, for measures that wait for an answer.
type levelJSON struct {
	Formula      string        `json:"formula,omitzero"`
	ShortAbandon time.Duration `json:"short_abandon_ns,omitzero"` // unless the formula does without it
}

func levelOf(t *Target) (form levelJSON) {
	if t.Measure.answers() {
		form.Formula = t.Formula.String()
		if t.Formula.short() {
			form.ShortAbandon = t.ShortAbandon
		}
	}
	return form
}

// shareJSON is a share as counts, and as a percentage with ten places, or null
// where there is no data.
type shareJSON struct {
	stat.Ratio
	Percent *decimal.Decimal `json:"percent"`
}

func shareOf(r stat.Ratio) shareJSON {
	share := shareJSON{Ratio: r}
	if percent, ok := r.Percent(10, stat.HalfAwayFromZero); ok {
		share.Percent = &percent
	}
	return share
}

// MarshalJSON implements [json.Marshaler]: the target, the [Formula] of a promise of an
// answer and its limit of short abandons in nanoseconds, the counts, the compliance
// with its 95 % Wilson interval, and the breaches that are named, worst first. The
// share and the interval of no data are null.
func (a Attainment) MarshalJSON() ([]byte, error) { return json.Marshal(a.form(a.Breaches)) }

func (a *Attainment) form(breaches []Finding) attainmentJSON {
	form := attainmentJSON{
		countsJSON: countsJSON(a.Tally), Unmeasured: countsJSON(a.Unmeasured), Compliance: shareOf(a.Tally.Compliance()), Breaches: []findingJSON{},
	}
	if a.Target != nil {
		form.Target, form.Measure, form.Agreement = a.Target.Name, a.Target.Measure, a.Target.Agreement
		form.levelJSON = levelOf(a.Target)
	}
	if iv, ok := a.Tally.Interval(0.95); ok {
		form.Interval = &iv
	}
	for i := range breaches {
		form.Breaches = append(form.Breaches, breaches[i].form())
	}
	return form
}

type scoresJSON[K comparable] struct {
	dateJSON
	Measured []Measure              `json:"measured"`
	Groups   map[K][]attainmentJSON `json:"groups"`
}

// dateJSON is as of when scores are.
type dateJSON struct {
	AsOf    time.Time `json:"as_of,omitzero"`
	Settled bool      `json:"settled,omitzero"`
}

// date returns as of when s is: of what was added, or else of the form that was read.
func (s *Scores[K]) date() dateJSON {
	if terms := s.Terms(); !terms.AsOf.IsZero() {
		return dateJSON{terms.AsOf, terms.Settled}
	}
	return s.stored
}

// MarshalJSON implements [json.Marshaler]: the instant in UTC, the measures of the
// policy that were measured, and an object of what became of the targets in each
// group. Keys are text, integers or [encoding.TextMarshaler]. Breaches are named
// for what is not measured too, so that nothing is lost.
func (s *Scores[K]) MarshalJSON() ([]byte, error) {
	form := scoresJSON[K]{s.date(), []Measure{}, make(map[K][]attainmentJSON)}
	for i := range s.policy.Targets {
		if m := s.policy.Targets[i].Measure; s.seen&m.measured() != 0 && !slices.Contains(form.Measured, m) {
			form.Measured = append(form.Measured, m)
		}
	}
	for n, key := range s.groups.All() {
		group := s.scores[n]
		for i, a := range s.attainments(group) {
			form.Groups[key] = append(form.Groups[key], a.form(group[i].breaches()))
		}
	}
	return json.Marshal(form)
}

// UnmarshalJSON implements [json.Unmarshaler], and replaces what s counts by the
// form, which must be that of scores of the same policy. If its targets have other
// names, measures, agreements or formulas, the error wraps [ErrOtherPolicy]; what is not such
// a form, or has an unknown field, one or a group that comes twice, such as the integer 1 as
// "1" and "01", or that nothing can have counted, is an error that wraps [ErrTally]; and s is
// as it was. What is then merged into s, or added, is taken to be of the same terms: the
// caller answers for it, as a [metrics.Tracker] does.
func (s *Scores[K]) UnmarshalJSON(data []byte) error {
	var form scoresJSON[K]
	if _, err := text.DecodeJSON(data, &form); err != nil {
		return fmt.Errorf("%w: %w", ErrTally, err)
	}
	var names struct{ Groups map[string][]struct{} }
	_ = json.Unmarshal(data, &names) // it was read
	if len(names.Groups) != len(form.Groups) {
		return fmt.Errorf("%w: %d names for %d groups", ErrTally, len(names.Groups), len(form.Groups))
	}
	if !dated(form.AsOf, lastEvent) {
		return errDate
	}
	groups, sums := make(map[K][]score), make([]Tally, len(s.policy.Targets))
	for key, attainments := range form.Groups {
		if len(attainments) != len(s.policy.Targets) {
			return fmt.Errorf("%w: %d targets, want %d", ErrOtherPolicy, len(attainments), len(s.policy.Targets))
		}
		groups[key] = s.none()
		for i := range attainments {
			a, t, to := &attainments[i], &s.policy.Targets[i], &groups[key][i]
			if a.Target != t.Name || a.Measure != t.Measure || a.Agreement != t.Agreement {
				return fmt.Errorf("%w: target %q, want %q", ErrOtherPolicy, a.Target, t.Name)
			}
			if a.levelJSON != levelOf(t) {
				return fmt.Errorf("%w: target %q, of another formula or short limit", ErrOtherPolicy, a.Target)
			}
			to.tally = Tally(a.countsJSON)
			if err := to.tally.Merge(Tally(a.Unmeasured)); err != nil {
				return err
			}
			if err := sums[i].Merge(to.tally); err != nil {
				return err
			}
			if a.Compliance.Ratio != Tally(a.countsJSON).Compliance() || int64(len(a.Breaches)) > to.tally.Breached {
				return fmt.Errorf("%w: the numbers of target %q do not agree", ErrTally, a.Target)
			}
			for k := range a.Breaches {
				if !a.Breaches[k].dated() {
					return errDate
				}
				f := a.Breaches[k].finding(t, i, form.AsOf)
				to.worst.Add(&f)
			}
		}
	}
	s.Binding, s.groups, s.scores, s.seen = metrics.Binding{}, metrics.NewGrouping(s.key), nil, 0
	s.stored = dateJSON{form.AsOf.UTC(), form.Settled}
	for key, group := range groups {
		s.groups.Add(key)
		s.scores = append(s.scores, group)
	}
	for _, m := range form.Measured {
		if m.answers() {
			s.seen |= proofGaveUp // which proves no more than was written
		} else {
			s.seen |= m.proof()
		}
	}
	return nil
}

type boardJSON struct {
	AsOf          time.Time  `json:"as_of,omitzero"`
	Conversations statesJSON `json:"conversations"`
	Promises      statesJSON `json:"promises"`
	Rows          []Finding  `json:"rows"`
}

type statesJSON struct {
	Open    int64     `json:"open"`
	Overdue shareJSON `json:"overdue"`
	Near    shareJSON `json:"near"`
	Fine    shareJSON `json:"fine"`
}

func statesOf(overdue, near, fine int64) statesJSON {
	open := overdue + near + fine
	of := func(part int64) shareJSON { return shareOf(stat.Ratio{Part: part, Whole: open}) }
	return statesJSON{open, of(overdue), of(near), of(fine)}
}

// MarshalJSON implements [json.Marshaler]: the instant in UTC, how many
// conversations and promises are overdue, near and fine, and the rows in order.
func (b *Board) MarshalJSON() ([]byte, error) {
	return json.Marshal(boardJSON{b.Terms().AsOf, statesOf(b.Conversations()), statesOf(b.Promises()), b.Rows()})
}
