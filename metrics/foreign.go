package metrics

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/servicequality/servicequality/metrics/internal/lines"
)

// ErrFormat reports a file that is neither JSON Lines nor CSV. The message says what it
// is, and what to do.
var ErrFormat = errors.New("metrics: neither JSON Lines nor CSV")

// formats are what people pass instead, by how it begins.
var formats = []struct{ start, is string }{
	{"\x1f\x8b", "compressed by gzip: unpack it first, as by gunzip -c"},
	{"\x28\xb5\x2f\xfd", "compressed by zstd: unpack it first, as by zstd -dc"},
	{"\xfd7zXZ", "compressed by xz: unpack it first, as by xz -dc"},
	{"BZh", "compressed by bzip2: unpack it first, as by bunzip2 -c"},
	{"PK\x03\x04", "a ZIP archive or a spreadsheet: unpack it, or save it as CSV"},
	{"PAR1", "Parquet: write it as CSV or JSON Lines first"},
	{"SQLite format 3\x00", "an SQLite database: read its rows by DecodeRows, or write them as CSV"},
	{"\xff\xfe", "UTF-16: save it as UTF-8"},
	{"\xfe\xff", "UTF-16: save it as UTF-8"},
	{"[", "a JSON array: write one object on each line, as by jq -c '.[]'"},
	{"<", "HTML or XML: save it as CSV or JSON Lines"},
	{"\x00\x00", "binary, or was never written: it begins with zeros"},
}

// foreign tells by the beginning of a file, of which nothing was read as an event or a
// header, whether it is something else, and returns nil if that is not known.
func foreign(start []byte) error {
	start, _, _ = bytes.Cut(bytes.TrimLeft(bytes.TrimPrefix(start, []byte(lines.ByteOrderMark)), " \t\r\n"), []byte("\n"))
	for _, f := range formats {
		if bytes.HasPrefix(start, []byte(f.start)) {
			return fmt.Errorf("%w: it is %s", ErrFormat, f.is)
		}
	}
	switch {
	case len(start) > 1 && (start[0] == 0) != (start[1] == 0):
		return fmt.Errorf("%w: it is UTF-16: save it as UTF-8", ErrFormat)
	case len(start) > 0 && start[0] != '{' && bytes.Contains(bytes.TrimRight(lines.Head(start), "\r"), []byte("\r")):
		return fmt.Errorf("%w: its lines end with carriage returns alone: make them line feeds, as by tr '\\r' '\\n'", ErrFormat)
	case string(bytes.TrimSpace(start)) == "{":
		return fmt.Errorf("%w: it is JSON with objects on several lines: write each on one, as by jq -c '.'", ErrFormat)
	}
	return nil
}
