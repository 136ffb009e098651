package metrics

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// TestManyTies compares the quick way with the rule, one event after another.
func TestManyTies(t *testing.T) {
	n := new(names)
	_, hash := n.purposes.Find(string(ForCustomer))
	customer := uint16(n.purposes.Insert(string(ForCustomer), hash))
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 1))
		var run []packed
		for range 2 + r.IntN(60) {
			p := packed{kind: Kind(1 + r.IntN(int(KindRetracted))), at: 1}
			switch p.kind {
			case KindAssigned:
				p.party, p.channel = uint32(r.IntN(4)), uint16(r.IntN(2))
			case KindPrioritized, KindOpened:
				p.party, p.channel = uint32(r.IntN(4)), uint16(r.IntN(3))
			case KindReplySent:
				p.detail = uint8(r.IntN(4))
			case KindPaused:
				p.channel = customer
			}
			run = append(run, p)
		}
		slices.SortFunc(run, func(a, b packed) int {
			return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.detail, b.detail), cmp.Compare(a.party, b.party), cmp.Compare(a.channel, b.channel))
		})
		var s, slow phase
		left, want := slices.Clone(run), []packed(nil)
		for len(left) > 0 {
			answers := slices.ContainsFunc(left, packed.isAnswer)
			i := max(0, slices.IndexFunc(left, func(p packed) bool { return !slow.idle(&p, answers) }))
			slow.take(&left[i], n)
			want = append(want, left[i])
			left = slices.Delete(left, i, i+1)
		}
		s.manyTies(run, n)
		if !slices.Equal(run, want) || !reflect.DeepEqual(s, slow) {
			t.Fatalf("seed %d:\n\tgot  %v\n\twant %v", seed, run, want)
		}
	}
}

// TestTiesKnowWhatWentBefore has two events of one instant whose order depends on what the
// events before them left behind.
func TestTiesKnowWhatWentBefore(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC) }
	message := func(minute int) Event {
		return MessageReceived{Conversation: "a", At: at(minute)}
	}
	reply := func(minute int, by Actor) Event {
		return ReplySent{Conversation: "a", At: at(minute), Agent: "ana", By: by}
	}
	for _, tt := range []struct {
		name          string
		events        []Event
		first, second Kind
	}{
		{"a hold ended as the conversation was resolved", []Event{
			message(0), Paused{Conversation: "a", At: at(1), Seq: 1}, Resolved{Conversation: "a", At: at(1), Seq: 2},
			Paused{Conversation: "a", At: at(9)}, Resumed{Conversation: "a", At: at(9)},
		}, KindPaused, KindResumed},
		{"a hold had ended before it was resolved", []Event{
			message(0), Paused{Conversation: "a", At: at(1), Seq: 1}, Resumed{Conversation: "a", At: at(1), Seq: 1},
			Resolved{Conversation: "a", At: at(1), Seq: 1},
			Paused{Conversation: "a", At: at(9)}, Resumed{Conversation: "a", At: at(9)},
		}, KindPaused, KindResumed},
		{"a hold began as it was resolved", []Event{
			message(0), Resolved{Conversation: "a", At: at(1), Seq: 1}, Paused{Conversation: "a", At: at(1), Seq: 2},
			Paused{Conversation: "a", At: at(9)}, Resumed{Conversation: "a", At: at(9)},
		}, KindResumed, KindPaused},
		{"a person had replied in the cycle, so that nothing was handed off", []Event{
			message(0), reply(1, ByPerson), message(2), reply(3, ByAssistant),
			Assigned{Conversation: "a", At: at(4), Team: "second"}, message(9), reply(9, ByPerson),
		}, KindMessageReceived, KindReplySent},
	} {
		c, err := NewConversation(tt.events...)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []Kind
		for r := range c.Records() {
			if r.At.Equal(at(9)) {
				kinds = append(kinds, r.Type)
			}
		}
		if len(kinds) != 2 || kinds[0] != tt.first || kinds[1] != tt.second {
			t.Errorf("%s: %v", tt.name, kinds)
		}
	}
}
