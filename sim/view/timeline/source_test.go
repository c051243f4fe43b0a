package timeline

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestClean: what would change the picture of other texts, or has none, stands as its number.
func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb, ж 漢 → …": "a\tb, ж 漢 → …", "<b>&": "<b>&",
		"x\u202ey\u2066z\u200f": "x⟨U+202E⟩y⟨U+2066⟩z⟨U+200F⟩",
		"a\x00b\xffc\x1b[1m":    "a⟨U+0000⟩b⟨U+FFFD⟩c⟨U+001B⟩[1m", "one\ntwo": "one\ntwo",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	long := strings.Repeat("é", 10_000)
	if got := clip(long); got != long[:2*mostColumns]+" … 9760 columns more" {
		t.Errorf("a long line is %q", got)
	}
}

// TestSources: of a file the functions in which somebody was, of a long one the lines around, and a warning where the
// file is not what was run.
func TestSources(t *testing.T) {
	long := "package q\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 100) + "}\n"
	for _, c := range []struct {
		name, text string
		at         []int
		want       string
		warning    string
	}{
		{"a function", source, []int{5}, "3-18!5", ""},
		{"a long one", long, []int{50, 52, 90}, "44-58!50!52 84-96!90", ""},
		{"no function", "package q\n\nvar v = f()\n", []int{3}, "3-3!3", ""},
		{"shorter now", "package q\n", []int{40}, "", "/x/q.go has changed since the test was built: its lines are shown as they are now"},
		{"an empty line now", source + "\n\n", []int{19}, "13-25!19", "/x/q.go has changed since"},
		{"no Go", "\x00<<<\n2\n3\n", []int{2}, "1-4!2", ""},
		{"gone", "", []int{2}, "", "the source cannot be shown: no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSources()
			s.read = func(string) ([]byte, error) {
				if c.text == "" {
					return nil, errors.New("no such file")
				}
				return []byte(c.text), nil
			}
			for _, n := range c.at {
				s.at(fmt.Sprintf("q.go:%d", n), "/x/q.go")
				s.use(fmt.Sprintf("q.go:%d", n))
			}
			var parts []string
			for _, src := range s.list() {
				for _, l := range src.Lines {
					if l.After || len(parts) == 0 {
						parts = append(parts, fmt.Sprint(l.N, "-"))
					}
					p := &parts[len(parts)-1]
					begin, sites, _ := strings.Cut(*p, "!")
					begin, _, _ = strings.Cut(begin, "-")
					if l.Site != "" {
						sites = strings.TrimPrefix(fmt.Sprint(sites, "!", l.N), "!")
					}
					*p = strings.TrimSuffix(fmt.Sprint(begin, "-", l.N, "!", sites), "!")
				}
			}
			if got := strings.Join(parts, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := strings.Join(s.warned, "; "); !strings.HasPrefix(got, c.warning) || (c.warning == "") != (got == "") {
				t.Errorf("warned %q, want %q", got, c.warning)
			}
		})
	}
}

// TestMentioned: a line that a text speaks of is shown, if the file is one of those in which somebody was.
func TestMentioned(t *testing.T) {
	s := fake()
	s.read = func(string) ([]byte, error) { return []byte("package q\n"), nil }
	s.at("other.go:1", "/a/other.go")
	s.at("other.go:2", "/b/other.go")
	s.mentioned("locked at q.go:4 (f q.go:16), then at none.go:1 and other.go:3")
	var got []string
	for _, src := range s.list() {
		for _, l := range src.Lines {
			if l.Site != "" {
				got = append(got, l.Site)
			}
		}
	}
	if text := strings.Join(got, " "); text != "q.go:4 q.go:16" {
		t.Errorf("shown are %s", text)
	}
}

// TestTellApart: of two files of one name as much of the path is said as tells them apart, wherever a place is named.
func TestTellApart(t *testing.T) {
	s := fake()
	s.at("q.go:5", "/elsewhere/q.go")
	s.at("r.go:4", "/somewhere/r.go")
	text := func() string { return "locked at q.go:4, /x/q.go:4, then (q.go:5) and r.go:4" }
	tl := Timeline{Verdict: []string{text()}, Hint: text(), Detail: text(), Runs: []Run{{Mend: text(), Note: text(), Columns: []Column{{Born: text()}},
		Rows: []Row{{Site: text(), By: text(), Note: text()}}, Waits: []Wait{{Site: text(), BySite: text(), Born: text(), Last: []string{text()}}}}},
		Sources: []Source{{Lines: []Line{{Site: text()}}}}}
	for _, at := range []string{"q.go:4", "r.go:4"} {
		s.use(at)
	}
	s.tellApart(&tl)
	for _, got := range tl.placed() {
		if *got != text() {
			t.Errorf("of one file of a name: %s", *got)
		}
	}
	s.use("q.go:5")
	s.tellApart(&tl)
	for _, got := range tl.placed() {
		const want = "locked at somewhere/q.go:4, /x/q.go:4, then (elsewhere/q.go:5) and r.go:4"
		if *got != want {
			t.Errorf("got %s, want %s", *got, want)
		}
	}
	if n := len(tl.placed()); n != 14 {
		t.Errorf("there are %d texts", n)
	}
}

// TestOneNameAndLine: two files of one name that have points at one line are two.
func TestOneNameAndLine(t *testing.T) {
	var one, two sync.Mutex
	res := rt.Run(rt.Config{Chooser: &turns{}, Trace: true}, func() {
		rt.Spawn("a", func() { inOne(&one); inTwo(&two) })
		rt.Spawn("b", func() { inTwo(&two) })
		<-rt.From("", chan int(nil))
	})
	s := newSources()
	s.read = func(file string) ([]byte, error) {
		name := strings.Split(file, "/")[1]
		return []byte("package q\n\nfunc f() {\n\t" + name + ".Lock()\n\t" + name + ".Unlock()\n}\n"), nil
	}
	tl := &Timeline{}
	tl.Runs = []Run{s.run(&Recording{Trace: res.Trace, Seen: res.Seen, Stuck: res.Stuck})}
	tl.Sources = s.list()
	s.tellApart(tl)
	compare(t, picture(tl.Last()), `
a: one/q.go:4 lock one [+1]
a: two/q.go:4 lock two [+1] (it is never unlocked: b waits for it)
b: two/q.go:4 lock: waits two, held by a since two/q.go:4 (waits for ever) (two could be unlocked at two/q.go:5, where no goroutine came)
`)
	lines := ""
	for _, src := range tl.Sources {
		for _, l := range src.Lines {
			lines += strings.TrimSpace(l.Text+" "+l.Site) + "; "
		}
	}
	const want = "func f() {; one.Lock() one/q.go:4; one.Unlock(); }; func f() {; two.Lock() two/q.go:4; two.Unlock() two/q.go:5; }; "
	if lines != want {
		t.Errorf("sources are %s, want %s", lines, want)
	}
}

// TestWithoutVerdict: what the verdict says is not said again.
func TestWithoutVerdict(t *testing.T) {
	for detail, want := range map[string]string{
		"q_test.go:4: no":                 "",
		"q_test.go:4: no\nq_test.go:5: x": "q_test.go:5: x",
		"q_test.go:3: yes\nno":            "q_test.go:3: yes\nno",
		"":                                "", "\nno": "\nno",
	} {
		tl := New(Timeline{Verdict: []string{"failed: the test fails: q_test.go:4: no"}, Detail: detail}, nil, &Recording{})
		if tl.Detail != want {
			t.Errorf("of %q is left %q, want %q", detail, tl.Detail, want)
		}
	}
}

// TestShortPath: nothing of a machine is in a path.
func TestShortPath(t *testing.T) {
	for path, want := range map[string]string{
		"source_test.go": "source_test.go",
		"/home/somebody/go/pkg/mod/go.uber.org/x@v1/a.go": "go.uber.org/x@v1/a.go",
		"/home/somebody/work/queue/queue.go":              "work/queue/queue.go",
		"/usr/local/go/src/testing/synctest/s.go":         "testing/synctest/s.go",
	} {
		if got := shortPath(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// TestNewSaysWhatIsNotWhole: choices that could not be followed, and a run of which the end is not there.
func TestNewSaysWhatIsNotWhole(t *testing.T) {
	rec := &Recording{Name: "q"}
	if tl := New(Timeline{}, nil, rec); len(tl.Warnings) > 0 || tl.Cut > 0 {
		t.Errorf("warnings %q of what is whole", tl.Warnings)
	}
	rec.Trace = append(rec.Trace, manyPoints()...)
	last := rec.Trace[len(rec.Trace)-1]
	rec.Trace[len(rec.Trace)-1].Waits, rec.Stuck = true, []rt.Waiter{{Name: last.G, Site: last.Site, What: "waits"}}
	rec.Seen.Accesses = []rt.Accessed{{G: last.G, Site: last.Site, Does: "locked", Seq: last.Seq + 1}}
	tl := New(Timeline{Title: "a\u202eb"}, []string{"q.go:4 lock is not there"}, rec)
	if len(tl.Warnings) != 1 || !strings.Contains(tl.Warnings[0], "the schedule in the file does not fit this source") ||
		!strings.Contains(tl.Warnings[0], "q.go:4 lock is not there") || tl.Cut != len(rec.Trace) || tl.Title != "a⟨U+202E⟩b" {
		t.Errorf("%q, cut %d, title %q", tl.Warnings, tl.Cut, tl.Title)
	}
	if r := tl.Last(); len(r.Objects) > 0 || r.Waits[0].Row >= 0 {
		t.Errorf("what was done after the last point is drawn: %v, %v", r.Objects, r.Waits)
	}
}

// The lines that follow are of other files.

//line /one/q.go:4
func inOne(mu *sync.Mutex) { rt.MutexLock("q.go:4", mu) }

//line /two/q.go:4
func inTwo(mu *sync.Mutex) { rt.MutexLock("q.go:4", mu) }

// TestWhole: a name that is cut is made whole if only one expression of its line begins so.
func TestWhole(t *testing.T) {
	s := newSources()
	s.read = func(string) ([]byte, error) {
		return []byte("package q\n\nfunc f() {\n\tc.buckets[bucketIdx].newest = c.buckets[bucketIdx].oldest\n\td.buckets[\"index\"].x++\n}\n"), nil
	}
	s.at("q.go:4", "/somewhere/q.go")
	s.at("q.go:5", "/somewhere/q.go")
	for _, c := range []struct{ site, name, want string }{
		{"q.go:4", "c.buckets[bucketIdx].ne…", "c.buckets[bucketIdx].newest"},
		{"q.go:4", "c.buckets[buck…", "c.buckets[bucketIdx]…"},
		{"q.go:4", "c.buckets[buck", "c.buckets[buck"},
		{"q.go:5", "d.buckets['inde…", `d.buckets["index"]…`},
		{"q.go:5", "c.buckets[buck…", "c.buckets[buck…"},
		{"r.go:5", "c.buckets[buck…", "c.buckets[buck…"},
	} {
		r := Row{Text: "read " + c.name, Site: c.site}
		b := &builder{source: s}
		if b.named(&r); b.r.Objects[r.Objects[0]].Name != c.want {
			t.Errorf("%s at %s is %s, want %s", c.name, c.site, b.r.Objects[0].Name, c.want)
		}
	}
}
