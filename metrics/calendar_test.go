package metrics_test

import (
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

func TestNilCalendarIsAroundTheClock(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "7", At: at(0)},
		metrics.ReplySent{Conversation: "7", At: at(20)},
		metrics.Paused{Conversation: "7", At: at(25)},
		metrics.Resolved{Conversation: "7", At: at(30)},
	)
	if err != nil {
		t.Fatal(err)
	}
	h := historyOf(c, metrics.Rules{})
	first, _ := h.FirstResponse()
	if d := first.DurationIn(nil); d != 20*time.Minute {
		t.Errorf("a first response of %v", d)
	}
	if d := h.Cycles()[0].DurationIn(nil); d != 25*time.Minute {
		t.Errorf("a cycle of %v", d)
	}
	if d, ok := h.FirstResolution(nil); !ok || d != 25*time.Minute {
		t.Errorf("a first resolution of %v", d)
	}
}
