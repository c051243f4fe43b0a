package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"batchlab/stress/bench"
	"batchlab/stress/gate"
)

const baseline = "baseline"

const title = "What the optimizations are worth"

// Page is all that is to be said. HTML and Markdown write the same.
type Page struct {
	samples *bench.Table
	impls   []string
	view    view
}

// view is what the templates are given.
type view struct {
	Title    string
	Status   status
	Answer   []string // sentences
	Groups   []group
	Rules    []string
	Advice   []advice
	Kinds    []kindOf
	Config   []bench.Config
	Evidence shown
	Method   []string
	Repeat   []struct{ Command, Does string }
	Lab      bool // see Beside

	// Of the HTML only.
	CSS     template.CSS
	Figures []figureOf
	Colours paint
}

// status says whether the samples are all there.
type status struct {
	Complete bool
	Words    string
}

// group is the part of the scoreboard that is one promiser's.
type group struct {
	Of, Title, whose string
	Lines            []gate.Line
}

// New makes the page of samples, of the evidence for their source, which may be nil, and
// of the findings of gate.Judge about both.
func New(t *bench.Table, e *gate.Evidence, f *gate.Findings) *Page {
	impls, evidence := implsOf(t), shownBy(t, e)
	v := view{
		Title: title, Status: statusOf(t), Groups: groupsOf(f.Lines), Rules: rules,
		Kinds: tables(t, f, impls), Config: t.Config, Evidence: evidence, Method: method, Repeat: repeat,
		Colours: newPaint(impls),
	}
	for _, i := range ideas {
		v.Advice = append(v.Advice, advise(i, f, evidence.doubtOf(i.subject())))
	}
	v.Answer = answer(v.Groups, v.Advice, evidence.Doubt)
	return &Page{t, impls, v}
}

// Beside says that the page about what the lab did, for the same evidence, is lab.html in the same folder: both forms
// then link to it.
func (p *Page) Beside() { p.view.Lab = true }

func statusOf(t *bench.Table) status {
	what := fmt.Sprintf("%s of %s", counted(len(t.Rows), "row"), counted(len(t.IDs()), "scenario"))
	switch s := t.Get("status"); s {
	case "complete":
		return status{true, "The samples are complete: " + what + "."}
	case "":
		return status{false, "It is not said whether the samples are complete: " + what + "."}
	default:
		return status{false, "The samples are not complete: " + what + ". " + sentence(s)}
	}
}

// groupsOf sorts the scoreboard's lines by who made the promise.
func groupsOf(lines []gate.Line) []group {
	list := []group{{Of: "plan", Title: "The plan", whose: "the plan"},
		{Of: "direct", Title: "The direct versions", whose: "the direct versions"},
		{Of: "peers", Title: "Beside peers", whose: "the direct versions beside peers"}}
	for _, l := range lines {
		i := slices.IndexFunc(list, func(g group) bool { return g.Of == l.Of })
		if i < 0 {
			i = len(list)
			list = append(list, group{Of: l.Of, Title: sentence(l.Of + " "), whose: l.Of})
		}
		list[i].Lines = append(list[i].Lines, l)
	}
	return slices.DeleteFunc(list, func(g group) bool { return len(g.Lines) == 0 })
}

// answer sums the page up in a few sentences.
func answer(groups []group, advice []advice, doubt string) []string {
	var list []string
	for _, g := range groups {
		n, promises := map[gate.State]int{}, 0
		for _, l := range g.Lines {
			n[l.State]++
			if l.State != gate.Figure {
				promises++
			}
		}
		list = append(list, fmt.Sprintf("Of %s of %s, %d %s met, %d %s not met and %d %s not shown.",
			counted(promises, "promise"), g.whose,
			n[gate.Met], are(n[gate.Met]), n[gate.NotMet], are(n[gate.NotMet]), n[gate.NotShown], are(n[gate.NotShown])))
	}
	var parts []string
	for _, v := range []string{adopt, adoptWhere, doNotAdopt, notShown} {
		var names []string
		for _, a := range advice {
			if a.Of == "plan" && a.Verdict == v {
				names = append(names, a.Code)
			}
		}
		if len(names) > 0 {
			parts = append(parts, v+": "+strings.Join(names, ", "))
		}
	}
	if len(parts) > 0 {
		list = append(list, "What the findings come to for the plan's ideas: "+strings.Join(parts, "; ")+".")
	}
	if doubt != "" {
		list = append(list, sentence(doubt)+": the figures may be about something else than they say.")
	}
	return list
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
