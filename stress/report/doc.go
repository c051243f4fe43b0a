// Package report writes the page that a run of the benchmarks comes to: what became of
// each promise, which of the plan's ideas to adopt, the charts, the figures, and how
// they were come by. It is one HTML file that loads nothing, and the same in Markdown;
// both may link to the page of the lab beside them.
//
//	page := report.New(samples, evidence, gate.Judge(samples, evidence))
//	err := page.HTML(out)
//
// The command writes it to .batchlab/report.html and report.md: scoreboard, what to adopt and what
// not, charts, tables, machine.
//
// The package measures nothing and finds nothing significant that package gate does
// not. Its recommendations follow from the findings by the rules in advice.go, and it
// refuses to recommend what the evidence does not cover, whatever the figures are. The
// same input gives the same bytes.
package report
