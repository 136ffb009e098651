//go:build sqlite && !cgo

package main

import _ "modernc.org/sqlite"

// SQLite translated to Go, where there is no C compiler.
const (
	sqliteDriver  = "sqlite"
	sqlitePackage = "modernc.org/sqlite"
)
