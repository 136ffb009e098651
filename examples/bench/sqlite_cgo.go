//go:build sqlite && cgo

package main

import _ "github.com/mattn/go-sqlite3"

// SQLite itself, by a C compiler: the faster driver.
const (
	sqliteDriver  = "sqlite3"
	sqlitePackage = "mattn/go-sqlite3"
)
