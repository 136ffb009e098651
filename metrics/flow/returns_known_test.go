package flow_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/flow"
	"github.com/servicequality/servicequality/metrics/stat"
)

// A known row is a desk with what is known of its returns, and the source of that.
type knownRow struct {
	ID       string           `json:"id"`
	Group    string           `json:"group"`
	Source   string           `json:"source"`
	AsOf     time.Time        `json:"as_of"`
	Window   string           `json:"window"`
	Events   []metrics.Record `json:"events"`
	Expected struct {
		Cases        map[metrics.ConversationID]string `json:"cases"`
		FirstContact *stat.Ratio                       `json:"first_contact"`
		Issues       *stat.Ratio                       `json:"issues"`
		Involvement  *stat.Ratio                       `json:"involvement"`
		Resolution   *stat.Ratio                       `json:"resolution"`
		HandOff      *stat.Ratio                       `json:"handoff"`
		Containment  *stat.Ratio                       `json:"containment"`
		Automation   *stat.Ratio                       `json:"automation"`
		Pending      *int64                            `json:"pending"`
		Unknown      *int64                            `json:"unknown"`
	} `json:"expected"`
}

// window reads a window such as "72h" or "7d".
func window(tb testing.TB, text string) time.Duration {
	tb.Helper()
	days := time.Duration(1)
	if number, ok := strings.CutSuffix(text, "d"); ok {
		text, days = number+"h", 24
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		tb.Fatal(err)
	}
	return d * days
}

// TestKnownReturns has first contacts and assistants with their sources: definitions of
// vendors, and what follows from those of this package.
func TestKnownReturns(t *testing.T) {
	data, err := os.ReadFile("testdata/returns.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Rows []knownRow }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Rows) < 15 {
		t.Fatalf("%d rows", len(file.Rows))
	}
	for _, row := range file.Rows {
		t.Run(row.ID, func(t *testing.T) {
			var list []metrics.Event
			for _, r := range row.Events {
				e, err := r.Event()
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, e)
			}
			within := window(t, row.Window)
			all := fed(t, logOf(t, list).Read(metrics.Rules{}, row.AsOf), flow.NewReturns(metrics.Whole)).Total()
			first, err := all.FirstContact(within)
			if err != nil {
				t.Fatal(err)
			}
			bots, err := all.Assistants(within)
			if err != nil {
				t.Fatal(err)
			}
			pending := first.Pending
			cases := make(map[metrics.ConversationID]string)
			for c := range all.All() {
				cases[c.Conversation] = c.FirstContact(within).String()
				if row.Group == "assistant" {
					cases[c.Conversation] = c.Assistant(within).String()
				}
			}
			if row.Group == "assistant" {
				pending = bots.Pending
			}
			want := row.Expected
			for id, verdict := range want.Cases {
				if cases[id] != verdict {
					t.Errorf("%s is %s, want %s", id, cases[id], verdict)
				}
			}
			for name, share := range map[string]struct {
				want *stat.Ratio
				got  stat.Ratio
			}{
				"first contact": {want.FirstContact, first.Share()},
				"issues":        {want.Issues, first.Issues},
				"involvement":   {want.Involvement, bots.Involvement()},
				"resolution":    {want.Resolution, bots.Resolution()},
				"hand-off":      {want.HandOff, bots.HandOff()},
				"containment":   {want.Containment, bots.Containment()},
				"automation":    {want.Automation, bots.Automation()},
			} {
				if share.want != nil && *share.want != share.got {
					t.Errorf("%s %v, want %v", name, share.got, *share.want)
				}
			}
			if want.Pending != nil && *want.Pending != pending {
				t.Errorf("%d pending, want %d", pending, *want.Pending)
			}
			if want.Unknown != nil && *want.Unknown != first.Unknown {
				t.Errorf("%d unknown, want %d", first.Unknown, *want.Unknown)
			}
		})
	}
}
