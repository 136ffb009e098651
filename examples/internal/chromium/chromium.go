// Package chromium finds the browser in which pages are looked at.
package chromium

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Find returns the path of Chromium or Chrome, or nothing: that of $BROWSER, or the first of
// chromium, chromium-browser, google-chrome and google-chrome-stable in $PATH.
func Find() string {
	candidates := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	// Elsewhere $BROWSER names what a person reads with.
	if own := os.Getenv("BROWSER"); strings.Contains(filepath.Base(own), "chrom") {
		candidates = append([]string{own}, candidates...)
	}
	for _, name := range candidates {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
