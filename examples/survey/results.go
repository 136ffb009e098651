package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/examples/internal/surveyfile"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/compare"
	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// results are all that is printed, counted once for every format.
type results struct {
	settings
	questions []*result
	servqual  *servqual.Result // nil: nobody asked for it
	reading   []string         // how the files were read
	problems  []string         // what could not be read of them
}

// study reads the files and counts what they say.
func study(s settings) (*results, error) {
	r := &results{settings: s}
	if s.bundled() || s.answers != "" {
		data, name, err := source(s.answers, bundledAnswers, "answers.csv")
		if err != nil {
			return nil, err
		}
		file, err := surveyfile.Read(data, s.form)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if r.questions, err = measure(file, s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.add(name, file.Notes, file.Problems)
	}
	if s.bundled() || s.servqual != "" {
		data, name, err := source(s.servqual, bundledServqual, "servqual.csv")
		if err != nil {
			return nil, err
		}
		sheets, sheet, err := readSheets(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		gaps, err := servqual.Study{}.Measure(sheets)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.servqual = &gaps
		r.add(name, sheet.Notes, sheet.Problems)
	}
	return r, nil
}

// add adds how a file was read, and what could not be read of it.
func (r *results) add(name string, reading []string, problems []surveyfile.Problem) {
	for _, text := range reading {
		r.reading = append(r.reading, name+": "+text)
	}
	for _, p := range problems {
		r.problems = append(r.problems, name+", "+p.String())
	}
}

// result is what a question found.
type result struct {
	*surveyfile.Question
	all   survey.Index   // of nothing if no answer counts
	left  survey.LeftOut // what does not count
	goals []survey.GoalComparison
	rates *rates // nil: nobody knows who was asked
	// teams, all together at the end, are in place of the rest where those who were asked
	// must not be recognised; hidden says that all together are too few.
	teams  []survey.GroupIndex
	hidden bool

	course *course // nil: nobody asked for it, as for change
	change *change
	groups groups
	// callBacks are those who gave a bad answer and a comment.
	bad       survey.Range
	callBacks []surveyfile.Answer
}

// answered reports whether an answer counts.
func (r *result) answered() bool { return r.all.N() > 0 }

// measure returns the results of the questions of a file.
func measure(file *surveyfile.File, s settings) (all []*result, err error) {
	if err := s.check(file); err != nil {
		return nil, err
	}
	for _, q := range file.Questions {
		r, err := s.measure(q)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// check returns an error if the flags speak of questions that the file does not have.
func (s settings) check(file *surveyfile.File) error {
	var names []string
	staff := false
	for _, q := range file.Questions {
		names = append(names, q.ID)
		staff = staff || isAskedOfStaff(q.Definition)
	}
	for _, g := range s.goals {
		if !slices.ContainsFunc(file.Questions, g.isFor) {
			return fmt.Errorf("-goal %v: no such question; the file has %s", g, strings.Join(names, ", "))
		}
	}
	if s.staff > 0 && !staff {
		return fmt.Errorf("-staff %d: the file has no question to staff, enps or favourable", s.staff)
	}
	return nil
}

func (s settings) measure(q *surveyfile.Question) (*result, error) {
	found := &result{Question: q}
	answers, err := responses(q, every)
	if err != nil {
		return nil, err
	}
	found.left = answers.Answers().LeftOut()
	if found.all, err = answers.Index(); err != nil {
		return found, nil
	}
	if s.staff > 0 && isAskedOfStaff(q.Definition) {
		if found.all.N() > s.staff {
			return nil, fmt.Errorf("-staff %d: but %d people answered %v", s.staff, found.all.N(), q.Definition)
		}
		if found.all, err = found.all.OfPopulation(s.staff); err != nil {
			return nil, err
		}
	}
	if found.rates, err = ratesOf(q, s.invited); err != nil {
		return nil, err
	}
	if isSecret(q.Definition) {
		if err := found.measureTeams(answers); err != nil {
			return nil, err
		}
	}
	if !found.hidden {
		if found.goals, err = s.goals.of(q, found.all); err != nil {
			return nil, err
		}
	}
	if isSecret(q.Definition) {
		return found, nil
	}
	if s.byPeriod {
		if found.course, err = courseOf(q, s); err != nil {
			return nil, err
		}
	}
	if !s.changed.IsZero() {
		if found.change, err = changeOf(q, s.changed); err != nil {
			return nil, err
		}
	}
	if found.groups, err = groupsOf(q.Definition, answers); err != nil {
		return nil, err
	}
	return found, found.listCallBacks()
}

// isSecret reports whether those who were asked must not be recognised by what they
// answered, as employees.
func isSecret(d survey.Definition) bool { return d.Source == survey.EmployeeNet().Source }

// isAskedOfStaff reports whether employees are asked, of whom there is a known number.
func isAskedOfStaff(d survey.Definition) bool {
	return isSecret(d) || d.Source == survey.Favourable().Source
}

// smallestTeam is how many must have answered in a team that is shown: of fewer, members
// could be recognised.
const smallestTeam = 5

func (r *result) measureTeams(answers *survey.Responses) (err error) {
	r.teams, err = survey.MeasureGroups(r.Definition, smallestTeam, answers.Groups()...)
	if err != nil {
		return err
	}
	if len(r.teams) == 2 && r.teams[0].Name == "" {
		r.teams = r.teams[1:] // there are no teams
	}
	last := &r.teams[len(r.teams)-1]
	if r.hidden = last.Suppressed; !r.hidden {
		last.Index = r.all
	}
	return nil
}

// listCallBacks finds what those wrote who gave a bad answer that counts, and whom to call
// back, the worst first and the latest of equal ones.
func (r *result) listCallBacks() (err error) {
	r.bad = r.Definition.Negative
	if r.bad.Empty() {
		r.bad = r.Definition.Scale.Bottom(r.Definition.Scale.Points() / 2)
	}
	r.callBacks, err = r.CallBacks(r.bad)
	r.callBacks = slices.DeleteFunc(r.callBacks, func(a surveyfile.Answer) bool { return a.Comment == "" })
	return err
}

// course is how an index went from period to period.
type course struct {
	unit    metrics.Unit
	periods []metrics.Period // from the first to the last one with answers
	over    []metrics.Period // those of them that are over
	tooMany bool             // more than maxPeriods, so that a date is probably wrong
	indices map[metrics.Period]survey.Index
	// metric is the index by which trend and chart are, from low to high.
	metric    compare.Metric
	low, high float64
	trend     compare.PeriodTrend
	chart     compare.ControlChart
	baseline  bool // whether the limits are those of the periods before the change
}

// maxPeriods is how many periods are looked at, beyond which a date is probably wrong.
const maxPeriods = 1000

func courseOf(q *surveyfile.Question, s settings) (*course, error) {
	c := &course{unit: s.period}
	var err error
	if c.indices, err = byPeriod(q, metrics.Periods{Unit: s.period, WeekStart: time.Monday}); err != nil || len(c.indices) == 0 {
		return c, err
	}
	var present []metrics.Period
	for p := range c.indices {
		present = append(present, p)
	}
	slices.SortFunc(present, metrics.Period.Compare)
	first, last := present[0], present[len(present)-1]
	for p := first; p.Compare(last) <= 0; p = p.Next(1) {
		if c.periods = append(c.periods, p); len(c.periods) > maxPeriods {
			c.periods, c.tooMany = []metrics.Period{first, last}, true
			return c, nil
		}
		if s.isOver(p) {
			c.over = append(c.over, p)
		}
	}
	return c, c.follow(s)
}

// isOver reports whether a period has ended.
func (s settings) isOver(p metrics.Period) bool { return !p.In(time.UTC).End.After(s.now) }

// follow looks for a trend over the periods that are over, and for what stands out on a
// control chart, whose limits are those of the periods before the change if there was one.
func (c *course) follow(s settings) (err error) {
	observed := make(map[metrics.Period]*compare.Observed)
	for p, x := range c.indices {
		scores := x.Scores()
		c.low, c.high = scores.Bounds()
		c.metric, observed[p] = compare.Asked(scores)
	}
	timeline := compare.NewTimeline(c.metric, slices.Values(c.over), func(p metrics.Period) *compare.Observed { return observed[p] }, survey.Level)
	if c.trend, err = timeline.Trend(survey.Level); err != nil {
		return err
	}
	for _, p := range c.over {
		if !p.In(time.UTC).End.After(s.changed) {
			timeline.Baseline++
		}
	}
	c.baseline = timeline.Baseline > 0
	c.chart = timeline.Control()
	return nil
}

// byPeriod returns the index of each period with answers. Whoever answered in several
// counts in each.
func byPeriod(q *surveyfile.Question, periods metrics.Periods) (map[metrics.Period]survey.Index, error) {
	apart := &surveyfile.Question{ID: q.ID, Definition: q.Definition, Answers: slices.Clone(q.Answers)}
	for i, a := range apart.Answers {
		apart.Answers[i].About = periods.Of(a.At).String() + "\x00" + a.About
	}
	r, err := responses(apart, func(a surveyfile.Answer) bool { return !a.At.IsZero() })
	if err != nil {
		return nil, err
	}
	indices := make(map[metrics.Period]survey.Index)
	for p, answers := range survey.AnswersBy(r, func(x survey.Response) metrics.Period { return periods.Of(x.At) }) {
		x, err := survey.Measure(q.Definition, answers)
		if errors.Is(err, survey.ErrNoAnswers) {
			continue
		}
		if err != nil {
			return nil, err
		}
		indices[p] = x
	}
	return indices, nil
}

// change is what differs between the answers before a day and those from it on.
type change struct {
	both   bool // whether there are answers on both sides; else there is nothing else
	all    survey.Comparison
	people *survey.Comparison  // of those who answered on both; nil: too few
	groups []survey.Comparison // of each group, by its AfterName, the largest first; none for a single one
}

func changeOf(q *surveyfile.Question, day time.Time) (*change, error) {
	before, after, err := sides(q, day)
	if err != nil {
		return nil, err
	}
	b, errBefore := before.Index()
	a, errAfter := after.Index()
	if errBefore != nil || errAfter != nil {
		return new(change), nil
	}
	c := &change{both: true}
	if c.all, err = survey.Compare(b, a); err != nil {
		return nil, err
	}
	if c.people, err = samePeople(q, day); err != nil {
		return nil, err
	}
	c.groups, err = groupChanges(before.Groups(), after.Groups(), q.Definition)
	return c, err
}

// sides returns the answers before a day, and from it on.
func sides(q *surveyfile.Question, day time.Time) (before, after *survey.Responses, err error) {
	before, err = responses(q, func(a surveyfile.Answer) bool { return !a.At.IsZero() && a.At.Before(day) })
	if err != nil {
		return nil, nil, err
	}
	after, err = responses(q, func(a surveyfile.Answer) bool { return !a.At.Before(day) })
	return before, after, err
}

// fewestPeople is how many must have answered twice. Of fewer, chance alone would often
// move all in one direction.
const fewestPeople = 6

// samePeople compares those with themselves who answered before a day and after it, each
// by the last answer, whatever it is about. It returns nil if they are too few.
func samePeople(q *surveyfile.Question, day time.Time) (*survey.Comparison, error) {
	people := &surveyfile.Question{ID: q.ID, Definition: q.Definition, Answers: slices.Clone(q.Answers)}
	for i := range people.Answers {
		people.Answers[i].About = ""
	}
	before, after, err := sides(people, day)
	if err != nil {
		return nil, err
	}
	pairs, _, _ := survey.Pairs(before, after)
	if len(pairs) < fewestPeople {
		return nil, nil
	}
	c, err := survey.ComparePairs(q.Definition, pairs...)
	return &c, err
}

// groupChanges compares each group with itself before, the largest changes first, if there
// are several groups.
func groupChanges(before, after []survey.Group, d survey.Definition) ([]survey.Comparison, error) {
	var changes [][2]survey.Index
	var names []string
	later := answering(after)
	for _, b := range answering(before) {
		i := slices.IndexFunc(later, func(g survey.Group) bool { return g.Name == b.Name })
		if i < 0 {
			continue
		}
		first, err := survey.Measure(d, b.Answers)
		if err != nil {
			return nil, err
		}
		second, err := survey.Measure(d, later[i].Answers)
		if err != nil {
			return nil, err
		}
		changes, names = append(changes, [2]survey.Index{first, second}), append(names, b.Name)
	}
	if len(changes) < 2 {
		return nil, nil
	}
	list, err := survey.CompareAll(changes...)
	for i := range list {
		list[i].AfterName = names[i]
	}
	survey.LargestFirst(list)
	return list, err
}

// groups are the groups of a question, if there are several, and which differ: of two, the
// one from the other, and of more, each from all others together, in the order of a ranking
// in which few answers count for little.
type groups struct {
	indices []namedIndex
	pair    *survey.Comparison
	places  []compare.Place[string]
}

// namedIndex is the index of a group.
type namedIndex struct {
	name  string // as it can be printed
	index survey.Index
}

func groupsOf(d survey.Definition, r *survey.Responses) (found groups, err error) {
	answered := answering(r.Groups())
	if len(answered) < 2 {
		return found, nil
	}
	var index compare.Metric
	var names []string
	observed := make(map[string]*compare.Observed)
	for i, g := range answered {
		x, err := survey.Measure(d, g.Answers)
		if err != nil {
			return found, err
		}
		name := plain.Name(g.Name)
		if observed[name] != nil { // another one that is cut to the same
			name = fmt.Sprintf("%s (%d)", name, i+1)
		}
		answered[i].Name = name
		found.indices = append(found.indices, namedIndex{name, x})
		names = append(names, name)
		index, observed[name] = compare.Asked(x.Scores())
	}
	if len(answered) == 2 {
		comparisons, err := survey.CompareGroups(d, answered...)
		if err != nil {
			return found, err
		}
		found.pair = &comparisons[0]
		return found, nil
	}
	credit, err := compare.NewCredit(index, slices.Values(names), nil, func(name, _ string) *compare.Observed { return observed[name] }, survey.Level)
	found.places = credit.Places
	return found, err
}
