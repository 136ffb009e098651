package surveyfile

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

var errWords = errors.New("the answers are words")

// labelsOf returns the numbers of the words among the answers to a question: those that
// the form gives, and with Guess those that the words show. If words are left that look
// like the points of a scale, or if hardly anything is a number, the error shows the
// words with a guess. A note tells which guess was taken.
func (f Form) labelsOf(q *Question, cells []cell) (labels map[string]*int, note string, err error) {
	labels = make(map[string]*int)
	for text, number := range f.Labels[q.ID] {
		if other, ok := labels[fold(text)]; ok && !same(other, number) {
			return nil, "", fmt.Errorf("labels: %s: %q stands for two numbers", q.ID, text)
		}
		labels[fold(text)] = number
	}
	seen := make(map[string]int)
	written := make(map[string]string)
	numbers := 0
	for _, c := range cells {
		if c.Left != survey.Counted {
			continue
		}
		k := fold(c.text)
		if _, ok := labels[k]; ok {
			numbers++
		} else if _, ok := number(c.text); ok {
			numbers++
		} else if !isMissing(c.text) {
			seen[k]++
			written[k] = c.text
		}
	}
	if len(seen) == 0 {
		return labels, "", nil
	}
	guess := guessLabels(q.Definition.Scale, slices.Collect(maps.Keys(seen)))
	others := 0
	for k, n := range seen {
		if _, ok := guess[k]; !ok {
			others += n
		}
	}
	if len(guess) == 0 && others <= numbers {
		return labels, "", nil // a few words among numbers
	}
	if len(guess) > 0 && f.Guess {
		var parts []string
		for _, k := range byNumber(guess, seen) {
			if v, ok := guess[k]; ok {
				labels[k] = &v
				parts = append(parts, fmt.Sprintf("%s is %d", quote(written[k]), v))
			}
		}
		return labels, fmt.Sprintf("What words mean for %s was guessed: %s.", q.ID, strings.Join(parts, ", ")), nil
	}
	return nil, "", wordsError(q, guess, seen, written)
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// byNumber returns the words in the order of their numbers, those without one last.
func byNumber(guess, seen map[string]int) []string {
	rank := func(k string) int {
		if v, ok := guess[k]; ok {
			return v
		}
		return 1 << 20
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
}

// wordsError shows the words among the answers to a question, and how to say what they
// mean.
func wordsError(q *Question, guess, seen map[string]int, written map[string]string) error {
	const most = 30
	var shown, lines []string
	complete := len(guess) == len(seen)
	for i, k := range byNumber(guess, seen) {
		if i == most {
			shown = append(shown, fmt.Sprintf("  … and %d more", len(seen)-most))
			break
		}
		number, meaning := "null", "?"
		if v, ok := guess[k]; ok {
			number = strconv.Itoa(v)
			meaning = number
		}
		shown = append(shown, fmt.Sprintf("  %s = %s   (%s)", quote(written[k]), meaning, plural(seen[k], "answer")))
		lines = append(lines, fmt.Sprintf("%q: %s", written[k], number))
	}
	advice := "put their numbers into a file (-form), null for no answer"
	switch {
	case complete:
		advice = "if this guess is right, add -guess; otherwise " + advice
	case len(guess) > 0:
		advice = "if this guess is right, and the rest can be left out, add -guess; otherwise " + advice
	}
	return fmt.Errorf("%s, on the scale %v: %w\n%s\n%s:\n  {\"labels\": {%q: {%s}}}\nor leave the question out: -columns %s=",
		q.ID, q.Definition.Scale, errWords, strings.Join(shown, "\n"), advice, q.ID, strings.Join(lines, ", "), q.ID)
}

var leading = regexp.MustCompile(`^([0-9]{1,3})(?: *[-=:.)(] *| +)[^-0-9=:.,/() ]`)

// leadingNumber reads labels such as "10 - Extremely likely" and "1 (not at all)".
func leadingNumber(label string) (int, bool) {
	m := leading.FindStringSubmatch(label)
	if m == nil {
		return 0, false
	}
	v, err := strconv.Atoi(m[1])
	return v, err == nil
}

// The words of scales. How far a word is from the middle is told by its degree.
var (
	neutral  = regexp.MustCompile(`\b(neither|neutral|undecided|indifferent)\b`)
	negative = regexp.MustCompile(`\b(dissatisf\w*|unsatisf\w*|not satisfied|disagree|unfavou?rabl\w*|difficult|hard|unlikely|unhappy|bad|poor|low effort)\b`)
	positive = regexp.MustCompile(`\b(satisf\w*|agree|favou?rabl\w*|easy|likely|happy|good|high effort)\b`)
	effort   = regexp.MustCompile(`\beffort\b`)
	degrees  = []*regexp.Regexp{
		regexp.MustCompile(`\b(somewhat|slightly|fairly|rather|mildly|moderately)\b`),
		regexp.MustCompile(``),
		regexp.MustCompile(`\b(very)\b`),
		regexp.MustCompile(`\b(extremely|strongly|completely|totally|highly)\b`),
	}
)

const plain = 1 // the degree of a word without an adverb

// side returns on which side of the middle a label lies, −1, 0 or 1, and its degree.
func side(label string) (sign, degree int, ok bool) {
	switch {
	case neutral.MatchString(label):
		return 0, 0, true
	case negative.MatchString(label):
		sign = -1
	case positive.MatchString(label):
		sign = 1
	default:
		return 0, 0, false
	}
	degree = plain
	for d, words := range degrees {
		if d != plain && words.MatchString(label) {
			degree = d
		}
	}
	return sign, degree, true
}

// likeLabel reports whether a text could be a point of a scale.
func likeLabel(text string) bool {
	label := fold(text)
	if len(label) > 60 {
		return false
	}
	if _, ok := leadingNumber(label); ok {
		return true
	}
	_, _, ok := side(label)
	return ok
}

// guessLabels returns what folded labels probably stand for on a scale: the numbers with
// which they begin, or else their places on a scale of 5 or 7 points that has a middle
// and as many degrees on each side as the labels. It returns nothing if they do not fit
// so exactly.
func guessLabels(s survey.Scale, labels []string) map[string]int {
	guess := make(map[string]int)
	for _, label := range labels {
		if v, ok := leadingNumber(label); ok && s.Has(v) {
			guess[label] = v
		}
	}
	if len(guess) > 0 {
		return guess
	}
	half := (s.Max - s.Min) / 2
	if points := s.Points(); points != 5 && points != 7 || half != points/2 {
		return nil
	}
	used := make(map[int]bool)
	for _, label := range labels {
		if sign, degree, ok := side(label); ok && sign != 0 && len(label) <= 60 {
			used[degree] = true
		}
	}
	ranked := slices.Sorted(maps.Keys(used))
	ranks := make(map[int]int)
	for i, d := range ranked {
		ranks[d] = half - (len(ranked) - 1 - i)
	}
	// The strongest words of a whole scale are stronger than the plain one.
	if len(ranked) == 0 || len(ranked) > half || ranked[len(ranked)-1] <= plain || half == 3 && len(ranked) < 3 {
		return nil
	}
	taken := make(map[int]string)
	for _, label := range labels {
		sign, degree, ok := side(label)
		if !ok || len(label) > 60 {
			continue
		}
		// Numbers of effort grow with the effort, all others with what is good.
		if effort.MatchString(label) != (s.Direction == stat.LowerIsBetter) && sign != 0 {
			return nil
		}
		v := s.Min + half + sign*ranks[degree]
		if _, twice := taken[v]; twice {
			return nil // two labels for one point
		}
		taken[v] = label
		guess[label] = v
	}
	return guess
}
