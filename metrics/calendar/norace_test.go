//go:build !race

package calendar_test

const raceFactor = 1
