package main

import "github.com/servicequality/servicequality/metrics"

// A Merger says that a conversation was merged into another one.
type Merger struct {
	From, Into string
}

// mergerIn finds the mergers. One that was retracted, or comes after the instant of the
// report, does no harm: the conversations are then read together for nothing.
func mergerIn(d Delivery, emit func(Merger)) {
	if d.Record.Type == metrics.KindMerged {
		emit(Merger{string(d.Record.Conversation), string(d.Record.Into)})
	}
}

// families are the conversations that mergers connect. Each name leads to another one of
// its family, and in the end to the least, which stands for the family.
type families map[string]string

func familiesOf(mergers func(*Merger) bool) families {
	f := make(families)
	for m := (Merger{}); mergers(&m); {
		if a, b := f.of(m.From), f.of(m.Into); a != b {
			f[max(a, b)] = min(a, b)
		}
	}
	return f
}

// of returns the name that stands for the family of a conversation: its own if nothing
// was merged.
func (f families) of(conversation string) string {
	for {
		next, ok := f[conversation]
		if !ok {
			return conversation
		}
		if after, ok := f[next]; ok {
			f[conversation] = after // so that the way is shorter the next time
		}
		conversation = next
	}
}

// A familyFn gives each delivery the name of its family as a key: a wait goes on in the
// conversation into which its own was merged, so the two have to be read together.
type familyFn struct {
	families families // nil before the first delivery
}

// ProcessElement gets all mergers, which must fit in the memory of a worker.
func (f *familyFn) ProcessElement(d Delivery, mergers func(*Merger) bool) (string, Delivery) {
	if f.families == nil {
		f.families = familiesOf(mergers)
	}
	return f.families.of(string(d.Record.Conversation)), d
}
