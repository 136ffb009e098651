package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/servicequality/servicequality/metrics"
)

// sent returns what another worker gets when a value is sent to it.
func sent[T any](t *testing.T, v T) T {
	t.Helper()
	var b bytes.Buffer
	if err := beam.NewElementEncoder(reflect.TypeFor[T]()).Encode(v, &b); err != nil {
		t.Fatal(err)
	}
	got, err := beam.NewElementDecoder(reflect.TypeFor[T]()).Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() > 0 {
		t.Errorf("%d bytes are left", b.Len())
	}
	return got.(T)
}

func TestDeliveriesAreSentWhole(t *testing.T) {
	all := append(everything(t, source{}), everything(t, source{Generate: 100})...)
	all = append(all, Delivery{Position{1 << 40, 1 << 62}, metrics.Record{
		Type: metrics.KindMerged, ID: `"`, Conversation: "\u2028", At: time.Unix(0, 1).UTC(), Into: "<&>",
	}})
	for _, d := range all {
		if got := sent(t, d); got != d {
			t.Fatalf("%+v becomes %+v", d, got)
		}
	}
}

func TestMalformedDelivery(t *testing.T) {
	whole, err := encodeDelivery(everything(t, source{})[0])
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := decodeDelivery(whole[:n]); !errors.Is(err, errDelivery) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
}

func bytesOf(t *testing.T, f *metrics.Figures) []byte {
	t.Helper()
	b, err := f.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// figuresOf returns the figures of each of n made-up conversations.
func figuresOf(t *testing.T, n int64) []*metrics.Figures {
	t.Helper()
	var all []*metrics.Figures
	for i := range n {
		var deliveries []Delivery
		for number, r := range conversation(i) {
			deliveries = append(deliveries, Delivery{Position{0, int64(number)}, r})
		}
		log, err := logOf(deliveries)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, log.Read(rules, madeUpStart.AddDate(0, 1, 0)).Figures())
	}
	return all
}

func TestFiguresAreSentWhole(t *testing.T) {
	for _, f := range append(figuresOf(t, 50), new(metrics.Figures)) {
		if got := sent(t, f); !bytes.Equal(bytesOf(t, got), bytesOf(t, f)) {
			t.Fatalf("%+v becomes %+v", f, got)
		}
	}
	if _, err := decodeFigures(nil); err == nil {
		t.Error("no bytes are figures")
	}
}

// A runner may split the figures into accumulators as it likes, send them, and
// merge them in any order.
func TestMergeInAnyWay(t *testing.T) {
	all := figuresOf(t, 1500) // more than a summary keeps one by one
	var fn mergeFn
	merged := func(sum *metrics.Figures, err error) *metrics.Figures {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	want := fn.CreateAccumulator()
	for _, f := range all {
		want = merged(fn.AddInput(want, f))
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, accumulators := range []int{1, 2, 30, 1000} {
		sums := make([]*metrics.Figures, accumulators)
		for i := range sums {
			sums[i] = fn.CreateAccumulator()
		}
		for _, i := range random.Perm(len(all)) {
			n := random.IntN(accumulators)
			before := bytesOf(t, all[i])
			sums[n] = merged(fn.AddInput(sums[n], all[i]))
			if !bytes.Equal(bytesOf(t, all[i]), before) {
				t.Fatal("adding figures changes them")
			}
		}
		for len(sums) > 1 {
			i := random.IntN(len(sums) - 1)
			sums[i] = merged(fn.MergeAccumulators(sums[i], sent(t, sums[i+1])))
			sums = append(sums[:i+1], sums[i+2:]...)
		}
		if got := fn.ExtractOutput(sums[0]); !bytes.Equal(bytesOf(t, got), bytesOf(t, want)) {
			t.Errorf("%d accumulators: %+v, want %+v", accumulators, got, want)
		}
	}
	if want.Elapsed.Response.Count() <= 1024 {
		t.Errorf("%d response times: too easy", want.Elapsed.Response.Count())
	}
}

// What was added to an accumulator is not in it by reference.
func TestInputsStayApart(t *testing.T) {
	all := figuresOf(t, 40)
	var fn mergeFn
	sum, err := fn.AddInput(fn.CreateAccumulator(), all[10])
	before := bytesOf(t, all[10])
	for _, f := range all[11:] {
		if err == nil {
			sum, err = fn.AddInput(sum, f)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bytesOf(t, all[10]), before) {
		t.Error("the first figures change as others are added")
	}
}

// Figures of another instant are refused, and change nothing.
func TestOtherInstantsAreRefused(t *testing.T) {
	var fn mergeFn
	sum := figuresOf(t, 1)[0]
	before := bytesOf(t, sum)
	other := &metrics.Figures{AsOf: sum.AsOf.Add(1), Conversations: 1}
	for name, merge := range map[string]func(a, b *metrics.Figures) (*metrics.Figures, error){
		"AddInput": fn.AddInput, "MergeAccumulators": fn.MergeAccumulators,
	} {
		if _, err := merge(sum, other); !errors.Is(err, metrics.ErrOtherTerms) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(bytesOf(t, sum), before) {
		t.Error("refused figures change the sum")
	}
}
