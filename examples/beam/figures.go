package main

import (
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"

	"github.com/servicequality/servicequality/metrics"
)

func init() {
	register.Combiner1[*metrics.Figures](&mergeFn{})
	// Figures keep their durations in fields that are not exported. Beam's own
	// coder would leave them out without a word, wherever an accumulator goes
	// from one worker to another.
	beam.RegisterCoder(reflect.TypeFor[*metrics.Figures](), encodeFigures, decodeFigures)
}

func encodeFigures(f *metrics.Figures) ([]byte, error) { return f.MarshalBinary() }

func decodeFigures(data []byte) (*metrics.Figures, error) {
	f := new(metrics.Figures)
	return f, f.UnmarshalBinary(data)
}

// A mergeFn adds figures up. In whichever order and grouping they are merged, the
// same conversations give the same bytes. Figures of another instant do not belong
// to the report, and end the pipeline with an error.
//
// The accumulator is a pointer, because it is added to in place. What comes in
// is only read: other steps of the pipeline may have the same pointer.
type mergeFn struct{}

func (*mergeFn) CreateAccumulator() *metrics.Figures { return new(metrics.Figures) }

func (*mergeFn) AddInput(sum, f *metrics.Figures) (*metrics.Figures, error) {
	return sum, sum.Merge(f)
}

func (*mergeFn) MergeAccumulators(a, b *metrics.Figures) (*metrics.Figures, error) {
	return a, a.Merge(b)
}

func (*mergeFn) ExtractOutput(sum *metrics.Figures) *metrics.Figures { return sum }
