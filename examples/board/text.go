package main

import (
	"strings"
	"time"

	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics/text"
)

// write returns what the board shows as text, in lines that are not longer than a width:
// sentences that count, and the two lists.
func (v *view) write(t terminal, width int) string {
	var out strings.Builder
	say := func(sentence ...phrase) { out.WriteString(t.wrap(sentence, width)) }
	say(phrase{text: "Board as of " + v.AsOf.Format("Monday, 2 January 2006, 15:04:05") + " (" + v.AsOf.Location().String() + ")"})
	out.WriteString("\n")
	say(v.conversations()...)
	say(v.promises()...)
	say(phrase{text: v.waits()})
	if len(v.Unmeasured) > 0 {
		say(phrase{text: "Not measured: " + names(v.Unmeasured) + ", because no event assigns a conversation to anybody."})
	}
	if len(v.Overdue.Rows)+len(v.Next.Rows) == 0 {
		return out.String()
	}
	tab := tableOf(v, width)
	nothingElse := "No promise is due in any other conversation."
	if v.Each {
		nothingElse = "No other promise is due."
	}
	for _, l := range []struct {
		title, due, none string
		list
	}{
		{"Overdue longest", "late by", "Nothing is overdue.", v.Overdue},
		{"Due next", "due", nothingElse, v.Next},
	} {
		out.WriteString("\n")
		if len(l.Rows) == 0 {
			say(phrase{text: l.none})
			continue
		}
		out.WriteString(t.paint(bold, l.title) + "\n")
		out.WriteString(t.paint(dim, tab.head(l.due)) + "\n")
		for i := range l.Rows {
			out.WriteString(t.paint(l.Rows[i].colour(), tab.line(l.Rows[i].cells(v.AsOf))) + "\n")
		}
		if l.More > 0 {
			out.WriteString("… and " + text.Count(int64(l.More)) + " more\n")
		}
	}
	return out.String()
}

// conversations is the sentence that counts those that are open.
func (v *view) conversations() []phrase {
	parts := v.states(v.Conversations, "past a promise")
	if v.Unpromised > 0 {
		parts = append(parts, part{v.Unpromised, "without an open promise", ""})
	}
	return open("conversation", parts)
}

// promises is the sentence that counts those that are open.
func (v *view) promises() []phrase { return open("promise", v.states(v.Promises, "past")) }

// part is how many of what is open are in a state.
type part struct {
	n      int64
	state  string
	colour string
}

// states returns the parts that counts tell. Where no promise is ever due soon, none is
// counted.
func (v *view) states(c counts, past string) []part {
	parts := []part{{c.Overdue, past, red}, {c.Soon, "due soon", yellow}, {c.InTime, "in time", green}}
	if !v.Warned {
		parts = append(parts[:1], parts[2])
	}
	return parts
}

// open is the sentence that says how many things are open, and in which states.
func open(thing string, parts []part) []phrase {
	var n int64
	for _, p := range parts {
		n += p.n
	}
	switch n {
	case 0:
		return []phrase{{text: "No " + thing + " is open."}}
	case 1:
		thing += " is"
	default:
		thing += "s are"
	}
	sentence := []phrase{{text: text.Count(n) + " " + thing + " open:"}}
	for i, p := range parts {
		end := ","
		if i == len(parts)-1 {
			end = "."
		}
		if p.n == 0 {
			p.colour = ""
		}
		sentence = append(sentence, phrase{text.Count(p.n) + " " + p.state + end, p.colour})
	}
	return sentence
}

// waits is the sentence that says how many customers wait for an answer.
func (v *view) waits() string {
	longest := whole(text.Remaining(v.Longest)) + " (" + plain.Name(v.LongestIn) + ")."
	switch v.Waiting {
	case 0:
		return "Nobody waits for an answer."
	case 1:
		return "In 1 conversation the customer waits for an answer, for " + longest
	}
	return "In " + text.Count(v.Waiting) + " conversations the customer waits for an answer, the longest for " + longest
}

// names lists names that data have.
func names(all []string) string {
	var list strings.Builder
	for i, name := range all {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString(plain.Name(name))
	}
	return list.String()
}

// colour is that of the line of a row.
func (r *row) colour() string {
	switch {
	case r.Overdue:
		return red
	case r.Soon:
		return yellow
	case r.Due.IsZero():
		return dim
	}
	return green
}

// cells are what a row says. What is left of a budget is told where there is no deadline: in
// office hours it is not what a clock shows.
func (r *row) cells(asOf time.Time) cells {
	c := cells{
		id:       plain.Name(r.Conversation),
		channel:  plain.Name(r.Channel),
		priority: plain.Name(r.Priority),
		agent:    plain.Name(r.Agent),
		team:     plain.Name(r.Team),
		promise:  plain.Name(r.Promise),
		due:      r.due(asOf),
		note:     plain.Name(r.Step),
	}
	if r.Soon {
		c[due] += ", soon"
	}
	if r.Others > 0 {
		c[more] = "+" + text.Count(int64(r.Others))
	}
	if r.Left > 0 {
		c[left] = text.Remaining(r.Left)
		if r.OfficeHours {
			c[left] += " of office hours"
		}
	}
	return c
}

// due tells since when a promise is overdue, or when it is due.
func (r *row) due(asOf time.Time) string {
	switch {
	case r.Overdue:
		return text.Remaining(r.Late)
	case !r.Due.IsZero():
		return when(r.Due, asOf)
	case r.Hold:
		return "on hold"
	}
	return "no deadline"
}

// aheadOf is up to how long before a deadline the time that is left is told.
const aheadOf = 12 * time.Hour

// when tells a time to come: by what is left until then; if that is long, by the weekday and
// the time of day; and if the same weekday comes before, by the date.
func when(due, asOf time.Time) string {
	y, m, d := asOf.Date()
	switch {
	case due.Sub(asOf) <= aheadOf:
		return "in " + text.Remaining(due.Sub(asOf))
	case due.Before(time.Date(y, m, d+7, 0, 0, 0, 0, asOf.Location())):
		return due.Format("Mon 15:04")
	case due.Year() == y:
		return due.Format("Mon 2 Jan 15:04")
	}
	return due.Format("2 Jan 2006 15:04")
}
