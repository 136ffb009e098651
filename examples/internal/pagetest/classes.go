package pagetest

import (
	"maps"
	"regexp"
	"slices"
)

var (
	class     = regexp.MustCompile(`\.(-?[_a-zA-Z][-_a-zA-Z0-9]*)`)
	bracketed = regexp.MustCompile(`\[[^\]]*\]`)
)

// Classes returns the classes that elements of the pages have and no selector of their own
// page names, and those that selectors name and no element of any page has: both sorted.
// The first may be hooks for a script; the second is CSS that nothing needs, if the pages
// show all that there is.
func Classes(pages ...string) (unstyled, unused []string) {
	bare, used, named := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, source := range pages {
		styled := make(map[string]bool)
		rules, _ := parseCSS(CSS(source)) // Check reports the error
		for _, r := range rules {
			for _, found := range class.FindAllStringSubmatch(bracketed.ReplaceAllString(r.selector, ""), -1) {
				styled[found[1]], named[found[1]] = true, true
			}
		}
		for n := range parse(source).root.all() {
			for _, name := range n.classes() {
				used[name] = true
				if !styled[name] {
					bare[name] = true
				}
			}
		}
	}
	for name := range used {
		delete(named, name)
	}
	return slices.Sorted(maps.Keys(bare)), slices.Sorted(maps.Keys(named))
}
