package main

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"
)

// byHand is what a programmer would write without a library: a map of
// conversations, loops, and sorted slices. It has nothing in common with package
// metrics, and so is what all others are checked against.
type byHand struct {
	conversations map[string][]plainEvent
}

type plainEvent struct {
	at             int64 // milliseconds
	channel, agent string
	kind           deskKind
	stars          uint8
}

// A plainWait is an answered wait.
type plainWait struct {
	channel, agent string
	day            int64
	wait           int64 // milliseconds
	first          bool
}

func (h *byHand) handle(r request) (reply, error) {
	runtime.GOMAXPROCS(r.Threads) // for the garbage collector too
	switch r.Do {
	case "open":
		return reply{}, nil
	case "load":
		return h.load(dataset{folder: r.Folder}, r.Table)
	case "report":
		return timed(func() ([][]string, error) {
			return h.rows(func(w plainWait) plainWait { return plainWait{channel: w.channel} }, false), nil
		})
	case "groups":
		return timed(func() ([][]string, error) {
			return h.rows(func(w plainWait) plainWait { return plainWait{channel: w.channel, agent: w.agent, day: w.day} }, true), nil
		})
	}
	return reply{}, fmt.Errorf("cannot %s", r.Do)
}

func timed(f func() ([][]string, error)) (reply, error) {
	begin := time.Now()
	rows, err := f()
	return reply{Seconds: time.Since(begin).Seconds(), Rows: rows}, err
}

// load takes the events of a file of the desk, or the binary events.
func (h *byHand) load(d dataset, file string) (reply, error) {
	h.conversations = make(map[string][]plainEvent)
	switch file {
	case "desk.jsonl":
		return reply{}, h.loadJSON(d.path(file))
	case "desk.csv":
		return reply{}, h.loadCSV(d.path(file))
	}
	h.conversations = nil
	names, err := d.names()
	if err != nil {
		return reply{}, err
	}
	before := heap()
	h.conversations = make(map[string][]plainEvent)
	var spent time.Duration
	err = d.batches(func(batch []deskEvent) error {
		begin := time.Now()
		for _, e := range batch {
			h.add(names.conversations[e.conversation], plainEvent{
				e.at, deskChannels[e.channel].name, names.agent(e.agent), e.kind, e.stars,
			})
		}
		spent += time.Since(begin)
		return nil
	})
	return reply{Seconds: spent.Seconds(), Kept: heap() - before}, err
}

func (h *byHand) add(conversation string, e plainEvent) {
	h.conversations[conversation] = append(h.conversations[conversation], e)
}

// waits walks through the conversations.
func (h *byHand) waits(answered func(plainWait), rated func(plainWait, uint8)) {
	for _, events := range h.conversations {
		slices.SortStableFunc(events, func(a, b plainEvent) int { return cmp.Compare(a.at, b.at) })
		waiting, since, first := false, int64(0), true
		for _, e := range events {
			w := plainWait{channel: e.channel, agent: e.agent, day: e.at / (24 * time.Hour).Milliseconds()}
			switch e.kind {
			case deskMessage:
				if !waiting {
					waiting, since = true, e.at
				}
			case deskReply:
				if waiting {
					w.wait, w.first = e.at-since, first
					answered(w)
					waiting, first = false, false
				}
			case deskResolved:
				waiting = false
			case deskRating:
				rated(w, e.stars)
			}
		}
	}
}

// rows answers the question for groups of waits and ratings; digest adds up the
// rows.
func (h *byHand) rows(key func(plainWait) plainWait, digest bool) [][]string {
	type group struct {
		first, all           []int64
		ratings, good, stars float64
	}
	groups := make(map[plainWait]*group)
	at := func(w plainWait) *group {
		k := key(w)
		if groups[k] == nil {
			groups[k] = new(group)
		}
		return groups[k]
	}
	h.waits(func(w plainWait) {
		g := at(w)
		g.all = append(g.all, w.wait)
		if w.first {
			g.first = append(g.first, w.wait)
		}
	}, func(w plainWait, stars uint8) {
		g := at(w)
		g.ratings++
		g.stars += float64(stars)
		if stars >= 4 {
			g.good++
		}
	})
	var rows [][]string
	var total [13]float64
	for k, g := range groups {
		first, all := describe(g.first), describe(g.all)
		row := slices.Concat(first[:], all[:], []float64{g.ratings, g.good, g.stars})
		if digest {
			for i, x := range row {
				total[i] += x
			}
			continue
		}
		row[11] /= max(1, g.ratings)
		row[12] /= max(1, g.ratings)
		rows = append(rows, rowOf(k.channel, row...))
	}
	if digest {
		rows = append(rows, rowOf(fmt.Sprint(len(groups)), total[:]...))
	}
	return rows
}

// describe returns the number, mean and three quantiles of type 7 in milliseconds.
func describe(waits []int64) (d [5]float64) {
	if len(waits) == 0 {
		return d
	}
	slices.Sort(waits)
	d[0] = float64(len(waits))
	for _, w := range waits {
		d[1] += float64(w) / d[0]
	}
	for i, p := range []float64{0.5, 0.9, 0.99} {
		at := p * float64(len(waits)-1)
		low := math.Floor(at)
		d[2+i] = float64(waits[int(low)])
		if low < at {
			d[2+i] += (at - low) * float64(waits[int(low)+1]-waits[int(low)])
		}
	}
	return d
}
