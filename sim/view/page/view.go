package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"batchlab/sim/view/timeline"
)

// view is a timeline as the template has it.
type view struct {
	*timeline.Timeline
	Policy string
	Style  template.CSS
	Script template.JS

	Heads  []head // of the runs
	Wide   int    // columns of all runs
	Parts  []shown
	Short  []short
	Map    []mapColumn
	MapEnd int
	Data   *data
	OpenAt int // the line at which the page opens

	lines   []line
	anchors map[string]string // of sites
	named   map[string]bool   // sites, where it is said what is wrong
	stopped map[int]bool      // rows of who is stopped, before and behind that
	offset  []int             // of each run: its first column
}

type head struct {
	Name    string
	Columns []column
}

type column struct {
	timeline.Column
	N, Hue int // N is that among those of all runs
}

// shown is a part as the template has it: lines, or how many are left out.
type shown struct {
	From, To int
	Rounds   int // see part
	Over     bool
	Lines    []tableLine
}

// Left is how many are left out.
func (s shown) Left() int { return s.To - s.From }

type tableLine struct {
	N     int
	Cells []cell
}

// cell is a place in the table, for one goroutine; or for all of a run, as time is.
type cell struct {
	Column int // among those of all runs
	Span   int // 0: it is empty
	Who    string
	Class  string
	Kind   timeline.Kind
	Text   string
	Site   string
	Anchor string
	Parts  []object
	By     []piece
	To     string
	Holds  []object
	Source []timeline.Line // around a switch
	Notes  []piece
	More   *more // is read behind it
}

type object struct {
	timeline.Object
	Run, N int
}

func newView(t *timeline.Timeline) *view {
	v := &view{Timeline: t, anchors: map[string]string{}, named: map[string]bool{}, stopped: map[int]bool{}, OpenAt: -1,
		lines: linesOf(t.Runs)}
	for i := range t.Sources {
		for _, l := range t.Sources[i].Lines {
			if l.Site != "" {
				v.anchors[l.Site] = fmt.Sprintf("s%d-%d", i, l.N)
			}
		}
	}
	for i := range t.Runs {
		h := head{Name: t.Runs[i].Name}
		v.offset = append(v.offset, v.Wide)
		for n, c := range t.Runs[i].Columns {
			h.Columns = append(h.Columns, column{c, v.Wide, n % hues})
			v.Wide++
		}
		v.Heads = append(v.Heads, h)
	}
	last := t.Last()
	at := map[int]int{} // lines of its rows
	for n, l := range v.lines {
		if r := l[len(l)-1]; r >= 0 {
			at[r] = n
			if r == last.Open {
				v.OpenAt = n
			}
		}
	}
	v.summary(at)
	v.names()
	for _, p := range parts(t.Runs, v.lines, max(v.OpenAt, 0)) {
		s := shown{From: p.From, To: p.To, Rounds: p.Rounds, Over: p.Over}
		for n := p.From; n < p.To && p.Shown; n++ {
			l := v.tableLine(n)
			if more := v.reads(n, p.To); more != nil {
				i := slices.IndexFunc(l.Cells, func(c cell) bool { return c.Span > 0 })
				l.Cells[i].More = more
				n = more.To - 1
			}
			s.Lines = append(s.Lines, l)
		}
		v.Parts = append(v.Parts, s)
	}
	v.Data = v.data()
	v.Map, v.MapEnd = v.miniature()
	return v
}

// piece is a part of a text: a site that is shown, or what is between such.
type piece struct{ Text, Anchor string }

// Pieces are those of a text. Of a path as much is taken as the file is called by.
func (v *view) Pieces(text string) []piece {
	var list []piece
	done := 0
	for _, at := range timeline.Sites.FindAllStringIndex(text, -1) {
		from := strings.LastIndexAny(text[:at[0]], " \t\n\f\r(") + 1
		for from < at[0] && v.anchors[text[from:at[1]]] == "" {
			from += strings.Index(text[from:], "/") + 1
		}
		if anchor := v.anchors[text[from:at[1]]]; anchor != "" {
			list = append(list, piece{text[done:from], ""}, piece{text[from:at[1]], anchor})
			done = at[1]
		}
	}
	return append(list, piece{text[done:], ""})
}

// tableLine makes a line of the table.
func (v *view) tableLine(n int) tableLine {
	l := tableLine{N: n}
	for k, i := range v.lines[n] {
		run := &v.Runs[k]
		if i >= 0 && run.Rows[i].Column < 0 {
			l.Cells = append(l.Cells, cell{Column: v.offset[k], Span: max(1, len(run.Columns)), Class: "elapses",
				Kind: timeline.Elapses, Text: run.Rows[i].Text})
			continue
		}
		for c := range run.Columns {
			x := cell{Column: v.offset[k] + c}
			if i >= 0 && run.Rows[i].Column == c {
				x = v.cell(k, i)
			}
			l.Cells = append(l.Cells, x)
		}
	}
	return l
}

func (v *view) cell(k, i int) cell {
	run := &v.Runs[k]
	row := &run.Rows[i]
	x := cell{Column: v.offset[k] + row.Column, Span: 1, Who: run.Columns[row.Column].Name, Kind: row.Kind, Text: row.Text,
		Site: row.Site, Anchor: v.anchors[row.Site], Class: "k-" + strings.ReplaceAll(string(row.Kind), " ", "")}
	if aside := row.Aside(); aside != "" {
		x.By = v.Pieces(aside)
	}
	for _, o := range row.Objects {
		x.Parts = append(x.Parts, object{run.Objects[o], k, o})
	}
	for _, o := range row.Holds {
		x.Holds = append(x.Holds, object{run.Objects[o], k, o})
	}
	if row.Kind == timeline.Switch {
		x.To = run.Columns[row.To].Name
		x.Source = v.around(row.Site)
	}
	if k < len(v.Runs)-1 {
		x.Who += " (original)"
	}
	if len(v.Runs) > 1 && row.Kind == timeline.Answer && row.Pair == 0 {
		x.Class += " differs"
	}
	note := row.Note
	if k == len(v.Runs)-1 && i == run.Open {
		note = cmp.Or(run.Note, "this is what is wrong")
	}
	if note != "" {
		x.Notes = v.Pieces(note)
		x.Class += " bad"
	}
	return x
}

// around are the lines at a site, one before and one behind.
func (v *view) around(site string) []timeline.Line {
	for _, s := range v.Sources {
		for i, l := range s.Lines {
			if site != "" && l.Site == site {
				return undented(s.Lines[max(0, i-1):min(len(s.Lines), i+2)])
			}
		}
	}
	return nil
}

// undented are lines without the tabs that all of them begin with.
func undented(lines []timeline.Line) []timeline.Line {
	lines = slices.Clone(lines)
	for !slices.ContainsFunc(lines, func(l timeline.Line) bool { return l.Text != "" && l.Text[0] != '\t' }) &&
		slices.ContainsFunc(lines, func(l timeline.Line) bool { return l.Text != "" }) {
		for i := range lines {
			lines[i].Text = strings.TrimPrefix(lines[i].Text, "\t")
		}
	}
	return lines
}
