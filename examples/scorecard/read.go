package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/servicequality/servicequality/rating"
)

// sample is a month of reviews of a small desk, made up.
//
//go:embed sample.json
var sample []byte

// input is the file: which card, which ladder, what was measured elsewhere, and
// the reviews.
type input struct {
	Scorecard rating.Scorecard `json:"scorecard"`
	Ladder    rating.Ladder    `json:"ladder"`
	Facts     rating.Facts     `json:"facts"`
	Reviews   []rating.Review  `json:"reviews"`
}

func read(name string, stdin io.Reader) (*input, error) {
	source := stdin
	switch name {
	case "":
		name, source = "sample.json", bytes.NewReader(sample)
	case "-":
		name = "standard input"
	default:
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		source = f
	}
	in := new(input)
	dec := json.NewDecoder(source)
	dec.DisallowUnknownFields()
	if err := dec.Decode(in); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s: more than one JSON value", name)
	}
	if len(in.Reviews) == 0 {
		return nil, errors.New(name + ": no reviews")
	}
	return in, nil
}
