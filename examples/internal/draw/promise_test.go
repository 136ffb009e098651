package draw

import (
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/standards"
)

func TestChannelName(t *testing.T) {
	for channel, want := range map[metrics.Channel]string{
		"": "No channel", "\n": "No channel", metrics.Email: "E-mail", metrics.Chat: "Chat", "élan": "Élan", "客服": "客服",
		"\x1b[31m": "?[31m", metrics.Channel(strings.Repeat("a", 60_000)): "A" + strings.Repeat("a", 25) + "…" + strings.Repeat("a", 13),
	} {
		if got := ChannelName(channel); got != want {
			t.Errorf("%.50q is %q, want %q", channel, got, want)
		}
	}
	for channel, want := range map[metrics.Channel][2]string{
		"": {"no channel", "on no channel"}, "\n": {"no channel", "on no channel"}, metrics.Email: {"e-mail", "by e-mail"}, metrics.Phone: {"phone", "by phone"},
		metrics.Chat: {"chat", "on chat"}, "Élan": {"Élan", "on Élan"}, "\x1b[31m": {"?[31m", "on ?[31m"},
	} {
		if got := [...]string{ChannelWord(channel), ByChannel(channel)}; got != want {
			t.Errorf("%.50q is %q, want %q", channel, got, want)
		}
	}
}

func TestWithin(t *testing.T) {
	office, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("10:00-12:00")}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		within string
		in     metrics.Calendar
		want   string
	}{
		{"20s", nil, "20 s"}, {"2m", metrics.AroundTheClock, "2 min"}, {"24h", nil, "1 d"}, {"90m", nil, "1 h 30 min"},
		{"1h", office, "1 office hour"}, {"16h", office, "16 office hours"}, {"30m", office, "30 office minutes"},
		{"90m", office, "1h30m of office hours"}, {"2 business days", office, "2 business days"},
	} {
		target := standards.Target{Calendar: tt.in}
		if err := target.Within.UnmarshalText([]byte(tt.within)); err != nil {
			t.Fatal(err)
		}
		if got := Within(&target); got != tt.want {
			t.Errorf("%s is %q, want %q", tt.within, got, tt.want)
		}
	}
}

func TestKept(t *testing.T) {
	goal := stat.Ratio{Part: 4, Whole: 5}
	for _, tt := range []struct {
		goal          stat.Ratio
		met, breached int64
		kept, of      string
		chance        bool
	}{
		{goal, 0, 0, "–", "80 %", false},
		{goal, 796, 204, "79.6 %", "80 %", true},
		{goal, 4, 1, "80 %", "80 %", true},
		{goal, 13, 0, "100 %", "80 %", true}, // 77 to 100 %
		{goal, 100, 0, "100 %", "80 %", false},
		{goal, 50, 50, "50 %", "80 %", false},
		{stat.Ratio{}, 796, 204, "80 %", "–", false},
	} {
		target, tally := standards.Target{Goal: tt.goal}, standards.Tally{Met: tt.met, Breached: tt.breached}
		if kept, of, chance := Kept(&target, tally.Compliance()), Goal(&target), MayBeChance(&target, tally); kept != tt.kept || of != tt.of || chance != tt.chance {
			t.Errorf("%v of %v: %q, %q, %v", tally, tt.goal, kept, of, chance)
		}
	}
}
