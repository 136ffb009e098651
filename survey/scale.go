package survey

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Limits of a Scale. They keep every sum of up to 2⁵³ answers within an int64.
const (
	maxPoints = 101 // the points of a scale from 0 to 100
	maxValue  = 500 // the largest answer, by magnitude
)

// Scale says which whole numbers are answers to a question (Min, Min+Step, and so on
// to Max), and which end is good. A Step of 0 is read as 1. Other codes, such as 0 for
// "does not apply" on a scale from 1 to 10, are not answers. For half points, double
// the answers.
//
// The zero value is not a valid scale; [OneTo] and [ZeroTo] return the usual ones. Two
// scales are the same if they have the same answers and the same direction, so effort
// from 1 to 5 never mixes with satisfaction from 1 to 5.
type Scale struct {
	Min       int            `json:"min"`
	Max       int            `json:"max"`
	Step      int            `json:"step,omitzero"`
	Direction stat.Direction `json:"direction,omitzero"` // which end is the good one; never Neither
}

// OneTo returns the scale from 1 to max, on which higher is better: OneTo(5)
// for CSAT, OneTo(7) for CES 2.0.
func OneTo(max int) Scale { return Scale{Min: 1, Max: max, Step: 1} }

// ZeroTo returns the scale from 0 to max, on which higher is better: ZeroTo(10)
// for NPS.
func ZeroTo(max int) Scale { return Scale{Min: 0, Max: max, Step: 1} }

// LowerIsBetter returns the scale with its low end as the good one:
// OneTo(5).LowerIsBetter() for CES 1.0.
func (s Scale) LowerIsBetter() Scale {
	s.Direction = stat.LowerIsBetter
	return s
}

// canonical returns s with its step spelled out, so that equal scales are ==.
func (s Scale) canonical() Scale {
	if s.Step == 0 && s != (Scale{}) {
		s.Step = 1
	}
	return s
}

// Same reports whether s and t have the same answers and direction.
func (s Scale) Same(t Scale) bool { return s.canonical() == t.canonical() }

// Check returns an error that wraps [ErrScale] unless s is a valid scale: Min is below
// Max, Step leads from one to the other, there are at most 101 points, and both ends
// are from −500 to 500.
func (s Scale) Check() error {
	s = s.canonical()
	switch {
	case s == Scale{}:
		return fmt.Errorf("%w: no range is given", ErrScale)
	case s.Min < -maxValue || s.Max > maxValue:
		return fmt.Errorf("%w: %v goes beyond ±%d", ErrScale, s, maxValue)
	case s.Min >= s.Max:
		return fmt.Errorf("%w: %v has no range", ErrScale, s)
	case s.Step < 0 || (s.Max-s.Min)%s.Step != 0:
		return fmt.Errorf("%w: steps of %d do not lead from %d to %d", ErrScale, s.Step, s.Min, s.Max)
	case (s.Max-s.Min)/s.Step >= maxPoints:
		return fmt.Errorf("%w: %v has more than %d points", ErrScale, s, maxPoints)
	case s.Direction > stat.LowerIsBetter:
		return fmt.Errorf("%w: %v", ErrScale, s.Direction)
	}
	return nil
}

// Points returns how many answers the scale has: 5 for OneTo(5), and 0 if the scale is
// not valid.
func (s Scale) Points() int {
	if s.Check() != nil {
		return 0
	}
	s = s.canonical()
	return (s.Max-s.Min)/s.Step + 1
}

// Has reports whether v is an answer on the scale.
func (s Scale) Has(v int) bool {
	_, ok := s.index(v)
	return ok
}

// index returns the position of v among the answers of the scale, from 0.
func (s Scale) index(v int) (int, bool) {
	s = s.canonical()
	if s.Step <= 0 || v < s.Min || v > s.Max || (v-s.Min)%s.Step != 0 {
		return 0, false
	}
	return (v - s.Min) / s.Step, true
}

// Parse reads an answer. White space around the number is ignored, and so is a decimal
// point with nothing but zeros behind it: spreadsheets and databases write a column of
// whole numbers with gaps as 5.0. The error wraps [ErrOffScale] if answer is not a
// whole number on the scale, and quotes it.
func (s Scale) Parse(answer string) (int, error) {
	v, reason := s.read(answer)
	if reason != Counted {
		return 0, fmt.Errorf("%w: %s, want %v", ErrOffScale, text.Quote(answer), s)
	}
	return v, nil
}

// read returns the answer in text, or the reason why there is none.
func (s Scale) read(text string) (int, Reason) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, Unanswered
	}
	if whole, zeros, ok := strings.Cut(text, "."); ok && zeros != "" && strings.Trim(zeros, "0") == "" {
		text = whole
	}
	v, err := strconv.Atoi(text)
	if err != nil {
		return 0, Unreadable
	}
	if !s.Has(v) {
		return v, OffScale
	}
	return v, Counted
}

// Mirror returns the answer at the same distance from the other end of the scale: 2
// for 6 on OneTo(7). It reverses the answer to a reverse-keyed item.
func (s Scale) Mirror(v int) int { return s.Min + s.Max - v }

// Top returns the k best answers: for k = 2, 4–5 of OneTo(5), or 1–2 if lower is
// better. It is empty unless k is from 1 to the number of points.
func (s Scale) Top(k int) Range { return s.end(k, s.Direction == stat.HigherIsBetter) }

// Bottom returns the k worst answers, in the same way.
func (s Scale) Bottom(k int) Range { return s.end(k, s.Direction != stat.HigherIsBetter) }

func (s Scale) end(k int, high bool) Range {
	if k < 1 || k > s.Points() {
		return Range{}
	}
	s = s.canonical()
	if high {
		return Range{s.Max - (k-1)*s.Step, s.Max + 1}
	}
	return Range{s.Min, s.Min + (k-1)*s.Step + 1}
}

// AtLeast returns the answers as good as v or better, as for a threshold that includes
// its own value. It is empty if v is not on the scale.
func (s Scale) AtLeast(v int) Range {
	i, ok := s.index(v)
	if !ok {
		return Range{}
	}
	if s.Direction == stat.HigherIsBetter {
		return s.Top(s.Points() - i)
	}
	return s.Top(i + 1)
}

// Above returns the answers better than v, as for a strict threshold. It is empty if v
// is not on the scale or is its best answer.
func (s Scale) Above(v int) Range {
	i, ok := s.index(v)
	if !ok {
		return Range{}
	}
	if s.Direction == stat.HigherIsBetter {
		return s.Top(s.Points() - i - 1)
	}
	return s.Top(i)
}

// String returns the range, such as "1–5", "0–10", "0–100 by 10" or "1–5, lower
// is better".
func (s Scale) String() string {
	s = s.canonical()
	if s == (Scale{}) {
		return "no scale"
	}
	text := fmt.Sprintf("%d–%d", s.Min, s.Max)
	if s.Step != 1 {
		text += fmt.Sprintf(" by %d", s.Step)
	}
	if s.Direction == stat.LowerIsBetter {
		text += ", lower is better"
	}
	return text
}

// Range is a range of answers, from From to just below Below: Range{9, 11} holds 9 and
// 10, and Range{0, 1} holds 0. The zero value is empty.
type Range struct {
	From  int `json:"from"`
	Below int `json:"below"`
}

// Empty reports whether nothing lies in the range.
func (p Range) Empty() bool { return p.From >= p.Below }

// Has reports whether v lies in the range.
func (p Range) Has(v int) bool { return p.From <= v && v < p.Below }

// String returns the range with both ends, such as "9–10", "3" or "none".
func (p Range) String() string {
	switch {
	case p.Empty():
		return "none"
	case p.From == p.Below-1:
		return strconv.Itoa(p.From)
	}
	return fmt.Sprintf("%d–%d", p.From, p.Below-1)
}
