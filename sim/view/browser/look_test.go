package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"batchlab/sim/view/timeline"
)

// faint finds texts whose contrast is below 4.5 : 1 (WCAG 2.2, 1.4.3), and texts that cannot be selected.
const faint = `(() => {
	const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return [m[0], m[1], m[2], m.length > 3 ? m[3] : 1] };
	const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
	const light = c => { const l = c.slice(0, 3).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2] };
	const ground = e => { const list = []; for (; e; e = e.parentElement) list.push(parse(getComputedStyle(e).backgroundColor));
		return list.reduceRight((under, c) => over(c, under), [255, 255, 255, 1]) };
	const bad = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let n = 0;
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, s = getComputedStyle(e);
		if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.closest("script, style")) continue;
		n++;
		const g = ground(e), a = light(over(parse(s.color), g)), b = light(g);
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) bad.add(e.tagName + "." + e.className + " " + ratio.toFixed(2) + ": " + walk.currentNode.data.trim().slice(0, 20));
		if (s.userSelect === "none") bad.add(e.tagName + "." + e.className + " cannot be selected");
	}
	return n < 5 ? "only " + n + " texts" : [...bad].join("; ");
})()`

// TestFaint shows the check a text that is too faint, one that cannot be selected, and one that is neither.
func TestFaint(t *testing.T) {
	b := newTab(t)
	const words = "<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p>"
	for html, is := range map[string]string{
		words: "", words + `<p style="color:#888">f</p>`: "P. 3.54: f", words + `<p style="user-select:none">f</p>`: "P. cannot be selected",
		words + `<div style="background:#000"><p style="color:#777">f</p></div>`: "P. 4.69", "<p>a</p>": "only 1 texts",
	} {
		if is == "P. 4.69" {
			is = ""
		}
		want(b, fmt.Sprintf("document.body.innerHTML = %q, %s", html, faint), is)
	}
}

// inSight is whether what is wrong can be seen, and nothing is over it.
const inSight = `(() => { const bad = document.querySelector("td.bad"), r = bad.getBoundingClientRect();
	return [r.top + 2, r.bottom - 2].every(y => bad.contains(document.elementFromPoint(r.left + 9, y))) })()`

// cut is whether the heads are over a part of a row.
const cut = `[...document.querySelector(".run table").tBodies[0].rows].some(tr => { const r = tr.getBoundingClientRect(),
	head = document.querySelector(".run thead").getBoundingClientRect().bottom; return r.top < head - 2 && r.bottom > head + 2 })`

// broken finds places, as of a line of a file, that are broken into two lines.
const broken = `(() => {
	const walk = document.createTreeWalker(document.querySelector(".run"), NodeFilter.SHOW_TEXT), bad = [], r = new Range();
	let n = 0;
	while (walk.nextNode()) for (const m of walk.currentNode.data.matchAll(/[^\s/]+\.go:\d+/g)) {
		r.setStart(walk.currentNode, m.index);
		r.setEnd(walk.currentNode, m.index + m[0].length);
		n++;
		if (new Set([...r.getClientRects()].map(b => b.top)).size > 1) bad.push(m[0]);
	}
	return n ? bad.join(" ") : "there are none";
})()`

// TestLooks: at each width, light and dark, a page opens where it is wrong and is not scrolled itself, nothing is wider
// than the window, no place is broken, and every text can be read and selected.
func TestLooks(t *testing.T) {
	b := newTab(t)
	wide := find()
	for i := range wide.Sources[0].Lines { // what has no place to break
		wide.Sources[0].Lines[i].Text = strings.Repeat("x", 240)
	}
	for _, run := range wide.Runs {
		for i := range run.Rows {
			run.Rows[i].Site = strings.Replace(run.Rows[i].Site, "queue", "a@v0.1.6/a_linked_buffer_of_some_tasks", 1)
			run.Rows[i].By = strings.TrimSuffix("held by a since "+run.Rows[i].Site, "held by a since ")
		}
	}
	wide.Title, wide.File = strings.Repeat("T", 200), strings.Repeat("f", 200)
	many := long(60)
	for i := range 20 {
		many.Runs[0].Columns = append(many.Runs[0].Columns, timeline.Column{Name: fmt.Sprintf("a/%d", i+2), Born: "queue.go:4"})
	}
	many.Runs[0].Waits = []timeline.Wait{{Who: "a", What: "for a lock", Site: "queue.go:12", By: "b", BySite: "queue.go:4", Born: "queue.go:4"}}
	many.Warnings, many.Detail = []string{"the source has changed"}, "panic: no\nin f at x.go:3"
	for name, f := range map[string]*timeline.Timeline{"a find": wide, "many goroutines": many, "long": long(1000)} {
		for _, scheme := range []string{"light", "dark"} {
			for _, w := range []int64{390, 1024, 1920} {
				b.look(w, 900, scheme)
				file := b.open(f)
				if got := ask[int64](b, `document.documentElement.scrollWidth`); got > w {
					t.Errorf("%s is %d wide at %d", name, got, w)
				}
				want(b, "scrollY", 0.0)
				want(b, broken, "")
				want(b, inSight, true)
				want(b, cut, false)
				b.do(chromedp.KeyEvent("o"))
				if bad := ask[string](b, faint); bad != "" {
					t.Errorf("%s, %s, %d: %s", name, scheme, w, bad)
				}
				b.quiet(file)
			}
		}
	}
}

// TestLongRuns: what is left out comes when it is asked for, and a page opens fast: in what its own thread computes,
// which does not depend on who else is at work.
func TestLongRuns(t *testing.T) {
	b := newTab(t)
	b.look(1920, 1000, "light")
	for _, c := range []struct {
		points int
		most   float64 // seconds
	}{{1000, 1}, {50_000, 3}} {
		var seconds []float64
		var file string
		f := long(c.points)
		for range 5 {
			call(b, performance.Disable, cdp.Empty{})
			call(b, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
			file = b.open(f)
			for _, m := range call(b, performance.GetMetrics, cdp.Empty{}).Metrics {
				if m.Name == "TaskDuration" {
					seconds = append(seconds, m.Value)
				}
			}
			b.quiet(file)
		}
		slices.Sort(seconds)
		if len(seconds) != 5 || seconds[2] > c.most || seconds[0] <= 0 {
			t.Errorf("%d points: %.2f seconds, at most %.0f", c.points, seconds, c.most)
		}
		t.Logf("%d points: %.2f s of the page's thread, median of five; on the clock %.2f", c.points, seconds[2],
			ask[float64](b, `(performance.getEntriesByType("navigation")[0].loadEventEnd) / 1000`))
		want(b, selected, fmt.Sprintf("l%d", c.points/2))
		b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
		want(b, selected, fmt.Sprintf("l%d", c.points/2+2))
		if c.points > 1000 {
			before := ask[int](b, `document.querySelectorAll("tbody tr").length`)
			b.do(chromedp.Click(chromedp.CSS(`.left button`)))
			if after := ask[int](b, `document.querySelectorAll("tbody tr").length`); after <= before {
				t.Errorf("%d rows, then %d", before, after)
			}
		}
	}
}
