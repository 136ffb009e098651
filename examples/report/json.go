package main

import (
	"encoding/json"
	"io"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/rating"
	"github.com/servicequality/servicequality/standards"
)

type reportJSON struct {
	AsOf       *time.Time  `json:"as_of"`
	Events     int         `json:"events"`
	Duplicates int         `json:"duplicates"`
	Rejected   int         `json:"rejected"`
	Groups     []groupJSON `json:"groups"`
}

type groupJSON struct {
	Key              string              `json:"key"`
	Conversations    int64               `json:"conversations"`
	FirstResponse    *timesJSON          `json:"first_response"`
	Response         *timesJSON          `json:"response"`
	NextResponse     *timesJSON          `json:"next_response"`
	Resolution       *timesJSON          `json:"resolution"`
	StillWaiting     int64               `json:"still_waiting"`
	ClosedUnanswered int64               `json:"closed_unanswered"`
	Reopened         int64               `json:"reopened"`
	Ratings          rating.Distribution `json:"ratings"`
	CSAT             shareJSON           `json:"csat"`
	Standard         standards.Tally     `json:"standard"`
	InHours          *inHoursJSON        `json:"in_hours,omitempty"`
}

// inHoursJSON are the time metrics in hours of service.
type inHoursJSON struct {
	FirstResponse *timesJSON `json:"first_response"`
	Response      *timesJSON `json:"response"`
	NextResponse  *timesJSON `json:"next_response"`
	Resolution    *timesJSON `json:"resolution"`
}

// timesJSON are the figures of a time metric, in nanoseconds.
type timesJSON struct {
	N    int64         `json:"n"`
	Sum  *big.Int      `json:"sum_ns"`
	Min  time.Duration `json:"min_ns"`
	Max  time.Duration `json:"max_ns"`
	Mean time.Duration `json:"mean_ns"`
	P50  time.Duration `json:"p50_ns"`
	P90  time.Duration `json:"p90_ns"`
	P95  time.Duration `json:"p95_ns"`
	P99  time.Duration `json:"p99_ns"`
}

// shareJSON is a share as counts, and as a percentage with ten places, or null
// where there is no data.
type shareJSON struct {
	stat.Ratio
	Percent *decimal.Decimal `json:"percent"`
}

func writeJSON(w io.Writer, r *report) error {
	out := reportJSON{Events: r.Events, Duplicates: r.Duplicates, Rejected: r.Rejected}
	if !r.AsOf.IsZero() {
		asOf := r.AsOf.UTC()
		out.AsOf = &asOf
	}
	for _, g := range r.Groups {
		f := g.Figures
		group := groupJSON{
			Key:              g.Key,
			Conversations:    f.Conversations,
			FirstResponse:    timesOf(&f.Elapsed.FirstResponse),
			Response:         timesOf(&f.Elapsed.Response),
			NextResponse:     timesOf(&f.Elapsed.NextResponse),
			Resolution:       timesOf(&f.Elapsed.FirstResolution),
			StillWaiting:     f.Elapsed.StillWaiting.Count(),
			ClosedUnanswered: f.ClosedUnanswered,
			Reopened:         f.Reopened,
			Ratings:          f.Ratings,
			CSAT:             shareOf(f),
			Standard:         g.Standard,
		}
		if r.InHours {
			group.InHours = &inHoursJSON{
				FirstResponse: timesOf(&f.InHours.FirstResponse),
				Response:      timesOf(&f.InHours.Response),
				NextResponse:  timesOf(&f.InHours.NextResponse),
				Resolution:    timesOf(&f.InHours.FirstResolution),
			}
		}
		out.Groups = append(out.Groups, group)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func timesOf(s *metrics.Summary) *timesJSON {
	mean, ok := s.Mean()
	if !ok {
		return nil
	}
	t := &timesJSON{N: s.Count(), Sum: s.Sum().Shift(9).BigInt(), Mean: mean}
	t.Min, _ = s.Min()
	t.Max, _ = s.Max()
	t.P50, _ = s.Quantile(0.50)
	t.P90, _ = s.Quantile(0.90)
	t.P95, _ = s.Quantile(0.95)
	t.P99, _ = s.Quantile(0.99)
	return t
}

func shareOf(f *metrics.Figures) shareJSON {
	index, ok := csat(f)
	if !ok {
		return shareJSON{}
	}
	share := shareJSON{Ratio: index.Value}
	if percent, ok := index.Value.Percent(10, stat.HalfAwayFromZero); ok {
		share.Percent = &percent
	}
	return share
}
