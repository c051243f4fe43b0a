package page

import (
	"slices"
	"strings"

	"batchlab/sim/view/timeline"
)

// How many reads behind one are folded into its line.
const (
	leastReads = 2
	mostReads  = 100
)

// more are lines that are folded into the one before them.
type more struct {
	From, To int
	What     string // is seen there
}

// Left is how many there are.
func (m *more) Left() int { return m.To - m.From }

// looking is the row of a line, and in which run, if it is the only one there, changes nothing, and is not named where
// it is said what is wrong.
func (v *view) looking(n int) (k int, r *timeline.Row) {
	for i, row := range v.lines[n] {
		if row < 0 {
			continue
		}
		x := &v.Runs[i].Rows[row]
		if r != nil || x.Text != "load" && x.Text != "read" || x.Kind != timeline.Point || x.Note != "" || v.named[x.Site] ||
			i == len(v.Runs)-1 && v.stopped[row] {
			return 0, nil
		}
		k, r = i, x
	}
	return k, r
}

// reads are the lines behind one, and before another, in which the same goroutine looks on: as these follow each
// other, nobody changes anything meanwhile.
func (v *view) reads(n, end int) *more {
	k, r := v.looking(n)
	m := &more{From: n + 1, To: n + 1}
	var seen []string
	for ; r != nil && m.To < end && m.To != v.OpenAt && n != v.OpenAt && m.Left() < mostReads; m.To++ {
		of, x := v.looking(m.To)
		if x == nil || of != k || x.Column != r.Column {
			break
		}
		for _, o := range x.Objects {
			if text := strings.TrimSpace(v.Runs[k].Objects[o].Name + " " + x.Value); !slices.Contains(seen, text) {
				seen = append(seen, text)
			}
		}
	}
	if m.Left() < leastReads {
		return nil
	}
	m.What = strings.Join(seen, ", ")
	return m
}

// names takes in which sites, and rows beside switches, are named where it is said what is wrong.
func (v *view) names() {
	r := v.Last()
	texts := slices.Concat(v.Verdict, []string{v.Detail, v.Hint})
	for _, s := range v.Short {
		texts = append(append(texts, s.Text, s.Note), s.More...)
	}
	for _, text := range texts {
		for _, p := range v.Pieces(text) {
			v.named[p.Text] = v.named[p.Text] || p.Anchor != ""
		}
	}
	for _, i := range r.Turns() {
		for _, step := range []int{-1, 1} {
			n := i + step
			for n >= 0 && n < len(r.Rows) && r.Rows[n].Column != r.Rows[i].Column {
				n += step
			}
			v.stopped[n] = true
		}
	}
}
