package rating_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/leanovate/gopter/prop"

	"github.com/servicequality/servicequality/rating"
)

var update = flag.Bool("update", false, "write the golden file anew: the wire format has changed")

func TestDistributionWire(t *testing.T) {
	var all bytes.Buffer
	for _, d := range []rating.Distribution{
		{}, of(t, 0, 0, 1, 2, 1), of(t, 1, 0, 0, 0, 0), of(t, 0, 0, 0, 0, 3), of(t, 1, 1, 1, 0, 0), of(t, 300, 0, 0, 1, 0),
		of(t, 0, 0, 0, 0, 1<<53),
	} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		binary, err := d.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s %s\n", text, hex.EncodeToString(binary))
	}
	const path = "testdata/distributions.txt"
	if *update {
		if err := os.WriteFile(path, all.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(all.Bytes(), want) {
		t.Errorf("%v\ngot\n%swant\n%s", err, all.Bytes(), want)
	}
}

func TestDistributionUnmarshalRefuses(t *testing.T) {
	before := of(t, 1, 2, 3, 4, 5)
	for in, want := range map[string]string{
		`{"n":1,"stars":[0,0,0,1]}`:               "rating: impossible count: distribution: 4 counts of stars, want 5",
		`{"n":1,"stars":[0,0,0,0,1,0]}`:           "rating: impossible count: distribution: 6 counts of stars, want 5",
		`{"n":0}`:                                 "rating: impossible count: distribution: 0 counts of stars, want 5",
		`{"n":2,"stars":[0,0,0,0,1]}`:             "rating: impossible count: distribution: n is 2, but the counts add up to 1",
		`{"n":0,"stars":[0,0,0,-1,1]}`:            "rating: impossible count: -1 of 4 stars",
		`{"n":1,"stars":[0,0,0,0,1.5]}`:           "",
		`{"n":1,"stars":[0,0,0,0,"1"]}`:           "",
		`{"n":1,"stars":[0,0,0,0,1],"x":1}`:       "",
		`{"n":1,"stars":[0,0,0,0,1],"tier":"x"}`:  "",
		`{"n":1,"stars":[0,0,0,0,1],"mean":"x"}`:  "",
		`{"n":1,"stars":[0,0,0,0,1],"mean":true}`: "",
		`[]`: "", `5`: "", `"x"`: "", ``: "", `{`: "",
	} {
		d := before
		err := d.UnmarshalJSON([]byte(in))
		sentinel := rating.ErrCount
		if want == "" {
			sentinel = rating.ErrSyntax
		}
		if !errors.Is(err, sentinel) || want != "" && err.Error() != want || !strings.HasPrefix(err.Error(), "rating: ") || d != before {
			t.Errorf("%s: %v, now %v; want %s", in, err, d.Counts(), want)
		}
	}
	for _, in := range []string{
		"", "\x00", "\x02\x00\x00\x00\x00\x00", "\x01", "\x01\x00\x00\x00\x00", "\x01\x00\x00\x00\x00\x00\x00", "\x01\x00\x00\x00\x00\x80",
		"\x01\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "\x01\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
	} {
		d := before
		if err := d.UnmarshalBinary([]byte(in)); !errors.Is(err, rating.ErrSyntax) || !strings.HasPrefix(err.Error(), "rating: ") || d != before {
			t.Errorf("%q: %v, now %v", in, err, d.Counts())
		}
	}
	if err := new(rating.Distribution).UnmarshalBinary([]byte{7}); err == nil || err.Error() != "rating: malformed: binary distribution of version 7, want 1" {
		t.Errorf("version 7: %v", err)
	}
}

func TestDistributionEncodingLaws(t *testing.T) {
	properties := laws(t)
	properties.Property("JSON and binary go there and back", prop.ForAll(func(d rating.Distribution) bool {
		text, err := json.Marshal(d)
		binary, err2 := d.MarshalBinary()
		appended, err3 := d.AppendBinary([]byte("x"))
		var a, b rating.Distribution
		return err == nil && err2 == nil && err3 == nil && json.Unmarshal(text, &a) == nil && b.UnmarshalBinary(binary) == nil &&
			a == d && b == d && string(appended) == "x"+string(binary)
	}, genDistribution()))
	properties.TestingRun(t)
}

// FuzzDistributionBinary reads bytes, and what is accepted is written as it was
// read.
func FuzzDistributionBinary(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 1, 2, 3, 4, 0xff, 1})
	f.Add([]byte{1, 0, 0, 0})
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, again rating.Distribution
		if d.UnmarshalBinary(data) != nil {
			if d != (rating.Distribution{}) {
				t.Fatal("refused, and changed")
			}
			return
		}
		binary, err := d.MarshalBinary()
		if err != nil || again.UnmarshalBinary(binary) != nil || again != d {
			t.Fatalf("there and back: %v", err)
		}
		for i, n := range d.Counts() {
			if n < 0 {
				t.Fatalf("%d ratings with %d stars", n, i+1)
			}
		}
	})
}
