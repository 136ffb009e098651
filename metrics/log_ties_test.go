package metrics

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
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
				p.party = uint32(r.IntN(4))
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
