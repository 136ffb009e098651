package metrics_test

import (
	"database/sql/driver"
	"fmt"
	"testing"

	"github.com/servicequality/servicequality/metrics"
)

// column is what a type needs to stand in a column of a database.
type column[T any] interface {
	*T
	Scan(any) error
	Value() (driver.Value, error)
}

// scans checks a type of which a name stands for a value, and NULL for another.
func scans[T comparable, P column[T]](t *testing.T, name string, value, null T) {
	t.Helper()
	for _, tt := range []struct {
		src  any
		want T
		ok   bool
	}{{name, value, true}, {[]byte(name), value, true}, {nil, null, true}, {"no such name", value, false}, {5.5, value, false}, {int64(200), value, false}} {
		v := value
		err := P(&v).Scan(tt.src)
		if (err == nil) != tt.ok || v != tt.want {
			t.Errorf("%T from %#v is %v, %v, want %v", v, tt.src, v, err, tt.want)
		}
	}
	if got, err := P(&value).Value(); err != nil || got != name {
		t.Errorf("%T %v is the value %v, %v", value, value, got, err)
	}
}

func TestEnumsInDatabases(t *testing.T) {
	scans(t, "reply_sent", metrics.KindReplySent, metrics.Kind(0))
	scans(t, "assistant", metrics.ByAssistant, metrics.ByPerson)
	scans(t, "week", metrics.Week, metrics.Day)
	scans(t, "moved", metrics.Moved, metrics.Open)
	scans(t, "rating", metrics.ExhibitRating, metrics.ExhibitFirstResponse)
	scans(t, "answers", metrics.AutomationAnswers, metrics.AutomationIgnored)
	scans(t, "answers", metrics.AssistantAnswers, metrics.AssistantEnds)
	scans(t, "none", metrics.ResumesNone, metrics.ResumesForCustomer)
	scans(t, "assigned", metrics.FromAssigned, metrics.FromWait)
	scans(t, "1m40s", metrics.Took(100e9), metrics.Took(0))
	var k metrics.Kind
	if err := k.Scan(""); err == nil {
		t.Error("an empty type is read")
	}
	for _, src := range []any{"", []byte{}} {
		took, by := metrics.Took(7), metrics.ByAssistant
		if took.Scan(src) != nil || by.Scan(src) != nil || took != 0 || by != metrics.ByPerson {
			t.Errorf("%#v is %v and %v", src, took, by)
		}
	}
	if v, err := metrics.Took(0).Value(); v != nil || err != nil {
		t.Errorf("no time is %v, %v", v, err)
	}
	for n := range 256 { // none of them panics
		for _, v := range []fmt.Stringer{metrics.Kind(n), metrics.Actor(n), metrics.Unit(n), metrics.Outcome(n), metrics.ExhibitKind(n), metrics.State(n)} {
			_ = v.String()
			if _, err := v.(driver.Valuer).Value(); err != nil && n < 3 {
				t.Errorf("%T %d: %v", v, n, err)
			}
		}
	}
}
