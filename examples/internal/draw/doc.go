// Package draw makes the pages of the examples: semantic HTML with charts in SVG, in
// one look, that needs no script and nothing from the network.
//
// A [Page] is a value. Its sections hold parts: a [Table], [Charts], a [HeatMap], a
// [Fold]. A chart is a value too, such as a [Line]. What is given to them is already
// counted and put into words, so that they only place it:
//
//	page := draw.Page{
//		Title:    "Service quality: March 2026",
//		Sections: []draw.Section{{ID: "waiting", Title: "Who is waiting", Parts: []draw.Part{table}}},
//	}
//	err := page.Write(w)
//
// Every chart has all of its values in words, for those who do not see it. Nothing is
// told by colour alone: a [Mark] has a sign and stands beside a word. The policy in the
// head of a page forbids scripts, styles but its own, and requests.
package draw
