package survey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/survey"
)

// thereAndBack reads JSON. What is accepted is written and read until nothing changes; what
// is refused changes nothing. It reports whether it was accepted.
func thereAndBack(t *testing.T, data []byte, v, again decoder) bool {
	t.Helper()
	empty := must(v.MarshalJSON())
	if err := v.UnmarshalJSON(data); err != nil {
		if after := must(v.MarshalJSON()); !bytes.Equal(after, empty) || !errors.Is(err, survey.ErrMalformed) || len(err.Error()) > 900 {
			t.Fatalf("%q: %.900v, holds %s", data, err, after)
		}
		return false
	}
	first := must(json.Marshal(v))
	if err := json.Unmarshal(first, again); err != nil {
		t.Fatalf("%q, written as %s: %v", data, first, err)
	}
	if second := must(json.Marshal(again)); !bytes.Equal(first, second) {
		t.Fatalf("%q, written as %s, then as %s", data, first, second)
	}
	return true
}

func FuzzFeedbackJSON(f *testing.F) {
	f.Add([]byte(`{"contacts":1200,"counts":{"thanks":15,"complaints":9007199254740992}}`))
	f.Add([]byte(`{"contacts":0,"counts":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b survey.Feedback
		if thereAndBack(t, data, &a, &b) && a != b {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

func FuzzLeftOutJSON(f *testing.F) {
	f.Add([]byte(`{"off_scale":1,"unanswered":9007199254740992}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b survey.LeftOut
		if thereAndBack(t, data, &a, &b) && (a != b || a.Total() < 0) {
			t.Fatalf("%v and %v", a, b)
		}
	})
}

// FuzzCounts merges any two that can be read: in either order they are one, or refused,
// and what comes out can be stored.
func FuzzCounts(f *testing.F) {
	for _, data := range [][]byte{
		must(must(survey.NewAnswers(survey.OneTo(5), 5, 4, 1)).MarshalBinary()), must(survey.Answers{}.MarshalBinary()),
		[]byte("\x01\x02\x04\x02\x00\x02\x80\x80\x80\x80\x80\x80\x80\x10\x00\x00"), // 2⁵³ answers
		[]byte("\x01\x06\x80\x80\x80\x80\x80\x80\x80\x10\x01\x02\x03\x04\x05"),     // 2⁵³ contacts
		must(must(survey.NewResponses(satisfaction())).MarshalBinary()),
	} {
		f.Add(data, data)
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var a, b survey.Answers
		if a.UnmarshalBinary(one) == nil && b.UnmarshalBinary(two) == nil {
			ab, ba := a, b
			err, err2 := ab.Merge(b), ba.Merge(a)
			merges(t, a, b, ab, ba, err, err2)
			stores(t, ab, new(survey.Answers), new(survey.Answers))
			if err == nil && ab.N() != a.N()+b.N() || ab.N() < 0 || ab.N() > most {
				t.Fatalf("%v", ab)
			}
			if err := ab.Merge(ab); err != nil && !errors.Is(err, survey.ErrCount) {
				t.Fatal(err)
			}
			stores(t, ab, new(survey.Answers), new(survey.Answers))
		}
		var c, d survey.Feedback
		if c.UnmarshalBinary(one) == nil && d.UnmarshalBinary(two) == nil {
			cd, dc := c, d
			merges(t, c, d, cd, dc, cd.Merge(d), dc.Merge(c), &cd, &dc)
			stores(t, cd, new(survey.Feedback), new(survey.Feedback))
		}
		var r, s, rs, sr survey.Responses
		if r.UnmarshalBinary(one) == nil && s.UnmarshalBinary(two) == nil {
			for to, from := range map[*survey.Responses][2]*survey.Responses{&rs: {&r, &s}, &sr: {&s, &r}} {
				if err := to.Merge(from[0]); err != nil {
					t.Fatal(err)
				}
				if err := to.Merge(from[1]); err != nil && !errors.Is(err, survey.ErrMismatch) && !errors.Is(err, survey.ErrCount) {
					t.Fatal(err)
				}
				data := must(to.MarshalBinary())
				var back survey.Responses
				if err := back.UnmarshalBinary(data); err != nil || !bytes.Equal(must(back.MarshalBinary()), data) {
					t.Fatalf("%q: %v", data, err)
				}
			}
			if rs.Len() == r.Len()+s.Len() && rs.Len() != sr.Len() {
				t.Fatalf("%d and %d responses", rs.Len(), sr.Len())
			}
		}
	})
}

// merges checks what became of a and b when either was merged into the other.
func merges[T comparable](t *testing.T, a, b, ab, ba T, err, err2 error, now ...*T) {
	t.Helper()
	if now != nil {
		ab, ba = *now[0], *now[1]
	}
	refused := func(err error) bool { return errors.Is(err, survey.ErrCount) || errors.Is(err, survey.ErrMismatch) }
	switch {
	case err == nil && err2 == nil && ab == ba:
	case refused(err) && refused(err2) && ab == a && ba == b:
	default:
		t.Fatalf("%v and %v: %v, %v; %v and %v", a, b, ab, err, ba, err2)
	}
}

// FuzzIndexJSON reads indices that nobody checked: they are printed, measured, compared
// and held against a goal, or refused, and no interval is without numbers.
func FuzzIndexJSON(f *testing.F) {
	for _, d := range append(definitions(), survey.Definition{Scale: survey.OneTo(2), Statistic: survey.NormalisedMean}) {
		counts := make([]int64, d.Scale.Points())
		for i := range counts {
			counts[i] = int64(i * i)
		}
		f.Add(must(json.Marshal(must(survey.Measure(d, must(survey.AnswersOf(d.Scale, counts)))))), int64(1), int64(2), 0.95)
	}
	f.Add([]byte(`{"definition":{"scale":{"min":1,"max":5},"statistic":"mean","places":2000000000},"answers":{"scale":{"min":1,"max":3},"n":3,"counts":[1,1,1]},"value":{"part":-9223372036854775808,"whole":1},"population":-1}`), int64(-1), int64(1), 1e-17)
	f.Fuzz(func(t *testing.T, data []byte, part, whole int64, level float64) {
		var x survey.Index
		if json.Unmarshal(data, &x) != nil {
			return
		}
		_ = []any{x.String(), x.N(), x.Positive(), x.Negative(), x.Neutral(), x.Scores(), x.Definition.Check(), x.Definition.String()}
		finite := func(what string, iv stat.Interval, err error) {
			if err == nil && (math.IsNaN(iv.Estimate) || math.IsNaN(iv.Low) || math.IsNaN(iv.High)) {
				t.Fatalf("%s of %s: %v", what, data, iv)
			}
		}
		iv, err := x.IntervalAt(level, stat.DefaultMethod)
		finite("interval", iv, err)
		y, err := x.OfPopulation(whole)
		finite("population", y.Interval, err)
		m, err := survey.Measure(x.Definition, x.Answers)
		finite("measure", m.Interval, err)
		if err == nil && !(m.Interval.Level == 0 || m.Interval.Low <= m.Interval.Estimate && m.Interval.Estimate <= m.Interval.High) {
			t.Fatalf("%s: %v", data, m.Interval)
		}
		for _, other := range []survey.Index{x, y, m} {
			c, err := survey.Compare(x, other)
			finite("comparison", c.Difference, err)
			_ = c.String()
		}
		goals, err := survey.CompareGoal(stat.Ratio{Part: part, Whole: whole}, x, m)
		for _, g := range goals {
			finite("goal", g.Difference, err)
			_ = g.String()
		}
	})
}

// FuzzQuestionnaireJSON reads questionnaires with rows of answers, which are scored or
// refused.
func FuzzQuestionnaireJSON(f *testing.F) {
	q, rows := threeItems()
	f.Add(must(json.Marshal(q)), must(json.Marshal(rows)))
	q.Items[1].Reversed, q.Items[2].Dimension = true, "x"
	f.Add(must(json.Marshal(q)), must(json.Marshal(rows)))
	f.Add([]byte(`{"scale":{"min":-9223372036854775808,"max":9223372036854775807},"items":[{},{}]}`), []byte(`[[-9223372036854775808,1],[]]`))
	f.Fuzz(func(t *testing.T, questions, answers []byte) {
		var q survey.Questionnaire
		var rows [][]int
		if json.Unmarshal(questions, &q) != nil || json.Unmarshal(answers, &rows) != nil || len(q.Items) > 20 {
			return
		}
		known := func(err error) bool {
			for _, want := range []error{survey.ErrScale, survey.ErrDefinition, survey.ErrCount, survey.ErrOffScale, survey.ErrNoAnswers, survey.ErrMismatch, stat.ErrTooFew, stat.ErrNoVariation} {
				if errors.Is(err, want) {
					return true
				}
			}
			return err == nil
		}
		r, err := q.Reliability(rows)
		if !known(err) || math.IsNaN(r.Alpha) || math.IsNaN(r.Omega) || !(r.AverageR <= 1+1e-9) {
			t.Fatalf("%s, %s: %v, %v", questions, answers, r, err)
		}
		profiles, err := q.Profile(1, map[string][][]int{"": rows})
		if !known(err) {
			t.Fatal(err)
		}
		for _, p := range profiles {
			for _, m := range p.Dimensions {
				if !(m.Mean.Estimate >= float64(q.Scale.Min)-1e-9 && m.Mean.Estimate <= float64(q.Scale.Max)+1e-9) {
					t.Fatalf("%s, %s: %v", questions, answers, m)
				}
			}
		}
		if _, _, err := q.Favourable(survey.Favourable(), rows); !known(err) {
			t.Fatal(err)
		}
	})
}

// FuzzEnums reads names.
func FuzzEnums(f *testing.F) {
	for _, name := range []string{"", "counted", "excluded", "mean", "thanks", "Thanks", "\x00"} {
		f.Add([]byte(name))
	}
	f.Fuzz(func(t *testing.T, name []byte) {
		reason, statistic, kind := survey.Reason(99), survey.Statistic(99), survey.FeedbackKind(99)
		for v, err := range map[any]error{&reason: reason.UnmarshalText(name), &statistic: statistic.UnmarshalText(name), &kind: kind.UnmarshalText(name)} {
			number := reflect.ValueOf(v).Elem()
			if err != nil {
				if number.Uint() != 99 || len(err.Error()) > 600 {
					t.Fatalf("%q: %v, and is %d", name, err, number.Uint())
				}
				continue
			}
			text, err := number.Interface().(interface{ MarshalText() ([]byte, error) }).MarshalText()
			if err != nil || !bytes.Equal(text, name) {
				t.Fatalf("%q is written as %q, %v", name, text, err)
			}
		}
	})
}
