package vendors

import (
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ json, want string }{ // want in UTC; empty: refused
		{`"2026-03-02T09:15:00Z"`, "2026-03-02T09:15:00Z"},
		{`"2026-03-02T09:15:00.123456789+01:00"`, "2026-03-02T08:15:00.123456789Z"},
		{`"2026-03-02 13:05:57 UTC"`, "2026-03-02T13:05:57Z"},
		{`"2026-03-02 13:05:57 -0330"`, "2026-03-02T16:35:57Z"},
		{`"02-03-2026 13:05:57 +0000"`, "2026-03-02T13:05:57Z"},
		{`1772442000`, "2026-03-02T09:00:00Z"},
		{`1772442000.5`, "2026-03-02T09:00:00.5Z"},
		{`1772442000.123456789`, "2026-03-02T09:00:00.123456789Z"},
		{`1772442000.1234567894`, "2026-03-02T09:00:00.123456789Z"},
		{`1772442000250`, "2026-03-02T09:00:00.25Z"},
		{`1772442000250.5`, "2026-03-02T09:00:00.2505Z"},
		{`1`, "1970-01-01T00:00:01Z"},
		// In the zone of the account, in winter and in summer.
		{`"2026-03-02 10:00:00"`, "2026-03-02T09:00:00Z"},
		{`"2026-07-02T10:00:00"`, "2026-07-02T08:00:00Z"},
		{`"02-07-2026 10:00:00"`, "2026-07-02T08:00:00Z"},
		{`"Thu, 2 Jul, 2026 at 3:04 PM"`, "2026-07-02T13:04:00Z"},
		{`""`, ""}, {`null`, ""}, // missing
		{`0`, "error"}, {`-1`, "error"}, {`17724420001`, "error"}, {`177244200025012`, "error"}, {`1e9`, "error"}, {`1.5.2`, "error"},
		{`1772442000.-5`, "error"}, {`"yesterday"`, "error"}, {`"2026-02-30T00:00:00Z"`, "error"}, {`true`, "error"}, {`[]`, "error"}, {`{}`, "error"},
		{`64654125776`, "error"}, // of the year 4018, where a vendor means never
	}
	for _, test := range tests {
		o, err := parse([]byte(`{"at":` + test.json + `}`))
		if err != nil {
			if test.want != "error" {
				t.Errorf("%s: %v", test.json, err)
			}
			continue
		}
		got := o.time("at", berlin)
		switch {
		case test.want == "error":
			if o.err() == nil {
				t.Errorf("%s: got %v, want an error", test.json, got)
			}
		case o.err() != nil:
			t.Errorf("%s: %v", test.json, o.err())
		case test.want == "" && !got.IsZero(), test.want != "" && got.Format(time.RFC3339Nano) != test.want:
			t.Errorf("%s: got %v, want %s", test.json, got, test.want)
		}
	}
	o, err := parse([]byte(`{"at":"2026-03-02 10:00:00"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := o.time("at", nil); o.err() == nil {
		t.Errorf("without a zone: got %v, want an error", got)
	}
}
