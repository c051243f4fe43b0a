package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"batchlab/impls/hunt"
)

// kernelRows are the rows of the table that goker prints.
func kernelRows(text string) map[string]kernelRow {
	rows := map[string]kernelRow{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\w+) +\| (.*?) +\| +(\d+) \| +([0-9.]+) \| ([\d ]+) \|$`).FindAllStringSubmatch(text, -1) {
		row := kernelRow{name: m[1], verdict: m[2], seeds: m[5]}
		row.at, _ = strconv.Atoi(m[3])
		row.seconds, _ = strconv.ParseFloat(m[4], 64)
		rows[row.name] = row
	}
	return rows
}

// TestReadmeKernels: the table of projects is of the run of make goker that is kept.
func TestReadmeKernels(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("sim/testdata/goker.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := kernelRows(string(kept))
	table := projects(slices.SortedFunc(maps.Values(rows), func(a, b kernelRow) int { return strings.Compare(a.name, b.name) }))
	if len(rows) != 63 || !strings.Contains(string(page), table) {
		t.Errorf("%d kernels are kept, and README.md does not have:\n%s", len(rows), table)
	}
}

// TestCompared: what is not found counts as more than all that were tried.
func TestCompared(t *testing.T) {
	var out strings.Builder
	tables := []*kernelTable{
		{[]string{"B", "A"}, map[string]*kernel{"A": {at: []int{8, 2, 4}}, "B": {at: []int{1, 1, 1}}}},
		{[]string{"B", "A"}, map[string]*kernel{"A": {at: []int{0, 7, 0}}}},
	}
	printCompared(&out, "kernels", "each", compareFlags{[]string{"random", "urw"}, 9, 3}, tables)
	for _, want := range []string{"A                               4/8        >9/>9\n", "B                               1/1          -/-\n",
		"geometric mean                  2.0          8.9\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// TestComparedCases: the schedules of a type's programs count together, and what found nothing counts as one more.
func TestComparedCases(t *testing.T) {
	table := &kernelTable{of: map[string]*kernel{}}
	for _, r := range []caseResult{
		{name: "TestA", schedule: "7"},
		{name: "TestB", program: "3", schedule: "4"},
		{name: "TestB", passed: true, output: "no difference in 30 programs, 99 schedules (0 programs whole"},
	} {
		table.addCase(r, 10)
	}
	var out strings.Builder
	printCompared(&out, "cases", "of each program", compareFlags{[]string{"urw"}, 10, 1}, []*kernelTable{table})
	for _, want := range []string{"at most 10 schedules of each program\n", "A                               7/7\n",
		"B                           >99/>99\n", "mean                 25.6\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

// TestStrategyChosen: of the strategies that make strategies compares, the one with which mutants are hunted takes the
// fewest schedules, and half of what it takes if no programs come first.
func TestStrategyChosen(t *testing.T) {
	kept, err := os.ReadFile("sim/testdata/strategies.txt")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(kept)) {
		f := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "verdict"):
			names = f[2 : len(f)-1]
		case strings.HasPrefix(line, "geometric mean of the killed"):
			means := map[string]float64{}
			for i, name := range names {
				means[name], _ = strconv.ParseFloat(f[5+i], 64)
			}
			if n := means[hunt.InTurn]; n < 2*means["portfolio"] {
				t.Errorf("programs in turn take %.1f schedules, and those chosen %.1f", n, means["portfolio"])
			}
			for name, mean := range means {
				if g := means["portfolio"]; g == 0 || mean < g {
					t.Errorf("%s takes %.1f schedules, and portfolio %.1f", name, mean, g)
				}
			}
			return
		}
	}
	t.Error("no means are kept")
}

// TestGoker: kernels that need time, a lock, a select and an unfair schedule, found where the kept run found them; and
// none.
func TestGoker(t *testing.T) {
	isLong(t)
	r := runCommand(t, "goker", "--seeds", "2", "--schedules", "20", "--run", "Etcd7492|Grpc3017|Istio18454|Cockroach1055|Serving2137|Kubernetes58107")
	rows := kernelRows(r.out)
	if r.status != 0 || len(rows) != 6 || strings.Contains(r.out, "spin") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.errout)
	}
	kept, err := os.ReadFile("sim/testdata/goker.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range rows {
		all := strings.Fields(kernelRows(string(kept))[name].seeds)
		for seed, at := range strings.Fields(row.seeds) { // 0 in as few schedules as these
			if seed >= len(all) || at != "0" && at != all[seed] {
				t.Errorf("%s is found in schedules %s, and sim/testdata/goker.txt says %s", name, row.seeds, all)
			}
		}
	}
	if err := runGoker(t.Context(), t.TempDir()+"/none", gokerFlags{}, nil, nil); err == nil ||
		!strings.Contains(err.Error(), "has no kernels") {
		t.Error(err)
	}
}
