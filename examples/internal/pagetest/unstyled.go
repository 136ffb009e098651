package pagetest

import "regexp"

var (
	sheet = regexp.MustCompile(`(?s)<style>.*?</style>`)
	sum   = regexp.MustCompile(`'sha256-[^']*'`)
)

// Unstyled returns a page without its style sheets and their hashes: what a golden file
// holds, so that it does not change with a colour.
func Unstyled(page string) string {
	return sum.ReplaceAllString(sheet.ReplaceAllString(page, "<style></style>"), "'sha256-'")
}
