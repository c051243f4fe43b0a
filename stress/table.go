package stress

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"batchlab/impls/spec"
)

// WriteTable prints the rows as an aligned table, then what broke and what could
// not be judged, one line each, one verdict a subject, and the totals.
func (s Summary) WriteTable(w io.Writer) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "subject\tscenario\tproducers\titems\tdelivered\tbatches\tpeak MiB\telapsed\tresult")
	for _, r := range s.Rows {
		delivered, batches := thousands(r.Delivered), thousands(r.Batches)
		if r.Kind == spec.KindDedup {
			delivered, batches = "-", "-"
		}
		fmt.Fprintf(tw, "%s\t%s\t%d\t%s\t%s\t%s\t%.1f\t%v\t%s\n", r.ID(), r.Scenario, r.Producers, thousands(r.Items),
			delivered, batches, float64(r.PeakBytes)/(1<<20), r.Elapsed.Round(time.Millisecond), r.result())
	}
	tw.Flush() // to a strings.Builder, which does not fail
	s.writeDetails(&b)
	s.writeVerdicts(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// result is the cell in a few words.
func (r Row) result() string {
	if r.Skipped {
		return "not run: the subject hung before"
	}
	var words []string
	for _, b := range r.Breaches {
		words = append(words, "BROKEN "+b.What)
	}
	for _, b := range r.Known {
		words = append(words, fmt.Sprintf("known %s x%d", b.What, b.Count))
	}
	if len(words) == 0 {
		words = append(words, "ok")
	}
	if len(r.Notes) > 0 {
		words = append(words, "partly judged")
	}
	if r.Interrupted {
		words = append(words, "interrupted")
	}
	return strings.Join(words, ", ")
}

func (s Summary) writeDetails(b *strings.Builder) {
	var lines []string
	for _, r := range s.Rows {
		cell := fmt.Sprintf("%s %s %d: ", r.ID(), r.Scenario, r.Producers)
		for _, x := range r.Breaches {
			lines = append(lines, fmt.Sprintf("%s%s, %s: %s\n", cell, x.What, times(x.Count), x.Detail))
		}
		for _, n := range r.Notes {
			lines = append(lines, cell+n+"\n")
		}
	}
	if len(lines) > 0 {
		b.WriteString("\n" + strings.Join(lines, ""))
	}
	b.WriteString("\n")
}

// verdict adds up the rows of one spec.
type verdict struct {
	name                         string
	cells, broken, skipped, part int
	items                        int
	what                         []string // laws broken
	known                        []Breach
}

func (s Summary) verdicts() (all []*verdict) {
	for _, r := range s.Rows {
		i := slices.IndexFunc(all, func(v *verdict) bool { return v.name == r.ID() })
		if i < 0 {
			i = len(all)
			all = append(all, &verdict{name: r.ID()})
		}
		all[i].add(r)
	}
	return all
}

func (v *verdict) add(r Row) {
	if r.Skipped {
		v.skipped++
		return
	}
	v.cells++
	v.items += r.Items
	if len(r.Breaches) > 0 {
		v.broken++
	}
	if len(r.Notes) > 0 || r.Interrupted {
		v.part++
	}
	for _, b := range r.Breaches {
		if !slices.Contains(v.what, b.What) {
			v.what = append(v.what, b.What)
		}
	}
	for _, b := range r.Known {
		v.known = counted(v.known, b)
	}
}

func (v *verdict) String() string {
	seen := fmt.Sprintf("in %s, %s items", cells(v.cells), thousands(v.items))
	text := "no violation " + seen
	if len(v.known) > 0 {
		text = "no violation but known ones " + seen
	}
	if v.broken > 0 {
		text = fmt.Sprintf("violated %s in %d of %s, %s items", strings.Join(v.what, ", "), v.broken, cells(v.cells),
			thousands(v.items))
	}
	for _, b := range v.known {
		text += fmt.Sprintf("; known: %s %s", b.What, times(b.Count))
	}
	if v.part > 0 {
		text += fmt.Sprintf("; partly judged: %s", cells(v.part))
	}
	if v.skipped > 0 {
		text += fmt.Sprintf("; not run: %s", cells(v.skipped))
	}
	return text
}

func (s Summary) writeVerdicts(b *strings.Builder) {
	tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	items, ran, peak := 0, 0, uint64(0)
	for _, v := range s.verdicts() {
		fmt.Fprintf(tw, "%s\t%s\n", v.name, v)
		items += v.items
		ran += v.cells
	}
	for _, r := range s.Rows {
		peak = max(peak, r.PeakBytes)
	}
	tw.Flush()
	race := "without the race detector"
	if s.Race {
		race = "with the race detector"
	}
	ended := ""
	if s.Interrupted {
		ended = ", interrupted"
	}
	fmt.Fprintf(b, "total: %s, %s items in %v %s, heap growth at most %s, seed %d%s\n",
		cells(ran), thousands(items), s.Elapsed.Round(time.Millisecond), race, mib(peak), s.Seed, ended)
}

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return thousands(n) + " cells"
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return thousands(n) + " times"
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
