// Package vendors reads the webhooks of helpdesks: one pure function for each vendor makes
// events of a delivery, and another one checks its signature. What each vendor's events
// lose, and what is guessed, says README.md of the folder above.
//
//	happened, err := vendors.Zendesk(vendors.Delivery{Body: body, Header: r.Header, At: time.Now()})
package vendors

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// A Delivery is what a vendor sent.
type Delivery struct {
	Body   []byte
	Header http.Header
	At     time.Time      // when it was received
	Zone   *time.Location // of times that do not say their zone; nil if it is not known
}

// Happened is what a delivery tells. Both lists are empty for what does not count: private
// notes, drafts, changes of tags.
type Happened struct {
	Events  []metrics.Event
	Answers []Answer
}

// A Vendor is a helpdesk that sends webhooks.
type Vendor struct {
	Name string // in small letters, such as "helpscout"
	// Read is a pure function. Its errors wrap ErrMalformed or ErrForm.
	Read func(Delivery) (Happened, error)
	// Signed reports whether a delivery was signed with a secret.
	Signed func(Delivery, string) bool
}

// All are the helpdesks whose payloads are known.
var All = []Vendor{
	{"chatwoot", Chatwoot, chatwootSigned},
	{"zendesk", Zendesk, zendeskSigned},
	{"intercom", Intercom, hubSigned},
	{"helpscout", HelpScout, helpScoutSigned},
	{"freescout", FreeScout, freeScoutSigned},
	{"freshdesk", Freshdesk, freshdeskSigned},
	{"zammad", Zammad, hubSigned},
}

// AtReceipt begins the ID of an event whose instant is that of its first delivery, because
// the payload has none.
const AtReceipt = "received:"

// when returns the instant and the ID of an event. If the payload gives no instant it is
// that of the delivery, and the ID says so; without an ID it is known by the bytes of its
// payload, so that the same bytes are one event.
func (d Delivery) when(at time.Time, id string) (time.Time, metrics.EventID) {
	if !at.IsZero() {
		return at, metrics.EventID(id)
	}
	if id == "" {
		sum := sha256.Sum256(d.Body)
		id = hex.EncodeToString(sum[:8])
	}
	return d.At, metrics.EventID(AtReceipt + id)
}

// add adds events.
func (h *Happened) add(events ...metrics.Event) { h.Events = append(h.Events, events...) }

// reopened adds what a source means by "open": work goes on, and what was resolved is open
// again. Of the two, what is so already counts nowhere.
func (h *Happened) reopened(conversation string, at time.Time, id metrics.EventID, seq int64) {
	c := metrics.ConversationID(conversation)
	h.add(metrics.Reopened{ID: id, Conversation: c, At: at, Seq: seq},
		metrics.Resumed{ID: id, Conversation: c, At: at, Seq: seq})
}
