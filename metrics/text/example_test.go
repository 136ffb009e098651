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
		52 * time.Hour,
		81*24*time.Hour + 4*time.Hour,
		-90 * time.Second,
	} {
		fmt.Println(text.Duration(d))
	}
	// Output:
	// under 1 s
	// 1 min
	// 6 min 44 s
	// 1 h 34 min
	// 2 d 4 h
	// 81 days
	// −1 min 30 s
}

func ExampleDurationIf() {
	median := func() (d time.Duration, ok bool) { return 0, false }
	fmt.Println(text.DurationIf(median()))
	// Output: –
}

func ExampleChange() {
	fmt.Println(text.Change(54*time.Second-97*time.Second), "on chat")
	fmt.Println(text.Change(5*time.Minute), "by e-mail")
	// Output:
	// −43 s on chat
	// +5 min by e-mail
}

// A countdown is cut: a deadline of which 59.9 seconds are left is not a minute away.
func ExampleRemaining() {
	for _, d := range []time.Duration{59900 * time.Millisecond, 900 * time.Millisecond, 0} {
		fmt.Println(text.Remaining(d))
	}
	// Output:
	// 59 s
	// under 1 s
	// 0 s
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

// Rounded to whole percent, the first would seem to reach its goal of 80 %.
func ExampleShareAgainst() {
	fmt.Println(text.ShareAgainst(796, 1000, 80, 100))
	fmt.Println(text.ShareAgainst(817, 1000, 80, 100))
	fmt.Println(text.ShareAgainst(99_999, 125_000, 80, 100))
	// Output:
	// 79.6 %
	// 82 %
	// 79.99 %
}

// An estimate and its interval, in points.
func ExampleRange() {
	fmt.Println(text.Signed(text.Points(0.351, 0)) + ", probably " +
		text.Range(text.Signed(text.Points(0.16, 0)), text.Signed(text.Points(0.54, 0))))
	// Output: +35 points, probably +16 to +54 points
}

func ExampleCounted() {
	fmt.Println(text.Counted(1, "case"), "and", text.Counted(1200, "reply"))
	// Output: 1 case and 1,200 replies
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
