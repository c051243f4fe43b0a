package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"

	"batchlab/impls"
	"batchlab/stress"
	"batchlab/stress/gate"
)

// stress runs the stress stage, in the race detector's build of this command if there
// is one, and shows its table.
func (l *labRun) stress(ctx context.Context) (gate.Record, error) {
	r := recordOf(gate.Stress)
	summary, err := l.runStress(ctx)
	if err != nil {
		return r, err
	}
	r.Race, r.Seed = summary.Race, summary.Seed
	cells, items := map[string]int{}, map[string]int{}
	known, broken := map[string]int{}, map[string]bool{}
	for _, row := range summary.Rows {
		title := string(row.Kind) + "/" + row.Subject
		cells[title]++
		items[title] += row.Items
		r.Covered["cells"]++
		r.Covered["items"] += row.Items
		for _, b := range row.Known {
			known[b.What+" in "+title] += b.Count
		}
		for _, b := range row.Breaches {
			broken[title] = true
			r.Found = append(r.Found, fmt.Sprintf("%s in %s, scenario %s: %s", b.What, title, row.Scenario, b.Detail))
		}
	}
	for title, n := range cells {
		r.Subjects[title] = fmt.Sprintf("no violation in %d stress cells, %d items", n, items[title])
		if broken[title] {
			r.Subjects[title] = "broken under stress"
		}
	}
	for _, what := range slices.Sorted(maps.Keys(known)) {
		r.Known = append(r.Known, fmt.Sprintf("%s: %d times under stress", what, known[what]))
	}
	detector := "without the race detector"
	if summary.Race {
		detector = "under the race detector"
	}
	l.page.line("stress", "%d cells, %d items, %s and goleak, %d breaches", r.Covered["cells"], r.Covered["items"],
		detector, len(r.Found))
	for _, k := range r.Known {
		l.page.line("", "known: %s", k)
	}
	return r, nil
}

func (l *labRun) runStress(ctx context.Context) (stress.Summary, error) {
	var s stress.Summary
	if l.f.raceBinary == "" {
		return stress.Run(ctx, stress.Options{Items: l.f.items, Subjects: impls.All(), Known: stress.Known(), Seed: 1})
	}
	dir, err := os.MkdirTemp("", "batchlab-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "summary.json")
	cmd := exec.CommandContext(ctx, l.f.raceBinary, "stress", "--items", strconv.Itoa(l.f.items), "--json", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	var table bytes.Buffer
	cmd.Stdout, cmd.Stderr = &table, l.err
	err = cmd.Run()
	if err != nil { // else the page says it all
		io.Copy(l.out, &table)
	}
	if err != nil && cmd.ProcessState.ExitCode() != statusFound {
		return s, fmt.Errorf("%s: %w", l.f.raceBinary, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}
