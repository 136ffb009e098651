package main

import (
	"bytes"
	"testing"
)

func TestTable(t *testing.T) {
	all := table{head: []string{"", "ns", "ratio"}}
	all.add("short", digits(3.14159), ratio(3.14159, 3.14159))
	all.add("a longer one", digits(12345.6), ratio(12345.6, 3.14159))
	for _, test := range []struct {
		markdown bool
		want     string
	}{
		{false, "" +
			"                  ns    ratio\n" +
			"short           3.14   1.00 ×\n" +
			"a longer one  12,346  3,930 ×\n\n"},
		{true, "" +
			"|              |     ns |   ratio |\n" +
			"|--------------|-------:|--------:|\n" +
			"| short        |   3.14 |  1.00 × |\n" +
			"| a longer one | 12,346 | 3,930 × |\n\n"},
	} {
		var out bytes.Buffer
		all.print(&out, test.markdown)
		if out.String() != test.want {
			t.Errorf("markdown %v:\n%swant\n%s", test.markdown, &out, test.want)
		}
	}
}

func TestFigures(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{digits(0), none}, {digits(0.125), "0.12"}, {digits(9.99), "9.99"}, {digits(9.996), "10.0"},
		{digits(99.94), "99.9"}, {digits(99.96), "100"}, {digits(1234567.5), "1,234,568"},
		{ratio(0, 2), none}, {ratio(2, 0), none}, {ratio(3, 2), "1.50 ×"},
		{thousands(999), "999"}, {thousands(1000), "1,000"}, {thousands(12345678), "12,345,678"},
		{megabytes(0), none}, {megabytes(1 << 20), "1"}, {megabytes(3 << 19), "2"},
		{duration(12), "12.0 ns"}, {duration(1500), "1.50 µs"}, {duration(2.5e6), "2.50 ms"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
