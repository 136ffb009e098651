package main

import "github.com/servicequality/servicequality/metrics/stat"

// effect is what a finding means for the training.
type effect uint8

const (
	noChange   effect = iota // beyond chance
	ofTraining               // the trained got better, and by more than the others
	behind                   // the trained fell behind the others
	everybodys               // the others changed alike
	uncertain                // the trained changed, but perhaps no more than the others
	othersOnly               // only the others changed
	untold                   // there is not enough to compare with the others
)

// effectOf returns what the changes of the trained and of the others mean, and that of the
// trained beyond the others.
func effectOf(trained, others, beyond stat.Conclusion) effect {
	switch {
	case beyond == stat.Better:
		return ofTraining
	case beyond == stat.Worse:
		return behind
	case beyond != stat.NotDistinguishable:
		return untold
	case trained.Changed() && others == trained:
		return everybodys
	case trained.Changed():
		return uncertain
	case others.Changed():
		return othersOnly
	}
	return noChange
}

// words say what a finding means.
func (f finding) words() string {
	switch effectOf(f.trained.Conclusion, f.others.Conclusion, f.beyond.Conclusion) {
	case ofTraining:
		return "The trained got better, and by more than the others: the training did this, as far as figures can tell."
	case behind:
		return "The trained fell behind the others."
	case untold:
		return "There is not enough to compare with the others: " + f.beyond.Conclusion.String() + "."
	case everybodys:
		return "The trained got " + f.trained.Conclusion.String() + ", and so did the others: something else did this."
	case uncertain:
		return "The trained got " + f.trained.Conclusion.String() + ", but not so much more than the others that chance is ruled out."
	case othersOnly:
		return "Only the others changed for sure."
	}
	return "No change beyond what chance alone often makes."
}
