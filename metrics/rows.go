package metrics

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/servicequality/servicequality/metrics/internal/intern"
)

// Rows is what [DecodeRows] needs of [database/sql.Rows]. Scan must pass the values of a
// row to destinations that are a [database/sql.Scanner].
type Rows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// DecodeRows reads events from the rows of a database. Their columns have names of
// [Columns], in any order and in small or capital letters, among them type, conversation
// and at.
//
//	rows, err := db.Query(`SELECT kind AS type, ticket AS conversation, created AS at, agent FROM audits`)
//	...
//	defer rows.Close()
//	for e, err := range metrics.DecodeRows(rows) {
//
// A NULL and an empty text count as a missing field. Values may have any type that a
// driver gives them, and a whole number counts as its decimal text:
//
//   - Names may be numbers, such as the keys of a table: conversation 7 is "7", and agent 0
//     is "0", unless the query says NULLIF(agent, 0).
//   - Instants may be times, text as [Record] has it, or Unix times. Of those, 10 digits
//     are seconds, 13 milliseconds, 16 microseconds and 19 nanoseconds, which holds for all
//     instants from September 2001 on; 0 is a missing field. Another number is refused: it
//     may be a date or a Julian day.
//   - Took is text, such as "1m40s" or "00:01:40". A number is refused, because it does not
//     tell its unit: the query may add it, as in took || 's'.
//
// Each row yields its event, or a [*RowError] with the number of the row and the reason;
// the caller decides whether to go on. Everything that [Record.Event] refuses is an error.
// A column that is unknown, missing or comes twice ends the sequence with an error that
// wraps [ErrHeader], and so does any error of the rows themselves. DecodeRows does not
// close them.
//
// Memory is bounded, and a name that came lately is not allocated again if the driver
// gives text as bytes.
func DecodeRows(rows Rows) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var cells rowCells
		destinations, err := cells.destinations(rows)
		if err != nil {
			yield(nil, err)
			return
		}
		for n := 1; rows.Next(); n++ {
			cells.record, cells.err = Record{}, nil
			if err := rows.Scan(destinations...); err != nil {
				yield(nil, fmt.Errorf("metrics: row %d: %w", n, err))
				return
			}
			e, err := cells.event()
			if err != nil {
				err = cells.record.refusedRow(n, err)
			}
			if !yield(e, err) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("metrics: %w", err))
		}
	}
}

// rowCells make a record of the cells of a row.
type rowCells struct {
	record Record
	err    error // of the first cell that was refused
	texts  intern.Cache
	room   []byte // for the text of a cell
}

// A rowCell scans the cells of a column. It keeps the error of a cell for its row: one of
// Scan ends all.
type rowCell struct {
	cells  *rowCells
	column field
}

func (c rowCell) Scan(src any) error {
	c.cells.err = cmp.Or(c.cells.err, c.cells.scan(c.column, src))
	return nil
}

// destinations returns what scans each column.
func (c *rowCells) destinations(rows Rows) ([]any, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	columns, err := columnsOf(names)
	if err != nil {
		return nil, err
	}
	var destinations []any
	for _, column := range columns {
		destinations = append(destinations, rowCell{c, column})
	}
	return destinations, nil
}

// columnsOf returns the fields of columns, whose names may have capital letters: some
// databases fold names to them. Every error wraps ErrHeader.
func columnsOf(names []string) ([]field, error) {
	var columns []field
	for _, name := range names {
		column := fieldOf(strings.ToLower(name))
		switch {
		case column == noField:
			return nil, fmt.Errorf("%w: %s", ErrHeader, unknown([]byte(name)))
		case slices.Contains(columns, column):
			return nil, fmt.Errorf("%w: column %s comes twice", ErrHeader, columnNames[column])
		}
		columns = append(columns, column)
	}
	for _, column := range [...]field{typeField, conversationField, atField} {
		if !slices.Contains(columns, column) {
			return nil, fmt.Errorf("%w: no column %s", ErrHeader, columnNames[column])
		}
	}
	return columns, nil
}

// event returns the event of the row.
func (c *rowCells) event() (Event, error) {
	if c.err != nil {
		return nil, c.err
	}
	return c.record.Event()
}

// refusedRow returns err as that of a row.
func (r *Record) refusedRow(n int, err error) error {
	return &RowError{
		Row:          n,
		Conversation: ConversationID(strings.Clone(quotable(string(r.Conversation)))),
		ID:           EventID(strings.Clone(quotable(string(r.ID)))),
		Err:          err,
	}
}

// scan reads the cell of a column.
func (c *rowCells) scan(column field, src any) error {
	switch src := src.(type) {
	case nil:
		return nil
	case []byte:
		return c.text(column, src)
	case time.Time:
		switch column {
		case atField:
			c.record.At = src
			return nil
		case untilField:
			c.record.Until = src
			return nil
		}
	default:
		switch v := reflect.ValueOf(src); {
		case v.Kind() == reflect.String:
			return c.string(column, v.String())
		case v.CanInt():
			c.room = strconv.AppendInt(c.room[:0], v.Int(), 10)
			return c.text(column, c.room)
		case v.CanUint():
			c.room = strconv.AppendUint(c.room[:0], v.Uint(), 10)
			return c.text(column, c.room)
		case v.CanFloat():
			if x := v.Float(); x == math.Trunc(x) && math.Abs(x) <= 1<<53 {
				c.room = strconv.AppendInt(c.room[:0], int64(x), 10)
				return c.text(column, c.room)
			}
		}
	}
	return fmt.Errorf("%w: %s of type %T: %q", ErrField, columnNames[column], src, quotable(fmt.Sprint(src)))
}

// string reads a cell of text that need not be copied.
func (c *rowCells) string(column field, text string) error {
	if column.isName() && len(text) <= maxText {
		*c.record.text(column) = text
		return nil
	}
	c.room = append(c.room[:0], text[:min(len(text), maxText+1)]...)
	return c.text(column, c.room)
}

// text reads a cell of text, which is good until it returns.
func (c *rowCells) text(column field, text []byte) error {
	switch {
	case len(text) == 0:
		return nil
	case len(text) > maxText:
		return fmt.Errorf("%w: %s: %q", ErrText, columnNames[column], quotable(text))
	case column.isName():
		*c.record.text(column) = c.texts.Text(text)
		return nil
	case column == seqField:
		return c.record.parseSeq(string(text))
	case column == starsField:
		return c.record.parseStars(string(text))
	case column == atField && isNumber(text):
		return parseUnix(&c.record.At, column, text)
	case column == untilField && isNumber(text):
		return parseUnix(&c.record.Until, column, text)
	}
	return c.record.parseText(column, text)
}

// isNumber reports whether a text has digits alone.
func isNumber[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// parseUnix reads a Unix time, whose number of digits tells the unit; see [DecodeRows].
func parseUnix(at *time.Time, column field, digits []byte) error {
	n, err := strconv.ParseInt(string(digits), 10, 64)
	switch {
	case n == 0: // a missing field
	case n >= 1e9 && n < 1e10:
		*at = time.Unix(n, 0).UTC()
	case n >= 1e12 && n < 1e13:
		*at = time.UnixMilli(n).UTC()
	case n >= 1e15 && n < 1e16:
		*at = time.UnixMicro(n).UTC()
	case n >= 1e18 && err == nil: // else it is too great for an int64
		*at = time.Unix(0, n).UTC()
	default:
		return fmt.Errorf("%w: %s: not a Unix time of 10, 13, 16 or 19 digits: %q", ErrField, columnNames[column], quotable(digits))
	}
	return nil
}
