package survey

import "fmt"

// MinimumGroup is how many must have answered before the result of a group is
// told, in [Questionnaire.Profile] and [MeasureGroups] where no other minimum is
// given. Five is the usual promise to employees.
const MinimumGroup = 5

// Suppress says which groups must not be shown, of those with the given numbers of
// answers, if the result of all together is shown:
//
//   - a group with answers, but fewer than minimum;
//   - beside it the smallest other groups, until those not shown are at least two
//     with at least minimum answers together: else the small one could be had by
//     subtracting the shown ones from the total (complementary suppression).
//
// A group without answers has nothing to hide, and hides nobody. all reports
// whether the total must not be shown either, which is so if it has answers of
// fewer than minimum. Sizes below 0 are taken as 0, and a minimum below 1 as 1,
// which suppresses nothing. Of groups of one size the earlier is taken first.
func Suppress(minimum int64, sizes ...int64) (groups []bool, all bool) {
	groups = make([]bool, len(sizes))
	minimum = max(minimum, 1)
	var total, answers int64
	for i, n := range sizes {
		total += max(n, 0)
		if n > 0 && n < minimum {
			groups[i] = true
			answers += n
		}
	}
	// A single group of fewer than minimum is never enough, so that at least two
	// are hidden in the end.
	for answers > 0 && answers < minimum {
		next := -1
		for i, n := range sizes {
			if n > 0 && !groups[i] && (next < 0 || n < sizes[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		groups[next] = true
		answers += sizes[next]
	}
	return groups, total > 0 && total < minimum
}

// GroupIndex is the index of a group, or the fact that it is not shown.
type GroupIndex struct {
	Name       string `json:"name"`
	Suppressed bool   `json:"suppressed,omitzero"` // too few answered; Index is the zero value
	Index      Index  `json:"index,omitzero"`      // the zero value also for a group without answers
}

// MeasureGroups measures the index of each group and, last, of all together, under
// the name "all". Groups with fewer than minimum answers are suppressed, and so is
// what would give them away; see [Suppress]. A minimum of 0 is read as
// [MinimumGroup]; 1 suppresses nothing.
//
// The errors are those of [Measure], with the name of the group; a group without
// answers is no error, unless all are.
func MeasureGroups(d Definition, minimum int64, groups ...Group) ([]GroupIndex, error) {
	if minimum == 0 {
		minimum = MinimumGroup
	}
	sizes := make([]int64, len(groups))
	list := make([]GroupIndex, len(groups)+1)
	var all Answers
	for i, g := range groups {
		sizes[i] = g.Answers.N()
		list[i].Name = g.Name
		if err := all.Merge(g.Answers); err != nil {
			return nil, fmt.Errorf("group %q: %w", g.Name, err)
		}
	}
	total, err := Measure(d, all)
	if err != nil {
		return nil, err
	}
	hide, hideAll := Suppress(minimum, sizes...)
	for i, g := range groups {
		if list[i].Suppressed = hide[i]; hide[i] || sizes[i] == 0 {
			continue
		}
		if list[i].Index, err = Measure(d, g.Answers); err != nil {
			return nil, fmt.Errorf("group %q: %w", g.Name, err)
		}
	}
	last := &list[len(groups)]
	last.Name, last.Suppressed = "all", hideAll
	if !hideAll {
		last.Index = total
	}
	return list, nil
}
