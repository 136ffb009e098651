package main

import (
	"iter"
	"slices"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/rating"
)

// asked is what the question asks for, and nothing else, by a key: a sink of one's
// own, where a [metrics.Breakdown] has all figures. It notes durations as they come,
// and [asked.groups] puts those of each group together.
type asked[K comparable] struct {
	by              metrics.Grouping[K]
	first, response numberedDurations
	ratings         []rating.Distribution // by the number of the group
}

// group returns a number that [metrics.Grouping] gave, for which there is room now.
func (a *asked[K]) group(n int) uint32 {
	for n >= len(a.ratings) {
		a.ratings = append(a.ratings, rating.Distribution{})
	}
	return uint32(n)
}

// Add takes the responses and the rating of a conversation, for on this desk nobody
// gives two.
func (a *asked[K]) Add(h *metrics.History) error {
	for w := range h.WaitSpells() {
		if w.Outcome() != metrics.Answered {
			continue
		}
		n, took := a.group(a.by.Of(w.Facet())), w.Took(nil)
		a.response.add(n, took)
		if w.FirstResponse() {
			a.first.add(n, took)
		}
	}
	stars := h.Ratings()
	if len(stars) == 0 {
		return nil
	}
	for m := range h.Moments() {
		if m.Kind() != metrics.KindRatingGiven {
			continue
		}
		n := a.group(a.by.Of(m.Facet()))
		if err := a.ratings[n].Add(stars[0]); err != nil {
			return err
		}
	}
	return nil
}

// Merge adds what others have.
func (a *asked[K]) Merge(other *asked[K]) error {
	numbers := make([]uint32, len(other.ratings)) // by those of other
	for n, key := range other.by.All() {
		numbers[n] = a.group(a.by.Add(key))
		a.ratings[numbers[n]].Merge(other.ratings[n])
	}
	a.first.merge(&other.first, numbers)
	a.response.merge(&other.response, numbers)
	return nil
}

// An askedGroup is what the question asks for of one group.
type askedGroup struct {
	first, response []time.Duration
	ratings         *rating.Distribution
}

func (a *asked[K]) groups() iter.Seq2[K, askedGroup] {
	first, response := a.first.byNumber(len(a.ratings)), a.response.byNumber(len(a.ratings))
	return func(yield func(K, askedGroup) bool) {
		for n, key := range a.by.All() {
			if !yield(key, askedGroup{first[n], response[n], &a.ratings[n]}) {
				return
			}
		}
	}
}

// numberedDurations are durations, each with the number of its group.
type numberedDurations struct {
	durations []time.Duration
	numbers   []uint32
}

func (d *numberedDurations) add(number uint32, duration time.Duration) {
	d.durations = append(d.durations, duration)
	d.numbers = append(d.numbers, number)
}

// merge adds those of other, whose numbers have others here.
func (d *numberedDurations) merge(other *numberedDurations, numbers []uint32) {
	for i, n := range other.numbers {
		d.add(numbers[n], other.durations[i])
	}
}

// byNumber returns the durations of each of n groups, which one counting sort puts
// beside each other.
func (d *numberedDurations) byNumber(n int) [][]time.Duration {
	starts := make([]int, n+1)
	for _, number := range d.numbers {
		starts[number+1]++
	}
	for i := range n {
		starts[i+1] += starts[i]
	}
	sorted, next := make([]time.Duration, len(d.durations)), slices.Clone(starts)
	for i, number := range d.numbers {
		sorted[next[number]] = d.durations[i]
		next[number]++
	}
	groups := make([][]time.Duration, n)
	for i := range groups {
		groups[i] = sorted[starts[i]:starts[i+1]]
	}
	return groups
}
