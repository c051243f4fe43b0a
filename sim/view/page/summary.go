package page

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/view/timeline"
)

// short is a line of the summary.
type short struct {
	Line                   int
	Who, Site, Anchor, Src string
	To, Text, Note         string
	Past                   bool
	More                   []string
}

// mostShort is how many switches the summary has.
const mostShort = 12

// summary is what a reader has to know: where somebody is stopped, and what is wrong at last.
func (v *view) summary(at map[int]int) {
	r := v.Last()
	turns := r.Turns()
	if r.Over {
		turns = slices.DeleteFunc(turns, func(i int) bool { return i > r.Open })
	}
	for _, i := range turns[:min(len(turns), mostShort)] {
		row := &r.Rows[i]
		s := short{Line: at[i], Who: r.Columns[row.Column].Name, To: r.Columns[row.To].Name, Site: row.Site,
			Anchor: v.anchors[row.Site], Src: strings.TrimSpace(v.Line(row.Site)), Past: row.Past, More: r.Meanwhile(i)}
		v.Short = append(v.Short, s)
	}
	if n := len(turns) - mostShort; n > 0 {
		v.Short = append(v.Short, short{Text: fmt.Sprintf("%d more switches", n), Line: at[turns[mostShort]]})
	}
	for i, row := range r.Rows {
		if i != r.Open && row.Note != "" && row.Kind != timeline.Waits && len(v.Short) < 2*mostShort {
			v.Short = append(v.Short, v.shortOf(i, at[i], row.Note))
		}
	}
	if r.Open >= 0 && !slices.ContainsFunc(r.Waits, func(w timeline.Wait) bool { return w.Row == r.Open }) {
		s := v.shortOf(r.Open, v.OpenAt, r.Note)
		if r.Mend != "" {
			s.More = []string{r.Mend}
		}
		v.Short = append(v.Short, s)
	}
	v.waits(at)
	slices.SortStableFunc(v.Short, func(a, b short) int { return a.Line - b.Line })
}

// waits adds to the summary who waits for ever, those together who wait for the same at one line.
func (v *view) waits(at map[int]int) {
	r, who := v.Last(), map[string][]string{}
	var list []short
	for _, w := range r.Waits {
		if w.Row < 0 {
			continue
		}
		s := v.shortOf(w.Row, at[w.Row], r.Rows[w.Row].Note)
		if s.More = w.Last; w.Row == r.Open {
			s.Note = r.Note
		}
		if who[s.alike()] = append(who[s.alike()], w.Who); len(who[s.alike()]) == 1 {
			list = append(list, s)
		}
	}
	for i := range list {
		list[i].Who = timeline.Names(who[list[i].alike()])
	}
	v.Short = append(v.Short, list[:min(len(list), mostShort)]...)
}

// alike is what those say who wait alike.
func (s *short) alike() string { return fmt.Sprint(s.Text, s.Note, s.More) }

// shortOf is a row in the summary.
func (v *view) shortOf(i, line int, note string) short {
	r := v.Last()
	row := &r.Rows[i]
	s := short{Line: line, Text: strings.TrimSpace(row.Site + " " + r.Says(i)), Note: note}
	if row.Kind == timeline.Answer {
		s.Text = r.CallOf(i) + " " + s.Text
	}
	if row.Column >= 0 {
		s.Who = r.Columns[row.Column].Name
	}
	return s
}
