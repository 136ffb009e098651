package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/draw"
	"github.com/servicequality/servicequality/examples/internal/plain"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
)

// A view is what a page was asked to be about.
type view struct {
	about   metrics.Unit
	zone    *time.Location
	usual   *time.Location // which is not said in a query
	channel string         // as [nameOf] has it; empty: all
	team    string         // empty: all
}

// usual is the view of an address without a query.
func (d *desk) usual() view {
	return view{about: metrics.Month, zone: d.zones[0], usual: d.zones[0]}
}

// units are what a page may be about.
var units = []metrics.Unit{metrics.Week, metrics.Month, metrics.Quarter}

// cities have the zones that may be chosen beside that of the desk. A name is never looked for
// among files because somebody asks for it.
var cities = []string{
	"UTC", "America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Europe/Kyiv",
	"Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
}

// zonesOf are those that may be chosen, that of the desk first.
func zonesOf(own *time.Location) []*time.Location {
	all := []*time.Location{own}
	for _, name := range cities {
		if zone, err := time.LoadLocation(name); err == nil && name != own.String() {
			all = append(all, zone)
		}
	}
	return all
}

// Limits on what is asked.
const (
	longestQuery = 8000 // bytes
	longestValue = 600  // of a name of 200 letters beyond ASCII
)

func bad(format string, args ...any) error {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// quoted is what somebody sent, as it can be told.
func quoted(s string) string { return "“" + plain.Name(s) + "”" }

// values checks the parameters of a query: each is known, is there once and is not too long.
func values(u *url.URL, known ...string) (url.Values, error) {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, bad("The address cannot be read: its query is malformed.")
	}
	for name, all := range query {
		switch {
		case !slices.Contains(known, name):
			return nil, bad("There is no parameter %s.", quoted(name))
		case len(all) > 1:
			return nil, bad("The parameter %s is there more than once.", name)
		case len(all[0]) > longestValue:
			return nil, bad("The parameter %s is too long.", name)
		}
	}
	return query, nil
}

// viewed are the parameters of a view.
var viewed = []string{"about", "zone", "channel", "team"}

// view reads the parameters of a view.
func (d *desk) view(query url.Values) (view, error) {
	v := d.usual()
	if name := query.Get("about"); name != "" {
		i := slices.IndexFunc(units, func(u metrics.Unit) bool { return u.String() == name })
		if i < 0 {
			return v, bad("The page cannot be about %s: want week, month or quarter.", quoted(name))
		}
		v.about = units[i]
	}
	if name := query.Get("zone"); name != "" {
		i := slices.IndexFunc(d.zones, func(z *time.Location) bool { return z.String() == name })
		if i < 0 {
			return v, bad("The zone %s is not one of those to choose from.", quoted(name))
		}
		v.zone = d.zones[i]
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	if v.channel = query.Get("channel"); v.channel != "" && !slices.Contains(d.channels, v.channel) {
		return v, bad("There is no conversation on the channel %s.", quoted(v.channel))
	}
	if v.team = query.Get("team"); v.team != "" && !slices.Contains(d.teams, v.team) {
		return v, bad("No conversation was with the team %s.", quoted(v.team))
	}
	return v, nil
}

// query returns the parameters of a view, without those that are usual.
func (v view) query() url.Values {
	query := make(url.Values)
	if v.about != metrics.Month {
		query.Set("about", v.about.String())
	}
	if v.zone != v.usual {
		query.Set("zone", v.zone.String())
	}
	if v.channel != "" {
		query.Set("channel", v.channel)
	}
	if v.team != "" {
		query.Set("team", v.team)
	}
	return query
}

// address is that of a page of the view, with more parameters in pairs.
func (v view) address(path string, more ...string) string {
	query := v.query()
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// zoneQuery is the beginning of a query of pages that are of no view, but in its zone.
func (v view) zoneQuery() string {
	if v.zone == v.usual {
		return ""
	}
	return "zone=" + url.QueryEscape(v.zone.String()) + "&"
}

// behind is the address of the conversations behind a figure, or nothing if a name is too long
// to be asked for.
func (v view) behind(b briefing.Behind) string {
	if b.Channel != nil && len(*b.Channel) > longestValue {
		return ""
	}
	return v.list("/evidence", b)
}

func (v view) list(path string, b briefing.Behind) string {
	more := []string{"of", string(b.Kind)}
	if b.Promise > 0 {
		more = append(more, "promise", strconv.Itoa(b.Promise))
	}
	if b.Channel != nil {
		more = append(more, "on", nameOf(*b.Channel))
	}
	return v.address(path, more...)
}

// behindOf reads which figure is asked about.
func (d *desk) behindOf(query url.Values) (briefing.Behind, error) {
	b := briefing.Behind{Kind: briefing.Kind(query.Get("of"))}
	if !slices.Contains(briefing.Kinds(), b.Kind) {
		return b, bad("There is no list of %s: want one of %v.", quoted(string(b.Kind)), briefing.Kinds())
	}
	if words := query.Get("promise"); words != "" {
		n, err := strconv.Atoi(words)
		if err != nil || n < 1 || n > len(d.policy.Targets) {
			return b, bad("There is no promise %s.", quoted(words))
		}
		b.Promise = n
	}
	if name := query.Get("on"); name != "" {
		channel := metrics.Channel(name)
		if name == briefing.None {
			channel = ""
		}
		b.Channel = &channel
	}
	return b, nil
}

// mostOptions is how many channels or teams can be chosen in the form.
const mostOptions = 100

// form lets somebody choose another view.
func (l *look) form(v view) *draw.Form {
	f := &draw.Form{Action: "/"}
	about := draw.Field{Name: "about", Label: "About"}
	for _, u := range units {
		about.Options = append(about.Options, draw.Option{Value: u.String(), Text: "the " + u.String(), Chosen: u == v.about})
	}
	zones := draw.Field{Name: "zone", Label: "Times of"}
	for _, z := range l.zones {
		zones.Options = append(zones.Options, draw.Option{Value: z.String(), Text: z.String(), Chosen: z == v.zone})
	}
	f.Fields = append(f.Fields, about)
	choose := func(name, label, chosen string, all []string, words func(string) string) {
		if len(all) < 2 && chosen == "" && (name == "channel" || len(all) == 0) {
			return
		}
		field := draw.Field{Name: name, Label: label, Options: []draw.Option{{Text: "all"}}}
		shown := slices.DeleteFunc(slices.Clone(all), unsendable)
		shown = shown[:min(mostOptions, len(shown))]
		if chosen != "" && !slices.Contains(shown, chosen) && !unsendable(chosen) {
			shown = append([]string{chosen}, shown...)
		}
		for _, one := range shown {
			field.Options = append(field.Options, draw.Option{Value: one, Text: words(one), Chosen: one == chosen})
		}
		f.Fields = append(f.Fields, field)
	}
	choose("channel", "Channel", v.channel, l.channels, channelName)
	choose("team", "Team", v.team, l.teams, func(name string) string { return plain.Name(name) })
	f.Fields = append(f.Fields, zones)
	return f
}

// unsendable reports whether a form cannot send a name as it is.
func unsendable(name string) bool {
	return len(name) > longestValue || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl)
}

func channelName(name string) string {
	if name == briefing.None {
		return "none"
	}
	return draw.ChannelName(metrics.Channel(name))
}

// words say what a view leaves out, or nothing.
func (v view) words() string {
	var words string
	if v.channel != "" {
		words = "on the channel " + channelName(v.channel)
	}
	if v.team != "" {
		words += map[bool]string{true: " and "}[words != ""] + "that were with the team " + plain.Name(v.team)
	}
	if words == "" {
		return ""
	}
	return "Only conversations " + words + "."
}

// sampleWords say what the sample is, or nothing.
func (l *look) sampleWords() string {
	if l.speed == 0 {
		return ""
	}
	words := "A made-up desk; its time runs " + text.Number(l.speed, 0) + " times as fast as yours."
	if c, ok := l.clock.(*sampleClock); ok && !l.at.Before(c.end) {
		words = "A made-up desk, at its end. Start the program again to see it go on."
	}
	return words
}
