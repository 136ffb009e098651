package vendors_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/days"
	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

var update = flag.Bool("update", false, "write what the payloads of the days mean beside them; read the difference")

// received is a payload as it is received.
func received(t testing.TB, p days.Payload) vendors.Delivery {
	t.Helper()
	zone, err := time.LoadLocation(days.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return vendors.Delivery{Body: p.Body, Header: p.Header, At: days.Received, Zone: zone}
}

func payloads(t testing.TB, vendor string) []days.Payload {
	t.Helper()
	list, err := days.Payloads(vendor)
	if err != nil || len(list) == 0 {
		t.Fatalf("payloads of %s: %d, %v", vendor, len(list), err)
	}
	return list
}

// meaning writes what happened as the files beside the payloads have it.
func meaning(t testing.TB, h vendors.Happened) (events, answers []byte) {
	t.Helper()
	var e, a bytes.Buffer
	for _, event := range h.Events {
		b, err := json.Marshal(metrics.RecordOf(event))
		if err != nil {
			t.Fatal(err)
		}
		e.Write(append(b, '\n'))
	}
	for _, answer := range h.Answers {
		b, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		a.Write(append(b, '\n'))
	}
	return e.Bytes(), a.Bytes()
}

// check returns the first error of a reading, of its events and its answers.
func check(h vendors.Happened, err error) error {
	for _, e := range h.Events {
		if err == nil {
			if _, refused := metrics.RecordOf(e).Event(); refused != nil {
				err = fmt.Errorf("%w: %w", vendors.ErrForm, refused)
			}
		}
	}
	for _, a := range h.Answers {
		if err == nil {
			err = a.Check()
		}
	}
	return err
}

// Every payload of the made-up days means what the files beside it say.
func TestPayloads(t *testing.T) {
	for _, v := range vendors.All {
		for _, p := range payloads(t, v.Name) {
			t.Run(strings.TrimPrefix(p.Name, "testdata/"), func(t *testing.T) {
				h, err := v.Read(received(t, p))
				if err := check(h, err); err != nil {
					t.Fatal(err)
				}
				events, answers := meaning(t, h)
				file := filepath.Join("..", "days", strings.TrimSuffix(p.Name, ".json"))
				compareFile(t, file+".jsonl", events)
				compareFile(t, file+".answers.jsonl", answers)
			})
		}
	}
}

// compareFile compares what is meant with a file; nothing is meant by no file.
func compareFile(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		os.Remove(name)
		if len(got) > 0 {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\ngot\n%swant\n%s", name, got, want)
	}
}
