//go:build race

package calendar_test

// raceFactor is by how much the race detector slows these tests down.
const raceFactor = 10
