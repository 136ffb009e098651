package servqual_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/survey"
	"github.com/servicequality/servicequality/survey/servqual"
)

// A column that is called with any bytes refuses what is not the whole of one, and leaves
// what it had.
func TestUnmarshalJSONCalledDirectly(t *testing.T) {
	column := flat([5]int{1, 2, 3, 4, 5})
	column[7] = missing
	good := string(must(json.Marshal(column)))
	var c servqual.Column
	if err := c.UnmarshalJSON([]byte(" " + good + "\n")); err != nil || c != column {
		t.Fatalf("%v: %v", c, err)
	}
	bad := []string{
		good + "x", good + good, good + "]", good + "\x00", "[" + good, good[1:], "null", "{}", `""`, "[" + strings.Repeat("1,", 22) + "1]", "[" + strings.Repeat("1,", 1<<18) + "1]",
		strings.Replace(good, "null", "-9223372036854775808", 1), strings.Replace(good, "null", strings.Repeat("9", 1<<16), 1), strings.Replace(good, "null", "1.5", 1),
	}
	for cut := range good {
		bad = append(bad, good[:cut])
	}
	for _, text := range bad {
		if err := c.UnmarshalJSON([]byte(text)); !errors.Is(err, survey.ErrMalformed) || len(err.Error()) > 400 || c != column {
			t.Errorf("%.100q: %.500v, now %v", text, err, c)
		}
	}
	if err := c.UnmarshalJSON([]byte(strings.Replace(good, "null", fmt.Sprint(math.MinInt), 1))); err == nil || err.Error() != fmt.Sprintf("survey: malformed column: answer 8 is %d", math.MinInt) {
		t.Error(err)
	}
}

// zeroFields returns the paths of the exported fields in v that hold nothing, in structs,
// slices and arrays at any depth.
func zeroFields(v any) (paths []string) {
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			if v.IsZero() {
				paths = append(paths, path)
				return
			}
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() {
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		case reflect.Slice, reflect.Array:
			if v.Len() == 0 {
				paths = append(paths, path)
			}
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		default:
			if v.IsZero() {
				paths = append(paths, path)
			}
		}
	}
	walk("", reflect.ValueOf(v))
	return paths
}

// No field of a result is forgotten: where none need be zero, none is.
func TestResultsAreWhole(t *testing.T) {
	study := servqual.Study{Form1988: true, Scale: survey.Scale{Min: 1, Max: 9, Step: 1, Direction: 1}, NormalisePoints: true}
	column := func(base, step int) (c servqual.Column) {
		for i := range c {
			c[i] = base + (i*step)%3
		}
		return c
	}
	mirrored := func(c servqual.Column) servqual.Column {
		for _, item := range negative() {
			c[item-1] = 10 - c[item-1]
		}
		return c
	}
	points := [5]float64{30, 20, 20, 20, 20}
	respondents := []servqual.Respondent{
		{Expected: mirrored(column(6, 1)), Perceived: mirrored(column(2, 2)), Importance: points},
		{Expected: mirrored(column(7, 2)), Perceived: mirrored(column(1, 1)), Importance: [5]float64{10, 20, 30, 25, 15}},
		{Expected: mirrored(column(7, 1)), Perceived: mirrored(column(4, 1)), Importance: [5]float64{-1, 1, 1, 1, 1}},
		{Expected: nothing(), Perceived: nothing()},
	}
	r := must(study.Measure(respondents))
	var zero []string
	for _, path := range zeroFields(r) {
		if !strings.HasPrefix(path, ".Respondents[3].") && path != ".Respondents[2].Weighted" && path != ".Respondents[2].HasWeighted" {
			zero = append(zero, path)
		}
	}
	// Numbers that count from 0.
	if want := []string{".Items[0].Dimension", ".Items[1].Dimension", ".Items[2].Dimension", ".Items[3].Dimension", ".Dimensions[0].Dimension", ".Respondents[0].Index"}; !slices.Equal(zero, want) {
		t.Errorf("%v hold nothing", zero)
	}
	if r.Study != study || r.LeftOut.Count(survey.TooFewItems) != 1 || r.LeftOut.Count(survey.BadPoints) != 1 || r.LeftOut.Total() != 2 {
		t.Errorf("%+v, left out %v", r.Study, r.LeftOut)
	}
	zone := must(study.MeasureZone([]servqual.ZoneRespondent{
		{Desired: mirrored(column(6, 1)), Adequate: mirrored(column(3, 2)), Perceived: mirrored(column(5, 1))},
		{Desired: mirrored(column(7, 2)), Adequate: mirrored(column(2, 1)), Perceived: mirrored(column(4, 2))},
		{Desired: mirrored(column(5, 1)), Adequate: mirrored(column(6, 1)), Perceived: mirrored(column(4, 1))},
		{Desired: nothing(), Adequate: nothing(), Perceived: nothing()},
	}))
	if zero := zeroFields(zone); len(zero) > 0 {
		t.Errorf("%v hold nothing in %+v", zero, zone)
	}
	if zone.Study != study || zone.Inverted != 1 || zone.LeftOut.Count(survey.TooFewItems) != 1 || zone.LeftOut.Total() != 1 {
		t.Errorf("%+v, %d inverted, left out %v", zone.Study, zone.Inverted, zone.LeftOut)
	}
	// The scale that is usual is named.
	if z := must(servqual.Study{}.MeasureZone([]servqual.ZoneRespondent{{Desired: column(5, 1), Adequate: column(3, 1), Perceived: column(4, 1)}})); z.Study != (servqual.Study{Scale: survey.OneTo(7)}) {
		t.Errorf("%+v", z.Study)
	}
	if g := must(servqual.Study{}.Measure(pair())); g.Study != (servqual.Study{Scale: survey.OneTo(7)}) {
		t.Errorf("%+v", g.Study)
	}
}

// FuzzStudyJSON reads studies with their respondents, whom nobody checked: they are
// measured, with numbers in every place, or refused.
func FuzzStudyJSON(f *testing.F) {
	zone := servqual.ZoneRespondent{Desired: flat([5]int{7, 6, 7, 6, 7}), Adequate: flat([5]int{3, 4, 3, 4, 3}), Perceived: flat([5]int{5, 5, 2, 7, 6})}
	for _, study := range []servqual.Study{{}, {Form1988: true}, {Scale: survey.OneTo(9), NormalisePoints: true}} {
		f.Add(must(json.Marshal(study)), must(json.Marshal(pair()[0])), must(json.Marshal(zone)))
	}
	f.Add([]byte(`{"scale":{"min":-9223372036854775808,"max":9223372036854775807},"normalise_points":true}`), must(json.Marshal(servqual.Respondent{Importance: [5]float64{5e-324, 0, 0, 0, 5e-324}})), must(json.Marshal(zone)))
	f.Fuzz(func(t *testing.T, study, gap, zone []byte) {
		var s servqual.Study
		var r servqual.Respondent
		var z servqual.ZoneRespondent
		if json.Unmarshal(study, &s) != nil || json.Unmarshal(gap, &r) != nil || json.Unmarshal(zone, &z) != nil {
			return
		}
		again := new(servqual.Respondent)
		text := must(json.Marshal(r))
		if err := json.Unmarshal(text, again); err != nil || *again != r || !bytes.Equal(must(json.Marshal(again)), text) {
			t.Fatalf("%s, written as %s: %v", gap, text, err)
		}
		known := func(err error) bool {
			return err == nil || errors.Is(err, survey.ErrScale) || errors.Is(err, survey.ErrOffScale) || errors.Is(err, servqual.ErrNoRespondents)
		}
		result, err := s.Measure([]servqual.Respondent{r, r})
		zones, err2 := s.MeasureZone([]servqual.ZoneRespondent{z, z})
		if !known(err) || !known(err2) {
			t.Fatalf("%s, %s: %v, %v", study, gap, err, err2)
		}
		for _, v := range []any{result, zones} {
			if _, err := json.Marshal(v); err != nil { // what is not a number has no JSON
				t.Fatalf("%s, %s, %s: %v", study, gap, zone, err)
			}
		}
		_, _ = result.String(), zones.String()
	})
}

// FuzzEnums reads names.
func FuzzEnums(f *testing.F) {
	for _, name := range []string{"", "tangibles", "empathy", "no_zone", "Empathy", "\x00"} {
		f.Add([]byte(name))
	}
	f.Fuzz(func(t *testing.T, name []byte) {
		dimension, position := servqual.Dimension(99), servqual.CompetitivePosition(99)
		for v, err := range map[any]error{&dimension: dimension.UnmarshalText(name), &position: position.UnmarshalText(name)} {
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

// Names go to a column of a database and back, and NULL is the first.
func TestEnumsInColumns(t *testing.T) {
	for d := range servqual.Dimension(servqual.Dimensions) {
		back := servqual.Dimension(99)
		if v, err := d.Value(); err != nil || v != d.String() || back.Scan(v) != nil || back != d || back.Scan([]byte(d.String())) != nil || back.Scan(nil) != nil || back != 0 {
			t.Errorf("%v: %v, %v", d, v, err)
		}
	}
	for p := servqual.NoZone; p <= servqual.CustomerFranchise; p++ {
		back := servqual.CompetitivePosition(99)
		if v, err := p.Value(); err != nil || v != p.String() || back.Scan(v) != nil || back != p || back.Scan([]byte(p.String())) != nil || back.Scan(nil) != nil || back != 0 {
			t.Errorf("%v: %v, %v", p, v, err)
		}
	}
	var d servqual.Dimension
	var p servqual.CompetitivePosition
	for _, src := range []any{"Empathy", []byte("x"), 5} {
		if d.Scan(src) == nil || p.Scan(src) == nil {
			t.Errorf("%v: %v, %v", src, d, p)
		}
	}
	if _, err := servqual.Dimension(servqual.Dimensions).Value(); err == nil {
		t.Error("a sixth dimension")
	}
	if _, err := (servqual.CustomerFranchise + 1).Value(); err == nil {
		t.Error("a fifth position")
	}
}

// What is just outside is none.
func TestEdges(t *testing.T) {
	if _, ok := servqual.NewZone(1e100, -1e100, 1e100); !ok {
		t.Error("a zone of 1e100")
	}
	for _, bad := range []float64{math.Nextafter(1e100, 1e101), -math.Nextafter(1e100, 1e101)} {
		for i := range 3 {
			levels := [3]float64{1, 1, 1}
			levels[i] = bad
			if z, ok := servqual.NewZone(levels[0], levels[1], levels[2]); ok || z != (servqual.Zone{}) {
				t.Errorf("%v: %v", levels, z)
			}
		}
	}
	if items := servqual.Dimension(servqual.Dimensions).Items(); items != nil {
		t.Errorf("a sixth dimension has items %v", items)
	}
	if got := (servqual.Mean{}).String(); got != "no respondents" {
		t.Errorf("%q", got)
	}
	// An inverted item is one below; level ones are not.
	level := servqual.ZoneRespondent{Desired: flat([5]int{4, 4, 4, 4, 4}), Adequate: flat([5]int{4, 4, 4, 4, 4}), Perceived: flat([5]int{4, 4, 4, 4, 4})}
	if z := must(servqual.Study{}.MeasureZone([]servqual.ZoneRespondent{level})); z.Inverted != 0 {
		t.Errorf("%d inverted", z.Inverted)
	}
	level.Adequate[21] = 5
	if z := must(servqual.Study{}.MeasureZone([]servqual.ZoneRespondent{level})); z.Inverted != 1 {
		t.Errorf("%d inverted", z.Inverted)
	}
}
