package standards

import (
	"fmt"
	"iter"

	"github.com/servicequality/servicequality/metrics"
)

// Scores count what became of the promises of a policy, by a key, and name the
// worst breaches.
//
//	scores := standards.NewScores(metrics.Facet.Channel, policy, 10)
//	err := log.Read(metrics.Rules{}, asOf).Into(scores)
//	...
//	for _, a := range scores.Group(metrics.Chat) {
//		fmt.Println(a)
//	}
//
// Its memory grows with the number of groups and targets, and with the breaches that it
// names of each, not with the number of conversations. It keeps a reference to the log of
// the last history added, so that log stays in memory. Zero Scores are of the zero Policy,
// and count nothing. No two
// methods of a Scores may be called at the same time.
type Scores[K comparable] struct {
	metrics.Binding
	policy Policy
	key    func(metrics.Facet) K // nil is the zero key
	limit  int
	wanted proof // what could fulfil a promise of the policy
	seen   proof // and was seen so far
	groups metrics.Grouping[K]
	scores [][]score // by the numbers of the groups, and the targets
	reader *reader   // nil until something is added
	found  Finding   // that is counted
	stored dateJSON  // of the form that was read; zero if none was
}

// A score counts what became of one target in one group.
type score struct {
	tally Tally
	worst *metrics.Top[*Finding]
}

// NewScores returns empty scores of a policy, by a key that [metrics.NewBreakdown]
// would take, which name at most k breaches of each target and group. The key may depend
// only on what the function asks the facet for; see [metrics.Grouping].
//
// A promise belongs to the period in which it was made, so that the compliance of
// a month is decided by nothing that is asked later: the instant of the facet is
// [Finding.Start]. Its channel, priority and team are those of the finding, so that a
// broken promise is that of the team that had it then, and its agent is who fulfilled
// the promise, else the owner of the conversation.
func NewScores[K comparable](key func(metrics.Facet) K, p Policy, k int) *Scores[K] {
	s := &Scores[K]{key: key, policy: p, limit: k, groups: metrics.NewGrouping(key)}
	for i := range p.Targets {
		s.wanted |= p.Targets[i].Measure.proof()
	}
	return s
}

// Add takes a history, and fails if it does not belong to those before; see
// [metrics.Binding.Check].
func (s *Scores[K]) Add(h *metrics.History) error {
	if err := s.Check(h); err != nil {
		return err
	}
	if s.wanted&^s.seen != 0 {
		s.seen |= (s.wanted | proofGaveUp) & proofIn(h)
	}
	if s.reader == nil {
		s.reader = newReader(s.policy)
	}
	s.reader.begin(h)
	for _, of := range s.reader.families {
		if found, ok := s.reader.plain(of); ok && s.count(found) {
			continue
		}
		for f := range s.reader.findings(of) {
			w := metrics.Wait{Channel: f.Channel, Team: f.Team, Agent: f.Agent, Start: f.Start, End: f.Start}
			s.found = f
			s.group(s.groups.Of(h.FacetOf(w).WithPriority(f.Priority)))[f.Index].add(&s.found)
		}
	}
	return nil
}

// count counts promises. It returns false, and counts none, if the breach of one is to be
// named, which takes a finding.
func (s *Scores[K]) count(found []promise) bool {
	for i := range found {
		one := &found[i]
		one.group = s.groups.Of(one.spell.FacetOfPromise())
		to := &s.group(one.group)[one.index]
		if s.limit > 0 && one.verdict == Breached {
			s.found = Finding{Left: one.left, Margin: one.margin} // which comes first among equal ones
			if to.worst.Keeps(&s.found) {
				return false
			}
		}
	}
	for i := range found {
		s.scores[found[i].group][found[i].index].tally.Add(found[i].verdict)
	}
	return true
}

func (s *score) add(f *Finding) {
	s.tally.Add(f.Verdict)
	if f.Verdict == Breached {
		if s.worst.Keeps(f) {
			kept := *f
			f = &kept
			f.keep()
		}
		s.worst.Add(f)
	}
}

func (s *score) breaches() []Finding {
	var list []Finding
	for _, f := range s.worst.List() {
		list = append(list, *f)
	}
	return list
}

// Merge adds what other counts, whose key must be the same, and which must name at
// least as many breaches. If the two do not add up, because they are of other
// policies or terms (see [metrics.Binding.Join]), the error says why; if they count more than
// 2⁶³−1 promises by one target, it wraps [ErrTally]; and s is as it was.
func (s *Scores[K]) Merge(other *Scores[K]) error {
	if !s.policy.Equal(other.policy) {
		return ErrOtherPolicy
	}
	sums := s.tallies()
	for i, tally := range other.tallies() {
		if err := sums[i].Merge(tally); err != nil {
			return err
		}
	}
	if err := s.Join(&other.Binding); err != nil {
		return err
	}
	s.seen |= other.seen
	if s.stored.AsOf.IsZero() {
		s.stored = other.stored
	}
	for n, key := range other.groups.All() {
		merge(s.group(s.groups.Add(key)), other.scores[n])
	}
	return nil
}

// Regroup returns the same scores by another key, which a function makes of that of s: by
// channel and agent first, and then by channel. It has what new scores would have that are
// fed the same by the two functions together, in a fraction of the time.
func Regroup[K, L comparable](s *Scores[K], key func(K) L) *Scores[L] {
	of := s.key
	if of == nil {
		of = func(metrics.Facet) (k K) { return k }
	}
	by := NewScores(func(f metrics.Facet) L { return key(of(f)) }, s.policy, s.limit)
	_ = by.Join(&s.Binding) // it was fed nothing else
	by.seen, by.stored = s.seen, s.stored
	for n, k := range s.groups.All() {
		merge(by.group(by.groups.Add(key(k))), s.scores[n])
	}
	return by
}

// tallies returns what all groups together count of each target.
func (s *Scores[K]) tallies() []Tally {
	sums := make([]Tally, len(s.policy.Targets))
	for _, group := range s.scores {
		for i := range group {
			sums[i].add(group[i].tally)
		}
	}
	return sums
}

func merge(to, from []score) {
	for i := range to {
		to[i].tally.add(from[i].tally)
		to[i].worst.Merge(from[i].worst)
	}
}

// group returns the scores of a group, one for each target.
func (s *Scores[K]) group(n int) []score {
	if n >= len(s.scores) {
		s.scores = append(s.scores, s.none())
	}
	return s.scores[n]
}

func (s *Scores[K]) none() []score {
	none := make([]score, len(s.policy.Targets))
	for i := range none {
		none[i].worst = metrics.NewTop(s.limit, (*Finding).worse)
	}
	return none
}

// Keys returns the keys of the groups, in no order.
func (s *Scores[K]) Keys() iter.Seq[K] { return s.groups.Keys() }

// Group returns what became of each target in a group, in the order of the policy.
// It is the caller's own. For a key with no members all counts are 0.
func (s *Scores[K]) Group(key K) []Attainment {
	if n, ok := s.groups.Number(key); ok {
		return s.attainments(s.scores[n])
	}
	return s.attainments(nil)
}

// Total returns what became of each target in all groups together.
func (s *Scores[K]) Total() []Attainment {
	total := s.none()
	for _, group := range s.scores {
		merge(total, group)
	}
	return s.attainments(total)
}

func (s *Scores[K]) attainments(group []score) []Attainment {
	all := make([]Attainment, len(s.policy.Targets))
	for i := range all {
		all[i].Target = &s.policy.Targets[i]
		switch {
		case group == nil: // a key with no members
		case s.seen&all[i].Target.Measure.measured() == 0:
			all[i].Unmeasured, all[i].unseen = group[i].tally, true
		default:
			all[i].Tally, all[i].Breaches = group[i].tally, group[i].breaches()
		}
	}
	return all
}

// Attainment is what became of a target. The zero value is that of no target.
type Attainment struct {
	Target *Target // not to be changed
	Tally  Tally
	// Unmeasured counts promises of which nobody can know whether they were kept:
	// in everything that was read, in all groups, there is nothing that would
	// fulfil one. Without any assignment there is no time to assign, without one to a
	// team no time with one, without a reply that counts no update, without such a reply
	// or a customer who gave up no response, and without a Resolved no
	// resolution. Then the Tally is empty, rather than one in which nothing was
	// kept, and no breach is named.
	Unmeasured Tally
	// Breaches are the worst of those that the Tally counts: what was too late by
	// most in hours of service comes first, and of those equal, around the clock.
	// [Finding.Evidence] proves each.
	Breaches []Finding

	unseen bool // nothing in the input would fulfil a promise
}

// String returns the target, what became of it, and the [Formula] if it is not the
// usual one, such as
//
//	answer a chat: 4 of 5 kept, 80.0 %, goal attained
//	answer a call: 860 of 1060 kept, 81.1 %, formula offered, goal attained
//	take charge (inner): not measured, 303 promises
//	time with the second line: not measured
func (a Attainment) String() string {
	if a.Target == nil {
		return a.Tally.String()
	}
	text := a.Target.String() + ": "
	if n := a.Unmeasured.N(); n > 0 {
		return fmt.Sprintf("%snot measured, %d promises", text, n)
	}
	if a.unseen {
		return text + "not measured"
	}
	text += a.Tally.String()
	if f := a.Target.Formula; f != ShortExcluded && a.Target.Measure.answers() {
		text += ", formula " + f.String()
	}
	switch attained, ok := a.Target.Attained(a.Tally); {
	case attained:
		text += ", goal attained"
	case ok:
		text += ", goal missed"
	}
	return text
}

// A proof is a set of what tells that promises are measured: what fulfils them, and that a
// customer gave up, which tells that there was no answer until then.
type proof uint8

const (
	proofReply proof = 1 << iota
	proofAssigned
	proofResolved
	proofGaveUp
	proofTeam
)

// proof returns what fulfils a promise by a measure.
func (m Measure) proof() proof {
	switch m {
	case TimeToAssign:
		return proofAssigned
	case TimeWith:
		return proofTeam
	case FirstResolution, FullResolution, ActiveResolution:
		return proofResolved
	}
	return proofReply
}

// measured returns what tells that a measure is measured.
func (m Measure) measured() proof {
	if m.answers() {
		return proofReply | proofGaveUp
	}
	return m.proof()
}

// proofIn returns what there is in a conversation.
func proofIn(h *metrics.History) (seen proof) {
	if !h.Counts() {
		return 0
	}
	automation, assistant := h.Terms().Rules.Automation != metrics.AutomationIgnored, h.Terms().Rules.Assistant != metrics.AssistantIgnored
	if v := h.Volume(); v.Replies > 0 || automation && v.Automated > 0 || assistant && v.Assistant > 0 {
		seen = proofReply
	}
	if h.Has(metrics.KindResolved) {
		seen |= proofResolved
	}
	if h.Has(metrics.KindAssigned) {
		for m := range h.Moments() {
			if m.Kind() != metrics.KindAssigned {
				continue
			}
			if m.Agent() != "" {
				seen |= proofAssigned
			}
			if m.Team() != "" {
				seen |= proofTeam
			}
		}
	}
	if h.Has(metrics.KindAbandoned) {
		for w := range h.WaitSpells() {
			if w.Outcome() == metrics.GaveUp {
				seen |= proofGaveUp
			}
		}
	}
	return seen
}
