module github.com/servicequality/servicequality/metrics/bench

go 1.25.0

require (
	github.com/rickar/cal/v2 v2.1.13
	github.com/servicequality/servicequality v0.0.0
)

replace github.com/servicequality/servicequality => ../..
