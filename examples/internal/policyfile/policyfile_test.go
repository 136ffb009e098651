package policyfile

import (
	"errors"
	"testing"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/calendar"
	"github.com/servicequality/servicequality/standards"
)

func TestRead(t *testing.T) {
	const (
		calendars = `"calendars": {"office": {"timezone": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}}}, `
		targets   = `"targets": [{"measure": "next_response", "within": "1h"}]}`
	)
	office, err := calendar.New(calendar.Config{Timezone: "UTC", Weekly: calendar.Weekly{time.Monday: {calendar.MustParseHours("09:00-17:00")}}})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]metrics.Rules{
		`{` + targets:              {},
		`{"rules": {}, ` + targets: {},
		`{"rules": {"automation": "ends"}, ` + targets:      {Automation: metrics.AutomationEnds},
		`{"rules": {"assistant": "answers"}, ` + targets:    {Assistant: metrics.AssistantAnswers},
		`{"rules": {"pause_stops_waits": true}, ` + targets: {PauseStopsWaits: metrics.AnyReason},
		`{"rules": {"pause_stops_waits": ["customer", "third_party"], "message_resumes": "any"}, ` + targets: {
			PauseStopsWaits: "customer,third_party", MessageResumes: metrics.ResumesAny,
		},
		`{"rules": {"new_case_after": "72h", "rating_expires": "168h", "short_abandon": "5s"}, ` + targets: {
			NewCaseAfter: 72 * time.Hour, RatingExpires: 168 * time.Hour, ShortAbandon: 5 * time.Second,
		},
		`{"team_calendars": {"billing": "office", "it": "office"}, ` + calendars + targets: {
			TeamCalendars: map[metrics.TeamID]metrics.Calendar{"billing": office, "it": office},
		},
		`{"rules": {"by_start": true}, "channel_calendars": {"chat": "office"}, "team_calendars": {}, ` + calendars + targets: {
			ByStart: true, ChannelCalendars: map[metrics.Channel]metrics.Calendar{"chat": office},
		},
	} {
		rules, policy, err := Read([]byte(text))
		if err != nil || !rules.Equal(want) || len(policy.Targets) != 1 || policy.Targets[0].Measure != standards.NextResponse {
			t.Errorf("%s: %+v, %+v, %v", text, rules, policy, err)
		}
	}
	for text, want := range map[string]string{
		`{"rules": {"pauses": true}, ` + targets:                                      `rules: json: unknown field "pauses"`,
		`{"rules": {"automated": "ends"}, ` + targets:                                 `rules: json: unknown field "automated"`,
		`{"rules": {"automation": "maybe"}, ` + targets:                               `rules: metrics: no such rule for the replies of automation: "maybe"`,
		`{"rules": {"assistant": "maybe"}, ` + targets:                                `rules: metrics: no such rule for the replies of assistants: "maybe"`,
		`{"team_calendars": {"billing": "office"}, ` + targets:                        `standards: team_calendars.billing: no such calendar: "office"`,
		`{"rules": {}, "channel_calendars": {"chat": "late"}, ` + calendars + targets: `standards: channel_calendars.chat: no such calendar: "late"`,
		`{"team_calendars": ["office"], ` + targets:                                   `team_calendars: json: cannot unmarshal array into Go value of type map[metrics.TeamID]string`,
		`{"channel_calendars": {"chat": 7}, ` + targets:                               `channel_calendars: json: cannot unmarshal number into Go value of type string`,
		`{"team_calendar": {}, ` + targets:                                            `standards: bad policy: unknown field: "team_calendar"`,
		`{"rules": {}, "targets": [], "targets": []}`:                                 `standards: bad policy: repeated field: "targets"`,
		`{"rules": {}, "rules": {}, ` + targets:                                       `standards: rules: bad policy: repeated field`,
		`{"rules": null, ` + targets + `x`:                                            `invalid character 'x' after top-level value`,
		`{"rules": {}, ` + targets + `x`:                                              `invalid character 'x' after top-level value`,
		`{"rules": {}, "targets": [],}`:                                               `invalid character '}' looking for beginning of object key string`,
		`{"rules": {}, "target": []}`:                                                 `standards: bad policy: unknown field: "target"`,
		`{"targets": [], "targets": []}`:                                              `standards: bad policy: repeated field: "targets"`,
	} {
		if _, _, err := Read([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, _, err := Read([]byte("nonsense")); err == nil || errors.Is(err, standards.ErrSyntax) {
		t.Error(err)
	}
}
