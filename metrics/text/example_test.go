package text_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/servicequality/servicequality/metrics/text"
)

func ExampleDuration() {
	for _, d := range []time.Duration{
		300 * time.Millisecond,
		59500 * time.Millisecond,
		6*time.Minute + 44*time.Second,
		94 * time.Minute,
		81*24*time.Hour + 4*time.Hour,
		-90 * time.Second,
	} {
		fmt.Println(text.Duration(d))
	}
	// Output:
	// under 1s
	// 1m
	// 6m 44s
	// 1h 34m
	// 81d 04h
	// −1m 30s
}

func ExampleExact() {
	fmt.Println(text.Exact(36*time.Hour), text.Exact(90*time.Minute), text.Exact(100*time.Second))
	// Output: 36h 1h30m 1m40s
}

func ExampleShare() {
	fmt.Println(text.Share(374, 597, 1))
	fmt.Println(text.Share(99_999, 125_000, 2)) // shown as 80.00 %, and below it all the same
	fmt.Println(text.Share(0, 0, 1))
	// Output:
	// 62.6 %
	// 80.00 %
	// –
}

// Shown one by one, each of three equal shares is 33.3 %, and they add up to 99.9 %.
func ExampleShares() {
	fmt.Println(text.Shares(1, 1, 1, 1))
	fmt.Println(text.Shares(0, 61, 25, 14, 0))
	// Output:
	// [33.4 % 33.3 % 33.3 %]
	// [61 % 25 % 14 % 0 %]
}

func ExampleCount() {
	fmt.Println(text.Count(1234567))
	// Output: 1,234,567
}

type Shift uint8

var shifts = text.NewEnum[Shift](errors.New("desk: no such shift"), "early", "late")

func (s Shift) String() string                   { return shifts.Name(s) }
func (s *Shift) UnmarshalText(name []byte) error { return shifts.Parse(s, name) }

// An enum with its names in one table.
func ExampleEnum() {
	var s Shift
	fmt.Println(s.UnmarshalText([]byte("late")), s)
	fmt.Println(s.UnmarshalText([]byte("night")))
	// Output:
	// <nil> late
	// desk: no such shift: "night"
}
