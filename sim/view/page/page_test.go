package page

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/view/timeline"
)

// find is a run with so many rows, of which one goroutine is stopped at some.
func find(rows int, stops ...int) *timeline.Timeline {
	r := timeline.Run{Name: "q", Columns: []timeline.Column{{Name: "a"}, {Name: "b"}}, Open: rows - 1, Note: "want 2",
		Objects: []timeline.Object{{Name: "q.mu", Sort: "lock"}}}
	for i := range rows {
		row := timeline.Row{Kind: timeline.Point, Text: fmt.Sprint("lock ", i), Site: "q.go:4", Objects: []int{0}}
		if slices.Contains(stops, i) {
			row = timeline.Row{Kind: timeline.Switch, Site: "q.go:4", To: 1, Holds: []int{0}}
		}
		r.Rows = append(r.Rows, row)
	}
	return &timeline.Timeline{Title: "TestQueue", Verdict: []string{"it is wrong"}, Runs: []timeline.Run{r},
		Sources: []timeline.Source{{File: "q.go", Lines: []timeline.Line{{N: 3, Text: "func f() {"}, {N: 4, Text: "\tq.mu.Lock()", Site: "q.go:4"}}}}}
}

// TestHTML: what is in a page, as it is read without a script: each switch has its line, lit.
func TestHTML(t *testing.T) {
	text, err := HTML(find(4, 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<title>TestQueue</title>", `<p class="verdict">it is wrong</p>`, `<a class="site" href="#s0-4">q.go:4</a>`,
		`<b class="switch">b goes on</b> <small>holds q.mu</small>`, `<span class="n lit"><i>4</i><code>` + "\tq.mu.Lock()",
		`<strong>want 2</strong>`, `id="s0-4"`,
		`Before <a class="site" href="#s0-4">q.go:4</a> <code>q.mu.Lock()</code>, <b>a</b> is stopped, and <b>b</b> goes on`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "ZgotmplZ") {
		t.Error("something was taken out by the template")
	}
	linked := find(4)
	linked.Verdict[0], linked.Detail = "not q.go:40, locked at q.go:4, and q.go:40", "x\nin f at /a/q.go:4 <b>"
	if text, err = HTML(linked); err != nil || !strings.Contains(string(text), `locked at <a href="#s0-4">q.go:4</a>, and q.go:40</p>`) ||
		!strings.Contains(string(text), "x\nin f at /a/<a href=\"#s0-4\">q.go:4</a> &lt;b&gt;</pre>") {
		t.Errorf("sites in texts are no links: %v\n%.3000s", err, text)
	}
	linked.Sources[0].Lines[1].Site, linked.Detail = "a/q.go:4", "at a/q.go:4, /x/a/q.go:4, b/q.go:4"
	const link = `<a href="#s0-4">a/<wbr>q.go:4</a>`
	if text, err = HTML(linked); err != nil || !strings.Contains(string(text), ">at "+link+", /x/"+link+", b/q.go:4</pre>") {
		t.Errorf("places in one of two files of a name are no links: %v\n%.3000s", err, text)
	}
	for name, head := range map[string]string{"original": ">original</th>", "locked": ">locked, the original</th>"} {
		two := find(4)
		two.Runs = append(two.Runs, two.Runs[0])
		two.Runs[0].Name = name
		if text, err = HTML(two); err != nil || !strings.Contains(string(text), head) {
			t.Errorf("no %s: %v", head, err)
		}
	}
	over := find(20, 2, 15)
	over.Last().Open, over.Last().Over, over.Last().Note = 9, true, "after this the test fails: q.go:4: oh"
	if text, err = HTML(over); err != nil || !strings.Contains(string(text), ">… 10 rows after the failure</button>") ||
		!strings.Contains(string(text), `fails: <a href="#s0-4">q.go:4</a>: oh</strong></div>`) ||
		strings.Count(string(text), "is stopped, and") != 1 {
		t.Errorf("what comes after a failure is not folded: %v\n%.3000s", err, text)
	}
	quiet := find(4)
	quiet.Sound, quiet.Runs[0].Open = true, -1
	if text, err = HTML(quiet); err != nil || strings.Contains(string(text), `<ol class="short">`) || !strings.Contains(string(text), "verdict sound") {
		t.Errorf("a sound run is shown as a find: %v", err)
	}
}

// TestWaitsAlike: who waits for the same at one line is named together, and of many not all.
func TestWaitsAlike(t *testing.T) {
	f := find(9)
	r := f.Last()
	for i := range 7 {
		row := &r.Rows[i]
		row.Kind, row.Text, row.Note = timeline.Waits, "lock: waits", "waits for ever"
		if i == 6 {
			row.Site = "q.go:5"
		}
		r.Waits = append(r.Waits, timeline.Wait{Who: fmt.Sprint("g", i), Row: i, Last: []string{"it could be unlocked"}})
	}
	text, err := HTML(f)
	for _, want := range []string{"<b>g0, g1, g2, 3 more</b>: ", "<b>g6</b>: "} {
		if n := strings.Count(string(text), want); err != nil || n != 1 {
			t.Errorf("%d times %s: %v\n%.3000s", n, want, err, text)
		}
	}
	if n := strings.Count(string(text), "<li>it could be unlocked</li>"); n != 2 {
		t.Errorf("%d are told how it could end", n)
	}
}

// TestSizes: a page of a find is small, and that of a long run holds all of it, most of that folded.
func TestSizes(t *testing.T) {
	for _, c := range []struct{ rows, most int }{{300, 300_000}, {1000, 500_000}, {50_000, 4_000_000}} {
		f := find(c.rows, c.rows/3, c.rows/2)
		text, err := HTML(f)
		if err != nil || len(text) > c.most {
			t.Errorf("%d rows: %d bytes, at most %d, %v", c.rows, len(text), c.most, err)
		}
		if n := strings.Count(string(text), "<tr id="); n > mostShown || n < min(c.rows, 80) {
			t.Errorf("%d rows: %d are shown", c.rows, n)
		}
		if folded := strings.Contains(string(text), `class="left"`); folded != (c.rows > mostShown) {
			t.Errorf("%d rows: folded %v", c.rows, folded)
		}
	}
}

// TestParts: whatever a run is, all lines are in some part, and not too many are shown.
func TestParts(t *testing.T) {
	for _, kind := range []timeline.Kind{timeline.Point, timeline.Switch, timeline.Call} {
		for _, n := range []int{0, 1, mostShown, mostShown + 1, 5000} {
			r := timeline.Run{}
			for i := range n {
				r.Rows = append(r.Rows, timeline.Row{Kind: timeline.Point, Text: fmt.Sprint("lock ", i)})
				if i%2 == 0 {
					r.Rows[i].Kind = kind
				}
			}
			runs := []timeline.Run{r}
			at, shown := 0, 0
			for _, p := range parts(runs, linesOf(runs), n/2) {
				if p.From != at || p.To < p.From {
					t.Errorf("%s, %d: a part from %d to %d after %d", kind, n, p.From, p.To, at)
				}
				if at = p.To; p.Shown {
					shown += p.To - p.From
					if n > mostShown && p.From > n/2 && p.To == n && p.To-p.From < 20 {
						t.Errorf("%s, %d: the end is folded from %d on", kind, n, p.From)
					}
				}
			}
			if at != n || shown > mostShown || n <= mostShown && shown != n {
				t.Errorf("%s, %d: parts end at %d, %d lines are shown", kind, n, at, shown)
			}
		}
	}
}

// TestRounds: of what comes again and again the first and the last time are shown, unless somebody is stopped there or
// it is what is wrong.
func TestRounds(t *testing.T) {
	for _, c := range []struct {
		rows string // t: the time, another each time; s: a switch; else what is done
		open int
		want string
	}{
		{"xtabtabtabtabtaby", -1, "xtab[3 rounds]taby"},
		{"xtabtabtabtaby", -1, "xtabtabtabtaby"},
		{"aaaaaa", -1, "aaaaaa"},
		{"aaaaaaaab", -1, "a[6 rounds]ab"},
		{"ababababababcacacacaca", -1, "ab[4 rounds]abca[3 rounds]ca"},
		{"xtastastastastasy", -1, "xtastastastastasy"},
		{"xtabtabtabtabtabstabtabtaby", -1, "xtab[3 rounds]tabstab[2 rounds]y"},
		{"xtabctabctabctabctabcstabctabctabcy", -1, "xtabc[3 rounds]tabcstabc[2 rounds]y"},
		{"xtabctabctabctabctabcscatbcatbcatb", -1, "xtabc[3 rounds]tabcscatbcatbcatb"},
		{"xtabctabctabctabctabcsctabctabctab", -1, "xtabc[3 rounds]tabcsctab[2 rounds]"},
		{"xtabctabstabctabctabcy", -1, "xtabctabstabctabctabcy"},
		{"tabtabtabtabtabtabtab", 16, "tab[3 rounds]tabtabtab"},
		{"xyz!abcdef", 3, "xyz![6 over]"},
		{"xyz!abcde", 3, "xyz!abcde"},
	} {
		r := timeline.Run{Columns: make([]timeline.Column, 2)}
		r.Over = strings.Contains(c.rows, "!")
		for i, letter := range c.rows {
			row := timeline.Row{Kind: timeline.Point, Text: string(letter), Value: fmt.Sprint("was ", i)}
			switch letter {
			case 't':
				row = timeline.Row{Kind: timeline.Elapses, Column: -1, Text: fmt.Sprintf("time is +%ds", i)}
			case 's':
				row = timeline.Row{Kind: timeline.Switch, To: 1}
			}
			r.Rows = append(r.Rows, row)
		}
		got, runs := "", []timeline.Run{r}
		for _, p := range parts(runs, linesOf(runs), c.open) {
			if p.Shown {
				got += c.rows[p.From:p.To]
			} else {
				got += map[bool]string{false: fmt.Sprintf("[%d rounds]", p.Rounds), true: fmt.Sprintf("[%d over]", p.To-p.From)}[p.Over]
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.rows, got, c.want)
		}
	}
}

// TestLinesOf: two runs stand beside each other, and what they have in common in one line.
func TestLinesOf(t *testing.T) {
	a, b := timeline.Run{Rows: make([]timeline.Row, 4)}, timeline.Run{Rows: make([]timeline.Row, 5)}
	a.Rows[0].Pair, b.Rows[1].Pair = 2, 1
	a.Rows[3].Pair, b.Rows[3].Pair = 4, 4
	want := "[[-1 0] [0 1] [1 2] [2 -1] [3 3] [-1 4]]"
	if got := fmt.Sprint(linesOf([]timeline.Run{a, b})); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestWrite: a file is there whole or not at all, and what is in the folder of pages is not for version control.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	at := File(dir, "testdata/sim/TestX_1.seed")
	if at != filepath.Join(dir, ".batchlab", "TestX_1.html") {
		t.Errorf("it goes to %s", at)
	}
	if err := Save(at, find(3)); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, Folder, ".gitignore")); err != nil || string(text) != "*\n" {
		t.Errorf("%v: %q", err, text)
	}
	file := filepath.Join(dir, "gone", "x.html")
	if err := Write(file, []byte("x")); err == nil || !strings.HasPrefix(err.Error(), file+" cannot be written: ") || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where there is no folder: %v", err)
	}
	if err := Write(filepath.Join(dir, Folder), []byte("x")); err == nil { // it is a folder
		t.Error("a folder was written over")
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("something is left: %v", list)
	}
}
