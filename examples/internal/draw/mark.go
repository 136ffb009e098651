package draw

// A Mark says what to think of something. It is shown by a sign as well as by a colour.
type Mark uint8

const (
	Flat  Mark = iota // neither good nor bad
	Good              // as it should be, or better
	Bad               // not as it should be, or worse
	Alert             // to be looked at now
	Same              // no clear change
	Up                // more, which is neither
	Down              // fewer, which is neither
	Few               // too few to tell
	None              // no data
)

var signs = [...]string{Flat: "", Good: "✓", Bad: "✗", Alert: "!", Same: "≈", Up: "↑", Down: "↓", Few: "…", None: "–"}

// Sign returns the sign of the mark.
func (m Mark) Sign() string { return signs[m] }

// Class returns the class of its colours.
func (m Mark) Class() string {
	switch m {
	case Good:
		return "good"
	case Bad, Alert:
		return "bad"
	}
	return "flat"
}

// A Chip is a verdict in a word or two.
type Chip struct {
	Mark Mark
	Word string
}
