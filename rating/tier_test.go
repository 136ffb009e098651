package rating_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/servicequality/servicequality/rating"
)

func TestStars(t *testing.T) {
	for n := -2; n <= 300; n++ {
		s, err := rating.NewStars(n)
		valid := n >= 1 && n <= 5
		if valid != (err == nil) || valid && int(s) != n || !valid && s != 0 || s.Valid() != valid {
			t.Errorf("NewStars(%d) = %v, %v", n, s, err)
		}
		if !valid && !errors.Is(err, rating.ErrStars) {
			t.Errorf("NewStars(%d): %v", n, err)
		}
	}
	if _, err := rating.NewStars(6); err.Error() != "rating: stars outside 1 to 5: 6" {
		t.Error(err)
	}
	if _, err := rating.NewStars(-1); err.Error() != "rating: stars outside 1 to 5: -1" {
		t.Error(err)
	}
	if rating.Stars(4).String() != "4" || rating.Stars(0).Valid() || rating.Stars(6).Valid() {
		t.Error("stars are not what they are")
	}
}

func TestHalfStars(t *testing.T) {
	names := []string{"0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0", "5.5"}
	tiers := []rating.Tier{
		0, 0, rating.Disappointing, rating.Disappointing, rating.PartlyMet, rating.PartlyMet, rating.Satisfactory,
		rating.Satisfactory, rating.High, rating.High, rating.Outstanding, 0,
	}
	for n, name := range names {
		h := rating.HalfStars(n)
		tier, ok := h.Tier()
		if h.String() != name || tier != tiers[n] || ok != (tiers[n] != 0) {
			t.Errorf("%d halves: %v, %v, %v, want %s, %v", n, h, tier, ok, name, tiers[n])
		}
	}
}

func TestTierText(t *testing.T) {
	tiers := []struct {
		tier       rating.Tier
		text, name string
	}{
		{0, "", ""}, {rating.Disappointing, "disappointing", "Disappointing"}, {rating.PartlyMet, "partly_met", "Partly met"},
		{rating.Satisfactory, "satisfactory", "Satisfactory"}, {rating.High, "high", "High"}, {rating.Outstanding, "outstanding", "Outstanding"},
	}
	seen := make(map[string]bool)
	for i, tt := range tiers {
		if int(tt.tier) != i {
			t.Errorf("%s is %d, want %d", tt.name, tt.tier, i)
		}
		text, err := tt.tier.MarshalText()
		longer, err2 := tt.tier.AppendText([]byte("x"))
		var again rating.Tier = 99
		if string(text) != tt.text || tt.tier.String() != tt.name || err != nil || string(longer) != "x"+tt.text || err2 != nil ||
			again.UnmarshalText(text) != nil || again != tt.tier {
			t.Errorf("%d: %q, %q, %v", tt.tier, text, tt.tier, err)
		}
		for _, sentence := range []string{tt.tier.Meaning(), tt.tier.Advice()} {
			if i == 0 {
				if sentence != "" {
					t.Errorf("no tier says %q", sentence)
				}
				continue
			}
			if seen[sentence] || !strings.HasSuffix(sentence, ".") || len(sentence) < 30 {
				t.Errorf("%v says %q", tt.tier, sentence)
			}
			seen[sentence] = true
		}
	}
	for _, bad := range []string{"High", "Partly met", "best", " "} {
		tier := rating.High
		if err := tier.UnmarshalText([]byte(bad)); err == nil || err.Error() != `rating: no such tier: "`+bad+`"` || tier != rating.High {
			t.Errorf("%q: %v, %v", bad, tier, err)
		}
	}
	unknown := rating.Tier(9)
	if _, err := unknown.MarshalText(); err == nil || err.Error() != "rating: no such tier: 9" || unknown.String() != "Tier(9)" ||
		unknown.Meaning() != "" || unknown.Advice() != "" {
		t.Errorf("tier 9 is %v, %v", unknown, err)
	}
	if text, err := json.Marshal(map[rating.Tier]int{rating.High: 1}); string(text) != `{"high":1}` {
		t.Errorf("as a key: %s, %v", text, err)
	}
}
