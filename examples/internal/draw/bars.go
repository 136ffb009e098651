package draw

// A Bar shows a share that was reached, and the one that is the goal. It stands beside
// both in words.
type Bar struct {
	Share     float64
	From      float64 // where the bar begins, if what is shown may be below it: 0.5 for −100 to 100
	Low, High float64 // the interval of the share; none if they are equal
	Goal      float64 // 0: none
	Mark      Mark
}

const (
	barWidth  = 150
	barHeight = 16
)

// Shapes returns the bar as it is drawn.
func (b Bar) Shapes() []shape {
	x := func(share float64) float64 { return barWidth * min(1, max(0, share)) }
	class := "fill-" + b.Mark.Class()
	from, to := x(min(b.From, b.Share)), x(max(b.From, b.Share))
	all := []shape{rect("track", 0, 2, barWidth, barHeight-4, ""), rect(class, from, 2, to-from, barHeight-4, "")}
	if b.From > 0 {
		all = append(all, line("begin", x(b.From), 0, x(b.From), barHeight))
	}
	if b.High > b.Low {
		all = append(all, line("halo", x(b.Low), barHeight/2, x(b.High), barHeight/2), line("interval", x(b.Low), barHeight/2, x(b.High), barHeight/2))
	}
	if b.Goal > 0 {
		all = append(all, line("mark", x(b.Goal), 0, x(b.Goal), barHeight))
	}
	return all
}

// A Size shows a part of the largest one, and below it that of the time before.
type Size struct {
	Now, Before float64 // of 1
	Tone        Tone
	Bad         bool
}

// Shapes returns the bars as they are drawn.
func (s Size) Shapes() []shape {
	class := "fill-" + s.Tone.class()
	if s.Bad {
		class = "fill-bad"
	}
	all := []shape{rect(class, 0, 1, 160*min(1, max(0, s.Now)), 9, "")}
	if s.Before > 0 {
		all = append(all, rect("fill-old", 0, 12, 160*min(1, s.Before), 3, ""))
	}
	return all
}
