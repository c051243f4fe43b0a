package timeline

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/weave/rt"
)

// New makes a timeline of what runs of one program wrote down: of the original, if there is one, and of what it
// is about. What a schedule names that was not found any more, notes tell.
func New(t Timeline, notes []string, runs ...*Recording) *Timeline {
	s := newSources()
	for _, text := range []*string{&t.Title, &t.Hint, &t.Detail, &t.File, &t.Command} {
		*text = Clean(*text)
	}
	for i := range t.Verdict {
		t.Verdict[i] = Clean(t.Verdict[i])
	}
	t.Detail = withoutVerdict(t.Detail, t.Verdict)
	for _, r := range runs {
		t.Runs = append(t.Runs, s.run(r))
		if len(r.Trace) >= rt.MostTraced {
			t.Cut = rt.MostTraced
		} else if r.isCut() {
			s.warn("more was done than is written down: of the last rows it is not known to what")
		}
	}
	if text := t.Last().circle; text != "" && !t.Sound {
		t.Verdict = append(t.Verdict, text)
	}
	if len(t.Runs) == 2 {
		pair(&t.Runs[0], &t.Runs[1])
	}
	t.Changed(notes)
	for _, text := range append(t.Verdict, t.Detail, t.Hint) {
		s.mentioned(text)
	}
	t.Sources = s.list()
	t.Warnings = append(t.Warnings, s.warned...)
	s.tellApart(&t)
	return &t
}

// Changed adds what of a schedule is not as its file says.
func (t *Timeline) Changed(notes []string) {
	for _, n := range notes {
		t.Warnings = append(t.Warnings, "the schedule in the file does not fit this source, which may have changed since; "+
			"its lines are shown as they are now: "+Clean(n))
	}
}

// mostPaired is how many calls of two runs are compared.
const mostPaired = 2000

// pair finds, of what two runs called, answered and told, the longest sequence that both have, as a comparison of
// two texts does. Of the second run the first answer that is not in it is where a page opens, if nothing says
// where.
func pair(a, b *Run) {
	as, bs := a.told(), b.told()
	alike := func(i, j int) bool {
		x, y := &a.Rows[as[i]], &b.Rows[bs[j]]
		if x.Kind != y.Kind || x.Text != y.Text || (x.Column < 0) != (y.Column < 0) {
			return false
		}
		return x.Column < 0 || a.Columns[x.Column].Name == b.Columns[y.Column].Name
	}
	longest := make([][]int, len(as)+1)
	for i := range longest {
		longest[i] = make([]int, len(bs)+1)
	}
	for i := len(as) - 1; i >= 0; i-- {
		for j := len(bs) - 1; j >= 0; j-- {
			if longest[i][j] = max(longest[i+1][j], longest[i][j+1]); alike(i, j) {
				longest[i][j] = 1 + longest[i+1][j+1]
			}
		}
	}
	for i, j := 0, 0; i < len(as) && j < len(bs); {
		switch {
		case alike(i, j):
			a.Rows[as[i]].Pair, b.Rows[bs[j]].Pair = bs[j]+1, as[i]+1
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	a.answersIn(b)
	b.answersIn(a)
	if b.Open < 0 {
		b.Open = slices.IndexFunc(b.Rows, func(r Row) bool { return r.Kind == Answer && r.Pair == 0 })
	}
}

// answersIn says beside answers that the other run has not what was answered there instead, but where that is said
// already.
func (r *Run) answersIn(o *Run) {
	answers := func(r *Run, name string) (list []int) {
		for i := range r.Rows {
			if x := &r.Rows[i]; x.Kind == Answer && r.Columns[x.Column].Name == name {
				list = append(list, i)
			}
		}
		return list
	}
	for _, c := range r.Columns {
		mine, others := answers(r, c.Name), answers(o, c.Name)
		for n, i := range mine[:min(len(mine), len(others))] {
			x, other := &r.Rows[i], o.Rows[others[n]].Text
			if x.Pair == 0 && x.Text != other && (i != r.Open || r.Note == "") {
				x.By = "but " + o.Name + " " + answered(other)
			}
		}
	}
}

// answered is an answer as what a call does.
func answered(text string) string {
	if strings.HasPrefix(text, "panics") {
		return text
	}
	return "answers " + text
}

// Differ says in words, of a run that comes out as none of the original's that were tried, what its first difference
// from the nearest of them is; always: all of them answer there what that one does.
func (t *Timeline) Differ(always bool) {
	r, of, in := t.Last(), t.Runs[0].Name, "in every run of "
	want, ok := strings.CutPrefix(r.Note, "want ")
	if !ok || r.Open < 0 || r.Rows[r.Open].Kind != Answer {
		return
	}
	if r.Note = "but " + of + " " + answered(want); !always {
		r.Note, in = "but "+of+" "+answered(want)+" in its nearest run", "in the nearest run of "
	}
	row := &r.Rows[r.Open]
	t.Verdict = append(t.Verdict, fmt.Sprintf("The first difference: %s calls %s, and it %s; %s%s that was tried it %s.",
		r.Columns[row.Column].Name, r.CallOf(r.Open), answered(row.Text), in, of, answered(want)))
}

// told are the rows that a user of the component sees.
func (r *Run) told() []int {
	var list []int
	for i := range r.Rows {
		switch r.Rows[i].Kind {
		case Call, Answer, Notice, Elapses:
			if len(list) < mostPaired {
				list = append(list, i)
			}
		}
	}
	return list
}

// Turns are the rows of a run at which another goroutine goes on than the one that could.
func (r *Run) Turns() []int {
	var list []int
	for i := range r.Rows {
		if r.Rows[i].Kind == Switch {
			list = append(list, i)
		}
	}
	return list
}

// Line is the text of the line of a site, "" if it is not shown.
func (t *Timeline) Line(site string) string {
	for _, s := range t.Sources {
		for _, l := range s.Lines {
			if site != "" && l.Site == site {
				return l.Text
			}
		}
	}
	return ""
}
