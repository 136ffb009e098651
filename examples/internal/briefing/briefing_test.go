package briefing

import (
	"strings"
	"testing"
	"time"

	"github.com/servicequality/servicequality/standards"
)

// Promises of one name and other budgets are told apart; others are as they were.
func TestApart(t *testing.T) {
	policy := &standards.Policy{Targets: []standards.Target{
		{Name: "first answer", Within: standards.BudgetOf(2 * time.Minute)}, {Name: "first answer", Within: standards.BudgetOf(8 * time.Hour)},
		{Name: "first answer", Agreement: "inner", Within: standards.BudgetOf(time.Hour)},
		{Name: "next answer", Measure: standards.NextResponse, Within: standards.BudgetOf(8 * time.Hour)},
	}}
	var names []string
	for _, target := range apart(policy).Targets {
		names = append(names, target.Name)
	}
	if got := strings.Join(names, "; "); got != "first answer, 2m; first answer, 8h; first answer; next answer" || policy.Targets[0].Name != "first answer" {
		t.Error(got)
	}
	if apart(nil) != nil {
		t.Error("no policy has names")
	}
}
