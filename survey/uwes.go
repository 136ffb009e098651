package survey

import (
	"fmt"
	"slices"
)

// UWES9 returns the structure of the nine-item Utrecht Work Engagement Scale:
// frequency from 0 (never) to 6 (always, every day); vigor is items 1, 2, 5,
// dedication 3, 4, 7, absorption 6, 8, 9; scores are means of items. The wording is not
// included: its authors allow non-commercial research only.
// Source: Schaufeli, Bakker and Salanova (2006), Educational and Psychological
// Measurement 66:701.
func UWES9() Questionnaire {
	return uwes("UWES-9", "Schaufeli, Bakker & Salanova (2006), Educational and Psychological Measurement 66:701",
		9, []int{1, 2, 5}, []int{3, 4, 7})
}

// UWES17 returns the structure of the seventeen-item form: vigor is items 1, 4, 8,
// 12, 15, 17, dedication 2, 5, 7, 10, 13, absorption 3, 6, 9, 11, 14, 16. Source:
// Schaufeli and Bakker (2004), Utrecht Work Engagement Scale, preliminary manual.
func UWES17() Questionnaire {
	return uwes("UWES-17", "Schaufeli & Bakker (2004), UWES preliminary manual",
		17, []int{1, 4, 8, 12, 15, 17}, []int{2, 5, 7, 10, 13})
}

func uwes(name, source string, items int, vigor, dedication []int) Questionnaire {
	q := Questionnaire{Name: name, Source: source, Scale: ZeroTo(6)}
	for n := 1; n <= items; n++ {
		dimension := "absorption"
		switch {
		case slices.Contains(vigor, n):
			dimension = "vigor"
		case slices.Contains(dedication, n):
			dimension = "dedication"
		}
		q.Items = append(q.Items, Item{Name: fmt.Sprintf("item %d", n), Dimension: dimension})
	}
	return q
}
