package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// A plainRow is an event in the form that examples/report reads.
type plainRow struct {
	Type         string    `json:"type"`
	Conversation string    `json:"conversation"`
	At           time.Time `json:"at"`
	Channel      string    `json:"channel"`
	Agent        string    `json:"agent"`
	By           string    `json:"by"`
	Stars        uint8     `json:"stars"`
}

// addRow takes a row, and shares the few names of channels and agents.
func (h *byHand) addRow(r plainRow, shared map[string]string) error {
	for _, name := range []*string{&r.Channel, &r.Agent} {
		known, ok := shared[*name]
		if !ok {
			known, shared[*name] = *name, *name
		}
		*name = known
	}
	e := plainEvent{at: r.At.UnixMilli(), channel: r.Channel, agent: r.Agent, stars: r.Stars}
	switch r.Type {
	case "message_received":
		e.kind = deskMessage
	case "reply_sent":
		e.kind = deskReply
		if r.By == "automation" {
			e.kind = deskAutomated
		}
	case "rating_given":
		e.kind = deskRating
	case "resolved":
		e.kind = deskResolved
	case "reopened":
		e.kind = deskReopened
	default:
		return fmt.Errorf("an event of type %q", r.Type)
	}
	h.add(r.Conversation, e)
	return nil
}

func (h *byHand) loadJSON(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	shared := make(map[string]string)
	for lines := json.NewDecoder(f); ; {
		var r plainRow
		if err := lines.Decode(&r); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := h.addRow(r, shared); err != nil {
			return err
		}
	}
}

func (h *byHand) loadCSV(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := csv.NewReader(f)
	lines.ReuseRecord = true
	header, err := lines.Read()
	if err != nil {
		return err
	}
	column := make(map[string]int)
	for i, name := range header {
		column[name] = i
	}
	shared := make(map[string]string)
	for {
		cells, err := lines.Read()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		cell := func(name string) string { return cells[column[name]] }
		r := plainRow{
			Type: cell("type"), Conversation: cell("conversation"), Channel: cell("channel"), Agent: cell("agent"), By: cell("by"),
		}
		if r.At, err = time.Parse(time.RFC3339, cell("at")); err != nil {
			return err
		}
		if stars := cell("stars"); stars != "" {
			n, err := strconv.ParseUint(stars, 10, 8)
			if err != nil {
				return err
			}
			r.Stars = uint8(n)
		}
		if err := h.addRow(r, shared); err != nil {
			return err
		}
	}
}
