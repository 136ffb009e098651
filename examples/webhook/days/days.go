// Package days has a made-up day of each vendor, and what it means.
package days

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
	"github.com/servicequality/servicequality/metrics"
)

// A made-up day of each vendor: in a folder for each, payloads in the order in which they
// are sent, and beside each one what it means.
//
//go:embed testdata/*/*.json testdata/*/*.jsonl
var files embed.FS

// A Payload is one that a vendor sends on the made-up day.
type Payload struct {
	Name   string // of the file, such as testdata/zendesk/03_comment_added.json
	Body   []byte
	Header http.Header
}

// Received is when the payloads of the made-up day are received.
var Received = time.Date(2026, time.March, 2, 20, 0, 0, 0, time.UTC)

// Zone is that of times which do not say theirs.
const Zone = "Europe/Berlin"

// Payloads returns those of a vendor. The name of a file is a number, an underscore and
// the event, which some vendors name in a header.
func Payloads(vendor string) ([]Payload, error) {
	names, err := fs.Glob(files, "testdata/"+vendor+"/*.json")
	if err != nil {
		return nil, err
	}
	list := make([]Payload, len(names))
	for i, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		_, event, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".json"), "_")
		header := http.Header{"Content-Type": {"application/json"}}
		switch vendor {
		case "helpscout":
			header.Set("X-HelpScout-Event", event)
		case "freescout":
			header.Set("X-FreeScout-Event", event)
		}
		list[i] = Payload{name, body, header}
	}
	return list, nil
}

// Expected returns what the payloads of a vendor mean, by the files beside them: events as
// JSON Lines, and answers to surveys.
func Expected(vendor string) (events []metrics.Event, answers []vendors.Answer, err error) {
	names, err := fs.Glob(files, "testdata/"+vendor+"/*.jsonl")
	if err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		if strings.HasSuffix(name, ".answers.jsonl") {
			for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
				var a vendors.Answer
				if err := d.Decode(&a); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", name, err)
				}
				answers = append(answers, a)
			}
			continue
		}
		for e, err := range metrics.DecodeJSONLines(bytes.NewReader(text)) {
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
			events = append(events, e)
		}
	}
	return events, answers, nil
}
