package report

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"testing"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// withLimits is synthetic samples with a row of the limit of each scenario that has one,
// so many times less than what direct takes.
func withLimits(t testing.TB, less float64) *bench.Table {
	t.Helper()
	table := synthetic(t)
	rng := rand.New(rand.NewPCG(3, 4))
	var text strings.Builder
	for _, sc := range bench.Scenarios() {
		if sc.Limit == "" {
			continue
		}
		center := gate.Median(table.Row("direct", sc.ID()).Values(bench.NsPerOp)).Center / less
		for range 12 {
			fmt.Fprintf(&text, "Benchmark%s-2 %d %s\n", sc.Row(sc.Limit), 1000, made(rng, sc, center))
		}
	}
	rows, err := bench.Read(strings.NewReader(text.String()), "limits")
	if err != nil {
		t.Fatal(err)
	}
	table.Rows = append(table.Rows, rows.Rows...)
	return table
}

// TestPageShowsLimits: a limit has its row, its bar and its name, no verdict of its own and
// no advice; direct is said to be what beside it, and met or not.
func TestPageShowsLimits(t *testing.T) {
	for less, want := range map[float64]string{
		1.2: "Of 7 promises of the direct versions, 4 are met",
		4:   "Of 7 promises of the direct versions, 1 is met",
	} {
		table := withLimits(t, less)
		page, text := written(t, table, evidence())
		wellFormed(t, page)
		words := html.UnescapeString(tags.ReplaceAllString(page, ""))
		for _, w := range []string{
			want, "samples are complete: 286 rows of 47", "a limit, of no implementation", " the limit, locked-append",
			" the limit, bare-map", " the limit, locked-map", "no bar",
		} {
			if !strings.Contains(words, w) || !strings.Contains(text, plain(w)) {
				t.Errorf("%v: a form does not say %q", less, w)
			}
		}
		for _, c := range gate.Judge(table, evidence()).Comparisons {
			if bench.IsLimit(c.Rival) {
				t.Errorf("%s is compared with the baseline, as if it could be adopted", c.Rival)
			}
		}
		if limits := strings.Count(page, "bare-map "); limits < 20 {
			t.Errorf("the charts name bare-map %d times, want each of 20", limits)
		}
	}
}
