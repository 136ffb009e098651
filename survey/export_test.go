package survey

// Suppress is the rule of MeasureGroups and Profile, for its table of cases.
var Suppress = suppress
