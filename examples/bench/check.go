package main

import (
	"fmt"
	"math"
	"strconv"
)

// columns of a row after the channel, or of the digest after the number of groups.
var columns = [...]string{
	"first responses", "mean first response", "median first response", "p90 first response", "p99 first response",
	"responses", "mean response", "median response", "p90 response", "p99 response",
	"ratings", "CSAT or good ratings", "mean or sum of stars",
}

// isQuantile tells which columns a Summary gives within 1/128.
func isQuantile(column int) bool { return column%5 >= 2 && column < 10 }

// checkReport returns a check of rows by channel. The first answer, which is the one
// by hand, is the one that others must give.
func (m *match) checkReport(approximate bool) func(string, reply) error {
	return func(who string, r reply) error {
		got := make(map[string][]float64)
		for _, row := range r.Rows {
			name := row[0]
			if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(deskChannels) {
				name = deskChannels[n].name
			}
			numbers, err := parse(row[1:])
			if err != nil {
				return fmt.Errorf("%s: %w", who, err)
			}
			got[name] = numbers
		}
		if m.answer == nil {
			m.answer = got
		}
		if len(got) != len(m.answer) {
			return fmt.Errorf("%s: %d channels, not %d", who, len(got), len(m.answer))
		}
		for channel, want := range m.answer {
			for i := range want {
				// The others print microseconds of a millisecond, and shares of a millionth.
				within := 0.5e-6 + 1e-12*math.Abs(want[i])
				if i < 10 {
					within = 1e-3
				}
				if approximate && isQuantile(i) {
					within = want[i]/128 + 1e-3
				}
				if len(got[channel]) != len(want) || !(math.Abs(got[channel][i]-want[i]) <= within) {
					return fmt.Errorf("%s: %s: %s is %v, by hand %v", who, channel, columns[i], got[channel][i], want[i])
				}
			}
		}
		return nil
	}
}

// checkGroups checks the digest of groups: their number, and the sums of all
// figures over them. Groups are small enough for exact quantiles.
func (m *match) checkGroups(who string, r reply) error {
	if len(r.Rows) != 1 {
		return fmt.Errorf("%s: %d rows", who, len(r.Rows))
	}
	got, err := parse(r.Rows[0])
	if err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	if m.digest == nil {
		m.digest = got
	}
	if len(got) != len(m.digest) {
		return fmt.Errorf("%s: %d figures, not %d", who, len(got), len(m.digest))
	}
	for i, want := range m.digest {
		if !(math.Abs(got[i]-want) <= 1e-9*math.Abs(want)) {
			name := "number of groups"
			if i > 0 {
				name = columns[i-1]
			}
			return fmt.Errorf("%s: over all groups, %s is %v, by hand %v", who, name, got[i], want)
		}
	}
	return nil
}

func parse(row []string) ([]float64, error) {
	numbers := make([]float64, len(row))
	for i, cell := range row {
		var err error
		if numbers[i], err = strconv.ParseFloat(cell, 64); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}
