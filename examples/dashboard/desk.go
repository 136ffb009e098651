package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/servicequality/servicequality/examples/internal/briefing"
	"github.com/servicequality/servicequality/examples/internal/link"
	"github.com/servicequality/servicequality/examples/internal/policyfile"
	"github.com/servicequality/servicequality/examples/internal/zone"
	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/text"
	"github.com/servicequality/servicequality/standards"
)

// A desk is what the pages are about: the events of a database, and by what they are judged.
type desk struct {
	clock  clock
	rules  metrics.Rules
	policy standards.Policy
	own    bool // whether the policy is that of the desk
	zones  []*time.Location
	link   link.Template
	speed  float64 // of a sample; 0: not a sample
	errs   io.Writer

	reading sync.Mutex // of the store
	store   *store

	mu       sync.RWMutex // of what follows
	log      *metrics.EventLog
	refused  int      // rows that could not be read
	channels []string // those of conversations, with the most of them first
	teams    []string // likewise
	assigned bool     // whether anything was ever assigned

	places   chan struct{} // of those who compute at once
	patience time.Duration // of those who wait for a place
}

// computing is how many pages are computed at once, and patience how long one waits for that.
const (
	computing = 2
	patience  = 10 * time.Second
)

// The sample desk on a Wednesday at noon, when a chat waits, up to its end.
const (
	sampleBegin  = "2026-03-25T12:20:00+01:00"
	samplePolicy = "../report/policy.json"
)

// open opens the database, and reads it.
func open(ctx context.Context, s settings, errs io.Writer) (*desk, error) {
	d := &desk{errs: errs, clock: wallClock{}, policy: standards.ChannelSpeeds(), link: s.link, log: new(metrics.EventLog), places: make(chan struct{}, computing), patience: patience}
	file := s.policy
	if s.db == "" && file == "" {
		file = filepath.FromSlash(samplePolicy)
	}
	var err error
	if s.db == "" {
		d.store, err = openSample(ctx)
	} else {
		d.store, err = openStore(ctx, s.db)
	}
	if err != nil {
		return nil, err
	}
	err = d.begin(ctx, s, file)
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// begin reads the policy and the events.
func (d *desk) begin(ctx context.Context, s settings, policy string) error {
	if policy != "" {
		data, err := os.ReadFile(policy)
		if err != nil {
			return err
		}
		if d.rules, d.policy, err = policyfile.Read(data); err != nil {
			return fmt.Errorf("%s: %w", policy, err)
		}
		d.own = true
	}
	d.zones = zonesOf(cmp.Or(s.zone, zone.Of(d.policy)))
	if err := d.refresh(ctx); err != nil {
		return err
	}
	if s.db == "" {
		begin, err := time.Parse(time.RFC3339, sampleBegin)
		if err != nil {
			return err
		}
		d.speed = s.speed
		c := &sampleClock{started: time.Now(), begin: begin.UTC(), end: d.log.Latest(), speed: s.speed}
		if s.once {
			c.speed = 0 // so that the page is the same each time
		}
		d.clock = c
	}
	return nil
}

func (d *desk) close() { d.store.close() }

// refresh reads what is new.
func (d *desk) refresh(ctx context.Context) error {
	d.reading.Lock()
	defer d.reading.Unlock()
	news, err := d.store.news(ctx)
	if err != nil || news == nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if news.refused > 0 && news.refused != d.refused {
		fmt.Fprintf(d.errs, "dashboard: %s left out; why the first could not be read: %v\n", text.Counted(int64(news.refused), "row"), news.first)
	}
	if news.all {
		d.log, d.refused = new(metrics.EventLog), news.refused
	}
	for _, e := range news.events {
		if err := d.log.Append(e); err != nil {
			return err
		}
	}
	d.count()
	return nil
}

// count counts conversations by channel and team, for the choices.
func (d *desk) count() {
	d.assigned = false
	channels, teams := make(map[string]int), make(map[string]int)
	for c := range d.log.Conversations() {
		m := membershipOf(c)
		d.assigned = d.assigned || m.assigned
		channels[nameOf(m.channel)]++
		for _, t := range m.teams {
			teams[string(t)]++
		}
	}
	d.channels, d.teams = mostFirst(channels), mostFirst(teams)
}

func mostFirst(n map[string]int) []string {
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
}

// nameOf is the name of a channel in a query.
func nameOf(c metrics.Channel) string { return cmp.Or(string(c), briefing.None) }

// A membership says to which channel and to which teams a conversation belongs: the channel is
// the first that is told, and the teams are those that ever were in charge.
type membership struct {
	channel  metrics.Channel
	teams    []metrics.TeamID
	assigned bool // whether it ever was, to anybody
}

func membershipOf(c metrics.Conversation) (m membership) {
	for r := range c.Records() {
		m.channel = cmp.Or(m.channel, r.Channel)
		m.assigned = m.assigned || r.Type == metrics.KindAssigned
		if r.Type == metrics.KindAssigned && r.Team != "" && !slices.Contains(m.teams, r.Team) {
			m.teams = append(m.teams, r.Team)
		}
	}
	return m
}

// keep returns what keeps the conversations of a view, as is known at an instant; nil keeps
// all.
func (d *desk) keep(v view, at time.Time) func(*metrics.History) bool {
	if v.channel == "" && v.team == "" {
		return nil
	}
	kept := make(map[metrics.ConversationID]bool)
	for c := range d.log.Conversations() {
		m := membershipOf(c.AsOf(at))
		if (v.channel == "" || v.channel == nameOf(m.channel)) && (v.team == "" || slices.Contains(m.teams, metrics.TeamID(v.team))) {
			kept[c.ID()] = true
		}
	}
	return func(h *metrics.History) bool { return kept[h.Conversation().ID()] }
}

var errBusy = &refusal{http.StatusServiceUnavailable, "Too much is asked for at once. Try again in a moment."}

// A look is the desk as of an instant, which nobody changes until it is done.
type look struct {
	*desk
	at   time.Time
	done func()
}

// look reads what is new, and waits for its turn to compute.
func (d *desk) look(ctx context.Context) (*look, error) {
	select {
	case d.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(d.patience):
		return nil, errBusy
	}
	if err := d.refresh(ctx); err != nil {
		<-d.places
		return nil, err
	}
	d.mu.RLock()
	return &look{d, d.clock.now(), func() { d.mu.RUnlock(); <-d.places }}, nil
}

// of is what a briefing is about.
func (l *look) of(v view) briefing.Desk {
	d := briefing.Desk{Log: l.log, Rules: l.rules, Policy: l.policy, Own: l.own, Zone: v.zone, AsOf: l.at, Rejected: l.refused}
	if l.log.Len() == 0 {
		d.AsOf = time.Time{}
	}
	return d
}

// ask asks what pages of a view tell.
func (l *look) ask(v view) briefing.Ask {
	return briefing.Ask{
		About: v.about, Against: "previous", Keep: l.keep(v, l.at), Behind: v.behind,
		Link: link.Local("/conversation?" + v.zoneQuery() + "id={id}"),
	}
}

// now tells who waits and what is due.
func (l *look) now(v view, ask briefing.Ask) (*briefing.Now, error) {
	of := l.of(v)
	now := briefing.NewNow(of, ask)
	return now, of.Log.Read(of.Rules, of.AsOf).Into(now.Sinks()...)
}

// briefing makes the briefing of a view, with who waits now.
func (l *look) briefing(v view, ask briefing.Ask) (*briefing.Briefing, error) {
	of := l.of(v)
	builder, err := briefing.New(of, ask)
	if err != nil {
		return nil, err
	}
	now, all := briefing.NewNow(of, ask), metrics.NewBreakdown(metrics.Whole)
	sinks := append(builder.Sinks(), now.Sinks()...)
	if err := of.Log.Read(of.Rules, of.AsOf).Into(append(sinks, ask.Kept(all)...)...); err != nil {
		return nil, err
	}
	b, err := builder.Briefing(all.Total())
	if err != nil {
		return nil, err
	}
	if l.log.Len() > 0 {
		b.Now = now
	}
	return b, nil
}

// A refusal is an answer to a request that cannot be met, with the reason.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }
