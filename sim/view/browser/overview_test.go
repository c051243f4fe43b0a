package browser

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"batchlab/sim/view/overview"
	"batchlab/sim/view/page"
)

// ran is what a page has of a run of the lab, with a text wherever one can come from outside.
func ran(text string) *overview.Page {
	p := &overview.Page{Source: text, Go: text, Machine: text, Evidence: text, Digest: text, Mutants: text, New: []string{text},
		Lines: []string{text}, Stages: []string{"replay", "campaign", "explore", "fuzz", "stress"},
		Known:   []overview.Known{{Title: text, Seed: text, Page: "find.html"}, {Title: text, Seed: text}},
		Covered: []overview.Count{{Stage: text, What: text, N: 3}}, Situations: []string{text, "waits", "beside a call"}}
	row := overview.Row{Name: text}
	for _, class := range []string{"good", "known", "bad", "none"} {
		row.Cells = append(row.Cells, overview.Cell{Class: class, Text: text})
	}
	o := overview.Operation{Name: text}
	for n := overview.Heard(1); n < 1e9; n *= 1000 {
		o.By = append(o.By, overview.Warm{Subject: text, Calls: []overview.Heard{n - 1, 12 * n, 345 * n}})
	}
	p.Subjects, p.Heat = []overview.Row{row}, []overview.Heat{{Kind: text, Operations: []overview.Operation{o}}}
	p.Reach = overview.NewReach(overview.Sources{Text: map[string][]byte{"/in/x.go": []byte("a\n\tb\u202e " + text + "\nc\nd\n")},
		Points: map[string][]int{"/in/x.go": {1, 2, 3, 4, 9}}}, map[string]int{"x.go:1": 3, "x.go:2": 3, "x.go:3": 1},
		map[string][2]int{"x.go:1 x.go:2": {0, 3}, "x.go:1 x.go:3": {1, 1}, "else.go:3 x.go:1": {1, 0}})
	return p
}

// openRun writes the page of a run of the lab and goes there.
func (b *tab) openRun(p *overview.Page) (file string) {
	b.t.Helper()
	file = filepath.Join(b.t.TempDir(), "lab.html")
	text, err := overview.HTML(p)
	if err == nil {
		err = page.Write(file, text)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + file))
	return file
}

// TestOverview: at each width, light and dark, the page of a run is no wider than the window and can be read; what
// comes from outside stays text; and what is folded is opened with a key.
func TestOverview(t *testing.T) {
	b := newTab(t)
	for _, text := range append([]string{strings.Repeat("x", 200)}, hostile...) {
		file := b.openRun(ran(text))
		want(b, `document.querySelectorAll("script, img, iframe, [onmouseover], [onerror]").length`, 0)
		for _, where := range []string{".verdict + ul li", "pre", ".tried th[scope=row]", "td.bad",
			".known td", "details[open] summary", ".heat tbody th", ".known code", ".pairs code", ".lit .once + .once", ".mutants"} {
			want(b, fmt.Sprintf("document.querySelector(%q).textContent.includes(%q)", where, text), true)
		}
		b.quiet(file)
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, w := range []int64{390, 1024, 1920} {
			b.look(w, 900, scheme)
			file := b.openRun(ran("a text of some words " + strings.Repeat("x", 200)))
			if got := ask[int64](b, `document.documentElement.scrollWidth`); got > w {
				t.Errorf("%s, %d: it is %d wide", scheme, w, got)
			}
			if bad := ask[string](b, faint); bad != "" {
				t.Errorf("%s, %d: %s", scheme, w, bad)
			}
			b.quiet(file)
		}
	}
	ask[bool](b, `document.querySelector("details[open] summary").focus(), true`)
	b.do(chromedp.KeyEvent(kb.Enter))
	want(b, `document.querySelector("details[open]") === null`, true)
	want(b, `[...document.querySelectorAll(".lit span")].map(e => e.className + e.textContent[6]).join()`, "once◐,once◐,hit●,miss○")
	want(b, `document.querySelector(".pairs tbody").innerText.replace(/\s+/g, " ").includes("x.go:2")`, true)
	want(b, `[...document.querySelectorAll(".pairs tbody a")].map(e => e.textContent).join()`, "x.go:2,x.go:1")
	want(b, `document.querySelector(".lit").textContent.includes("⟨U+202E⟩")`, true)
	ask[bool](b, `document.querySelector(".pairs a").focus(), true`)
	b.do(chromedp.KeyEvent(kb.Enter))
	want(b, `document.querySelector(".lit").checkVisibility() && document.querySelector(":target").className`, "once")
}

// TestRunAgain: the same run has the same page.
func TestRunAgain(t *testing.T) {
	var pages [2]string
	for i := range pages {
		text, err := overview.HTML(ran("x"))
		if pages[i] = string(text); err != nil {
			t.Fatal(err)
		}
	}
	if pages[0] != pages[1] || pages[0] == "" {
		t.Error("two pages of one run differ")
	}
}
