package main

import (
	"os"
	"strings"
	"testing"

	"batchlab/sim/lab"
	"batchlab/stress/gate"
)

// TestLabPage: what the lab found is on its page: what is new, what is known, and of whom nothing is known.
func TestLabPage(t *testing.T) {
	t.Chdir(t.TempDir())
	l := &labRun{lab: &lab.Lab{Subjects: implementations()}, evidence: gate.New("abc"),
		f: labFlags{evidence: "evidence.json"}, met: lab.Met{}}
	l.page.line("replay", "%d seeds", 3)
	first, second, third := l.lab.Subjects[0].Title(), l.lab.Subjects[1].Title(), l.lab.Subjects[2].Title()
	l.evidence.Add(gate.Record{Stage: gate.Replay, Covered: map[string]int{"seeds": 3}, Subjects: map[string]string{
		first: "as expected in 3 seeds", second: "breaks <D1>", third: "no violation but the specification's D2"}, Found: []string{"<D1> in " + second}})
	l.met.Add(lab.Met{first: {l.lab.Subjects[0].Kind.Ops[1].Name: {1: 12_345}}})
	if err := l.draw(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(labFile)
	for _, want := range []string{
		"New: 1 not as expected", "<li>replay: &lt;D1&gt; in " + second, "3 seeds", `<td class="good">as expected in 3 seeds</td>`,
		`<td class="bad">breaks &lt;D1&gt;</td>`, `<td class="known">no violation but`, `<td class="none">not tried</td>`, "evidence.json",
		`<td class="h0">0</td><td class="h5">12k</td>`,
	} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s, %v", want, text, err)
		}
	}
}
