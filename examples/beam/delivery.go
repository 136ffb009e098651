package main

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/servicequality/servicequality/metrics"
)

// A Position tells when something arrived, next to others of the source: the
// number of its part, and its number within that.
type Position struct {
	Part, Number int64
}

// compare orders positions by arrival.
func (p Position) compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Part, q.Part), cmp.Compare(p.Number, q.Number))
}

// A Delivery is an event as it arrived. A shuffle keeps no order, and of two
// versions of an event the one that arrived last wins: so each carries its
// position.
type Delivery struct {
	Position
	Record metrics.Record
}

// byArrival compares deliveries by their positions.
func byArrival(a, b Delivery) int { return a.Position.compare(b.Position) }

// Malformed is a line that is not an event.
type Malformed struct {
	Position        // of the line, from 1
	File     string // empty: the sample
	Reason   string // with the number and the beginning of the line
}

// before orders malformed lines by arrival.
func before(a, b Malformed) bool { return a.compare(b.Position) < 0 }

func (m Malformed) String() string { return m.File + ": " + m.Reason }

func init() {
	beam.RegisterCoder(reflect.TypeFor[Delivery](), encodeDelivery, decodeDelivery)
}

// encodeDelivery writes the position as varints and the event as JSON, the row
// form that the library keeps stable. So what is sent does not depend on how Beam
// reads the fields of somebody else's struct, and a runner sees only bytes.
func encodeDelivery(d Delivery) ([]byte, error) {
	b := binary.AppendUvarint(nil, uint64(d.Part))
	b = binary.AppendUvarint(b, uint64(d.Number))
	record, err := json.Marshal(d.Record)
	return append(b, record...), err
}

var errDelivery = errors.New("malformed delivery")

func decodeDelivery(b []byte) (Delivery, error) {
	part, n := binary.Uvarint(b)
	if n <= 0 {
		return Delivery{}, errDelivery
	}
	number, m := binary.Uvarint(b[n:])
	if m <= 0 {
		return Delivery{}, errDelivery
	}
	d := Delivery{Position: Position{int64(part), int64(number)}}
	if err := d.Record.UnmarshalJSON(b[n+m:]); err != nil {
		return Delivery{}, fmt.Errorf("%w: %w", errDelivery, err)
	}
	return d, nil
}
