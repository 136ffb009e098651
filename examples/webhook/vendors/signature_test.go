package vendors_test

import (
	"net/http"
	"testing"

	"github.com/servicequality/servicequality/examples/webhook/vendors"
)

// Signatures that another program made (Python's hmac), of a body and a timestamp.
func TestSignatures(t *testing.T) {
	const secret, body = "tell nobody", `{"ping":"pong"}`
	tests := map[string]http.Header{
		"chatwoot":  {"X-Chatwoot-Timestamp": {"1772442000"}, "X-Chatwoot-Signature": {"sha256=eb9914dd4e0ce10a1e3aa5465aa6951fe4bf15536110a58c21d03e20e5fbb8b8"}},
		"zendesk":   {"X-Zendesk-Webhook-Signature-Timestamp": {"2026-03-02T09:00:00Z"}, "X-Zendesk-Webhook-Signature": {"7y7KAcxYAiVqgSn28zS18eDpbpgcE+uGqGVP8pqLa4g="}},
		"intercom":  {"X-Hub-Signature": {"sha1=c8df3d6e52ae0b36bfe984d5eb28bdb8113e361a"}},
		"helpscout": {"X-Helpscout-Signature": {"yN89blKuCza/6YTV6yi9uBE+Nho="}},
		"freescout": {"X-Freescout-Signature": {"yN89blKuCza/6YTV6yi9uBE+Nho="}},
		"freshdesk": {"Authorization": {"Basic YW55b25lOnRlbGwgbm9ib2R5"}},
		"zammad":    {"X-Hub-Signature": {"sha1=c8df3d6e52ae0b36bfe984d5eb28bdb8113e361a"}},
	}
	for _, v := range vendors.All {
		header := tests[v.Name]
		d := vendors.Delivery{Body: []byte(body), Header: header}
		if !v.Signed(d, secret) {
			t.Errorf("%s: a good signature is refused", v.Name)
		}
		if v.Signed(d, "tell somebody") || v.Signed(d, "") {
			t.Errorf("%s: signed with another secret", v.Name)
		}
		if d.Body = []byte(body + " "); v.Name != "freshdesk" && v.Signed(d, secret) {
			t.Errorf("%s: another body is taken", v.Name)
		}
		d.Body = []byte(body)
		for name, values := range header {
			d.Header = header.Clone()
			d.Header.Set(name, values[0]+"0")
			if v.Signed(d, secret) {
				t.Errorf("%s: %s with another character is taken", v.Name, name)
			}
			d.Header.Del(name)
			if v.Signed(d, secret) {
				t.Errorf("%s: without %s it is taken", v.Name, name)
			}
		}
	}
}
