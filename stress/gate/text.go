package gate

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"golang.org/x/perf/benchmath"

	"batchlab/stress/bench"
)

// WriteText prints the rows of each scenario with what may be said of them, and then
// the scoreboard.
func WriteText(w io.Writer, t *bench.Table, f *Findings) error {
	for _, id := range t.IDs() {
		sc, _ := bench.ByID(id)
		fmt.Fprintf(w, "\n%s: %s\n", id, sc.What)
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
		for _, r := range t.Rows {
			if r.ID == id {
				writeRow(table, r, sc.Unit)
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
		for _, r := range t.Rows {
			if r.ID != id || !isRival(r.Impl) {
				continue
			}
			fmt.Fprintf(w, "  %s: %s", r.Impl, Improvement(f.Of(r.Impl, id, sc.Unit), f.Of(r.Impl, id, bench.AllocsPerOp)))
			if beside := f.Beside(r.Impl, id); beside != "" {
				fmt.Fprintf(w, "; %s", beside)
			}
			fmt.Fprintln(w)
		}
	}
	return WriteScoreboard(w, f)
}

// writeRow prints a row's medians. Only what has an interval worth telling has one.
func writeRow(w io.Writer, r *bench.Row, unit string) {
	s := Median(r.Values(unit))
	fmt.Fprintf(w, "  Benchmark%s\t%d samples\t%.4g %s ±%.0f%%\t", r.Name, len(r.Samples), s.Center, unit, 50*spread(s))
	for _, u := range []string{bench.BytesPerOp, bench.AllocsPerOp, bench.ItemsPerSec, bench.BytesPerKey, bench.P50,
		bench.P99} {
		if values := r.Values(u); len(values) > 0 {
			fmt.Fprintf(w, "%.4g %s\t", Median(values).Center, u)
		}
	}
	fmt.Fprintln(w)
}

// Median is the median of figures, with its 95% interval.
func Median(values []float64) benchmath.Summary {
	return benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds),
		confidence)
}

// mostAgainst is how many rows that speak against a promise are listed; the report has all.
const mostAgainst = 12

// WriteScoreboard prints what became of each promise.
func WriteScoreboard(w io.Writer, f *Findings) error {
	fmt.Fprintf(w, "\nScoreboard\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range f.Lines {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", l.Of, l.State, l.Claim, l.Number)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, l := range f.Lines {
		if len(l.Against) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s\n", l.State, l.Claim)
		for _, a := range l.Against[:min(len(l.Against), mostAgainst)] {
			fmt.Fprintf(w, "  %s\n", a)
		}
		if more := len(l.Against) - mostAgainst; more > 0 {
			fmt.Fprintf(w, "  and %d more\n", more)
		}
	}
	return nil
}

// WriteSince says what differs from an earlier run, whose samples are in a file, and returns how many rows
// are worse than they were.
func WriteSince(w io.Writer, file string, earlier, now *bench.Table) int {
	worse := 0
	fmt.Fprintf(w, "\nbeside %s, of %s, source %.12s:\n", file, earlier.Get("date"), earlier.Get("source"))
	for _, c := range Since(earlier, now) {
		if c.Verdict == Better || c.Verdict == Worse {
			fmt.Fprintf(w, "  %-8s %s in %s: %s, %s\n", c.Verdict, c.Rival, c.ID, c.Unit, c)
		}
		if c.Verdict == Worse {
			worse++
		}
	}
	if worse > 0 {
		fmt.Fprintf(w, "%d rows are worse than they were\n", worse)
	} else {
		fmt.Fprintln(w, "no row is significantly worse than it was")
	}
	return worse
}

// WriteSamples writes a file, whole or not at all.
func WriteSamples(file string, t *bench.Table) error {
	var text bytes.Buffer
	if err := t.Write(&text); err != nil {
		return err
	}
	return WriteFile(file, text.Bytes())
}
