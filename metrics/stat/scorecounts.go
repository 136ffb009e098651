package stat

import (
	"fmt"
	"slices"
)

// ScoreCounts are the answers that an index is made from, counted by what each adds to it:
// the index is their mean. Of a share, answers score 0 and 1; of a net share −1, 0 and
// 1; of a mean, they are the points of a scale. They hand the indices of a survey to
// whatever compares them, such as package compare. The zero value has no answers.
type ScoreCounts struct {
	Name      string    `json:"name"` // of the index, for people
	Direction Direction `json:"direction"`
	// Percent says that the index is written times 100. A share is in percent from 0
	// to 1, a net share from −1 to 1; any other lies between its lowest score, which
	// counts as 0, and its highest, which counts as 1.
	Percent bool    `json:"percent,omitzero"`
	Lowest  int64   `json:"lowest"`
	Counts  []int64 `json:"counts"` // of the score Lowest, Lowest+1, and so on
}

// Share returns the share of which s are the scores. It returns false if they are not
// those of a share, or if a count is negative or their sum leaves an int64.
func (s ScoreCounts) Share() (Ratio, bool) {
	n, ok := s.total()
	if !ok || !s.Percent || s.Lowest != 0 || len(s.Counts) != 2 {
		return Ratio{}, false
	}
	return Ratio{Part: s.Counts[1], Whole: n}, true
}

// Net returns the net share of which s are the scores. It returns false if they are not
// those of a net share, or if a count is negative or their sum leaves an int64.
func (s ScoreCounts) Net() (Net, bool) {
	n, ok := s.total()
	if !ok || !s.net() {
		return Net{}, false
	}
	return Net{Plus: s.Counts[2], Minus: s.Counts[0], N: n}, true
}

// net reports whether the scores are those of a net share.
func (s ScoreCounts) net() bool { return s.Percent && s.Lowest == -1 && len(s.Counts) == 3 }

// total returns how many answers there are, or false if that is no number of answers.
func (s ScoreCounts) total() (n int64, ok bool) {
	for _, count := range s.Counts {
		if n += count; count < 0 || n < 0 {
			return 0, false
		}
	}
	return n, true
}

// Bounds returns the least and the greatest value that the index can have.
func (s ScoreCounts) Bounds() (low, high float64) {
	if s.Percent && !s.net() {
		return 0, 1
	}
	low = float64(s.Lowest)
	return low, low + float64(max(0, len(s.Counts)-1))
}

// Sample returns what a mean of the scores needs, in the unit of the index. The errors
// are those of [DescribeCounts].
func (s ScoreCounts) Sample() (Sample, error) {
	first, width := s.Lowest, 1.0
	if s.Percent && !s.net() {
		first, width = 0, max(1, float64(len(s.Counts)-1))
	}
	sample, err := DescribeCounts(first, s.Counts...)
	sample.Mean /= width
	sample.Variance /= width * width
	return sample, err
}

// Merge adds the answers of other, which must be to the same index: of the same name,
// direction and scores. Otherwise the error wraps ErrValue, and ErrCount if a count is
// negative or would leave an int64; then nothing has changed. Merged into the zero
// value, other is the result.
func (s *ScoreCounts) Merge(other ScoreCounts) error {
	for _, n := range slices.Concat(s.Counts, other.Counts) {
		if n < 0 {
			return fmt.Errorf("%w: %d answers", ErrCount, n)
		}
	}
	if len(s.Counts) == 0 {
		other.Counts = append([]int64(nil), other.Counts...)
		*s = other
		return nil
	}
	if len(other.Counts) == 0 {
		return nil
	}
	if s.Name != other.Name || s.Direction != other.Direction || s.Percent != other.Percent || s.Lowest != other.Lowest || len(s.Counts) != len(other.Counts) {
		return fmt.Errorf("%w: scores of %q and %q", ErrValue, s.Name, other.Name)
	}
	counts := make([]int64, len(s.Counts)) // a copy of s may share its counts
	for k, n := range other.Counts {
		if counts[k] = s.Counts[k] + n; counts[k] < n {
			return fmt.Errorf("%w: %d and %d", ErrCount, s.Counts[k], n)
		}
	}
	s.Counts = counts
	return nil
}
