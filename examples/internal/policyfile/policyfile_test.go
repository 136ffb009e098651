package policyfile

import (
	"errors"
	"testing"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

func TestRead(t *testing.T) {
	const targets = `"targets": [{"measure": "next_response", "within": "1h"}]}`
	for text, want := range map[string]metrics.Rules{
		`{` + targets:              {},
		`{"rules": {}, ` + targets: {},
		`{"rules": {"automation": "ends"}, ` + targets:      {Automation: metrics.AutomationEnds},
		`{"rules": {"assistant": "answers"}, ` + targets:    {Assistant: metrics.AssistantAnswers},
		`{"rules": {"pause_stops_waits": true}, ` + targets: {PauseStopsWaits: metrics.AnyReason},
		`{"rules": {"pause_stops_waits": ["customer", "third_party"], "message_resumes": "any"}, ` + targets: {
			PauseStopsWaits: "customer,third_party", MessageResumes: metrics.ResumesAny,
		},
	} {
		rules, policy, err := Read([]byte(text))
		if err != nil || rules != want || len(policy.Targets) != 1 || policy.Targets[0].Measure != standards.NextResponse {
			t.Errorf("%s: %+v, %+v, %v", text, rules, policy, err)
		}
	}
	for text, want := range map[string]string{
		`{"rules": {"pauses": true}, ` + targets:        `rules: json: unknown field "pauses"`,
		`{"rules": {"automated": "ends"}, ` + targets:   `rules: json: unknown field "automated"`,
		`{"rules": {"automation": "maybe"}, ` + targets: `rules: metrics: no such rule for the replies of automation: "maybe"`,
		`{"rules": {"assistant": "maybe"}, ` + targets:  `rules: metrics: no such rule for the replies of assistants: "maybe"`,
		`{"rules": {}, "target": []}`:                   `standards: bad policy: unknown field: "target"`,
		`{"targets": [], "targets": []}`:                `standards: bad policy: repeated field: "targets"`,
	} {
		if _, _, err := Read([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, _, err := Read([]byte("nonsense")); err == nil || errors.Is(err, standards.ErrSyntax) {
		t.Error(err)
	}
}
