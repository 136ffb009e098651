//go:build unix

package main

import "os"

// syncFolder waits until the names of the files in a folder are on the disk: a file that
// was renamed may have its old name after a loss of power before that.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
