package main

import (
	"cmp"
	"context"
	"maps"
	"os"
	"slices"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"

	"github.com/servicequality/servicequality/metrics"
)

// A report is everything that is printed, in numbers.
type report struct {
	AsOf      instant // 0: no events
	Counts    Counts
	Cells     map[Cell]*metrics.Figures
	Malformed []Malformed // the first of them
}

// shownMalformed is how many malformed lines a report shows.
const shownMalformed = 10

// sorted returns the cells in the order in which they are printed.
func (r *report) sorted() []Cell {
	return slices.SortedFunc(maps.Keys(r.Cells), Cell.compare)
}

// A reportFn writes the report, once everything is there.
type reportFn struct {
	Output string // empty: standard output
}

func (f *reportFn) ProcessElement(
	ctx context.Context, _ []byte, asOf func(*instant) bool, cells func(*Cell, **metrics.Figures) bool,
	counts func(*Counts) bool, malformed func(*[]Malformed) bool,
) error {
	r := report{Cells: make(map[Cell]*metrics.Figures)}
	// Without events there is no maximum and no sum, and the side inputs are empty.
	asOf(&r.AsOf)
	counts(&r.Counts)
	malformed(&r.Malformed)
	var cell Cell
	for f := (*metrics.Figures)(nil); cells(&cell, &f); {
		r.Cells[cell] = f
	}
	return r.write(ctx, f.Output)
}

// write prints the report to a file, or to standard output if the name is empty.
func (r *report) write(ctx context.Context, name string) (err error) {
	if name == "" {
		return writeText(os.Stdout, r)
	}
	files, err := filesystem.New(ctx, name)
	if err != nil {
		return err
	}
	defer files.Close()
	out, err := files.OpenWrite(ctx, name)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, out.Close()) }()
	return writeText(out, r)
}
