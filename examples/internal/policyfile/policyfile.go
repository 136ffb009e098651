// Package policyfile reads a file of what a desk promises, and of the rules by
// which its conversations are read.
package policyfile

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/standards"
)

// Read reads a policy, as [standards.Policy.UnmarshalJSON] does, that may have a
// field "rules" beside its own: {"rules": {"pause_stops_waits": true}, "targets": […]}.
// Without it, the rules are the usual ones.
func Read(data []byte) (rules metrics.Rules, policy standards.Policy, err error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) == nil && fields["rules"] != nil {
		dec := json.NewDecoder(bytes.NewReader(fields["rules"]))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&rules); err != nil {
			return rules, policy, fmt.Errorf("rules: %w", err)
		}
		delete(fields, "rules")
		if data, err = json.Marshal(fields); err != nil {
			return rules, policy, err
		}
	}
	return rules, policy, json.Unmarshal(data, &policy)
}
