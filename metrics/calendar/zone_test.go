package calendar_test

import (
	"archive/zip"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// zones are those with the oddest clocks: changes at midnight, of half an hour,
// of two hours, by the minute, in Ramadan, winter time as the exception, and a
// date that was skipped.
var zones = []string{
	"UTC", "Europe/Berlin", "America/New_York",
	"America/Santiago", "Africa/Cairo", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
	"Europe/Dublin", "Asia/Tehran", "America/Sao_Paulo", "Antarctica/Troll", "Africa/Casablanca", "Asia/Gaza",
}

// databases are the ways to load a zone: from the system, and from the file that
// package time/tzdata embeds. The latter lists no changes that follow from a rule,
// and meets other code of package time.
func databases(t *testing.T) map[string]func(string) *time.Location {
	t.Helper()
	system := func(name string) *time.Location {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return loc
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Logf("no Go distribution, so no second zone database: %v", err)
		return map[string]func(string) *time.Location{"system": system}
	}
	file := filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { archive.Close() })
	tzdata := func(name string) *time.Location {
		f, err := archive.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocationFromTZData(name, data)
		if err != nil {
			t.Fatal(err)
		}
		return loc
	}
	return map[string]func(string) *time.Location{"system": system, "tzdata": tzdata}
}
