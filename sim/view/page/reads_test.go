package page

import (
	"fmt"
	"testing"

	"batchlab/sim/view/timeline"
)

// TestReads: what a goroutine reads in one go is folded into its first read, but for what is wrong or named there, and
// for where somebody is stopped.
func TestReads(t *testing.T) {
	for _, c := range []struct {
		rows string // r: a reads; l: loads; R: b reads; w: a writes; s: a is stopped; n: a reads at a line that is named
		open int
		want string
	}{
		{"wrlrlw", 0, "wr[3: q.head is 1]w"},
		{"wrlw", 0, "wrlw"},
		{"rrrr", 0, "rr[2: q.head is 1]"},
		{"wrrrRRRRw", 0, "wr[2: q.head is 1]R[3: q.head is 1]w"},
		{"wrrwrrw", 0, "wrrwrrw"},
		{"wrrrnrrrrw", 0, "wr[2: q.head is 1]nr[3: q.head is 1]w"},
		{"wrrrrsRrrrrw", 0, "wr[2: q.head is 1]rsRrr[2: q.head is 1]w"},
		{"wrrrrrrrw", 4, "wr[2: q.head is 1]rr[2: q.head is 1]w"},
	} {
		f := find(len(c.rows))
		f.Verdict = []string{"see q.go:4"}
		r := f.Last()
		r.Open, r.Objects[0].Name = c.open, "q.head"
		for i, letter := range c.rows {
			r.Rows[i] = timeline.Row{Kind: timeline.Point, Text: "read", Site: "q.go:5", Objects: []int{0}, Value: "is 1"}
			switch row := &r.Rows[i]; letter {
			case 'l':
				row.Text = "load"
			case 'R':
				row.Column = 1
			case 'w':
				row.Text = "write"
			case 'n':
				row.Site = "q.go:4"
			case 's':
				*row = timeline.Row{Kind: timeline.Switch, Site: "q.go:5", To: 1}
			}
		}
		got := ""
		for _, p := range newView(f).Parts {
			for _, l := range p.Lines {
				got += c.rows[l.N : l.N+1]
				for _, x := range l.Cells {
					if x.More != nil {
						got += fmt.Sprintf("[%d: %s]", x.More.Left(), x.More.What)
					}
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.rows, got, c.want)
		}
	}
}
