package report

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

// TestPageOfTheKeptRun: the run behind the README's scoreboard makes a page that has
// figures as people write them.
func TestPageOfTheKeptRun(t *testing.T) {
	text, err := os.ReadFile("testdata/run/bench.txt")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := bench.Read(bytes.NewReader(text), "bench.txt")
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := gate.Read("testdata/run/evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	if samples.Get("status") != "complete" || samples.Get("evidence") != evidence.Digest {
		t.Error("the samples are incomplete, or of other evidence")
	}
	var page bytes.Buffer
	if err := New(samples, evidence, gate.Judge(samples, evidence)).HTML(&page); err != nil {
		t.Fatal(err)
	}
	if i := strings.Index(page.String(), "0000000"); i >= 0 {
		t.Errorf("a figure is too exact: …%s…", page.String()[i-20:i+20])
	}
}
