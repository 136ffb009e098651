package plain

import (
	"slices"
	"strings"
)

// Columns is the usual width of a terminal.
const Columns = 80

// Wrap breaks a paragraph at spaces into lines of at most width columns, each after the
// indent, of which the first line may have one of its own. A number and its unit stay on
// one line. A word that is longer stands on a line of its own.
func Wrap(text string, width int, first, indent string) string {
	var out strings.Builder
	line, used := first, false
	for _, word := range together(strings.Fields(text)) {
		if used && Width(line)+1+Width(word) > width {
			out.WriteString(line + "\n")
			line, used = indent, false
		}
		if used {
			line += " "
		}
		line, used = line+word, true
	}
	return out.String() + line
}

// together joins numbers with the units that follow them.
func together(words []string) (joined []string) {
	for i, word := range words {
		switch strings.TrimRight(word, ",.;:)") {
		case "s", "min", "h", "d", "days", "%", "points":
			if i > 0 && strings.ContainsAny(words[i-1][len(words[i-1])-1:], "0123456789") {
				joined[len(joined)-1] += " " + word
				continue
			}
		}
		joined = append(joined, word)
	}
	return joined
}

// A Table has rows of cells below a header; each row begins with its names.
type Table struct {
	Header []string
	Rows   [][]string
	Names  int  // how many columns name the row; 0 is one
	Text   bool // whether all cells are text, which stands on the left and may be wrapped; else figures stand on the right
}

// gap stands between columns, and before the first one.
const gap = "  "

// String returns the table with its columns below each other, in lines of at most width
// columns where that can be: first the words of the header go below each other; then text
// is wrapped, and figures go on in another table below, which repeats the names.
func (t Table) String(width int) string {
	widths := make([]int, len(t.Header))
	narrow := make([]int, len(t.Header))
	for i := range t.Header {
		for _, row := range t.Rows {
			narrow[i] = max(narrow[i], Width(row[i]))
		}
		widths[i] = max(narrow[i], Width(t.Header[i]))
		narrow[i] = max(narrow[i], longestWord(t.Header[i]))
	}
	if total(widths) > width {
		widths = narrow
	}
	if t.Text {
		t.shrink(widths, width)
		return t.block(all(len(widths)), widths)
	}
	names := min(max(t.Names, 1), len(widths))
	t.shrink(widths[:names], width*5/8)
	var blocks []string
	for from := names; ; {
		to := from
		for to < len(widths) && (to == from || total(widths[:names])+total(widths[from:to+1]) <= width) {
			to++
		}
		blocks = append(blocks, t.block(append(all(names), all(to)[min(from, to):]...), widths))
		if from = to; from >= len(widths) {
			return strings.Join(blocks, "\n")
		}
	}
}

// shrink narrows columns whose text can be wrapped until all fit: the first one, with the
// names, and then the widest.
func (t Table) shrink(widths []int, width int) {
	if len(widths) == 0 {
		return
	}
	least := make([]int, len(widths))
	for i := range least {
		least[i] = longestWord(t.Header[i])
		for _, row := range t.Rows {
			least[i] = max(least[i], longestWord(row[i]))
			if drawn(row[i]) {
				least[i] = widths[i]
			}
		}
	}
	for total(widths) > width && widths[0] > least[0] {
		widths[0]--
	}
	for total(widths) > width {
		widest := -1
		for i, w := range widths {
			if w > least[i] && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// drawn reports whether a cell is a line of bars, in which a space is a gap.
func drawn(cell string) bool { return strings.ContainsAny(cell, "▁▂▃▄▅▆▇█") }

func all(n int) []int {
	columns := make([]int, n)
	for i := range columns {
		columns[i] = i
	}
	return columns
}

func total(widths []int) int {
	sum := 0
	for _, w := range widths {
		sum += len(gap) + w
	}
	return sum
}

func longestWord(text string) (width int) {
	for _, word := range together(strings.Fields(text)) {
		width = max(width, Width(word))
	}
	return width
}

// block returns some of the columns as lines.
func (t Table) block(columns, widths []int) string {
	var out strings.Builder
	for i, row := range append([][]string{t.Header}, t.Rows...) {
		cells, height := make([][]string, len(columns)), 0
		for k, c := range columns {
			cells[k] = []string{row[c]}
			if Width(row[c]) > widths[c] && !drawn(row[c]) {
				cells[k] = strings.Split(Wrap(row[c], widths[c], "", ""), "\n")
			}
			height = max(height, len(cells[k]))
		}
		for k := range cells {
			missing := slices.Repeat([]string{""}, height-len(cells[k]))
			if i == 0 { // a header stands on its column
				cells[k] = append(missing, cells[k]...)
			} else {
				cells[k] = append(cells[k], missing...)
			}
		}
		for l := range height {
			var line strings.Builder
			for k, c := range columns {
				cell := cells[k][l]
				pad := strings.Repeat(" ", max(0, widths[c]-Width(cell)))
				if t.Text || c < max(t.Names, 1) {
					line.WriteString(gap + cell + pad)
				} else {
					line.WriteString(gap + pad + cell)
				}
			}
			out.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
	}
	return out.String()
}
