package standards

// Verdict tells whether a promise was kept. The zero value is Pending.
type Verdict uint8

const (
	Pending  Verdict = iota // not fulfilled, and the deadline has not come
	Met                     // fulfilled at or before the deadline
	Breached                // not fulfilled when the deadline came
	Excluded                // ended before the deadline, neither fulfilled nor broken
)

var verdictNames = [...]string{"pending", "met", "breached", "excluded"}

// String returns "pending", "met", "breached" or "excluded".
func (v Verdict) String() string { return enumString(verdictNames[:], "Verdict", uint8(v)) }

// AppendText implements [encoding.TextAppender].
func (v Verdict) AppendText(b []byte) ([]byte, error) {
	return enumAppend(b, verdictNames[:], ErrVerdict, uint8(v))
}

// MarshalText implements [encoding.TextMarshaler].
func (v Verdict) MarshalText() ([]byte, error) { return v.AppendText(nil) }

// UnmarshalText implements [encoding.TextUnmarshaler]. Unknown text is an error
// that wraps [ErrVerdict] and quotes it.
func (v *Verdict) UnmarshalText(text []byte) error {
	n, err := enumParse(verdictNames[:], ErrVerdict, text)
	if err == nil {
		*v = Verdict(n)
	}
	return err
}
