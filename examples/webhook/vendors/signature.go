package vendors

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
)

// sign returns the HMAC of texts that follow each other.
func sign(h func() hash.Hash, secret string, texts ...[]byte) []byte {
	mac := hmac.New(h, []byte(secret))
	for _, text := range texts {
		mac.Write(text)
	}
	return mac.Sum(nil)
}

// equal reports whether two texts are equal, in a time that does not depend on where they
// differ.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// chatwootSigned checks "sha256=" and the HMAC, in hex, of the timestamp, a dot and the
// body. Deliveries are not refused for their age: one that comes again changes nothing.
func chatwootSigned(d Delivery, secret string) bool {
	stamp := d.Header.Get("X-Chatwoot-Timestamp")
	sum := sign(sha256.New, secret, []byte(stamp+"."), d.Body)
	return equal(d.Header.Get("X-Chatwoot-Signature"), "sha256="+hex.EncodeToString(sum))
}

// zendeskSigned checks the HMAC, in base64, of the timestamp and the body.
func zendeskSigned(d Delivery, secret string) bool {
	stamp := d.Header.Get("X-Zendesk-Webhook-Signature-Timestamp")
	sum := sign(sha256.New, secret, []byte(stamp), d.Body)
	return equal(d.Header.Get("X-Zendesk-Webhook-Signature"), base64.StdEncoding.EncodeToString(sum))
}

// hubSigned checks "sha1=" and the HMAC of the body in hex, as Intercom and Zammad send it.
func hubSigned(d Delivery, secret string) bool {
	return equal(d.Header.Get("X-Hub-Signature"), "sha1="+hex.EncodeToString(sign(sha1.New, secret, d.Body)))
}

// helpScoutSigned checks the HMAC of the body in base64.
func helpScoutSigned(d Delivery, secret string) bool {
	return equal(d.Header.Get("X-HelpScout-Signature"), base64.StdEncoding.EncodeToString(sign(sha1.New, secret, d.Body)))
}

// freeScoutSigned checks the same of FreeScout.
func freeScoutSigned(d Delivery, secret string) bool {
	return equal(d.Header.Get("X-FreeScout-Signature"), base64.StdEncoding.EncodeToString(sign(sha1.New, secret, d.Body)))
}

// freshdeskSigned checks the password of the request: Freshdesk signs nothing, and its
// rules send a user name and a password.
func freshdeskSigned(d Delivery, secret string) bool {
	_, password, _ := (&http.Request{Header: d.Header}).BasicAuth()
	given, want := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(given[:], want[:]) == 1
}
