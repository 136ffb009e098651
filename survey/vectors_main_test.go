package survey_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
)

// askedFor has the numbers of testdata/vectors.json that some test asked for, by row
// and key.
var askedFor sync.Map

// notExpressed has the keys of rows that no call of this package expresses, by what
// they are about, with the reason.
var notExpressed = map[string]map[string]string{
	"CSAT top-k-box and mean": {
		"normalised_wrong_mean_over_max": "the mistake that Normalised does not make",
	},
	"Cronbach alpha and item statistics": {
		"ase":                 "alpha has Feldt's interval",
		"guttman_lambda6_smc": "not offered",
		"item_total_r_raw":    "an item is correlated with the rest",
		"median_r":            "not offered",
		"scale_mean_score":    "see Profile",
		"scale_sd":            "see Profile",
		"signal_noise":        "a function of alpha",
	},
	"McDonald omega (one-factor)": {
		"loadings_ml":                      "omega alone is returned",
		"loadings_std_minres":              "omega alone is returned",
		"loadings_std_ml":                  "omega alone is returned",
		"omega_cfa_over_observed_variance": "omega alone is returned",
		"omega_standardised_factanal_ml":   "omega alone is returned",
		"omega_standardised_minres":        "omega alone is returned",
		"residual_variances_ml":            "omega alone is returned",
		"uniquenesses":                     "omega alone is returned",
	},
	"Kano coefficients (Berger et al. 1993)": {
		"category": "the greatest of the counts",
	},
	"NPS one sample": {
		"adjusted_wald_1_1_1":       "other pseudo-observations",
		"p_value_wald_vs_zero":      "plain Wald",
		"score_R_iterative":         "Tango's score by another program, to fewer digits",
		"se":                        "see package stat",
		"se_adjusted":               "see package stat",
		"trinomial_mean_t_interval": "see package stat",
		"variance":                  "see package stat",
		"wald":                      "covers too little",
	},
	"NPS two sample": {
		"abs_diff_wald_ci":     "plain Wald",
		"adjusted_abs_diff":    "the size of the adjusted difference; the raw one is shown",
		"adjusted_abs_diff_ci": "see package stat",
		"p_wald":               "plain Wald",
		"se_wald":              "plain Wald",
	},
	"average of averages vs pooled (pitfall)": {
		"mean_of_means": "the pitfall",
	},
	"correlation with rating (driver)": {
		"p": "the interval says it",
	},
	"cohort retention triangle": {
		"mean_of_rates_by_age": "gives a cohort of ten the weight of a cohort of ten thousand",
		"rates":                "plain ratios of the input",
	},
	"percent favourable / column summary": {
		"median": "see stat.HyndmanFan",
		"q":      "see stat.HyndmanFan",
	},
	"repeat customer rate": {
		"orders":             "a sum of the input",
		"purchase_frequency": "a mean of the input",
	},
	"sample size for an NPS margin of error": {
		"n": "see package stat",
	},
}

// TestMain fails if a number of testdata/vectors.json is neither asked for by a test nor
// in notExpressed. It says nothing about that if only some tests were run.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	some := false // tests only
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		some = some || flag.Lookup(name).Value.String() != ""
	}
	if code == 0 && !some {
		for _, missing := range notAskedFor() {
			fmt.Println("testdata/vectors.json:", missing)
			code = 1
		}
	}
	os.Exit(code)
}

// notAskedFor returns the numbers that TestMain complains about.
func notAskedFor() []string {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		return []string{err.Error()}
	}
	var all []vector
	if err := json.Unmarshal(text, &all); err != nil {
		return []string{err.Error()}
	}
	var missing []string
	for _, v := range all {
		for key := range v.Expected {
			_, asked := askedFor.Load(v.ID + " " + key)
			if reason := notExpressed[v.What][key]; !asked && reason == "" || asked && reason != "" {
				missing = append(missing, fmt.Sprintf("%s (%s): %s: asked for: %v, not expressed: %q", v.ID, v.What, key, asked, reason))
			}
		}
	}
	slices.Sort(missing)
	return missing
}
