package standards

import "fmt"

// Verdict tells whether a promise was kept. The zero value is Pending.
type Verdict uint8

const (
	Pending  Verdict = iota // not answered, and the deadline has not come
	Met                     // answered at or before the deadline
	Breached                // not answered when the deadline came
)

var verdictNames = [...]string{"pending", "met", "breached"}

// String returns "pending", "met" or "breached".
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// AppendText implements [encoding.TextAppender].
func (v Verdict) AppendText(b []byte) ([]byte, error) {
	if int(v) >= len(verdictNames) {
		return b, fmt.Errorf("standards: no such verdict: %d", uint8(v))
	}
	return append(b, verdictNames[v]...), nil
}

// MarshalText implements [encoding.TextMarshaler].
func (v Verdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (v *Verdict) UnmarshalText(text []byte) error {
	for i, name := range verdictNames {
		if name == string(text) {
			*v = Verdict(i)
			return nil
		}
	}
	return fmt.Errorf("standards: no such verdict: %q", text)
}
