package metrics

import "github.com/servicequality/servicequality/metrics/stat"

// Requests count what became of requests for ratings. Each request of
// [Volume].RatingRequested is in the Whole of Response, in Pending, or in Replaced.
//
// A rating answers the last request before it in the same case, however late it comes. A
// request that had no answer when the next one went out is replaced: the two are one
// question, and the later one stands for both. If it had expired by then, it was a
// question of its own.
//
// A [Breakdown] counts a request in the group of its instant, its channel and the agent
// about whom it asks (see [Facet.Agent]), and an unsolicited rating in that of the rating.
// So the answers to the requests of a group may be ratings of another one.
type Requests struct {
	// Response is the response rate: of the requests, the answered ones. Of several
	// ratings that answer one request, one counts here, so it is never above 1.
	Response stat.Ratio `json:"response"`
	// Pending counts unanswered requests that are younger than [Rules.RatingExpires].
	// They are in no rate. An answered one is in it at once, so the rate of recent
	// requests is too high until they have all expired.
	Pending  int64 `json:"pending"`
	Replaced int64 `json:"replaced"`
	// Unsolicited counts the ratings that count and answer no request, because none went
	// out before them. They are in no rate.
	Unsolicited int64 `json:"unsolicited"`
}

// counts returns all the counts of r.
func (r *Requests) counts() [5]*int64 {
	return [...]*int64{&r.Response.Part, &r.Response.Whole, &r.Pending, &r.Replaced, &r.Unsolicited}
}

// count counts a request.
func (r *Requests) count(f fate) {
	switch f {
	case requestPending:
		r.Pending++
	case requestReplaced:
		r.Replaced++
	case requestAnswered:
		r.Response.Part++
		fallthrough
	default:
		r.Response.Whole++
	}
}

// A request is a request for a rating, in nanoseconds and numbers.
type request struct {
	at       int64
	agent    uint32 // about whom it asks
	channel  uint16
	team     uint16 // in charge at the time
	answered bool
}

// fate says what became of a request.
type fate uint8

const (
	requestUnanswered fate = iota
	requestAnswered
	requestPending
	requestReplaced
)

// fate returns what became of the i-th request.
func (h *History) fate(i int) fate {
	switch asked := &h.requests[i]; {
	case asked.answered:
		return requestAnswered
	case i+1 < len(h.requests) && h.expires(asked) > h.requests[i+1].at:
		return requestReplaced
	case h.terms.Rules.RatingExpires > 0 && h.expires(asked) > h.terms.at:
		return requestPending
	}
	return requestUnanswered
}

// expires returns when a request that is not answered expires, or running if it never
// does.
func (h *History) expires(asked *request) int64 {
	after := int64(h.terms.Rules.RatingExpires)
	if after <= 0 || after >= running-asked.at {
		return running
	}
	return asked.at + after
}

// awaitsRating reports whether a request is pending. Only the last one can be.
func (h *History) awaitsRating() bool {
	n := len(h.requests)
	return n > 0 && h.fate(n-1) == requestPending
}

// Requests returns what became of the requests for ratings.
func (h *History) Requests() Requests {
	r := Requests{Unsolicited: int64(h.unsolicited)}
	for i := range h.requests {
		r.count(h.fate(i))
	}
	return r
}

// request takes a request for a rating. One that names nobody asks about the agent who
// is to be rated as of then.
func (r *reader) request(e *packed) {
	asked := request{at: e.at, agent: e.party, channel: e.channel, team: r.team}
	if asked.agent == 0 {
		asked.agent = r.toBeRated()
	}
	r.requests = append(r.requests, asked)
}

// rate takes a rating. Unless each one counts, it replaces the one before it that answers
// the same request, or that came before any request as it does.
func (r *reader) rate(e *packed) {
	given := givenRating{at: e.at, agent: e.party, channel: e.channel, team: r.team, stars: e.stars()}
	again := len(r.ratings) > 0
	if n := len(r.requests); n > 0 {
		asked := &r.requests[n-1]
		again, asked.answered = asked.answered, true
		if given.agent == 0 {
			given.agent = asked.agent
		}
		if given.agent == 0 { // nobody had replied when it went out
			given.agent = r.spoke
		}
	} else if given.agent == 0 {
		given.agent = r.toBeRated()
	}
	if again && !r.terms.Rules.CountEachRating {
		r.ratings = r.ratings[:len(r.ratings)-1]
	}
	r.ratings = append(r.ratings, given)
	if len(r.requests) == 0 {
		r.unsolicited = len(r.ratings)
	}
}

// toBeRated returns the agent whose work a rating that names nobody is about, as of now:
// the last person or assistant who replied or, if nobody did, the one who is assigned;
// by [Rules.CreditAssigned] the other way round.
func (r *reader) toBeRated() uint32 {
	if r.terms.Rules.CreditAssigned && r.assigned != 0 || r.spoke == 0 {
		return r.assigned
	}
	return r.spoke
}

// settles returns from when on the figures of h stay as they are, if nothing in it is
// open: its last event or, if a request for a rating has no answer, when that expires.
func (h *History) settles() int64 {
	events := h.thread.events()
	last := events[len(events)-1].at
	if n := len(h.requests); n > 0 && !h.requests[n-1].answered && h.terms.Rules.RatingExpires > 0 {
		last = max(last, h.expires(&h.requests[n-1]))
	}
	return last
}
