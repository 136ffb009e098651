package calendar_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/calendar"
)

// A texter is what has a text form.
type texter interface {
	comparable
	encoding.TextMarshaler
	encoding.TextAppender
	String() string
}

// pointer is the pointer that reads a T.
type pointer[T any] interface {
	*T
	encoding.TextUnmarshaler
}

// checkText reads each text, which must come back, and refuses each of the others,
// which must leave a value as it was.
func checkText[T texter, P pointer[T]](t *testing.T, kept T, want error, right map[string]T, wrong ...string) {
	t.Helper()
	for text, value := range right {
		var got T
		if err := P(&got).UnmarshalText([]byte(text)); err != nil || got != value {
			t.Errorf("%T: %q is read as %v, %v, want %v", got, text, got, err, value)
		}
		if b, err := value.MarshalText(); err != nil || string(b) != value.String() {
			t.Errorf("%T: %v is written as %q, %v", got, value, b, err)
		}
		if b, err := value.AppendText([]byte("x")); err != nil || string(b) != "x"+value.String() {
			t.Errorf("%T: %v is appended as %q, %v", got, value, b, err)
		}
		again := kept
		if err := P(&again).UnmarshalText([]byte(value.String())); err != nil || again != value {
			t.Errorf("%T: %v is read again as %v, %v", got, value, again, err)
		}
	}
	for _, text := range wrong {
		got := kept
		err := P(&got).UnmarshalText([]byte(text))
		if !errors.Is(err, want) || got != kept {
			t.Errorf("%T: %q is read as %v, %v", got, text, got, err)
		}
		if err != nil && text != "" && len(text) < 100 && !strings.Contains(err.Error(), strings.Trim(jsonText(text), `"`)) {
			t.Errorf("%T: %v does not quote %q", got, err, text)
		}
	}
}

func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// checkRefused writes values that have no text.
func checkRefused[T texter](t *testing.T, want error, values ...T) {
	t.Helper()
	for _, v := range values {
		if b, err := v.MarshalText(); !errors.Is(err, want) {
			t.Errorf("%T: %v is written as %q, %v", v, v, b, err)
		}
		if b, err := v.AppendText([]byte("x")); !errors.Is(err, want) || string(b) != "x" {
			t.Errorf("%T: %v is appended as %q, %v", v, v, b, err)
		}
	}
}

func TestTextForms(t *testing.T) {
	day := func(y int, m time.Month, d int) calendar.Date { return calendar.Date{Year: y, Month: m, Day: d} }
	checkText(t, day(2026, 3, 4), calendar.ErrDate, map[string]calendar.Date{
		"0000-01-01": day(0, 1, 1), "0001-01-01": day(1, 1, 1), "1900-12-31": day(1900, 12, 31),
		"2000-02-29": day(2000, 2, 29), "2026-10-09": day(2026, 10, 9), "9999-12-31": day(9999, 12, 31),
	}, "", "2026-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-01-00", "2026-13-01", "2026-1-01", "2026-01-1", "26-01-01",
		"+026-01-01", "-026-01-01", "2026/01/01", "2026-01/01", "2026-01-01 ", " 2026-01-01", "2026-01-01T", "2026-01-0x", "2026-0x-01",
		"202x-01-01", "2O26-01-01", "2026-01-\u0661", "12026-01-01", "2026-01-011")
	checkRefused(t, calendar.ErrDate, day(0, 0, 0), day(2026, 2, 29), day(2026, 13, 1), day(2026, 1, 0), day(-1, 1, 1), day(10_000, 1, 1), day(math.MaxInt, 1, 1), day(math.MinInt, 1, 1))

	md := func(m time.Month, d int) calendar.MonthDay { return calendar.MonthDay{Month: m, Day: d} }
	checkText(t, md(3, 4), calendar.ErrDate, map[string]calendar.MonthDay{
		"01-01": md(1, 1), "02-29": md(2, 29), "10-09": md(10, 9), "12-31": md(12, 31),
	}, "", "02-30", "04-31", "00-01", "01-00", "13-01", "1-01", "01-1", "01/01", "+1-01", "01-+1", "0x-01", "01-0x", "01-01 ", "2026-01-01")
	checkRefused(t, calendar.ErrDate, md(0, 0), md(2, 30), md(13, 1), md(1, 32), md(1, -1), md(-1, 1))

	checkText(t, calendar.TimeOfDay(7), calendar.ErrTime, map[string]calendar.TimeOfDay{
		"00:00": 0, "00:00:00": 0, "00:00:01": 1, "00:01": 60, "09:05": 9*3600 + 300, "09:05:00": 9*3600 + 300,
		"23:59:59": 86399, "24:00": 86400, "24:00:00": 86400,
	}, "", "24:00:01", "24:01", "25:00", "99:00", "09:60", "09:00:60", "9:00", "09:0", "09:00:0", "09:00:000", "0900", "09-00", "09:00-00",
		"09:00 ", "+9:00", "-9:00", "09:+1", "0x:00", "09:0x", "09:00:0x", "09:00Z")
	checkRefused(t, calendar.ErrTime, calendar.TimeOfDay(-1), calendar.TimeOfDay(86401), calendar.TimeOfDay(-1<<31), calendar.TimeOfDay(1<<31-1))
	for v, want := range map[calendar.TimeOfDay]string{-1: "-1s", -1 << 31: "-2147483648s", 90000: "25:00", 90061: "25:01:01", 1<<31 - 1: "596523:14:07"} {
		if got := v.String(); got != want {
			t.Errorf("%d seconds are shown as %s, want %s", int(v), got, want)
		}
	}

	checkText(t, calendar.ClosesShift, calendar.ErrHolidayCloses, map[string]calendar.HolidayCloses{"date": 0, "shift": 1}, "", "Date", "shift ", "2", "none")
	checkRefused(t, calendar.ErrHolidayCloses, calendar.HolidayCloses(2), calendar.HolidayCloses(255))
}

func TestHoursText(t *testing.T) {
	for _, tt := range []struct {
		text        string
		open, close calendar.TimeOfDay
		json        string
	}{
		{"09:00-17:00", 32400, 61200, `["09:00","17:00"]`},
		{"22:00-06:00", 79200, 21600, `["22:00","06:00"]`},
		{"00:00-24:00", 0, 86400, `["00:00","24:00"]`},
		{"12:00-00:00", 43200, 0, `["12:00","00:00"]`},
		{"23:59:59-00:00:01", 86399, 1, `["23:59:59","00:00:01"]`},
	} {
		h := calendar.MustParseHours(tt.text)
		if want := (calendar.Hours{Open: tt.open, Close: tt.close}); h != want || h.String() != tt.text {
			t.Errorf("%s is read as %v", tt.text, h)
		}
		b, err := json.Marshal(h)
		if err != nil || string(b) != tt.json {
			t.Errorf("%v is written as %s, %v", h, b, err)
		}
		var again calendar.Hours
		if err := again.UnmarshalJSON(b); err != nil || again != h {
			t.Errorf("%s is read as %v, %v", b, again, err)
		}
	}
	for text, want := range map[string]error{
		"": calendar.ErrTime, "-": calendar.ErrTime, "09:00": calendar.ErrTime, "09:00-": calendar.ErrTime, "-17:00": calendar.ErrTime,
		"09:00-17:00-18:00": calendar.ErrTime, "09:00–17:00": calendar.ErrTime, "9:00-17:00": calendar.ErrTime, "09:00-17:60": calendar.ErrTime,
		"09:00-24:00:01": calendar.ErrTime, "24:00-09:00": calendar.ErrTime, "09:00-09:00": calendar.ErrHours, "00:00-00:00": calendar.ErrHours,
		"24:00-24:00": calendar.ErrHours,
	} {
		h, err := calendar.ParseHours(text)
		if !errors.Is(err, want) || h != (calendar.Hours{}) {
			t.Errorf("%q is read as %v, %v", text, h, err)
		}
		if text != "" && err != nil && !strings.HasSuffix(err.Error(), `: "`+text+`"`) {
			t.Errorf("%v does not quote %s", err, text)
		}
	}
	for _, h := range []calendar.Hours{{Open: -1}, {Close: -1}, {Open: 86401}, {Close: 86401}} {
		if b, err := json.Marshal(h); !errors.Is(err, calendar.ErrTime) {
			t.Errorf("%v is written as %s, %v", h, b, err)
		}
		if b, err := json.Marshal(calendar.Weekly{{h}}); !errors.Is(err, calendar.ErrTime) {
			t.Errorf("%v is written as %s, %v", h, b, err)
		}
	}
}

// TestMust panics for text that is wrong.
func TestMust(t *testing.T) {
	for name, f := range map[string]func(){
		"MustParseDate":     func() { calendar.MustParseDate("2026-02-29") },
		"MustParseMonthDay": func() { calendar.MustParseMonthDay("02-30") },
		"MustParseHours":    func() { calendar.MustParseHours("09:00") },
	} {
		func() {
			defer func() {
				if err, ok := recover().(error); !ok || !strings.HasPrefix(err.Error(), "calendar: bad ") {
					t.Errorf("%s panics with %v", name, err)
				}
			}()
			f()
			t.Errorf("%s returns", name)
		}()
	}
}

// TestWholeJSON reads values that are cut off or followed by something. What is
// refused leaves a value as it was, read directly or by encoding/json.
func TestWholeJSON(t *testing.T) {
	hours := calendar.MustParseHours("09:00-17:00")
	for text, keep := range map[string]json.Unmarshaler{
		full:                                &calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{{hours}}},
		`{"mon":[["08:00","12:00"]]}`:       &calendar.Weekly{{hours}},
		`["08:00","12:00"]`:                 &hours,
		`{"from":"2026-01-01","config":{}}`: &calendar.Version{From: calendar.MustParseDate("2000-01-01")},
	} {
		fresh := func() json.Unmarshaler {
			return reflect.New(reflect.TypeOf(keep).Elem()).Interface().(json.Unmarshaler)
		}
		for _, space := range []string{"", " ", "\n\t\r "} {
			direct, by := fresh(), fresh()
			whole := space + text + space
			if err := direct.UnmarshalJSON([]byte(whole)); err != nil {
				t.Errorf("%T: %q: %v", keep, whole, err)
			}
			if err := json.Unmarshal([]byte(whole), by); err != nil || !reflect.DeepEqual(direct, by) {
				t.Errorf("%T: %q is read as %v and %v, %v", keep, whole, direct, by, err)
			}
		}
		was := reflect.ValueOf(keep).Elem().Interface()
		broken := []string{
			"", " ", "null", "7", "true", `""`, "{", "[", "[]x", "{}x", text + text, text + "x", text + "}", text + "]", text + ",", text + " null", "x" + text, "\ufeff" + text,
			text + "\x00", text[:len(text)-1] + ",}", text[:len(text)-1] + ",]", text[:len(text)-1] + "]", text[:len(text)-1] + "}", strings.Replace(text, ":", "", 1),
			strings.Replace(text, ",", "", 1), strings.Replace(text, `"`, "'", 1),
		}
		for i := range len(text) {
			broken = append(broken, text[:i])
		}
		for _, s := range broken {
			if s == text { // nothing was there to be broken
				continue
			}
			direct := keep.UnmarshalJSON([]byte(s))
			by := json.Unmarshal([]byte(s), keep)
			if direct == nil || by == nil {
				t.Errorf("%T: %q is read: %v, %v", keep, s, direct, by)
			}
			var located *calendar.ConfigError
			if !errors.As(direct, &located) {
				t.Errorf("%T: %q: %v", keep, s, direct)
			}
		}
		if now := reflect.ValueOf(keep).Elem().Interface(); !reflect.DeepEqual(now, was) {
			t.Errorf("%T: left as %v, which was %v", keep, now, was)
		}
	}
}

// readTwice reads JSON directly and by encoding/json, and what was read again.
func readTwice[T any, P interface {
	*T
	json.Unmarshaler
}](t *testing.T, s string) (value T, ok bool) {
	t.Helper()
	var direct, by T
	err := P(&direct).UnmarshalJSON([]byte(s))
	if other := json.Unmarshal([]byte(s), &by); (err == nil) != (other == nil) || !reflect.DeepEqual(direct, by) {
		t.Fatalf("%q is read as %v, %v directly, and as %v, %v", s, direct, err, by, other)
	}
	if err != nil {
		return value, false
	}
	once, err := json.Marshal(direct)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	var again T
	if err := P(&again).UnmarshalJSON(once); err != nil {
		t.Fatalf("%s: %v", once, err)
	}
	if twice, err := json.Marshal(again); err != nil || string(twice) != string(once) {
		t.Fatalf("%s becomes %s, %v", once, twice, err)
	}
	return direct, true
}

func FuzzHours(f *testing.F) {
	f.Add(`["22:00","06:00"]`)
	f.Add(` [ "00:00" , "24:00:00" ] `)
	f.Fuzz(func(t *testing.T, s string) {
		h, ok := readTwice[calendar.Hours](t, s)
		if !ok {
			return
		}
		if again, err := calendar.ParseHours(h.String()); err != nil || again != h {
			t.Errorf("%s is read as %v, %v", h, again, err)
		}
	})
}

func FuzzWeekly(f *testing.F) {
	f.Add(`{"mon":[["08:00","12:00"],["13:00","18:00"]],"sat":[["22:00","02:00:30"]],"sun":[]}`)
	f.Fuzz(func(t *testing.T, s string) { readTwice[calendar.Weekly](t, s) })
}

func FuzzVersion(f *testing.F) {
	f.Add(`{"from":"2026-01-01","config":` + full + `}`)
	f.Add(`{"config":{"timezone":"UTC","weekly":{"mon":[["08:00","12:00"]]}}}`)
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := readTwice[calendar.Version](t, s)
		if !ok {
			return
		}
		var located *calendar.ConfigError
		if _, err := calendar.NewVersions([]calendar.Version{v}); err != nil && !errors.As(err, &located) && !errors.Is(err, calendar.ErrNeverOpens) {
			t.Errorf("no place in %v", err)
		}
	})
}

// FuzzText reads a text as whatever has a text form.
func FuzzText(f *testing.F) {
	for _, s := range []string{"2026-02-28", "02-29", "09:00", "24:00:00", "22:00-06:00", "shift", "0000-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fuzzText[calendar.Date](t, s)
		fuzzText[calendar.MonthDay](t, s)
		fuzzText[calendar.TimeOfDay](t, s)
		fuzzText[calendar.HolidayCloses](t, s)
		date, err := calendar.ParseDate(s)
		if _, standard := time.Parse(time.DateOnly, s); (err == nil) != (standard == nil) {
			t.Errorf("%q is read as %v, %v, by package time with %v", s, date, err, standard)
		}
		day, err := calendar.ParseMonthDay(s)
		if _, standard := time.Parse(time.DateOnly, "2000-"+s); (err == nil) != (standard == nil) {
			t.Errorf("%q is read as %v, %v, by package time with %v", s, day, err, standard)
		}
		if h, err := calendar.ParseHours(s); err == nil {
			if again, err := calendar.ParseHours(h.String()); err != nil || again != h {
				t.Errorf("%q is read as %v, and again as %v, %v", s, h, again, err)
			}
		}
	})
}

func fuzzText[T texter, P pointer[T]](t *testing.T, s string) {
	t.Helper()
	var value, again T
	if P(&value).UnmarshalText([]byte(s)) != nil {
		if value != again {
			t.Errorf("%q is refused and leaves %v", s, value)
		}
		return
	}
	once, err := value.MarshalText()
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	if err := P(&again).UnmarshalText(once); err != nil || again != value {
		t.Errorf("%q is read as %v, and %s again as %v, %v", s, value, once, again, err)
	}
}
