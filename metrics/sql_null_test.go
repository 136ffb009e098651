package metrics_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"reflect"
	"testing"

	"github.com/servicequality/servicequality/metrics"
)

// TestRecordOfNulls reads a row of nothing.
func TestRecordOfNulls(t *testing.T) {
	table := &tableDriver{
		columns: metrics.Columns(), rows: [][]driver.Value{make([]driver.Value, len(metrics.Columns()))},
		show: func(_ string, v driver.Value) driver.Value { return v },
	}
	db := sql.OpenDB(table)
	defer db.Close()
	var r metrics.Record
	v := reflect.ValueOf(&r).Elem()
	for kind := range uses { // every field of any kind
		for i := range v.NumField() {
			if of := reflect.ValueOf(full(kind)).Field(i); !of.IsZero() {
				v.Field(i).Set(of)
			}
		}
	}
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("no kind has a %s", v.Type().Field(i).Name)
		}
	}
	if err := db.QueryRow("SELECT * FROM events").Scan(r.Destinations()...); err != nil || r != (metrics.Record{}) {
		t.Errorf("%v, %+v", err, r)
	}
	if _, err := r.Event(); !errors.Is(err, metrics.ErrKind) {
		t.Errorf("its event: %v", err)
	}
}
