module github.com/servicequality/servicequality

go 1.25.0

require github.com/shopspring/decimal v1.6.0

// For tests only. v0.2.11 has StrictStruct and shrinks better than v0.2.9. Its
// 600 lines of go.sum cost nothing that can be measured: go test ./... with an
// empty module cache takes 0.5 s of downloading and linking with either.
require github.com/leanovate/gopter v0.2.11
