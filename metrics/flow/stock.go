package flow

import (
	"cmp"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
)

// Stock is conversations that are open at an instant. It has each of them, so
// that ages are exact and every figure can name its conversations. The zero value
// has none.
type Stock struct {
	at    time.Time
	items []OpenConversation // never changed
}

// OpenConversation is a conversation in the backlog.
type OpenConversation struct {
	Conversation metrics.ConversationID `json:"conversation"`
	Since        time.Time              `json:"since"` // when it was opened, or opened again
}

func stockAt(at time.Time, stays []stay) Stock {
	s := Stock{at: at}
	for i := range stays {
		if stays[i].openAt(at) {
			s.items = append(s.items, stays[i].OpenConversation)
		}
	}
	return s
}

// At returns the instant, in UTC.
func (s Stock) At() time.Time { return s.at }

// Count returns the number of conversations.
func (s Stock) Count() int64 { return int64(len(s.items)) }

// Ages returns the ages of the conversations on a calendar; nil is around the
// clock. An age is the time since the conversation was opened, or opened again.
// Pauses are part of it: a conversation on hold grows older.
func (s Stock) Ages(c metrics.Calendar) *metrics.Summary {
	ages := new(metrics.Summary)
	for _, item := range s.items {
		ages.Add(s.age(c, item))
	}
	return ages
}

// Older returns how many conversations are older than an age, by the ages of
// [Stock.Ages]. A conversation of exactly that age is not older.
func (s Stock) Older(than time.Duration, c metrics.Calendar) int64 {
	var n int64
	for _, item := range s.items {
		if s.age(c, item) > than {
			n++
		}
	}
	return n
}

func (s Stock) age(c metrics.Calendar, item OpenConversation) time.Duration {
	if c == nil {
		c = metrics.AroundTheClock
	}
	return c.Between(item.Since, s.at)
}

// Oldest returns the conversations that have been open for longest, at most n of
// them, the oldest first; those of the same age are in the order of their names.
func (s Stock) Oldest(n int) []OpenConversation {
	items := slices.SortedFunc(slices.Values(s.items), func(a, b OpenConversation) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Conversation, b.Conversation))
	})
	return slices.Clip(items[:max(0, min(n, len(items)))])
}
