package stat_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/metrics/stat"
)

// The zero value of every type is usable: no method of one panics, whatever it is
// asked for.
func TestZeroValues(t *testing.T) {
	for _, zero := range []any{
		new(stat.Chart), new(stat.ChartPoint), new(stat.Conclusion), new(stat.Contrast), new(stat.Decision), new(stat.Direction),
		new(stat.DurationInterval), new(stat.Ending), new(stat.HyndmanFan), new(stat.Incidence), new(stat.Interval), new(stat.MedianSample),
		new(stat.Method), new(stat.Net), new(stat.Observation), new(stat.Ratio), new(stat.Rounding), new(stat.Sample), new(stat.Shrinkage),
		new(stat.Shrunken), new(stat.Survival), new(stat.Term), new(stat.Test), new(stat.Trend), new(stat.Weighted),
	} {
		v := reflect.ValueOf(zero)
		for i := range v.NumMethod() {
			method := v.Type().Method(i)
			var arguments []reflect.Value
			for k := 1; k < method.Type.NumIn(); k++ {
				if method.Type.In(k).Kind() == reflect.Pointer {
					break // Rounding.Quotient takes two numbers that there must be
				}
				arguments = append(arguments, reflect.Zero(method.Type.In(k)))
			}
			if len(arguments) == method.Type.NumIn()-1 {
				v.Method(i).Call(arguments)
			}
		}
		_ = fmt.Sprint(v.Elem().Interface())
	}
	if got := (stat.Interval{}).String(); got != "no interval" {
		t.Errorf("the zero interval is %q", got)
	}
	if got := (stat.Test{}).String(); got != "no test" {
		t.Errorf("the zero test is %q", got)
	}
}
