package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
	"batchlab/stress/report"
)

// reportFlags is what the report command can be told.
type reportFlags struct {
	samples, evidence string
	html, markdown    string
	scoreboard        bool
}

func reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write the page about samples: scoreboard, charts, tables, recommendations",
		Long: "Report reads the samples that `batchlab bench` took and the evidence under which it took them, and writes\n" +
			"a page that needs nothing else, as HTML and as Markdown.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(f, cmd.OutOrStdout()) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.samples, "samples", ".batchlab/bench.txt", "the samples")
	fl.StringVar(&f.evidence, "evidence", ".batchlab/evidence.json", "the evidence")
	fl.StringVar(&f.html, "html", ".batchlab/report.html", "where the page goes")
	fl.StringVar(&f.markdown, "markdown", ".batchlab/report.md", "where the page goes as Markdown")
	fl.BoolVar(&f.scoreboard, "scoreboard", false, "print the scoreboard as Markdown, and write nothing")
	return cmd
}

func runReport(f reportFlags, out io.Writer) error {
	samples, err := bench.ReadFile(f.samples)
	if err != nil {
		return err
	}
	evidence, err := evidenceFor(samples, f.samples, f.evidence)
	if err != nil {
		return err
	}
	findings := gate.Judge(samples, evidence)
	if f.scoreboard {
		return report.Scoreboard(out, findings)
	}
	page := report.New(samples, evidence, findings)
	lab, err := os.ReadFile(filepath.Join(filepath.Dir(f.html), filepath.Base(labFile)))
	if err == nil && bytes.Contains(lab, []byte(shortDigest(evidence))) { // it is of this evidence
		page.Beside()
	}
	for _, w := range []struct {
		file  string
		write func(io.Writer) error
	}{{f.html, page.HTML}, {f.markdown, page.Markdown}} {
		var text bytes.Buffer
		if err := w.write(&text); err != nil {
			return err
		}
		if err := gate.WriteFile(w.file, text.Bytes()); err != nil {
			return err
		}
		fmt.Fprintln(out, w.file)
	}
	return nil
}

// shortDigest is an evidence's digest as the page of the lab shows it.
func shortDigest(e *gate.Evidence) string { return fmt.Sprintf("%.12s", e.Digest) }

// evidenceFor reads the evidence under which samples were taken, and refuses any other.
func evidenceFor(samples *bench.Table, samplesFile, file string) (*gate.Evidence, error) {
	e, err := gate.Read(file)
	if err != nil {
		return nil, err
	}
	if was := samples.Get("evidence"); was != e.Digest {
		return nil, fmt.Errorf("%s was measured under evidence %.12s, and %s is %.12s: run make bench again", samplesFile,
			was, file, e.Digest)
	}
	return e, nil
}
