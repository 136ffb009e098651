package metrics_test

import (
	"fmt"
	"testing"

	"github.com/servicequality/servicequality/metrics"
)

// TestCustomers numbers the customers of two logs, in which the same ones come in another
// order, against a map.
func TestCustomers(t *testing.T) {
	logs := make([]metrics.EventLog, 2)
	for n := range 40 {
		for i := range logs {
			customer := metrics.CustomerID(fmt.Sprint("customer-", (n*(7+4*i)+i)%23))
			if n%5 == 0 {
				customer = ""
			}
			id := metrics.ConversationID(fmt.Sprint(n))
			for _, e := range []metrics.Event{
				metrics.MessageReceived{Conversation: id, At: minute(n)},
				metrics.MessageReceived{Conversation: id, At: minute(n + 1), Customer: customer},
				metrics.MessageReceived{Conversation: id, At: minute(n + 2), Customer: "another"},
			} {
				if err := logs[i].Append(e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var customers metrics.Customers
	want := map[metrics.CustomerID]uint32{"": 0}
	check := func(id metrics.CustomerID, got uint32) {
		t.Helper()
		if _, ok := want[id]; !ok {
			want[id] = uint32(len(want))
		}
		if got != want[id] || customers.Customer(got) != id || customers.Find(id) != got || customers.Len() != len(want)-1 {
			t.Errorf("%q has number %d of %d, want %d", id, got, customers.Len(), want[id])
		}
	}
	if customers.Find("customer-1") != 0 || customers.Customer(0) != "" || customers.Number(new(metrics.History)) != 0 {
		t.Error("there is a customer")
	}
	for range 2 {
		for i := range logs {
			asOf := 40 * (i + 1)
			for h := range logs[i].Read(metrics.Rules{}, minute(asOf)).Histories() {
				check(h.Customer(), customers.Number(h))
			}
			check("zoe", customers.Add("zoe"))
			check("", customers.Add(""))
			if i == 1 {
				customers.Forget()
			}
		}
	}
}
