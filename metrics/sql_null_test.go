package metrics_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"

	"github.com/servicequality/servicequality/metrics"
)

// TestRecordOfNulls reads a row of nothing.
func TestRecordOfNulls(t *testing.T) {
	table := &tableDriver{
		columns: metrics.Columns(), rows: [][]driver.Value{make([]driver.Value, 11)},
		show: func(_ string, v driver.Value) driver.Value { return v },
	}
	db := sql.OpenDB(table)
	defer db.Close()
	r := metrics.RecordOf(wireEvents()[0])
	if err := db.QueryRow("SELECT * FROM events").Scan(r.Destinations()...); err != nil || r != (metrics.Record{}) {
		t.Errorf("%v, %+v", err, r)
	}
	if _, err := r.Event(); !errors.Is(err, metrics.ErrKind) {
		t.Errorf("its event: %v", err)
	}
}
