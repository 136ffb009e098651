package compare_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/metrics/compare"
)

// The zero value of every type is usable: no method of one panics, whatever it is
// asked for.
func TestZeroValues(t *testing.T) {
	for _, zero := range []any{
		new(compare.ChartMethod), new(compare.ControlChart), new(compare.ControlPoint), new(compare.Credit[string]), new(compare.Design),
		new(compare.Difference), new(compare.Family), new(compare.Metric), new(compare.Pair), new(compare.PeriodTrend),
		new(compare.Place[string]), new(compare.Point), new(compare.Side), new(compare.Signal), new(compare.SignalRule),
		new(compare.Spans), new(compare.Tendency), new(compare.Timeline), new(compare.Value),
	} {
		v := reflect.ValueOf(zero)
		for i := range v.NumMethod() {
			method := v.Type().Method(i)
			var arguments []reflect.Value
			for k := 1; k < method.Type.NumIn(); k++ {
				arguments = append(arguments, reflect.Zero(method.Type.In(k)))
			}
			if method.Type.IsVariadic() {
				arguments = arguments[:len(arguments)-1]
			}
			if _, facet := method.Type.In(min(1, method.Type.NumIn()-1)).MethodByName("Conversation"); !facet {
				v.Method(i).Call(arguments)
			}
		}
		_ = fmt.Sprint(v.Elem().Interface())
	}
	// A pair without figures has no data.
	var family compare.Family
	family.Standardised(compare.CSAT, compare.Pair{})
	family.Change(compare.FirstResponse, nil, nil)
	all, err := family.Differences()
	if err != nil || fmt.Sprint(all) != "[CSAT at the same mix: no data median first response: no data]" {
		t.Errorf("%v, %v", all, err)
	}
}
