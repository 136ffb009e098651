package compare

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/servicequality/servicequality/metrics/stat"
)

// Asked returns an index of a survey as a [Metric], and the answers as what was
// observed. So everything that this package does with the times of a desk, it does with
// NPS or CSAT: whether it changed, over periods, beyond the change of others, who ranks
// where, and all of that in one [Family] with the times.
//
//	nps, before := compare.Asked(lastYear.Scores()) // of a survey.Index
//	_, after := compare.Asked(thisYear.Scores())
//	family.Change(nps, before, after)
//
// Indices of one name, direction and scores are one metric. Several in one group are
// put together by [Observed.Merge], and so are an index and the times of the same group.
// If the scores have no name, or fewer than two scores, the metric is the zero one, and
// nothing was observed.
//
// How it is estimated and compared depends on the scores: a share as other shares, a
// net share by adjusted Wald (Rocks 2016; see [stat.CompareNets]), and any other mean by
// t. Values are those of the index, and written as it is: a net share in points from
// −100 to 100.
func Asked(s stat.ScoreCounts) (Metric, *Observed) {
	percent := "points"
	if s.Percent {
		percent = "percent"
	}
	i := Metric(fmt.Sprintf("%s%v:%s:%d:%d:%s", asked, s.Direction, percent, s.Lowest, len(s.Counts), s.Name))
	if i.kind() == unknown {
		return "", new(Observed)
	}
	var own stat.ScoreCounts
	// Into the zero value everything merges.
	_ = own.Merge(s)
	return i, &Observed{Scores: map[Metric]stat.ScoreCounts{i: own}}
}

// The text of an index, as Asked writes it.
const (
	asked     = "index:"
	maxPoints = 1 << 12 // of an index
)

// index reads the text of an index of a survey.
func (i Metric) index() (s stat.ScoreCounts, ok bool) {
	text, ok := strings.CutPrefix(string(i), asked)
	if !ok {
		return stat.ScoreCounts{}, false
	}
	fields := strings.SplitN(text, ":", 5)
	if len(fields) != 5 || fields[4] == "" || s.Direction.UnmarshalText([]byte(fields[0])) != nil {
		return stat.ScoreCounts{}, false
	}
	lowest, err := strconv.ParseInt(fields[2], 10, 32)
	points, err2 := strconv.Atoi(fields[3])
	s.Name, s.Percent, s.Lowest = fields[4], fields[1] == "percent", lowest
	if err != nil || err2 != nil || strconv.FormatInt(lowest, 10) != fields[2] || strconv.Itoa(points) != fields[3] ||
		points < 2 || points > maxPoints || !s.Percent && fields[1] != "points" {
		return stat.ScoreCounts{}, false
	}
	s.Counts = make([]int64, points)
	return s, true
}

// subjectOf returns what an index measures.
func subjectOf(s stat.ScoreCounts) subject {
	of := subject{s.Name, mean, s.Direction, points}
	if s.Percent {
		of.unit = fraction
	}
	if _, ok := s.Share(); ok {
		of.kind = share
	}
	if _, ok := s.Net(); ok {
		of.kind, of.unit = net, netPoints
	}
	return of
}

// scores returns the answers of an index in what was observed.
func (i Metric) scores(o *Observed) (stat.ScoreCounts, bool) {
	s, ok := o.Scores[i]
	return s, ok
}

// net returns the counts of a net share.
func (i Metric) net(o *Observed) stat.Net {
	s, _ := i.scores(o)
	c, _ := s.Net()
	return c
}

// bounds returns what the metric can be, if that has both ends.
func (i Metric) bounds() (low, high float64, ok bool) {
	switch i.Unit() {
	case fraction:
		return 0, 1, true
	case stars:
		return 1, 5, true
	}
	if s, ok := i.index(); ok {
		low, high = s.Bounds()
		return low, high, true
	}
	return 0, 0, false
}
