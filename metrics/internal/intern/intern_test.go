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

// TestJoin numbers the texts of small tables, which are used again, in a large one, as
// finding and inserting one by one does.
func TestJoin(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var joined, plain, small intern.Table
	for round := range 300 {
		small.Reset()
		for range random.IntN(2000) {
			numberOf(&small, fmt.Sprint(random.IntN(200*(round+1))))
		}
		if round%100 == 7 {
			numberOf(&small, strings.Repeat("x", intern.MaxText-round))
		}
		numbers := joined.Join(&small, nil)
		if len(numbers) != small.Len()+1 || numbers[0] != 0 {
			t.Fatalf("%d numbers for %d texts, the empty one is %d", len(numbers), small.Len(), numbers[0])
		}
		for i, n := range numbers {
			text := small.Text(uint32(i))
			if want := numberOf(&plain, text); n != want || joined.Text(n) != text {
				t.Fatalf("round %d: %q has number %d, want %d", round, text, n, want)
			}
		}
		if text := fmt.Sprint(random.IntN(1000)); numberOf(&joined, text) != numberOf(&plain, text) {
			t.Fatalf("round %d: %q has another number after a join", round, text)
		}
	}
	if joined.Len() != plain.Len() || joined.Len() < 40_000 {
		t.Errorf("%d texts, want %d", joined.Len(), plain.Len())
	}
}

// TestReset uses a store and a table again for other texts.
func TestReset(t *testing.T) {
	var store intern.Store
	var table intern.Table
	for round := range 20 {
		store.Reset()
		table.Reset()
		n := 5000 * (1 + round%3) // a large table, and a smaller one in its place
		for i := range n {
			text := fmt.Sprint(round, i, strings.Repeat("x", i%700))
			store.Add(nil, text)
			if number := numberOf(&table, text); number != uint32(i+1) {
				t.Fatalf("round %d: text %d has number %d", round, i, number)
			}
		}
		for i := range n {
			text := fmt.Sprint(round, i, strings.Repeat("x", i%700))
			if store.Text(uint32(i+1)) != text || table.Text(uint32(i+1)) != text || table.Number(text) != uint32(i+1) {
				t.Fatalf("round %d: text %d is another one", round, i)
			}
		}
		if store.Len() != n || table.Len() != n || table.Number(fmt.Sprint(round-1, 1, "x")) != 0 {
			t.Errorf("round %d: %d texts", round, store.Len())
		}
	}
	again := func() {
		store.Reset()
		for range 1000 {
			store.Add([]byte("head"), "tail")
		}
	}
	if n := testing.AllocsPerRun(10, again); n != 0 {
		t.Errorf("a store that is used again makes %v allocations", n)
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
	if long := []byte(strings.Repeat("x", 129)); testing.AllocsPerRun(100, func() { cache.Text(long) }) != 1 {
		t.Error("a long text is kept")
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
