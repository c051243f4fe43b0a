package browser

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"batchlab/sim/view/timeline"
)

const (
	selected = `document.querySelector("tr.on").id`
	lit      = `document.querySelector(".sources .lit").id`
)

// TestKeys: a page opens where it is wrong, and can be gone through with the keyboard alone.
func TestKeys(t *testing.T) {
	b := newTab(t)
	b.look(1920, 1000, "light")
	file := b.open(find())
	wrong := ask[string](b, `document.querySelector("td.bad").closest("tr").id`)
	want(b, selected, wrong)
	want(b, lit, "s0-12") // where b was at last
	press := func(key string) { b.do(chromedp.KeyEvent(key)) }
	press(kb.ArrowUp)
	want(b, `document.querySelector("tr.on .elapses").textContent`, "time is +1s")
	press(kb.ArrowLeft)
	want(b, `document.querySelector("tr.on .switch").textContent`, "b goes on")
	want(b, lit, "s0-14")
	want(b, `document.activeElement.classList.contains("on")`, true)
	want(b, `document.querySelector(".here dl").innerText.replace(/\s+/g, " ")`, "a queue.go:14 is stopped before this · holds q.mu b has not begun")
	press("o") // it has none
	press(kb.ArrowUp)
	press("o")
	want(b, `document.querySelector(".object h2").textContent`, "q.head (memory): 3 accesses")
	want(b, `document.querySelectorAll("tr.same").length`, 3)
	press(kb.Escape)
	want(b, `document.querySelector(".object").hidden`, true)
	press("f")
	want(b, `document.querySelector(".fold[data-c='2']").getAttribute("aria-pressed")`, "true")
	want(b, `getComputedStyle(document.querySelector("td.c2 > div")).display`, "none")
	press("f")
	want(b, `getComputedStyle(document.querySelector("td.c2 > div")).display`, "block")
	press("s")
	want(b, `document.activeElement.id`, "s0-12")
	press(kb.End)
	press(kb.ArrowDown) // there are no more
	want(b, selected, fmt.Sprintf("l%d", ask[int](b, `document.querySelectorAll("tbody tr[id]").length`)-1))
	press("w")
	want(b, selected, wrong)
	press(kb.Home)
	want(b, selected, "l0")
	b.quiet(file)
}

// TestLinks: a click on a site lights the line of the source, and one on the summary goes to the row.
func TestLinks(t *testing.T) {
	b := newTab(t)
	b.look(1024, 700, "dark")
	file := b.open(find())
	b.do(chromedp.Click(chromedp.CSS(`.short a.site`)))
	want(b, lit, "s0-14")
	want(b, `(() => { const l = document.querySelector(".sources .lit").getBoundingClientRect(); return l.top >= 0 && l.bottom <= innerHeight })()`, true)
	b.do(chromedp.Click(chromedp.CSS(`.short a.go`)))
	want(b, `document.querySelector("tr.on .switch") !== null`, true)
	b.do(chromedp.Click(chromedp.CSS(`td.c2 a.site`)))
	want(b, lit, "s0-4")
	b.quiet(file)
}

// TestFolds: reads that are folded into a line are opened by a click, and rows after a failure by a key.
func TestFolds(t *testing.T) {
	b := newTab(t)
	b.look(1024, 900, "light")
	f := long(40)
	r := f.Last()
	r.Over = true
	for i := 3; i < 9; i++ {
		r.Rows[i] = timeline.Row{Kind: timeline.Point, Text: "read", Site: "queue.go:14", Objects: []int{0}}
	}
	file := b.open(f)
	want(b, `document.querySelector("#l3 small").textContent`, "… 5 more reads")
	b.do(chromedp.Click(chromedp.CSS(`#l3 small button`)))
	want(b, `document.querySelector("#l3 small") === null && document.querySelector("#l3 + #l4") !== null`, true)
	want(b, `document.querySelectorAll("#l4, #l5, #l6, #l7, #l8, #l9").length`, 6)
	want(b, `document.querySelector(".left").textContent`, "… 19 rows after the failure")
	b.do(chromedp.KeyEvent(kb.End))
	want(b, selected, "l39")
	want(b, `document.querySelector(".left") === null`, true)
	b.quiet(file)
}

// TestWithoutScript: all of it is there without.
func TestWithoutScript(t *testing.T) {
	b := newTab(t)
	b.look(390, 844, "light")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	file := b.open(find())
	want(b, `document.body.classList.contains("script")`, false)
	for _, text := range []string{"want 0 false", "b goes on", "line(14)", "holds q.mu", "started at"} {
		is := text != "started at"
		want(b, fmt.Sprintf("document.body.innerText.includes(%q)", text), is)
	}
	want(b, `document.querySelector(".keys").hidden`, true)
	want(b, `document.querySelector(".short a.site").getAttribute("href")`, "#s0-14")
	b.quiet(file)
}

// TestPrinted: on paper nothing is over anything else, or cut.
func TestPrinted(t *testing.T) {
	b := newTab(t)
	b.look(1024, 900, "light")
	file := b.open(long(300))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	want(b, `getComputedStyle(document.querySelector("aside")).position`, "static")
	want(b, `getComputedStyle(document.querySelector(".map")).display`, "none")
	want(b, `[...document.querySelectorAll("aside, aside section, .run")].every(e => e.scrollHeight <= e.clientHeight + 1)`, true)
	want(b, `document.querySelector("aside").getBoundingClientRect().top >= document.querySelector(".run").getBoundingClientRect().bottom`, true)
	b.quiet(file)
}

// hostile is what a page must show as it is.
var hostile = []string{
	`<script>document.title = "taken"</script>`, `</script><script>document.title = "taken"</script>`, `<img src=x onerror="document.title='taken'">`,
	`" onmouseover="document.title='taken'`, `{{.Title}}`, `<!--`, `javascript:alert(1)`, "&lt;b&gt;", `'-alert(1)-'`,
}

// TestHostile: what comes from a seed, a source or a component stays text, wherever it stands.
func TestHostile(t *testing.T) {
	b := newTab(t)
	b.look(1024, 900, "light")
	for i, text := range hostile {
		file := b.open(full(text))
		if title := ask[string](b, "document.title"); title != text {
			t.Errorf("%d: %q: the title is %q", i, text, title)
		}
		want(b, `document.querySelectorAll("script").length`, 2)
		want(b, `document.querySelectorAll("img, b b, iframe, [onmouseover], [onerror]").length`, 0)
		for _, where := range []string{"h1", ".verdict", ".short ul li", ".short + p", "td.k-answer small",
			".warning", ".detail", ".again code", ".names th", ".fold", "td.k-call b:not(.w)", "td.c2 .o",
			".sources .at code", ".waits td", ".here dt:last-of-type"} {
			want(b, fmt.Sprintf("document.querySelector(%q).textContent.includes(%q)", where, text), true)
		}
		b.quiet(file)
	}
}

// full is a timeline with a text wherever one can stand.
func full(text string) *timeline.Timeline {
	f := find()
	f.Title, f.Verdict, f.File, f.Command, f.Detail, f.Warnings = text, []string{text, text}, text, text, text, []string{text}
	f.Hint = text
	r := f.Last()
	r.Name, r.Note, r.Waits = text, text, []timeline.Wait{{Who: text, What: text, By: text, Site: text, BySite: text, Born: text, Last: []string{text}}}
	r.Mend = text
	r.Columns = slices.Clone(r.Columns)
	for i := range r.Columns {
		r.Columns[i] = timeline.Column{Name: text, Born: text}
	}
	for i := range r.Objects {
		r.Objects[i] = timeline.Object{Name: text, Sort: text}
	}
	for i := range r.Rows {
		if r.Rows[i].Text != "" {
			r.Rows[i].Text, r.Rows[i].By, r.Rows[i].Value = text, text, text
		}
	}
	for i := range f.Runs[0].Columns {
		f.Runs[0].Columns[i].Name = text
	}
	f.Runs[0].Rows[0].Text, f.Runs[0].Name = text, text
	f.Sources[0].File = text
	for i := range f.Sources[0].Lines {
		f.Sources[0].Lines[i].Text = text
	}
	return f
}
