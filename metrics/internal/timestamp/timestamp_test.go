package timestamp_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/timestamp"
)

func TestParse(t *testing.T) {
	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		text string
		want time.Time
	}{
		// RFC 3339, sections 5.6 and 5.8.
		{"2026-03-02T09:00:00Z", nine},
		{"2026-03-02t09:00:00z", nine},
		{"2026-03-02T09:00:00+00:00", nine},
		{"2026-03-02T09:00:00-00:00", nine},
		{"2026-03-02T10:30:00+01:30", nine},
		{"2026-03-01T09:01:00-23:59", nine},
		{"2026-03-03T08:59:00+23:59", nine},
		{"1985-04-12T23:20:50.52Z", time.Date(1985, 4, 12, 23, 20, 50, 520_000_000, time.UTC)},
		{"1996-12-19T16:39:57-08:00", time.Date(1996, 12, 20, 0, 39, 57, 0, time.UTC)},
		{"1937-01-01T12:00:27.87+00:20", time.Date(1937, 1, 1, 11, 40, 27, 870_000_000, time.UTC)},
		{"2026-03-02T09:00:00.000000001Z", nine.Add(1)},
		{"2026-03-02T09:00:00.1234567Z", nine.Add(123_456_700)}, // .NET
		{"2026-03-02T09:00:00.000000001999Z", nine.Add(1)},
		{"0000-02-29T00:00:00Z", time.Date(0, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"9999-12-31T23:59:59Z", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		{"2000-02-29T00:00:00Z", time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)},

		// Leap seconds, those of RFC 3339 among them.
		{"1990-12-31T23:59:60Z", time.Date(1991, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"1990-12-31T15:59:60-08:00", time.Date(1991, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"2016-12-31T23:59:60.5Z", time.Date(2017, 1, 1, 0, 0, 0, 500_000_000, time.UTC)},
		{"2026-03-02T08:59:60Z", nine},

		// PostgreSQL: timestamptz as text, and in JSON.
		{"2026-03-02 09:00:00+00", nine},
		{"2026-03-02 09:00:00.123456+00", nine.Add(123_456_000)},
		{"2026-03-02 10:30:00+01:30", nine},
		{"2026-03-02 05:00:00-04", nine},
		{"2026-03-02T09:00:00.1+00:00", nine.Add(100_000_000)},
		{"1971-12-31 23:15:30-00:44:30", time.Date(1972, 1, 1, 0, 0, 0, 0, time.UTC)}, // Africa/Monrovia
		// MySQL: a literal, and JSON; SQLite: datetime(at) || 'Z', and its drivers.
		{"2026-03-02 09:00:00.000000+00:00", nine},
		{"2026-03-02 09:00:00Z", nine},
		{"2026-03-02 10:00:00+01:00", nine},
		// Jira, ServiceNow and others: no colon; SQL Server: a space before the offset.
		{"2026-03-02T10:00:00.000+0100", nine},
		{"2026-03-02 10:30:00.0000000 +01:30", nine},
		// Go's String, which modernc.org/sqlite stores unless its DSN has _time_format.
		{"2026-03-02 09:00:00 +0000 UTC", nine},
		{"2026-03-02 09:00:00.000000001 +0000 UTC", nine.Add(1)},
		{"2026-03-02 10:00:00.25 +0100 CET", nine.Add(250_000_000)},
		{"2026-03-02 06:00:00 -0300 -03", nine},
		{"2026-03-02 14:45:00 +0545 +0545", nine},
		{"2026-03-02 10:00:00 +0100 UTC+1", nine},
		{"2026-03-02 09:00:00.5 +0000 UTC m=+0.000012345", nine.Add(500_000_000)},
		{"2026-03-02 09:00:00 +0000 UTC m=-12.000000001", nine},
	} {
		got, err := timestamp.Parse([]byte(tt.text))
		if err != nil || !got.Equal(tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.text, got, err, tt.want)
			continue
		}
		if text, err := got.MarshalText(); err != nil {
			t.Errorf("%s cannot be written again: %v", tt.text, err)
		} else if again, err := timestamp.Parse(text); err != nil || !again.Equal(got) {
			t.Errorf("%s is written as %s and read as %v, %v", tt.text, text, again, err)
		}
	}
}

// What String of a time.Time makes is read, whatever its zone.
func TestParseGoForm(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	zones := []*time.Location{time.UTC, time.FixedZone("", 5400), time.FixedZone("CET", 3600), time.FixedZone("", -12600)}
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "America/St_Johns", "Antarctica/Troll"} {
		if zone, err := time.LoadLocation(name); err == nil {
			zones = append(zones, zone)
		}
	}
	for range 10_000 {
		want := time.Unix(random.Int64N(9214646400), random.Int64N(1e9)*random.Int64N(2)).In(zones[random.IntN(len(zones))])
		if got, err := timestamp.Parse([]byte(want.String())); err != nil || !got.Equal(want.Truncate(time.Nanosecond)) {
			// Zones of before 1972 had offsets with seconds, which this form leaves out.
			if _, offset := want.Zone(); offset%60 == 0 {
				t.Fatalf("%v: %v, %v", want, got, err)
			}
		}
	}
	now := time.Now()
	if got, err := timestamp.Parse([]byte(now.String())); err != nil || !got.Equal(now) {
		t.Errorf("%v: %v, %v", now, got, err)
	}
}

func TestParseKeepsOffset(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-02T09:00:00Z":         "2026-03-02T09:00:00Z",
		"2026-03-02 09:00:00+00":       "2026-03-02T09:00:00Z",
		"2026-03-02 09:00:00+01":       "2026-03-02T09:00:00+01:00",
		"2026-03-02 09:00:00-0930":     "2026-03-02T09:00:00-09:30",
		"2026-03-02 09:00:00+00:00:30": "2026-03-02T08:59:30Z",
	} {
		if got, err := timestamp.Parse([]byte(text)); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %v, want %s", text, got, err, want)
		}
	}
	zulu, err := timestamp.Parse([]byte("2026-03-02T09:00:00Z"))
	if zero, err2 := timestamp.Parse([]byte("2026-03-02T09:00:00+00:00")); err != nil || err2 != nil || zulu != zero || zulu.Location() != time.UTC {
		t.Errorf("%#v, %v and %#v, %v", zulu, err, zero, err2)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]error{
		// MySQL, SQLite, and PostgreSQL without a zone.
		"2026-03-02 09:00:00":        timestamp.ErrOffset,
		"2026-03-02 09:00:00.123456": timestamp.ErrOffset,
		"2026-03-02T09:00:00":        timestamp.ErrOffset,
		"2026-03-02t09:00:60.5":      timestamp.ErrOffset,

		"":                                               timestamp.ErrForm,
		"0000-00-00 00:00:00":                            timestamp.ErrForm, // MySQL
		"infinity":                                       timestamp.ErrForm, // PostgreSQL
		"2026-03-02":                                     timestamp.ErrForm,
		"2026-03-02 09:00+00":                            timestamp.ErrForm,
		"0044-03-15 12:00:00+00 BC":                      timestamp.ErrForm,
		"10000-01-01 00:00:00+00":                        timestamp.ErrForm,
		":026-03-02T09:00:00Z":                           timestamp.ErrForm,
		"/026-03-02T09:00:00Z":                           timestamp.ErrForm,
		"-001-01-01T00:00:00Z":                           timestamp.ErrForm,
		"2026-02-29T09:00:00Z":                           timestamp.ErrForm,
		"2100-02-29T09:00:00Z":                           timestamp.ErrForm,
		"2026-04-31T09:00:00Z":                           timestamp.ErrForm,
		"2026-03-32T09:00:00Z":                           timestamp.ErrForm,
		"2026-03-00T09:00:00Z":                           timestamp.ErrForm,
		"2026-00-02T09:00:00Z":                           timestamp.ErrForm,
		"2026-13-02T09:00:00Z":                           timestamp.ErrForm,
		"2026-03-02T24:00:00Z":                           timestamp.ErrForm,
		"2026-03-02T09:60:00Z":                           timestamp.ErrForm,
		"2026-03-02T09:00:61Z":                           timestamp.ErrForm,
		"2026-03-02T09:00:00,5Z":                         timestamp.ErrForm,
		"2026-03-02T09:00:00.Z":                          timestamp.ErrForm,
		"2026-03-02T09:00:00.":                           timestamp.ErrForm,
		"2026-03-02T9:00:00Z":                            timestamp.ErrForm,
		"2026-3-2T09:00:00Z":                             timestamp.ErrForm,
		"2026-03-02_09:00:00Z":                           timestamp.ErrForm,
		"2026-03-02  09:00:00Z":                          timestamp.ErrForm,
		" 2026-03-02T09:00:00Z":                          timestamp.ErrForm,
		"2026-03-02T09:00:00Z ":                          timestamp.ErrForm,
		"2026-03-02T09:00:00 ":                           timestamp.ErrForm,
		"2026-03-02T09:00:00 Z":                          timestamp.ErrForm,
		"2026-03-02T09:00:00ZZ":                          timestamp.ErrForm,
		"2026-03-02T09:00:00+24:00":                      timestamp.ErrForm,
		"2026-03-02T09:00:00-24":                         timestamp.ErrForm,
		"2026-03-02T09:00:00+01:60":                      timestamp.ErrForm,
		"2026-03-02T09:00:00+0160":                       timestamp.ErrForm,
		"2026-03-02T09:00:00+01:00:60":                   timestamp.ErrForm,
		"2026-03-02T09:00:00+01:00:":                     timestamp.ErrForm,
		"2026-03-02T09:00:00+010000":                     timestamp.ErrForm,
		"2026-03-02T09:00:00+0100:00":                    timestamp.ErrForm,
		"2026-03-02T09:00:00+01:":                        timestamp.ErrForm,
		"2026-03-02T09:00:00+1:00":                       timestamp.ErrForm,
		"2026-03-02T09:00:00+1":                          timestamp.ErrForm,
		"2026-03-02T09:00:00+":                           timestamp.ErrForm,
		"2026-03-02T09:00:0001:00":                       timestamp.ErrForm,
		"2026-03-02T09:00:00\u221201:00":                 timestamp.ErrForm, // a minus sign
		"2026-03-02 09:00:00 UTC":                        timestamp.ErrForm,
		"2026-03-02T09:00:00 +0000 UTC":                  timestamp.ErrForm,
		"2026-03-02 09:00:00+0000 UTC":                   timestamp.ErrForm,
		"2026-03-02 09:00:00 +00:00 UTC":                 timestamp.ErrForm,
		"2026-03-02 09:00:00 +00 UTC":                    timestamp.ErrForm,
		"2026-03-02 09:00:00 +000 UTC":                   timestamp.ErrForm,
		"2026-03-02 09:00:00 +0060 UTC":                  timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 ":                     timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000  UTC":                 timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC ":                 timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 Zoë":                  timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 (UT)":                 timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC UTC":              timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=":               timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+":              timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=0.000000001":    timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0.1":           timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0":             timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0.0000000001":  timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC n=+0.000000001":   timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 m=+0.000000001":       timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0.000000001 ":  timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0.000000001Z":  timestamp.ErrForm,
		"2026-03-02 09:00:00 +0000 UTC m=+0.000000001 Z": timestamp.ErrForm,
		"2026-03-02 09:00:00 AM":                         timestamp.ErrForm,
		"02.03.2026 09:00":                               timestamp.ErrForm,
		"1772442000":                                     timestamp.ErrForm,
		"20260302T090000Z":                               timestamp.ErrForm,
		"２026-03-02T09:00:00Z":                           timestamp.ErrForm,
	} {
		if got, err := timestamp.Parse([]byte(text)); !errors.Is(err, want) || !got.IsZero() {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
}

// form is what Parse takes, as a regular expression; ranges are left to time.Parse.
var form = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(\.\d+)?(?:([Zz])| ?([+-])(\d\d)(?::?(\d\d)|:(\d\d):(\d\d))?)?$`)

// goForm is Go's form of a time.Time.
var goForm = regexp.MustCompile(`^(.{10} .{8}(?:\.\d+)? [+-]\d{4}) [A-Za-z0-9+-]+(?: m=[+-]\d*\.\d{9})?$`)

// slowly reads text by the rules, by means of time.Parse, which takes a fraction of
// any length, and knows neither the second 60 nor what Parse takes beyond RFC 3339.
func slowly(text string) (time.Time, error) {
	if m := goForm.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	m := form.FindStringSubmatch(text)
	if m == nil {
		return time.Time{}, timestamp.ErrForm
	}
	leap := m[3] == "60"
	if leap {
		m[3] = "59"
	}
	local, err := time.Parse("2006-01-02T15:04:05", m[1]+"T"+m[2]+":"+m[3]+m[4])
	if err != nil {
		return time.Time{}, timestamp.ErrForm
	}
	if leap {
		local = local.Add(time.Second)
	}
	if m[5] != "" {
		return local, nil
	}
	if m[6] == "" {
		return time.Time{}, timestamp.ErrOffset
	}
	// An offset is a time of day.
	minutes, seconds := m[8]+m[9], m[10]
	if minutes == "" {
		minutes = "00"
	}
	if seconds == "" {
		seconds = "00"
	}
	clock, err := time.Parse("15:04:05", m[7]+":"+minutes+":"+seconds)
	if err != nil {
		return time.Time{}, timestamp.ErrForm
	}
	offset := clock.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
	if m[6] == "+" {
		offset = -offset
	}
	return local.Add(offset), nil
}

// agrees holds Parse against slowly, and against time.Parse for the usual form.
func agrees(t *testing.T, text string) {
	got, err := timestamp.Parse([]byte(text))
	want, wantErr := slowly(text)
	if err != wantErr || !got.Equal(want) {
		t.Errorf("%q: %v, %v, want %v, %v", text, got, err, want, wantErr)
	}
	if usual.MatchString(text) {
		if want, err2 := time.Parse(time.RFC3339, text); (err == nil) != (err2 == nil) || !got.Equal(want) {
			t.Errorf("%q: %v, %v, and time.Parse: %v, %v", text, got, err, want, err2)
		}
	}
}

// usual is a form in which time.Parse is neither too strict nor too lenient.
var usual = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// TestParseAgrees has texts of plausible parts, most of them right.
func TestParseAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		or := func(usual string, others ...string) string {
			if random.IntN(20) == 0 {
				return others[random.IntN(len(others))]
			}
			return usual
		}
		two := func(to int) string { return fmt.Sprintf("%02d", random.IntN(to)) }
		fraction := ""
		if random.IntN(2) == 0 {
			fraction = fmt.Sprintf(".%0*d", 1+random.IntN(12), random.Int64N(1000))
		}
		zone := "Z"
		if random.IntN(2) == 0 {
			zone = or("", " ", "z") + or("+", "-", "") + two(25) + or(":", "", "::") + or(two(61), "", "0") + or("", ":"+two(61), ":", two(60))
		}
		agrees(t, fmt.Sprintf("%04d", random.IntN(10_000))+or("-", "/", "")+two(14)+or("-", ":")+two(33)+or("T", "t", " ", "")+
			two(25)+or(":", "")+two(61)+or(":", ".")+or(two(60), "60", "61")+or(fraction, ".", ",5")+or(zone, "", "z", "+01", "+", "Z0"))
		clock := fmt.Sprintf(" m=%s%d%s%09d", or("+", "-", ""), random.IntN(100), or(".", "", ","), random.IntN(1e9))
		agrees(t, fmt.Sprintf("2026-03-02%s09:00:%s%s%s%s%s%s", or(" ", "T"), two(60), or(fraction, "."), or(" ", "", "  ")+or("+", "-", "")+two(24)+or("", ":")+two(60),
			or(" ", "", "  "), or("UTC", "", "+0100", "-03", "Zoë", "GMT+1", "m=+1.000000001"), or("", clock, clock, clock[:len(clock)-1], clock+"0", " ")))
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"2026-03-02T09:00:00Z", "2026-03-02t09:00:60.123456789012z", "2026-03-02 09:00:00.5+01:30", "2026-03-02 09:00:00-0930",
		"2026-03-02 09:00:00 -00:44:30", "2026-03-02 09:00:00", "2026-02-30T23:59:59+23:59", "2026-03-02 10:00:00.25 +0100 CET m=+0.000012345", strings.Repeat("9", 40),
	} {
		f.Add(text)
	}
	f.Fuzz(agrees)
}

// TestParseAllocatesNothing has the usual forms; a zone of its own needs memory for
// an offset that is not of whole hours.
func TestParseAllocatesNothing(t *testing.T) {
	for _, text := range []string{"2026-03-02T09:00:00Z", "2026-03-02T09:00:00.123456Z", "2026-03-02 09:00:00+00", "2026-03-02T09:00:00+02:00"} {
		b := []byte(text)
		if n := testing.AllocsPerRun(100, func() { _, _ = timestamp.Parse(b) }); n != 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{"usual": "2026-03-02T09:00:00Z", "fraction": "2026-03-02T09:00:00.123456Z", "PostgreSQL": "2026-03-02 09:00:00.123456+00"} {
		text := []byte(text)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := timestamp.Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A clock reads what it reads as Parse does, and never refuses the form that programs
// write.
func TestClock(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	var clock timestamp.Clock
	read, refused := 0, 0
	for range 200_000 {
		at := time.Unix(random.Int64N(9214646400), int64(random.IntN(1e9))).UTC()
		if random.IntN(2) == 0 {
			at = time.Date(2026, 3, 1+random.IntN(3), 0, 0, 0, 0, time.UTC).Add(time.Duration(random.Int64N(int64(24 * time.Hour))))
		}
		if random.IntN(3) == 0 {
			at = at.In(time.FixedZone("", 60*(random.IntN(2*1439)-1439)))
		}
		layout := []string{time.RFC3339Nano, time.RFC3339, "2006-01-02 15:04:05.000Z07:00", "2006-01-02T15:04:05.999999Z07:00"}[random.IntN(4)]
		text := []byte(at.Format(layout))
		for range random.IntN(3) - 1 {
			i := random.IntN(len(text))
			text[i] = "0123456789TtZz :.+-/x"[random.IntN(21)]
			if random.IntN(4) == 0 {
				text = append(text[:i], text[i+1:]...)
			}
		}
		seconds, nanoseconds, ok := clock.Read(text)
		want, err := timestamp.Parse(text)
		switch {
		case ok && (err != nil || !want.Equal(time.Unix(seconds, int64(nanoseconds)))):
			t.Fatalf("%s: %d s and %d ns, want %v, %v", text, seconds, nanoseconds, want, err)
		case ok:
			read++
		case err == nil && string(text) == want.Format(layout) && want.Unix() >= 0 && want.Year() < 2262 && want.Second() < 60 && at.Year() >= 1970:
			t.Fatalf("%s is not read, and is %v", text, want)
		default:
			refused++
		}
	}
	if read < 100_000 || refused < 10_000 {
		t.Errorf("%d read and %d refused only", read, refused)
	}
	for _, text := range []string{"2026-03-02T09:00:00Z", "2026-03-02 09:00:00.25+01:00"} {
		if n := testing.AllocsPerRun(100, func() { clock.Read([]byte(text)) }); n != 0 {
			t.Errorf("%s: %v allocations", text, n)
		}
	}
}
