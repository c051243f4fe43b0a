package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"batchlab/impls"
	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// evidenceOf writes evidence of this source, or of what spoil makes of it.
func evidenceOf(t *testing.T, spoil func(*gate.Evidence)) string {
	t.Helper()
	source, err := gate.SourceDigest(".")
	if err != nil {
		t.Fatal(err)
	}
	e := gate.New(source)
	for _, s := range gate.Stages {
		r := gate.Record{Stage: s, Race: s == gate.Stress, Covered: map[string]int{}, Subjects: map[string]string{}}
		for _, row := range impls.All() {
			r.Subjects[string(row.Kind)+"/"+row.Name] = "no violation"
		}
		e.Add(r)
	}
	spoil(e)
	file := filepath.Join(t.TempDir(), "evidence.json")
	if err := e.Write(file); err != nil {
		t.Fatal(err)
	}
	return file
}

func asItIs(*gate.Evidence) {}

func TestBenchRefusesWithoutEvidence(t *testing.T) {
	edited := evidenceOf(t, func(e *gate.Evidence) { e.Records[1].Found = []string{"D2-one-winner"} })
	text, err := os.ReadFile(edited)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(edited, bytes.Replace(text, []byte("D2-one-winner"), nil, 1), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, want string }{
		{"none", filepath.Join(t.TempDir(), "none.json"), "make lab writes it"},
		{"stale", evidenceOf(t, func(e *gate.Evidence) { e.Source = "0123456789abcdef" }), "it is of source 0123456789ab"},
		{"edited", edited, "edited by hand"},
		{"half", evidenceOf(t, func(e *gate.Evidence) { e.Records = e.Records[:3] }), "no fuzz, no stress"},
		{"a find", evidenceOf(t, func(e *gate.Evidence) { e.Records[1].Found = []string{"D2-one-winner"} }),
			"campaign found D2-one-winner"},
	} {
		out := filepath.Join(t.TempDir(), "bench.txt")
		r := runCommand(t, "bench", "--evidence", c.file, "--out", out)
		if r.status != statusError || strings.Count(r.errout, "\n") != 1 || !strings.Contains(r.errout, c.want) ||
			r.out != "" {
			t.Errorf("%s: status %d, %q, %q; want a line with %q", c.name, r.status, r.errout, r.out, c.want)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: samples were written", c.name)
		}
	}
}

// benchArgs measures one pair quickly.
func benchArgs(t *testing.T, out string, more ...string) []string {
	return append([]string{"bench", "--evidence", evidenceOf(t, asItIs), "--scenario", "Batcher/worker/size=10",
		"--impl", "direct", "--time", "1ms", "--seed", "7", "--out", out}, more...)
}

func TestBenchMeasuresAndCompares(t *testing.T) {
	skipIfShort(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "bench.txt")
	r := runCommand(t, benchArgs(t, out, "--profile", filepath.Join(dir, "profiles"))...)
	if r.status != 0 || !strings.HasPrefix(r.out, "seed 7, source ") {
		t.Fatalf("status %d: %s%s", r.status, r.out, r.errout)
	}
	for _, want := range []string{
		"BenchmarkBatcher/impl=baseline/scenario=worker/size=10", "10 samples", "direct: Improvement: ", "% faster",
		"Scoreboard", "processor time (Batcher_impl-direct_scenario-worker_size-10.cpu.pprof)",
		"bytes allocated", "samples: " + out,
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	samples, err := bench.ReadFile(out)
	if err != nil || samples.Get("status") != "complete" || len(samples.Rows) != 2 {
		t.Fatalf("kept %+v, %v", samples, err)
	}

	// The same machine, but a run in which everything took a tenth of the time.
	for _, row := range samples.Rows {
		for _, s := range row.Samples {
			for i := range s.Values {
				s.Values[i].Value /= 10
			}
		}
	}
	faster := filepath.Join(dir, "faster.txt")
	if err := gate.WriteSamples(faster, samples); err != nil {
		t.Fatal(err)
	}
	r = runCommand(t, benchArgs(t, out, "--base", faster)...)
	if r.status != statusFound || !strings.Contains(r.out, "worse    direct in Batcher/worker/size=10: ns/op") ||
		!strings.Contains(r.out, "rows are worse than they were") {
		t.Errorf("beside a faster run: status %d\n%s%s", r.status, r.out, r.errout)
	}
	samples.Set("cpu", "another")
	if err := gate.WriteSamples(faster, samples); err != nil {
		t.Fatal(err)
	}
	r = runCommand(t, benchArgs(t, out, "--base", faster)...)
	if r.status != statusError || !strings.Contains(r.errout, "of another machine") {
		t.Errorf("beside another machine: status %d, %s", r.status, r.errout)
	}
}

func TestBenchBadInput(t *testing.T) {
	out := filepath.Join(t.TempDir(), "bench.txt")
	for want, args := range map[string][]string{
		`unknown scenario "busty"`:        {"--scenario", "busty"},
		`unknown implementation "nobody"`: {"--impl", "nobody"},
		"samples is 0":                    {"--samples", "0"},
		"limit is -1s":                    {"--limit", "-1s"},
		"--peers: ":                       {"--peers", "no/such/program"},
		"no/such/base.txt":                {"--base", "no/such/base.txt"},
		"hello.txt: no samples in it":     {"--base", writeFile(t, "hello.txt", "hello\n")},
		"did not end within 1ms":          {"--limit", "1ms"},
		"not a directory":                 {"--profile", filepath.Join(writeFile(t, "file", ""), "below")},
	} {
		r := runCommand(t, benchArgs(t, out, args...)...)
		if r.status != statusError || strings.Count(strings.TrimSpace(r.errout), "\n") != 0 ||
			!strings.Contains(r.errout, want) {
			t.Errorf("%v: status %d, %q; want a line with %q", args, r.status, r.errout, want)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("samples were written")
	}
}

// TestInterruptedBenchKeepsItsSamples: and the file of the run before stays what it was.
func TestInterruptedBenchKeepsItsSamples(t *testing.T) {
	skipIfShort(t)
	out := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(out, []byte("of the run before"), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := command(t.Context(), benchArgs(t, out, "--samples", "1000", "--time", "100ms")...)
	cmd.Env = append(cmd.Env, commandEnv+"="+atOnce)
	cmd.Stdout, cmd.Stderr = &stdout, &syncWriter{w: &stderr, wrote: make(chan bool, 1000)}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-cmd.Stderr.(*syncWriter).wrote // the first line of progress: something was measured
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	kept := strings.TrimSuffix(out, ".txt") + ".incomplete.txt"
	if got := cmd.ProcessState.ExitCode(); got != statusError ||
		!strings.Contains(stderr.String(), "interrupted; "+kept+" holds what was measured before, and is incomplete") {
		t.Errorf("status %d, %s", got, &stderr)
	}
	samples, err := bench.ReadFile(kept)
	if err != nil || !strings.HasPrefix(samples.Get("status"), "incomplete: interrupted") || len(samples.Rows) == 0 ||
		len(samples.Rows[0].Values(bench.NsPerOp)) == 0 {
		t.Errorf("kept %+v, %v", samples, err)
	}
	if text, err := os.ReadFile(out); err != nil || string(text) != "of the run before" {
		t.Errorf("the run before has become %q, %v", text, err)
	}
}

// syncWriter says when something was written.
type syncWriter struct {
	w     *bytes.Buffer
	wrote chan bool
}

func (s *syncWriter) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	select {
	case s.wrote <- true:
	case <-time.After(0):
	}
	return n, err
}

func TestReportWritesBothPages(t *testing.T) {
	dir := t.TempDir()
	evidence, samples := evidenceOf(t, asItIs), filepath.Join(dir, "bench.txt")
	e, err := gate.Read(evidence)
	if err != nil {
		t.Fatal(err)
	}
	const row = "BenchmarkMap/impl=baseline/scenario=get-miss/buckets=1/keys=1000-2 10 50 ns/op\n"
	text := "evidence: " + e.Digest + "\nstatus: complete\n\n" + strings.Repeat(row, 10)
	if err := os.WriteFile(samples, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	html, markdown := filepath.Join(dir, "new", "report.html"), filepath.Join(dir, "report.md")
	args := []string{"report", "--samples", samples, "--evidence", evidence, "--html", html, "--markdown", markdown}
	r := runCommand(t, args...)
	if r.status != 0 || r.out != html+"\n"+markdown+"\n" {
		t.Fatalf("status %d, %q, %s", r.status, r.out, r.errout)
	}
	for _, file := range []string{html, markdown} {
		if page, err := os.ReadFile(file); err != nil || !bytes.Contains(page, []byte("not shown")) {
			t.Errorf("%s: %v, %d bytes", file, err, len(page))
		}
	}
	for digest, linked := range map[string]bool{"of another": false, e.Digest[:12]: true} {
		lab := filepath.Join(filepath.Dir(html), "lab.html")
		if err := os.WriteFile(lab, []byte("<code>"+digest+"</code>"), 0o666); err != nil {
			t.Fatal(err)
		}
		runCommand(t, args...)
		page, err := os.ReadFile(html)
		if is := bytes.Contains(page, []byte(`href="lab.html"`)); err != nil || is != linked {
			t.Errorf("beside the lab's page with %s it links there: %v, %v", digest, is, err)
		}
	}
	if r := runCommand(t, append(args, "--scoreboard")...); r.status != 0 || !strings.HasPrefix(r.out, "|") {
		t.Errorf("scoreboard: status %d, %q", r.status, r.out)
	}
	for want, more := range map[string][]string{
		"was measured under evidence": {"--evidence", evidenceOf(t, func(e *gate.Evidence) { e.Source = "other" })},
		"no/evidence.json":            {"--evidence", "no/evidence.json"},
		"no samples in it":            {"--samples", writeFile(t, "hello.txt", "hello\n")},
		"not a directory":             {"--html", filepath.Join(samples, "report.html")},
	} {
		if r := runCommand(t, append(args, more...)...); r.status != statusError || strings.Count(r.errout, "\n") != 1 ||
			!strings.Contains(r.errout, want) {
			t.Errorf("%v: status %d, %q; want a line with %q", more, r.status, r.errout, want)
		}
	}
}

// TestBenchMeasuresTheLimit: beside whoever is asked for, as the baseline is.
func TestBenchMeasuresTheLimit(t *testing.T) {
	out := filepath.Join(t.TempDir(), "bench.txt")
	r := runCommand(t, "bench", "--evidence", evidenceOf(t, asItIs), "--scenario", "Batcher/put/producers=1", "--impl", "direct",
		"--samples", "2", "--time", "1ms", "--out", out)
	samples, err := bench.ReadFile(out)
	if r.status != 0 || err != nil || len(samples.Rows) != 3 || samples.Row(bench.LockedAppend, "Batcher/put/producers=1") == nil {
		t.Fatalf("status %d, %v, kept %+v\n%s%s", r.status, err, samples, r.out, r.errout)
	}
	if !strings.Contains(r.out, " times the limit, locked-append\n") {
		t.Errorf("direct is not shown beside its limit:\n%s", r.out)
	}
}
