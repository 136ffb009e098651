package survey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Responses collects the answers to one question from several sources. A response that
// is delivered again counts once; if a respondent answers several times, the last
// answer counts; and what does not count is counted by its reason.
//
// Responses are kept one by one, with their comments, so they merge exactly. The order
// in which they are added or merged makes no difference, except between deliveries or
// answers that replace each other and have one instant; see [Responses.Resolved].
// [NewResponses] makes them. The zero value has no question and refuses responses; merged with other
// Responses it becomes those. Do not copy Responses; vet reports copies. Use one for
// each goroutine and merge them.
type Responses struct {
	_        noCopy
	question Question
	list     []Response
	invited  map[asked]int64
	all      int64 // of invited
}

// asked is through what source people were asked, and of which group they are.
type asked struct {
	source Source
	group  string
}

// noCopy lets vet refuse to copy the value that holds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// NewResponses returns empty responses to the question. The error wraps [ErrScale] if
// its definition has no valid scale, and [ErrDefinition] if it declares an index that
// cannot be computed. A question need not declare an index.
func NewResponses(q Question) (*Responses, error) {
	err := q.Definition.Check()
	if q.Definition.Statistic == NoStatistic {
		err = q.Definition.Scale.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("question %s: %w", text.Quote(q.ID), err)
	}
	q.Definition.Scale = q.Definition.Scale.canonical()
	return &Responses{question: q}, nil
}

// Question returns the question.
func (r *Responses) Question() Question { return r.question }

// Len returns the number of responses, including those that do not count.
func (r *Responses) Len() int { return len(r.list) }

// Add adds a response. A value that is not on the scale is not an error: it is left out
// as [OffScale]. The error wraps [ErrResponse] if the response is impossible, and
// [ErrScale] if r has no question.
func (r *Responses) Add(response Response) error {
	if r.question.Definition.Scale == (Scale{}) {
		return fmt.Errorf("%w: the responses have no question", ErrScale)
	}
	if err := response.check(); err != nil {
		return err
	}
	r.list = append(r.list, response.normal(r.question.Definition.Scale))
	return nil
}

// AddText adds a response whose answer is text, such as a field of a file. Empty text is
// [Unanswered], text that is not a whole number is [Unreadable], and a number that is
// not on the scale is [OffScale]. The Value of response is ignored, and so is text if
// response has a reason in Left. The errors are those of Add.
func (r *Responses) AddText(response Response, text string) error {
	if response.Left == Counted {
		response.Value, response.Left = r.question.Definition.Scale.read(text)
	}
	return r.Add(response)
}

// Invite counts n more people of a group who were asked through the source; an empty
// group is that of nobody in particular. Count people and not lines of a file: whoever
// was asked twice, or answered twice, was asked once for each thing. Without Invite there
// is no response rate, since an export of answers alone does not tell who was asked.
//
// The error wraps [ErrCount] if n is negative or more than 2⁵³ people would be invited in
// all, and [ErrResponse] for a text that no Response may have.
func (r *Responses) Invite(source Source, group string, n int64) error {
	if err := (Response{Source: source, Group: group}).check(); err != nil {
		return err
	}
	if err := addCount(&r.all, n); err != nil {
		return fmt.Errorf("invited by %s: %w", text.Quote(string(source)), err)
	}
	if r.invited == nil {
		r.invited = make(map[asked]int64)
	}
	r.invited[asked{source, group}] += n
	return nil
}

// Merge adds all responses and invitations of other, as taken after those of r; a nil
// other has none. To count rounds of one survey together, each person once, ask them
// all as one Question, with one ID, and tell rounds apart by About if each counts.
// ([Answers.Merge] takes no notice of questions, but counts a person twice who answered
// both.)
//
// The error wraps [ErrMismatch] and says what differs if both have a question and the
// questions are not equal, and [ErrCount] if more than 2⁵³ people were invited in all. On
// an error nothing has changed.
func (r *Responses) Merge(other *Responses) error {
	if other == nil {
		return nil
	}
	zero := Question{}
	if r.question != zero && other.question != zero && r.question != other.question {
		return fmt.Errorf("%w: %s", ErrMismatch, r.question.difference(other.question))
	}
	if err := addCount(&r.all, other.all); err != nil {
		return fmt.Errorf("invited: %w", err)
	}
	if r.question == zero {
		r.question = other.question
	}
	r.list = append(r.list, other.list...)
	if r.invited == nil && len(other.invited) > 0 {
		r.invited = make(map[asked]int64)
	}
	for key, n := range other.invited {
		r.invited[key] += n
	}
	return nil
}

// String returns how many responses there are and how many of them count, such as
//
//	csat: 11 responses, 6 count (left out: 1 unanswered, 4 superseded)
func (r *Responses) String() string {
	a := r.Answers()
	name := r.question.ID
	if name == "" {
		name = "no question"
	}
	return fmt.Sprintf("%s: %d responses, %d count%s", name, r.Len(), a.N(), a.leftOut.note())
}

// Resolved returns the responses in order of time. If a response does not count, Left
// has the reason; [Repeated] and [Superseded] are set here:
//
//   - Of deliveries with one Source and ID the last counts, and the others are Repeated.
//   - Of the answers of one Respondent About one thing the last counts, and the others
//     are Superseded. An answer that is left out does not supersede one that counts.
//   - The last is the one of the latest instant. Of equal instants, and so of all that
//     have none, it is the last taken, by Add or Merge.
//   - But an exclusion, which is a response with [Excluded] in Left, is later than
//     anything else at its instant, whenever it was taken: to take an answer back, add
//     its row again with that reason. For a row without an ID, the Source, Respondent,
//     About and instant tell which is meant; without a Respondent nothing does.
func (r *Responses) Resolved() []Response {
	list := slices.Clone(r.list)
	slices.SortStableFunc(list, func(x, y Response) int {
		return cmp.Or(x.At.Compare(y.At), cmp.Compare(b2i(x.Left == Excluded), b2i(y.Left == Excluded)))
	})
	type delivery struct {
		source Source
		id     string
	}
	type row struct {
		source            Source
		respondent, about string
		at                time.Time
	}
	type person struct{ respondent, about string }
	delivered, excluded, answered := make(map[delivery]bool), make(map[row]bool), make(map[person]bool)
	for i := len(list) - 1; i >= 0; i-- {
		x := &list[i]
		if this := (row{x.Source, x.Respondent, x.About, x.At}); x.ID == "" && x.Respondent != "" {
			if excluded[this] {
				x.Left = Repeated
			}
			if x.Left == Excluded {
				excluded[this] = true
			}
		}
		if x.ID != "" {
			d := delivery{x.Source, x.ID}
			if delivered[d] {
				x.Left = Repeated
			}
			delivered[d] = true
		}
		if x.Respondent != "" && x.Left == Counted {
			p := person{x.Respondent, x.About}
			if answered[p] {
				x.Left = Superseded
			}
			answered[p] = true
		}
	}
	return list
}

// Answers returns the answers that count, and how many were left out and why.
func (r *Responses) Answers() Answers { return r.answers(r.Resolved()) }

func (r *Responses) answers(list []Response) Answers {
	a := Answers{scale: r.question.Definition.Scale}
	for _, x := range list {
		if x.Left != Counted {
			a.leftOut.leave(x.Left)
		} else if i, ok := a.scale.index(x.Value); ok {
			a.counts[i]++
		}
	}
	return a
}

// Index returns the index that the question declares. The errors are those of
// [Measure].
func (r *Responses) Index() (Index, error) { return Measure(r.question.Definition, r.Answers()) }

// AnswersBy returns the answers that count, and what was left out, by a key of the
// responses: by the week or month in which they were given, say, or by team and month.
func AnswersBy[K comparable](r *Responses, key func(Response) K) map[K]Answers {
	byKey := make(map[K][]Response)
	for _, x := range r.Resolved() {
		k := key(x)
		byKey[k] = append(byKey[k], x)
	}
	answers := make(map[K]Answers, len(byKey))
	for k, list := range byKey {
		answers[k] = r.answers(list)
	}
	return answers
}

// CallBacks returns the answers that count and are negative by the definition of the
// question, such as those of detractors, with their comments: the worst first, and of
// equal ones the latest. It is empty if the definition has no negative answers.
func (r *Responses) CallBacks() []Response {
	d := r.question.Definition
	var list []Response
	for _, x := range r.Resolved() {
		if x.Left == Counted && d.Negative.Has(x.Value) {
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(x, y Response) int {
		worse := cmp.Compare(x.Value, y.Value)
		if d.Scale.Direction == stat.LowerIsBetter {
			worse = -worse
		}
		return cmp.Or(worse, y.At.Compare(x.At))
	})
	return list
}

// String returns the name and the answers.
func (g Group) String() string { return fmt.Sprintf("%s: %v", g.Name, g.Answers) }

// Groups returns the answers by the Group of the responses, in the order of their
// names, with the response rate of each of which it is known who was asked.
func (r *Responses) Groups() []Group {
	byName := make(map[string][]Response)
	invited := make(map[string]int64)
	for key, n := range r.invited {
		if key.group != "" {
			byName[key.group] = nil
			invited[key.group] += n
		}
	}
	for _, x := range r.Resolved() {
		byName[x.Group] = append(byName[x.Group], x)
	}
	groups := make([]Group, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		g := Group{Name: name, Answers: r.answers(byName[name]), Invited: invited[name]}
		g.Responded, g.Rate = responded(byName[name], g.Invited)
		groups = append(groups, g)
	}
	return groups
}

// responded returns how many people gave a valid answer in the list, and of how many
// that were asked.
func responded(list []Response, invited int64) (n int64, rate Rate) {
	seen := make(map[[2]string]bool)
	for _, x := range list {
		key := [2]string{x.Respondent, x.About}
		if x.Left != Counted && x.Left != Superseded || x.Respondent != "" && seen[key] {
			continue
		}
		seen[key] = true
		n++
	}
	// Without people who were asked, or with fewer than answered, there is none.
	rate, _ = newRate("response rate", stat.Ratio{Part: n, Whole: invited})
	return n, rate
}

// SourceResponses are the responses from one source.
type SourceResponses struct {
	Source  Source  `json:"source"`
	Answers Answers `json:"answers"` // those that count, and what was left out
	Invited int64   `json:"invited"` // 0 if not known
	// Responded is how many gave a valid answer through this source. Each
	// respondent counts once for each thing they were asked About, even if a later
	// answer through another source supersedes this one.
	Responded int64 `json:"responded"`
	// Rate is the response rate, Responded of Invited. It is the zero value if
	// Invited is 0 or less than Responded.
	Rate Rate `json:"rate,omitzero"`
}

// String returns how many gave a valid answer, and the response rate, such as
//
//	email: 3 responded, response rate 75.0 %, 95 % 30.1 to 95.4, n = 4
func (s SourceResponses) String() string {
	name, rate := string(s.Source), s.Rate.String()
	if name == "" {
		name = "source not given"
	}
	if !s.Rate.Value.Defined() {
		rate = "response rate not known"
	}
	return fmt.Sprintf("%s: %d responded, %s", name, s.Responded, rate)
}

// Sources returns the responses from each source, in the order of the names of the
// sources.
func (r *Responses) Sources() []SourceResponses {
	bySource := make(map[Source][]Response)
	invited := make(map[Source]int64)
	for key, n := range r.invited {
		bySource[key.source] = nil
		invited[key.source] += n
	}
	for _, x := range r.Resolved() {
		bySource[x.Source] = append(bySource[x.Source], x)
	}
	list := make([]SourceResponses, 0, len(bySource))
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		s := SourceResponses{Source: source, Answers: r.answers(bySource[source]), Invited: invited[source]}
		s.Responded, s.Rate = responded(bySource[source], s.Invited)
		list = append(list, s)
	}
	return list
}
