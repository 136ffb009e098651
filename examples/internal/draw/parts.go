package draw

// Prose is a paragraph.
type Prose string

func (Prose) name() string { return "prose" }

// A Box frames what belongs together.
type Box struct {
	Title string // may be empty
	Parts []Part
}

func (Box) name() string { return "box" }

// A Row puts boxes beside each other where there is room.
type Row []Box

func (Row) name() string { return "row" }

// A Fold shows its parts when its summary is chosen.
type Fold struct {
	Summary string
	Framed  bool // whether it has a frame of its own when it is open
	Printed bool // whether its parts are on paper too, as far as a browser can
	Parts   []Part
}

func (Fold) name() string { return "fold" }

// Advice says what to do next.
type Advice struct {
	Lead, Text string
}

func (Advice) name() string { return "advice" }

// Key explains the signs of a table in a line.
type Key string

func (Key) name() string { return "key" }

// Facts are figures beside each other, each with what it is.
type Facts []BigFact

// A BigFact is one of them.
type BigFact struct {
	Value, Note, What string
}

func (Facts) name() string { return "facts" }

// Notes explain terms.
type Notes []Note

// A Note explains a term.
type Note struct {
	Term, Text string
}

func (Notes) name() string { return "notes" }

// Methods are the footnotes of the page, in the section in which they stand.
type Methods []string

func (Methods) name() string { return "methods" }

// Charts stand beside each other where there is room.
type Charts []Chart

func (Charts) name() string { return "charts" }

// A Chart is drawn with its values in words.
type Chart interface {
	drawing() drawing
}

// Drawings returns the charts as they are drawn.
func (c Charts) Drawings() []drawing {
	all := make([]drawing, len(c))
	for i, chart := range c {
		all[i] = chart.drawing()
	}
	return all
}
