package metrics

func (r *reader) pause(e *packed) {
	if r.onHold(e.at) {
		return
	}
	h := hold{e.at, running, e.channel}
	if e.rare != 0 {
		if until := r.names().rarityOf(e).until; until != 0 {
			h.end = until
		}
	}
	r.holds, r.holdSeq = append(r.holds, h), r.names().seqOf(e)
}

// onHold reports whether the last of the holds is running.
func (r *reader) onHold(at int64) bool {
	n := len(r.holds)
	return n > 0 && r.holds[n-1].end > at
}

// resume ends a pause.
func (r *reader) resume(at int64) {
	if r.onHold(at) {
		r.holds[len(r.holds)-1].end = at
	}
}

// messageResumes ends a pause at a message of the customer, if it is of those that one
// ends.
func (r *reader) messageResumes(at int64) {
	if !r.onHold(at) {
		return
	}
	switch r.terms.Rules.MessageResumes {
	case ResumesForCustomer:
		if r.reason(r.holds[len(r.holds)-1]) == ForCustomer {
			r.resume(at)
		}
	case ResumesAny:
		r.resume(at)
	}
}

// bring keeps the pauses that stopped the last of the waits before it came here. Those of
// this conversation count from then on.
func (r *reader) bring(m *move) {
	n := len(r.waits) - 1
	if last := len(r.brought) - 1; last >= 0 && r.brought[last].wait == n {
		r.brought = r.brought[:last]
	}
	r.brought = append(r.brought, brought{n, m.at, m.holds})
}
