package stat

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
	"Brunner-Munzel test (ordinal)": {
		"p":         "ranks are tested by Mann and Whitney",
		"statistic": "ranks are tested by Mann and Whitney",
	},
	"Mann-Kendall and linear trend": {
		"ols_intercept": "no straight lines by least squares",
		"ols_p":         "no straight lines by least squares",
		"ols_slope":     "no straight lines by least squares",
		"ols_slope_se":  "no straight lines by least squares",
		"ols_t":         "no straight lines by least squares",
		"r_squared":     "no straight lines by least squares",
		"slope_ci95":    "no straight lines by least squares",
	},
	"NPS one sample": {
		"adjusted_wald_1_1_1":  "other pseudo-observations",
		"nps100":               "shown by package survey",
		"p_value_wald_vs_zero": "plain Wald",
		"score_R_iterative":    "Tango's score by another program, to fewer digits",
		"wald":                 "covers too little",
	},
	"NPS two sample": {
		"abs_diff_wald_ci":  "plain Wald",
		"adjusted_abs_diff": "the size of the adjusted difference; the raw one is shown",
		"nps_x":             "see the rows of one sample",
		"nps_y":             "see the rows of one sample",
		"p_wald":            "plain Wald",
		"se_wald":           "plain Wald",
	},
	"Poisson two-rate comparison": {
		"p": "by another order of the tables than twice the smaller tail, which is the interval's",
	},
	"Welch and pooled two-sample t test": {
		"pooled_ci": "variances are not pooled",
		"pooled_df": "variances are not pooled",
		"pooled_p":  "variances are not pooled",
		"pooled_t":  "variances are not pooled",
	},
	"average of averages vs pooled (pitfall)": {
		"mean_of_means": "the pitfall",
	},
	"binomial proportion confidence intervals": {
		"normal":                      "covers too little",
		"wilson_continuity_corrected": "covers too much",
	},
	"difference of two proportions, intervals": {
		"agresti_caffo":         "one method for a difference",
		"mee_score_uncorrected": "one method for a difference",
		"newcombe_hybrid_score": "one method for a difference",
		"p_pooled":              "without N/(N−1)",
		"wald":                  "covers too little",
	},
	"p-chart with variable sample size": {
		"lcl": "without Laney's σ",
		"ucl": "without Laney's σ",
	},
	"sample size for two proportions": {
		"n_per_group": "no power calculation",
	},
	"two-proportion tests": {
		"chisq_pooled":    "the square of z_pooled",
		"chisq_yates":     "corrected for continuity",
		"cohen_h":         "not in a unit that is shown",
		"fisher_p":        "has no interval that agrees with it",
		"p_pooled":        "without N/(N−1)",
		"p_yates":         "corrected for continuity",
		"wald_cc_diff_ci": "covers too much",
		"wald_diff_ci":    "covers too little",
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
