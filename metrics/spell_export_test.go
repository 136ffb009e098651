package metrics

import "time"

// LookForRevisions looks for revisions, even where it is easy to see that there are none.
func LookForRevisions(h *History) []time.Time {
	if h.terms == nil {
		return nil
	}
	return h.lookForRevisions()
}
