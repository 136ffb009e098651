package compare

// kind is what sort of number a metric is. It decides how the metric is estimated,
// and how two values are compared.
type kind uint8

const (
	unknown  kind = iota // no metric
	quantile             // of durations
	mean                 // of durations, stars, or the answers to a survey
	net                  // those for, less those against, of all who were asked
	share                // a count of another that holds it
	rate                 // a count for each of another
	count
)
