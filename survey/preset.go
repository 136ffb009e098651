package survey

import (
	"database/sql/driver"
	"errors"

	"github.com/servicequality/servicequality/metrics/stat"
	"github.com/servicequality/servicequality/metrics/text"
)

// Preset names a definition that is in common use. The zero value names none.
//
// Vendors change what they compute; the source of each preset says what it was
// taken from, and a result compares with a vendor's own figure only if that
// still holds.
type Preset uint8

const (
	NetPromoter Preset = iota + 1 // NPS: 9–10 minus 0–6, of 0–10
	EmployeeNet                   // eNPS: the same question asked of employees
	CES1                          // customer effort score 1.0: mean of 1–5, lower is better
	CES2                          // customer effort score 2.0: mean of 1–7, higher is better
	CES2Agree                     // customer effort score 2.0: share of 5–7
	NetEasy                       // net easy score: 5–7 minus 1–3, of 1–7
	Favourable                    // percent favourable: share of 4–5 of 1–5, 1–2 unfavourable

	ZendeskCSAT   // share of 4–5 of 1–5, of those who rated
	ZendeskCSAT3  // share of 3 of 1–3
	IntercomCSAT  // share of 4–5 of 1–5, of those who rated
	FrontCSAT     // share of 4–5 of 1–5, of those who rated
	TrengoCSAT    // (mean − 1)/4 of 1–5
	FreeScoutCSAT // great minus not good, of 1–3, rounded up to a whole number
	FreshdeskCSAT // share of the upper three of seven faces, see FreshdeskCode

	presets // one more than the last
)

// Presets returns all presets.
func Presets() []Preset {
	list := make([]Preset, 0, presets-1)
	for p := NetPromoter; p < presets; p++ {
		list = append(list, p)
	}
	return list
}

var presetNames = text.NewEnum[Preset](errors.New("survey: no such preset"),
	"", "nps", "enps", "ces_1", "ces_2", "ces_2_agree", "net_easy", "favourable",
	"zendesk_csat", "zendesk_csat_3", "intercom_csat", "front_csat", "trengo_csat",
	"freescout_csat", "freshdesk_csat",
)

// Definition returns the definition that p names; the zero Definition, which
// [Measure] refuses, if it names none.
func (p Preset) Definition() Definition {
	const (
		reichheld = "Reichheld (2003), Harvard Business Review 81(12):46"
		effort1   = "Dixon, Freeman & Toman (2010), Harvard Business Review 88(7/8):116"
		effort2   = "Dixon, Toman & DeLisi (2013), The Effortless Experience"
	)
	satisfied := Definition{Scale: OneTo(5), Statistic: PositiveShare, Positive: Span{4, 6}, Negative: Span{1, 3}, Places: 1}
	share := func(name, source string) Definition {
		d := satisfied
		d.Name, d.Source = name, source
		return d
	}
	promoters := func(name, source string) Definition {
		return Definition{Name: name, Source: source, Scale: ZeroTo(10), Statistic: NetShare,
			Positive: Span{9, 11}, Negative: Span{0, 7}, Places: 1}
	}
	easy := func(name, source string, s Statistic, places int32) Definition {
		return Definition{Name: name, Source: source, Scale: OneTo(7), Statistic: s,
			Positive: Span{5, 8}, Negative: Span{1, 4}, Places: places}
	}
	switch p {
	case NetPromoter:
		return promoters("NPS", reichheld)
	case EmployeeNet:
		return promoters("eNPS", reichheld+", asked of employees")
	case CES1:
		return Definition{Name: "CES 1.0", Source: effort1, Scale: OneTo(5).LowerIsBetter(), Statistic: MeanAnswer,
			Positive: Span{1, 3}, Negative: Span{4, 6}, Places: 2}
	case CES2:
		return easy("CES 2.0", effort2, MeanAnswer, 2)
	case CES2Agree:
		return easy("CES 2.0 (agree, 5–7 of 7)", effort2, PositiveShare, 1)
	case NetEasy:
		return easy("Net easy score", "British Telecom, N. Millard: easy minus difficult, here of CES 2.0", NetShare, 1)
	case Favourable:
		return share("Favourable (4–5 of 5)", "convention of employee surveys")
	case ZendeskCSAT:
		d := share("CSAT (Zendesk, 1–5)", "Zendesk: 4 and 5 are good, 1 to 3 bad; unrated tickets do not count")
		d.Negative = Span{1, 4}
		return d
	case ZendeskCSAT3:
		return Definition{Name: "CSAT (Zendesk, 1–3)", Source: "Zendesk: only 3 of 3 is good; unrated tickets do not count",
			Scale: OneTo(3), Statistic: PositiveShare, Positive: Span{3, 4}, Negative: Span{1, 3}, Places: 1}
	case IntercomCSAT:
		return share("CSAT (Intercom)", "Intercom: ratings of 4 and 5 over all ratings")
	case FrontCSAT:
		return share("CSAT (Front)", "Front: ratings of 4 and 5 over all ratings")
	case TrengoCSAT:
		d := share("CSAT (Trengo)", "Trengo: (average − 1)/4 · 100")
		d.Statistic = NormalisedMean
		return d
	case FreeScoutCSAT:
		return Definition{Name: "CSAT (FreeScout)", Source: "FreeScout: ⌈% great − % not good⌉ (its issue 2064)",
			Scale: OneTo(3), Statistic: NetShare, Positive: Span{3, 4}, Negative: Span{1, 2}, Rounding: stat.Ceiling}
	case FreshdeskCSAT:
		return Definition{Name: "CSAT (Freshdesk, seven faces)", Source: "Freshdesk: faces coded 103 to −103, here 7 to 1; happy are 5–7",
			Scale: OneTo(7), Statistic: PositiveShare, Positive: Span{5, 8}, Negative: Span{1, 4}, Places: 1}
	}
	return Definition{}
}

// FreshdeskCode turns the codes that Freshdesk stores for its faces into answers
// on OneTo(7): 103, 102 and 101 (happy) into 7, 6 and 5, 100 (neutral) into 4,
// and −101, −102, −103 (unhappy) into 3, 2 and 1. It returns false for another
// code. The codes are no scale: their mean means nothing.
func FreshdeskCode(code int) (answer int, ok bool) {
	switch {
	case code >= 100 && code <= 103:
		return code - 96, true
	case code >= -103 && code <= -101:
		return code + 104, true
	}
	return 0, false
}

// String returns the name of the preset, such as "zendesk_csat".
func (p Preset) String() string { return presetNames.Name(p) }

// AppendText implements [encoding.TextAppender].
func (p Preset) AppendText(b []byte) ([]byte, error) { return presetNames.Append(b, p) }

// MarshalText implements [encoding.TextMarshaler].
func (p Preset) MarshalText() ([]byte, error) { return p.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that quotes it.
func (p *Preset) UnmarshalText(text []byte) error { return presetNames.Parse(p, text) }

// Scan implements [database/sql.Scanner] for a column of text; NULL is the zero
// value.
func (p *Preset) Scan(src any) error { return presetNames.Scan(p, src) }

// Value implements [driver.Valuer] with the text form.
func (p Preset) Value() (driver.Value, error) { return presetNames.Value(p) }
