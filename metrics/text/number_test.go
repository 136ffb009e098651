package text_test

import (
	"math"
	"testing"

	"github.com/servicequality/servicequality/metrics/text"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{
		0:             "0",
		7:             "7",
		999:           "999",
		1000:          "1,000",
		-1:            "−1",
		-999:          "−999",
		-1000:         "−1,000",
		123456:        "123,456",
		1234567:       "1,234,567",
		math.MaxInt64: "9,223,372,036,854,775,807",
		math.MinInt64: "−9,223,372,036,854,775,808",
	} {
		if got := text.Count(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestCounted(t *testing.T) {
	for _, tt := range []struct {
		n           int64
		thing, want string
	}{
		{0, "case", "0 cases"},
		{1, "case", "1 case"},
		{-1, "case", "−1 cases"},
		{1200, "repeated delivery", "1,200 repeated deliveries"},
		{1, "repeated delivery", "1 repeated delivery"},
		{2, "day", "2 days"},
		{2, "reply", "2 replies"},
		{2, "survey", "2 surveys"},
		{2, "y", "2 ys"},
		{2, "", "2 "},
	} {
		if got := text.Counted(tt.n, tt.thing); got != tt.want {
			t.Errorf("%d %s is %q, want %q", tt.n, tt.thing, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		v      float64
		places int
		want   string
	}{
		{4.306, 2, "4.31"},
		{-12.5, 1, "−12.5"},
		{12.5, 0, "13"}, // half away from zero
		{-12.5, 0, "−13"},
		{0.125, 2, "0.13"},
		{1.005, 2, "1.00"}, // the nearest float64 is below it
		{0, 2, "0.00"},
		{math.Copysign(0, -1), 1, "0.0"},
		{-0.04, 1, "0.0"}, // no sign before a zero
		{-0.05, 1, "−0.1"},
		{3, -1, "3"},
		{1.0 / 3, 99, "0.333333333333333"},
		{1 << 53, 1, "9007199254740992.0"},
		{-1e22, 2, "−10000000000000000000000.00"},
		{math.NaN(), 2, text.NoData},
		{math.Inf(1), 2, text.NoData},
		{math.Inf(-1), 2, text.NoData},
	} {
		if got := text.Number(tt.v, tt.places); got != tt.want {
			t.Errorf("%v with %d places is %q, want %q", tt.v, tt.places, got, tt.want)
		}
	}
}

func TestPercentAndPoints(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{text.Percent(0.813, 1), "81.3 %"},
		{text.Percent(1, 0), "100 %"},
		{text.Percent(-0.0001, 1), "0.0 %"},
		{text.Percent(math.NaN(), 1), text.NoData},
		{text.Points(0.163, 1), "16.3 points"},
		{text.Points(-0.163, 0), "−16 points"},
		{text.Points(0.01, 0), "1 point"},
		{text.Points(-0.01, 0), "−1 point"},
		{text.Points(0.01, 1), "1.0 points"},
		{text.Points(0, 0), "0 points"},
		{text.Points(math.Inf(1), 0), text.NoData},
		{text.Level(0.95), "95 %"},
		{text.Level(0.9983333), "99.83 %"},
		{text.Level(0.5), "50 %"},
		{text.Level(0.9999), "99.99 %"},
		{text.Level(0.99999), "99.999 %"},
		{text.Level(0.999999998), "99.9999998 %"},
		{text.Level(1), "100 %"},
		{text.Level(math.NaN()), "–"},
		{text.Level(math.Inf(1)), "–"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestSigned(t *testing.T) {
	for figure, want := range map[string]string{
		"16.3 points": "+16.3 points",
		"1,234":       "+1,234",
		"0.01 %":      "+0.01 %",
		"0.00 %":      "0.00 %",
		"0 s":         "0 s",
		"−43 s":       "−43 s",
		"under 1 s":   "under 1 s",
		text.NoData:   text.NoData,
		"":            "",
	} {
		if got := text.Signed(figure); got != want {
			t.Errorf("%q is %q, want %q", figure, got, want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, tt := range []struct{ low, high, want string }{
		{"+16 points", "+54 points", "+16 to +54 points"},
		{"43 s", "50 s", "43 to 50 s"},
		{"59 s", "1 min", "59 s to 1 min"},
		{"2 min 45 s", "8 min 14 s", "2 min 45 s to 8 min 14 s"},
		{"2 min", "8 min 14 s", "2 min to 8 min 14 s"},
		{"1 h 1 min", "2 h 1 min", "1 h 1 min to 2 h 1 min"},
		{"1 h", "3 h", "1 to 3 h"},
		{"1.20", "4.31", "1.20 to 4.31"},
		{"0 s", "0 s", "0 to 0 s"},
		{"under 1 s", "5 s", "under 1 s to 5 s"},
		{"under 1 s", "under 1 s", "under 1 s to under 1 s"},
		{"1 point", "2 points", "1 point to 2 points"},
		{text.NoData, text.NoData, "– to –"},
	} {
		if got := text.Range(tt.low, tt.high); got != tt.want {
			t.Errorf("%q and %q are %q, want %q", tt.low, tt.high, got, tt.want)
		}
	}
}
