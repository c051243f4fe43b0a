package report

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

var pageDir = flag.String("page", "", "write the pages of made-up samples into this directory, to be looked at")

// speed is how long an implementation takes, roughly, beside the baseline. Its figures
// are made up.
var speed = map[string]float64{
	"baseline": 1, "optimized": 0.72, "pooled": 0.8, "direct": 0.08, "direct-pooled": 0.075,
	"bundler": 1.3, "go-resiliency": 1.1, "otter": 0.4, "ttlcache": 2.1, "golang-lru": 0.3,
}

// synthetic makes up samples of every scenario, as a file of benchmarks has them.
func synthetic(t testing.TB) *bench.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	text.WriteString("goos: linux\ngoarch: amd64\ncpu: Some Processor @ 2.00GHz\ncores: 2\ngo: go1.26.8\n" +
		"date: 2026-01-02\nsource: abc\nsamples: 12\nseed: 7\nstatus: complete\n\n")
	for _, sc := range bench.Scenarios() {
		list := []string{"baseline", "optimized", "direct"}
		kind, _, _ := strings.Cut(sc.ID(), "/")
		if kind == "Batcher" {
			list = []string{"baseline", "optimized", "pooled", "direct", "direct-pooled"}
		}
		if !sc.Ours {
			list = append(list, gate.Peers[kind]...)
		}
		base := 50 * math.Pow(10, 2*rng.Float64())
		for _, impl := range list {
			center := base * speed[impl] * (0.7 + 0.6*rng.Float64())
			if sc.Paced {
				center = base * (0.9 + 0.2*rng.Float64())
			}
			for range 12 {
				fmt.Fprintf(&text, "Benchmark%s-2 %d %s\n", sc.Row(impl), 1000, made(rng, sc, center))
			}
		}
	}
	table, err := bench.Read(strings.NewReader(text.String()), "synthetic")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// made is the figures of one sample around a center.
func made(rng *rand.Rand, sc bench.Scenario, center float64) string {
	v := center * (1 + 0.04*rng.NormFloat64())
	text := fmt.Sprintf("%.1f ns/op %.1f cpu-ns/op %.0f B/op %.3f allocs/op %.0f items/s", v, v*1.4, v/3, v/400, 1e9/v)
	if strings.HasPrefix(sc.Name, "fill") {
		text += fmt.Sprintf(" %.0f live-B/key", 40+v/100)
	}
	if sc.Paced || sc.Name == "heavy" || sc.Name == "high-concurrency" || sc.Name == "duplicates" {
		at := 20_000 + 100*v
		for _, q := range bench.Quantiles {
			text += fmt.Sprintf(" %.0f %s", at, q.Unit)
			at *= 1.2 + 2*rng.Float64()
		}
	}
	return text
}

// evidence is what a passed lab leaves.
func evidence() *gate.Evidence {
	e := &gate.Evidence{Source: "abc", Go: "go1.26.8"}
	for i, s := range gate.Stages {
		verdicts := map[string]string{}
		for _, subject := range impls.All() {
			verdicts[string(subject.Kind)+"/"+subject.Name] = fmt.Sprintf("no violation in %d programs", 1000*(i+1))
		}
		e.Add(gate.Record{
			Stage: s, Seed: uint64(i), Race: s == gate.Stress, Covered: map[string]int{"programs": 1000 * (i + 1), "operations": 40000 * (i + 1)},
			Subjects: verdicts,
			Known:    []string{"G2-progress in batcher/baseline, corpora/batcher/foreground-handler-puts-into-its-own-full-queue.seed"},
		})
	}
	return e
}

// written returns both forms of a page.
func written(t testing.TB, table *bench.Table, e *gate.Evidence) (page, text string) {
	t.Helper()
	p := New(table, e, gate.Judge(table, e))
	var h, m bytes.Buffer
	if err := p.HTML(&h); err != nil {
		t.Fatal(err)
	}
	if err := p.Markdown(&m); err != nil {
		t.Fatal(err)
	}
	return h.String(), m.String()
}

// TestPagesToLookAt writes a complete and an incomplete page, for people where it is told
// to.
func TestPagesToLookAt(t *testing.T) {
	dir := *pageDir
	if dir == "" {
		dir = t.TempDir()
	}
	half := synthetic(t)
	half.Set("status", "incomplete: Batcher/impl=pooled/scenario=heavy: did not end within 1m0s")
	half.Rows = slices.DeleteFunc(half.Rows, func(r *bench.Row) bool { return r.Impl == "pooled" || r.ID == "Batcher/light" && r.Impl == "baseline" })
	for name, c := range map[string]struct {
		table *bench.Table
		e     *gate.Evidence
	}{"complete": {synthetic(t), evidence()}, "incomplete": {half, nil}} {
		page, text := written(t, c.table, c.e)
		for file, content := range map[string]string{name + ".html": page, name + ".md": text} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}
