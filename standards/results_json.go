package standards

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

type findingJSON struct {
	Conversation metrics.ConversationID `json:"conversation"`
	Channel      metrics.Channel        `json:"channel,omitzero"`
	Priority     metrics.Priority       `json:"priority,omitzero"`
	Agent        metrics.AgentID        `json:"agent,omitzero"`
	Owner        metrics.AgentID        `json:"owner,omitzero"`
	Measure      Measure                `json:"measure"`
	Target       string                 `json:"target,omitzero"`
	Agreement    string                 `json:"agreement,omitzero"`
	Verdict      Verdict                `json:"verdict"`
	Warning      bool                   `json:"warning,omitzero"`
	Start        time.Time              `json:"start"`
	End          *time.Time             `json:"end"`
	Due          *time.Time             `json:"due"`
	Within       time.Duration          `json:"within_ns"`
	Used         time.Duration          `json:"used_ns"`
	Left         time.Duration          `json:"left_ns"`
	Margin       *time.Duration         `json:"margin_ns"`
}

// MarshalJSON implements [json.Marshaler]: one flat object, with durations in
// nanoseconds. The end of what is open is null, and so are the deadline and the
// margin of what has none.
func (f Finding) MarshalJSON() ([]byte, error) {
	out := findingJSON{
		Conversation: f.Conversation, Channel: f.Channel, Priority: f.Priority, Agent: f.Agent, Owner: f.Owner,
		Verdict: f.Verdict, Warning: f.Warning, Start: f.Start, Used: f.Used, Left: f.Left,
	}
	if f.Target != nil {
		out.Measure, out.Target, out.Agreement, out.Within = f.Target.Measure, f.Target.Name, f.Target.Agreement, f.Target.Within
	}
	if !f.End.IsZero() {
		out.End = &f.End
	}
	if !f.Due.IsZero() {
		out.Due, out.Margin = &f.Due, &f.Margin
	}
	return json.Marshal(out)
}

type judgementJSON struct {
	Verdict Verdict        `json:"verdict"`
	Warning bool           `json:"warning,omitzero"`
	Due     *time.Time     `json:"due"`
	Used    time.Duration  `json:"used_ns"`
	Left    time.Duration  `json:"left_ns"`
	Margin  *time.Duration `json:"margin_ns"`
}

// MarshalJSON implements [json.Marshaler], with durations in nanoseconds. The
// deadline and the margin are null if there is no deadline.
func (j Judgement) MarshalJSON() ([]byte, error) {
	out := judgementJSON{Verdict: j.Verdict, Warning: j.Warning, Used: j.Used, Left: j.Left}
	if !j.Due.IsZero() {
		out.Due, out.Margin = &j.Due, &j.Margin
	}
	return json.Marshal(out)
}

type scoreJSON struct {
	Tally
	Compliance shareJSON      `json:"compliance"`
	Interval   *stat.Interval `json:"interval"`
	Breaches   []Finding      `json:"breaches"`
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

// MarshalJSON implements [json.Marshaler]: the counts, the compliance with its
// 95 % Wilson interval, and the breaches, worst first. Compliance and interval of
// no data are null.
func (s Score) MarshalJSON() ([]byte, error) {
	out := scoreJSON{Tally: s.Tally, Compliance: shareOf(s.Tally.Compliance()), Breaches: s.Breaches()}
	if iv, ok := s.Tally.Interval(0.95); ok {
		out.Interval = &iv
	}
	if out.Breaches == nil {
		out.Breaches = []Finding{}
	}
	return json.Marshal(out)
}

type boardJSON struct {
	AsOf    time.Time `json:"as_of"`
	Overdue shareJSON `json:"overdue"`
	Warning shareJSON `json:"warning"`
	Fine    shareJSON `json:"fine"`
	Rows    []Finding `json:"rows"`
}

// MarshalJSON implements [json.Marshaler]: the instant in UTC, the three shares,
// and the rows in order.
func (b Board) MarshalJSON() ([]byte, error) {
	out := boardJSON{b.AsOf.UTC(), shareOf(b.OverdueShare()), shareOf(b.WarningShare()), shareOf(b.FineShare()), b.Rows}
	if out.Rows == nil {
		out.Rows = []Finding{}
	}
	return json.Marshal(out)
}

type stepJSON struct {
	Name  string        `json:"name,omitzero"`
	After time.Duration `json:"after_ns"`
	At    time.Time     `json:"at"`
}

// MarshalJSON implements [json.Marshaler], with the duration in nanoseconds.
func (s Step) MarshalJSON() ([]byte, error) { return json.Marshal(stepJSON{s.Name, s.After, s.At}) }
