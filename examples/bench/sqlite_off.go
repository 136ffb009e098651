//go:build !sqlite

package main

// sqliteHandler returns nil: this program was built without SQLite.
func sqliteHandler() func(request) (reply, error) { return nil }
