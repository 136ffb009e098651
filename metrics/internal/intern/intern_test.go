package intern_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/metrics/internal/intern"
)

// numberOf finds a text, or inserts it.
func numberOf(t *intern.Table, text string) uint32 {
	number, hash := t.Find(text)
	if number == 0 && text != "" {
		number = t.Insert(text, hash)
	}
	return number
}

// TestTableAgainstAMap numbers more texts than a small table has: short and long
// ones, new and known in turn.
func TestTableAgainstAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var table intern.Table
	want := make(map[string]uint32)
	texts := []string{""}
	for range 200_000 {
		text := fmt.Sprint(random.IntN(90_000))
		switch random.IntN(50) {
		case 0:
			text = strings.Repeat(text, 1+random.IntN(20)) // beside the longest of the recent ones
		case 1:
			text = ""
		case 2:
			text = strings.Repeat("\xff", random.IntN(100))
		}
		before := want[text]
		if got := table.Number(text); got != before {
			t.Fatalf("%q has number %d, want %d", text, got, before)
		}
		if before == 0 && text != "" {
			want[text] = uint32(len(texts))
			texts = append(texts, text)
		}
		if got := numberOf(&table, text); got != want[text] {
			t.Fatalf("%q has number %d, want %d", text, got, want[text])
		}
	}
	if table.Len() != len(texts)-1 {
		t.Errorf("%d texts, want %d", table.Len(), len(texts)-1)
	}
	for number, text := range texts {
		found, _ := table.Find(text)
		if got := table.Text(uint32(number)); got != text || table.Number(text) != uint32(number) || found != uint32(number) {
			t.Fatalf("number %d is %q, want %q", number, got, text)
		}
	}
}

// TestStore keeps texts of every size, equal ones too, across blocks.
func TestStore(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var store intern.Store
	var want []string
	add := func(size int) {
		text := strings.Repeat(string(rune('a'+len(want)%26)), size)
		store.Add([]byte(text[:len(text)/2]), text[len(text)/2:])
		want = append(want, text)
	}
	for _, size := range []int{0, 1, 255, 256, 257, 510, 512, intern.MaxText, intern.MaxText, 0} {
		add(size)
	}
	for range 60_000 {
		add(random.IntN(60))
	}
	for range 100 {
		add(intern.MaxText - random.IntN(3))
	}
	if store.Len() != len(want) || store.Text(0) != "" {
		t.Errorf("%d texts, want %d, the empty one %q", store.Len(), len(want), store.Text(0))
	}
	for i, text := range want {
		if got := store.Text(uint32(i + 1)); got != text {
			t.Fatalf("text %d has %d bytes, want %d", i+1, len(got), len(text))
		}
	}
}

func TestCache(t *testing.T) {
	var cache intern.Cache
	for range 2 {
		for i := range 10_000 { // more than it keeps
			b := []byte(fmt.Sprint(i))
			if got := cache.Text(b); got != string(b) {
				t.Fatalf("%q is %q", b, got)
			}
		}
	}
	text := []byte("a text of some length")
	kept := cache.Text(text)
	if n := testing.AllocsPerRun(100, func() { cache.Text(text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if text[0] = 'A'; kept != "a text of some length" || cache.Text(text) != string(text) {
		t.Errorf("a kept text changed to %q", kept)
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	var table intern.Table
	for i := range 100_000 {
		numberOf(&table, fmt.Sprint(i))
	}
	if n := testing.AllocsPerRun(100, func() { table.Find("4711"); table.Number("99999"); table.Text(7) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzTable numbers the words of a text.
func FuzzTable(f *testing.F) {
	f.Add("a b a  c \x00 \xff a")
	f.Fuzz(func(t *testing.T, text string) {
		var table intern.Table
		want := map[string]uint32{"": 0}
		for _, word := range strings.Split(text, " ") {
			if len(word) > intern.MaxText {
				return
			}
			if _, ok := want[word]; !ok {
				want[word] = uint32(len(want))
			}
			if got := numberOf(&table, word); got != want[word] || table.Text(got) != word {
				t.Fatalf("%q has number %d, want %d", word, got, want[word])
			}
		}
	})
}
