package chromium

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestFind(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		t.Skip("programs have other names here")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	for _, tt := range []struct{ own, install, want string }{
		{"", "", ""},
		{"", "google-chrome-stable", "google-chrome-stable"},
		{"", "chromium", "chromium"},
		{"google-chrome-stable", "", "google-chrome-stable"},
		{"firefox", "firefox", "chromium"},
		{"my-chromium", "", "chromium"}, // is not there
	} {
		t.Setenv("BROWSER", tt.own)
		if tt.install != "" {
			if err := os.WriteFile(filepath.Join(dir, tt.install), []byte("#!/bin/sh\n"), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		want := tt.want
		if want != "" {
			want = filepath.Join(dir, want)
		}
		if got := Find(); got != want {
			t.Errorf("%v: %q", tt, got)
		}
	}
}
