package draw

// A Table is a table of a page. On a narrow screen its minor columns go.
type Table struct {
	Caption string
	Shown   bool // whether the caption is seen, and not only heard
	Columns []Column
	Groups  []Group
	By      string // names the column of the groups, if they have names
	Above   bool   // whether the names of groups stand above their rows, and have no column
	Empty   string // in place of the table, if it has no rows
	Hidden  bool   // whether the names of columns are heard, but not seen, as the table goes on from another one
}

func (Table) name() string { return "table" }

// A Column is a column of a table.
type Column struct {
	Name  string
	Over  string // a name above those of neighbouring columns that have the same
	Left  bool   // whether it is text
	Minor bool   // whether it may go
	Wrap  bool   // whether it holds sentences, which are broken into lines
}

// A Group is rows that belong together.
type Group struct {
	Name string // in a cell before the first column, beside all of its rows, or above them; may be empty
	Rows []Cells
}

// Cells are those of a row, in the order of the columns; the first is its header.
type Cells []Cell

// A Cell holds a text, and what stands beside it. The zero value is empty.
type Cell struct {
	Text   string
	Link   string
	Said   string // what is heard of the link in place of Text; empty: Text
	Strong bool
	Soft   bool
	Note   string // small, after the text
	Narrow string // small, below the text, only where minor columns are gone
	Chip   Chip
	After  string // small, after the chip
	Bar    *Bar
	Size   *Size
	Stars  int // of 5; 0: none
}

// Rows returns the table's number of rows.
func (t Table) Rows() (n int) {
	for _, g := range t.Groups {
		n += len(g.Rows)
	}
	return n
}

// Named reports whether groups have names, and so a column of their own.
func (t Table) Named() bool { return !t.Above && t.names() }

// Headed reports whether groups have names above their rows.
func (t Table) Headed() bool { return t.Above && t.names() }

func (t Table) names() bool {
	for _, g := range t.Groups {
		if g.Name != "" {
			return true
		}
	}
	return false
}

// An Over is a name above columns.
type Over struct {
	Name  string
	Span  int
	Minor bool
}

// Overs returns the names above the columns, from the second column on, or none.
func (t Table) Overs() (all []Over) {
	some := false
	for i, c := range t.Columns {
		some = some || c.Over != ""
		if i > 0 && c.Over != "" && c.Over == t.Columns[i-1].Over {
			all[len(all)-1].Span++
			continue
		}
		all = append(all, Over{c.Over, 1, c.Minor})
	}
	if !some {
		return nil
	}
	return all
}

// Cols pairs the cells of a row with the columns.
func (t Table) Cols(row Cells) []Placed {
	all := make([]Placed, 0, len(t.Columns))
	for i, c := range t.Columns {
		p := Placed{Column: c, First: i == 0}
		if i < len(row) {
			p.Cell = row[i]
		}
		all = append(all, p)
	}
	return all
}

// A Placed cell is in a column.
type Placed struct {
	Cell
	Column Column
	First  bool
}

// Lit returns the stars that are lit, and Unlit those that are not.
func (p Placed) Lit() string   { return stars[:len("★")*p.Stars] }
func (p Placed) Unlit() string { return unlit[:len("☆")*(5-p.Stars)] }

const (
	stars = "★★★★★"
	unlit = "☆☆☆☆☆"
)
