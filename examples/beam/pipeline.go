package main

import (
	"context"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/textio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/top"

	"github.com/servicequality/servicequality/metrics"
)

// A worker runs this program too, but never comes to where the pipeline is built:
// what it is to find by name is registered here. Types in the comments below are
// those of the elements.
func init() {
	register.DoFn3x1[context.Context, []byte, func(part), error](&listFn{})
	register.DoFn4x1[context.Context, part, func(Delivery), func(Malformed), error](&readFn{})
	register.DoFn5x1[string, func(*Delivery) bool, func(*instant) bool, func(Cell, *metrics.Figures), func(Counts), error](&measureFn{})
	register.DoFn6x1[
		context.Context, []byte, func(*instant) bool, func(*Cell, **metrics.Figures) bool, func(*Counts) bool, func(*[]Malformed) bool, error,
	](&reportFn{})
	register.DoFn2x2[Delivery, func(*Merger) bool, string, Delivery](&familyFn{})
	register.Function2x0(mergerIn)
	register.Function1x1(instantIn)
	register.Function3x0(addUp)
	register.Function1x1(countRejected)
	register.Function2x1(addCounts)
	register.Function2x1(before)
	register.Function1x1(Malformed.String)
	register.Emitter1[part]()
	register.Emitter1[Delivery]()
	register.Emitter1[Malformed]()
	register.Emitter1[Merger]()
	register.Emitter1[Counts]()
	register.Emitter2[Cell, *metrics.Figures]()
	register.Iter1[Delivery]()
	register.Iter1[Merger]()
	register.Iter1[instant]()
	register.Iter1[Counts]()
	register.Iter1[[]Malformed]()
	register.Iter2[Cell, *metrics.Figures]()
}

// build adds to a pipeline all steps from the source to the report.
func build(s beam.Scope, from settings) {
	deliveries, malformed := read(s, from.source)
	answer := analyse(s, deliveries, from.question)
	answer.counts = beam.Combine(s, addCounts, beam.Flatten(s, answer.counts, beam.ParDo(s, countRejected, malformed)))
	beam.ParDo0(s, &reportFn{Output: from.output}, beam.Impulse(s),
		beam.SideInput{Input: answer.asOf},
		beam.SideInput{Input: answer.cells},
		beam.SideInput{Input: answer.counts},
		beam.SideInput{Input: top.Smallest(s, malformed, shownMalformed, before)},
	)
	if from.rejected != "" {
		textio.Write(s, from.rejected, beam.ParDo(s, Malformed.String, malformed))
	}
}

// read returns what the source delivers, and its malformed lines.
func read(s beam.Scope, from source) (deliveries, malformed beam.PCollection) {
	s = s.Scope("read")
	parts := beam.ParDo(s, &listFn{from}, beam.Impulse(s))
	// Without the reshuffle the parts would stay with the worker that listed
	// them.
	return beam.ParDo2(s, &readFn{}, beam.Reshuffle(s, parts))
}

// answers are what comes of the deliveries.
type answers struct {
	asOf   beam.PCollection // instant, if there are deliveries
	cells  beam.PCollection // KV<Cell, *metrics.Figures>
	counts beam.PCollection // Counts, to be added up
}

// analyse measures each conversation, together with those that mergers connect with it,
// adds up the figures by channel and day, and what comes of that to totals.
func analyse(s beam.Scope, deliveries beam.PCollection, q question) answers {
	s = s.Scope("analyse")
	asOf := stats.Max(s, beam.ParDo(s, instantIn, deliveries))
	if !q.AsOf.IsZero() {
		asOf = beam.Create(s, q.AsOf.UnixNano())
	}
	mergers := beam.ParDo(s, mergerIn, deliveries)
	conversations := beam.GroupByKey(s, beam.ParDo(s, &familyFn{}, deliveries, beam.SideInput{Input: mergers}))
	figures, counts := beam.ParDo2(s, &measureFn{Zone: q.Zone}, conversations, beam.SideInput{Input: asOf})
	days := beam.CombinePerKey(s, &mergeFn{}, figures)
	totals := beam.CombinePerKey(s, &mergeFn{}, beam.ParDo(s, addUp, days))
	return answers{asOf, beam.Flatten(s, days, totals), counts}
}

// A listFn finds the parts of a source.
type listFn struct{ Source source }

func (f *listFn) ProcessElement(ctx context.Context, _ []byte, emit func(part)) error {
	parts, err := f.Source.parts(ctx)
	for _, p := range parts {
		emit(p)
	}
	return err
}

// rejected counts malformed lines for the exit status. The report has a count of
// its own, in which no line is counted twice when a worker fails and another one
// reads the part again.
var rejected = beam.NewCounter("beam", "rejected")

// A readFn reads a part.
type readFn struct{}

func (*readFn) ProcessElement(ctx context.Context, p part, take func(Delivery), refuse func(Malformed)) error {
	return p.read(ctx, take, func(m Malformed) {
		rejected.Inc(ctx, 1)
		refuse(m)
	})
}

// rejectedIn returns what a pipeline has counted, if its runner tells.
func rejectedIn(result beam.PipelineResult) int64 {
	if result == nil {
		return 0
	}
	var n int64
	for _, c := range result.Metrics().Query(func(r beam.MetricResult) bool { return r.Name() == "rejected" }).Counters() {
		n += c.Result()
	}
	return n
}

func instantIn(d Delivery) instant { return d.Record.At.UnixNano() }

func countRejected(Malformed) Counts { return Counts{Rejected: 1} }

// addUp sends the figures of a channel's day on to the totals.
func addUp(c Cell, f *metrics.Figures, emit func(Cell, *metrics.Figures)) {
	for _, total := range c.totals() {
		emit(total, f)
	}
}
