package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"batchlab/sim/lab"
	"batchlab/sim/view/overview"
	"batchlab/sim/view/page"
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
	if err := page.Write(mutantsFile, []byte("abc\nmutants, <seed> 1\n")); err != nil {
		t.Fatal(err)
	}
	l.met.Add(lab.Met{first: {l.lab.Subjects[0].Kind.Ops[1].Name: {1: 12_345}}})
	if err := l.draw(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(labFile)
	for _, want := range []string{
		"New: 1 not as expected", "<li>replay: &lt;D1&gt; in " + second, "3 seeds", `<td class="good">as expected in 3 seeds</td>`,
		`<td class="bad">breaks &lt;D1&gt;</td>`, `<td class="known">no violation but`, `<td class="none">not tried</td>`, "evidence.json",
		`tabindex="0">mutants, &lt;seed&gt; 1</pre>`, `<td class="h0">0</td><td class="h5">12k</td>`,
	} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s, %v", want, text, err)
		}
	}
}

// TestLabPageOrNothing: where the page cannot be written, that is an error, and there is none, or the one of before.
func TestLabPageOrNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	l := &labRun{lab: &lab.Lab{Subjects: implementations()}, evidence: gate.New("abc"), met: lab.Met{}}
	if err := os.WriteFile(page.Folder, []byte("a file"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := l.draw(t.Context()); err == nil || !strings.Contains(err.Error(), page.Folder) {
		t.Errorf("where the folder is a file: %v", err)
	}
	if err := os.Remove(page.Folder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(labFile, "in the way"), 0o777); err != nil {
		t.Fatal(err)
	}
	err := l.draw(t.Context())
	left, _ := os.ReadDir(page.Folder)
	if err == nil || !strings.Contains(err.Error(), labFile+" cannot be written") || len(left) != 2 { // .gitignore as well
		t.Errorf("where the page is a folder: %v, and there are %v", err, left)
	}
}

// TestKeptMutants: a table is shown of the source that it is of, and of no other.
func TestKeptMutants(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"impls", "sim/kind"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	for i, module := range []string{"module a", "module b"} {
		for _, file := range []string{"go.mod", "go.sum"} {
			if err := os.WriteFile(file, []byte(module), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		source, err := gate.SourceDigest(".")
		if err != nil {
			t.Fatal(err)
		}
		if is := keptMutants(source); is != "" {
			t.Errorf("%d: before anything was kept of it there is %q", i, is)
		}
		if err := keepMutants(root, []byte("table\n")); err != nil || keptMutants(source) != "table" {
			t.Errorf("%d: kept is %q, %v", i, keptMutants(source), err)
		}
	}
}

// TestReach: what seeds reach does not depend on how many do it; a point that is reached is one that there is.
func TestReach(t *testing.T) {
	skipIfShort(t)
	r := reaching{Seed: 1, Schedules: 8}
	for _, file := range []string{"litmus/put-against-close", "litmus/two-sets-of-one-key", "batcher/close-twice"} {
		text, err := os.ReadFile("corpora/" + file + ".seed")
		if err != nil {
			t.Fatal(err)
		}
		r.Texts = append(r.Texts, string(text))
	}
	one, err := r.split(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	two, err := r.split(t.Context(), 2)
	if err != nil || !reflect.DeepEqual(one, two) || one.Runs < 9 {
		t.Errorf("by one %v, by two %v, %v", one, two, err)
	}
	s, err := reachable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := overview.NewReach(s, one.Points, nil)
	files := map[string]bool{"clock.go": true} // of the mocked clock
	for path := range s.Points {
		files[filepath.Base(path)] = true
	}
	reached := 0
	for site := range one.Points {
		base, _, _ := strings.Cut(site, ":")
		if base != "clock.go" {
			reached++
		}
		if !files[base] {
			t.Errorf("%s is in none of the sources", site)
		}
	}
	if known.Reached != reached || known.Reached == 0 || known.Reached == known.Points {
		t.Errorf("%d of %d points are reached, %d of them known", reached, known.Points, known.Reached)
	}
	r.Texts[1] = "no seed"
	if _, err := r.split(t.Context(), 2); err == nil || !strings.Contains(err.Error(), "what schedules reach: ") {
		t.Errorf("of what is no seed: %v", err)
	}
}
