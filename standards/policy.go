package standards

import (
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Policy picks the target of a wait by its channel. The zero value promises
// nothing.
type Policy struct {
	Channels map[metrics.Channel]Target
	Default  Target // of channels that are not named; the zero Target for none
}

// ChannelSpeeds returns the speeds to a first response by a person that are
// customary in the practice of service standards: 2 minutes on chat and on the
// phone, 60 minutes on social media, 24 hours by e-mail, all around the clock.
// Other channels have no target.
//
// They are customs, not a norm: ISO 18295-1:2017 and the COPC CX Standard leave
// the figures to each desk. Measure by them to begin with, and set your own.
func ChannelSpeeds() Policy {
	return Policy{Channels: map[metrics.Channel]Target{
		metrics.Chat:   {Within: 2 * time.Minute},
		metrics.Phone:  {Within: 2 * time.Minute},
		metrics.Social: {Within: 60 * time.Minute},
		metrics.Email:  {Within: 24 * time.Hour},
	}}
}

// Target returns the target of a channel, and false if there is none.
func (p Policy) Target(c metrics.Channel) (Target, bool) {
	t, ok := p.Channels[c]
	if !ok {
		t = p.Default
	}
	return t, !t.IsZero()
}

// FirstResponse judges the wait for the first response in a conversation as of
// an instant; the history must be that of the conversation as of then. It
// returns false if there is nothing to judge: nobody waited for a response, or
// the channel has no target.
//
// The wait that is judged is the first one that was answered, is open, or was
// overdue when the conversation was closed without an answer: to close an
// overdue conversation does not undo the breach.
func (p Policy) FirstResponse(h *metrics.History, asOf time.Time) (Judgement, bool) {
	for _, w := range h.Waits() {
		t, _ := p.Target(w.Channel)
		// What automation answered in time is no response by a person yet.
		j, ok := t.Judge(w, asOf)
		if ok && (w.Outcome != metrics.AnsweredByAutomation || j.Verdict != Met) {
			return j, true
		}
		if w.First {
			break
		}
	}
	return Judgement{}, false
}
