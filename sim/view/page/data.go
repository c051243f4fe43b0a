package page

import (
	"fmt"

	"batchlab/sim/view/timeline"
)

// data is what the script needs: all rows, those that are left out too.
type data struct {
	Words []string  `json:"w"` // texts, sites and anchors, once each
	Runs  []dataRun `json:"r"`
	Lines []line    `json:"l"` // nil: line n is row n of the only run
	Open  int       `json:"o"`
}

type dataRun struct {
	Names   []string    `json:"n"` // of its columns
	Offset  int         `json:"f"`
	Objects [][2]string `json:"o"` // name, and of which sort it is and where it is made
	// Rows are kind, column, text, site, anchor, lock, to, by, and objects behind them.
	Rows [][]int `json:"r"`
}

func (v *view) data() *data {
	d := &data{Open: v.OpenAt}
	if len(v.Runs) > 1 {
		d.Lines = v.lines
	}
	words := map[string]int{}
	word := func(text string) int {
		n, ok := words[text]
		if !ok {
			n = len(d.Words)
			words[text] = n
			d.Words = append(d.Words, text)
		}
		return n
	}
	for k := range v.Runs {
		run := &v.Runs[k]
		x := dataRun{Offset: v.offset[k], Names: []string{}, Objects: [][2]string{}, Rows: [][]int{}}
		for _, c := range run.Columns {
			x.Names = append(x.Names, c.Name)
		}
		for _, o := range run.Objects {
			if o.Made != "" {
				o.Sort += ", made at " + o.Made
			}
			x.Objects = append(x.Objects, [2]string{o.Name, o.Sort})
		}
		for i := range run.Rows {
			r := &run.Rows[i]
			text := r.Text
			if r.Kind == timeline.Switch {
				text = map[bool]string{false: "before this", true: "behind this"}[r.Past]
			}
			x.Rows = append(x.Rows, append([]int{word(string(r.Kind)), r.Column, word(text), word(r.Site),
				word(v.anchors[r.Site]), r.Lock, r.To, word(r.Aside())}, r.Objects...))
		}
		d.Runs = append(d.Runs, x)
	}
	return d
}

// mapColumn is a goroutine in the miniature.
type mapColumn struct {
	N    int
	Path string // where it does something
	Stop string // where it is stopped
}

// mostMapped is how high the miniature is, in marks.
const mostMapped = 300

// miniature draws when which goroutine is at work.
func (v *view) miniature() (list []mapColumn, end int) {
	end = min(max(len(v.lines), 1), mostMapped)
	for k := range v.Runs {
		for c := range v.Runs[k].Columns {
			list = append(list, mapColumn{N: v.offset[k] + c})
		}
	}
	drawn := map[[2]int]bool{}
	for n, l := range v.lines {
		y := n * end / len(v.lines)
		for k, i := range l {
			if i < 0 || v.Runs[k].Rows[i].Column < 0 {
				continue
			}
			r := &v.Runs[k].Rows[i]
			c := v.offset[k] + r.Column
			mark := fmt.Sprintf("M%d %dh8", c*10+1, y)
			if r.Kind == timeline.Switch {
				list[c].Stop += mark
			} else if !drawn[[2]int{c, y}] {
				drawn[[2]int{c, y}] = true
				list[c].Path += mark
			}
		}
	}
	return list, end
}

// MapWide is how wide the miniature is.
func (v *view) MapWide() int { return max(10, v.Wide*10) }

// MapHigh is how high it is drawn, in pixels, unless the window is lower.
func (v *view) MapHigh() int { return v.MapEnd * 12 }

// MapOpen is where in it the page opens.
func (v *view) MapOpen() int { return max(v.OpenAt, 0) * v.MapEnd / max(len(v.lines), 1) }

// Lit is how a line of source is marked that somebody was at.
func (c cell) Lit(l timeline.Line) bool { return l.Site == c.Site }
