package survey

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/servicequality/servicequality/metrics/text"
)

// minimumGroup is how many must have answered before the result of a group is
// shown, where no other minimum is given. Five is the usual promise to employees.
const minimumGroup = 5

// suppress says which groups must not be shown, given the number of answers of each,
// if the result of all together is shown. all reports whether that must not be shown
// either. The rules are those of MeasureGroups. Of groups of one size the earlier is
// hidden first.
func suppress(minimum int64, sizes ...int64) (groups []bool, all bool) {
	groups = make([]bool, len(sizes))
	if minimum == 0 {
		minimum = minimumGroup
	}
	minimum = max(minimum, 1)
	var total, answers int64
	for i, n := range sizes {
		total += max(n, 0)
		if n > 0 && n < minimum {
			groups[i] = true
			answers += n
		}
	}
	// One group of fewer than minimum is never enough, so in the end at least two
	// are hidden.
	for _, i := range bySize(sizes) {
		if answers == 0 || answers >= minimum {
			break
		}
		if sizes[i] > 0 && !groups[i] {
			groups[i] = true
			answers += sizes[i]
		}
	}
	return groups, total > 0 && total < minimum
}

// bySize returns the positions of the sizes, the smallest first, and of equal ones the
// earlier.
func bySize(sizes []int64) []int {
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	return order
}

// GroupIndex is the index of a group, unless it is suppressed.
type GroupIndex struct {
	Name       string `json:"name"`
	Suppressed bool   `json:"suppressed,omitzero"` // too few answers; Index is the zero value
	Index      Index  `json:"index,omitzero"`      // the zero value also for a group without answers
}

// String returns the name and the index, such as
//
//	chat: eNPS 33.3, 95 % −14.2 to 64.2, n = 9
func (g GroupIndex) String() string {
	if g.Suppressed {
		return g.Name + ": not shown, too few answers"
	}
	return fmt.Sprintf("%s: %v", g.Name, g.Index)
}

// MeasureGroups measures the index of each group and, last, of all together under
// the name "all". Groups that are too small to be shown are suppressed:
//
//   - a group with answers, but fewer than minimum;
//   - with it the smallest other groups, until the suppressed ones are at least two
//     and have at least minimum answers together: otherwise the small one could be
//     worked out from the total and the groups shown (complementary suppression);
//   - all together, if they have fewer than minimum answers.
//
// A group without answers is not suppressed, and does not help to hide another. A
// minimum of 0 is read as 5; 1 or a negative number suppresses nothing.
//
// The errors are those of [Measure], with the name of the group. A group without answers
// is not an error unless all groups are empty.
func MeasureGroups(d Definition, minimum int64, groups ...Group) ([]GroupIndex, error) {
	sizes := make([]int64, len(groups))
	list := make([]GroupIndex, len(groups)+1)
	var all Answers
	for i, g := range groups {
		sizes[i] = g.Answers.N()
		list[i].Name = g.Name
		if err := all.Merge(g.Answers); err != nil {
			return nil, fmt.Errorf("group %s: %w", text.Quote(g.Name), err)
		}
	}
	total, err := Measure(d, all)
	if err != nil {
		return nil, err
	}
	hide, hideAll := suppress(minimum, sizes...)
	for i, g := range groups {
		if list[i].Suppressed = hide[i]; hide[i] || sizes[i] == 0 {
			continue
		}
		list[i].Index, _ = Measure(d, g.Answers) // as of all together
	}
	last := &list[len(groups)]
	last.Name, last.Suppressed = "all", hideAll
	if !hideAll {
		last.Index = total
	}
	return list, nil
}
