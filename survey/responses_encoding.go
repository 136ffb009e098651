package survey

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"
)

// responsesJSON is the wire form of Responses.
type responsesJSON struct {
	Question  Question      `json:"question"`
	Invited   []invitedJSON `json:"invited,omitzero"`
	Responses []Response    `json:"responses"`
}

// invitedJSON is how many of a group were asked through a source.
type invitedJSON struct {
	Source Source `json:"source"`
	Group  string `json:"group,omitzero"`
	N      int64  `json:"n"`
}

// asked returns how many were asked, in order.
func (r *Responses) asked() []invitedJSON {
	var list []invitedJSON
	for key, n := range r.invited {
		list = append(list, invitedJSON{key.source, key.group, n})
	}
	slices.SortFunc(list, func(a, b invitedJSON) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Group, b.Group))
	})
	return list
}

// MarshalJSON implements [json.Marshaler]. Responses are written in order of time, and
// those at one instant in the order in which they were taken.
func (r *Responses) MarshalJSON() ([]byte, error) {
	return json.Marshal(responsesJSON{r.question, r.asked(), r.sorted()})
}

// sorted returns the responses as they were added, in order of time. Those at one
// instant stay in the order in which they were taken, which decides between them.
func (r *Responses) sorted() []Response {
	list := slices.Clone(r.list)
	slices.SortStableFunc(list, func(x, y Response) int { return x.At.Compare(y.At) })
	if list == nil {
		list = []Response{}
	}
	return list
}

// UnmarshalJSON implements [json.Unmarshaler]. Its errors wrap [ErrMalformed]. On an
// error r has not changed.
func (r *Responses) UnmarshalJSON(data []byte) error {
	var w responsesJSON
	if null, err := decode(data, &w, "responses"); null || err != nil {
		return err
	}
	return r.set(w)
}

// set sets r from its wire form. Its errors wrap ErrMalformed.
func (r *Responses) set(w responsesJSON) error {
	read := new(Responses)
	if w.Question != (Question{}) {
		var err error
		if read, err = NewResponses(w.Question); err != nil {
			return malformed("responses", err)
		}
	}
	for i, x := range w.Responses {
		if err := read.Add(x); err != nil {
			return malformed(fmt.Sprintf("responses: number %d", i), err)
		}
	}
	for _, x := range w.Invited {
		if err := read.Invite(x.Source, x.Group, x.N); err != nil {
			return malformed("responses", err)
		}
	}
	r.question, r.list, r.invited, r.all = read.question, read.list, read.invited, read.all
	return nil
}

// responsesVersion is the first byte of the binary form.
const responsesVersion = 2

// AppendBinary implements [encoding.BinaryAppender]: a version byte; the question
// as the length and the text of its JSON; the number of sources and
// groups of which somebody was asked, and their names and counts; the number of responses, and the responses
// in order of time. Numbers are varints, and each text follows its length.
func (r *Responses) AppendBinary(b []byte) ([]byte, error) {
	question, err := json.Marshal(r.question)
	if err != nil {
		return b, err
	}
	b = append(b, responsesVersion)
	b = appendText(b, string(question))
	b = binary.AppendUvarint(b, uint64(len(r.invited)))
	for _, x := range r.asked() {
		b = appendText(appendText(b, string(x.Source)), x.Group)
		b = binary.AppendUvarint(b, uint64(x.N))
	}
	b = binary.AppendUvarint(b, uint64(len(r.list)))
	for _, x := range r.sorted() {
		for _, text := range [...]string{string(x.Source), x.ID, x.Respondent, x.About, x.Group, x.Comment} {
			b = appendText(b, text)
		}
		b = binary.AppendVarint(b, x.At.Unix())
		b = binary.AppendUvarint(b, uint64(x.At.Nanosecond()))
		b = binary.AppendVarint(b, int64(x.Value))
		b = append(b, byte(x.Left))
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(x.Weight))
	}
	return b, nil
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// MarshalBinary implements [encoding.BinaryMarshaler].
func (r *Responses) MarshalBinary() ([]byte, error) { return r.AppendBinary(nil) }

// UnmarshalBinary implements [encoding.BinaryUnmarshaler]. The error wraps
// [ErrMalformed] if the bytes are cut short, damaged, or of a version other than 2.
func (r *Responses) UnmarshalBinary(data []byte) error {
	in := binaryReader{rest: data}
	if version := in.byte(); !in.bad && version != responsesVersion {
		return fmt.Errorf("%w responses: version %d, want %d", ErrMalformed, version, responsesVersion)
	}
	var w responsesJSON
	if question := in.text(); !in.bad {
		if _, err := decode([]byte(question), &w.Question, "responses"); err != nil {
			return err
		}
	}
	for n := in.uvarint(); n > 0 && !in.bad; n-- {
		w.Invited = append(w.Invited, invitedJSON{Source(in.text()), in.text(), in.count()})
	}
	for n := in.uvarint(); n > 0 && !in.bad; n-- {
		x := Response{Source: Source(in.text()), ID: in.text(), Respondent: in.text(), About: in.text(), Group: in.text(), Comment: in.text()}
		seconds, nanos := in.varint(), in.uvarint()
		in.bad = in.bad || nanos >= uint64(time.Second)
		x.At = time.Unix(seconds, int64(nanos)).UTC()
		value := in.varint()
		in.bad = in.bad || value != int64(int(value))
		x.Value, x.Left, x.Weight = int(value), Reason(in.byte()), math.Float64frombits(in.uint64())
		w.Responses = append(w.Responses, x)
	}
	if in.bad || len(in.rest) != 0 {
		return malformed("responses", errCut)
	}
	return r.set(w)
}

func (r *binaryReader) text() string {
	n := r.uvarint()
	if r.bad || n > uint64(len(r.rest)) || !utf8.Valid(r.rest[:n]) {
		r.bad = true
		return ""
	}
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}

func (r *binaryReader) varint() int64 {
	v, size := binary.Varint(r.rest)
	if r.bad || size <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[size:]
	return v
}

func (r *binaryReader) uint64() uint64 {
	if r.bad || len(r.rest) < 8 {
		r.bad = true
		return 0
	}
	v := binary.BigEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return v
}
