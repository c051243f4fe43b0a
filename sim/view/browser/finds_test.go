package browser

import (
	"fmt"

	"batchlab/sim/view/timeline"
)

// find is what a page has of a small find: a queue beside its original.
func find() *timeline.Timeline {
	lanes := []timeline.Column{{Name: "a", Lane: true}, {Name: "b", Lane: true}}
	return &timeline.Timeline{
		Title: "TestHasty", Verdict: []string{"hasty is not equivalent to locked"}, File: "testdata/sim/TestHasty_1.seed",
		Command: "go test -run '^TestHasty$' -sim.replay=testdata/sim/TestHasty_1.seed",
		Runs: []timeline.Run{
			{Name: "locked", Columns: lanes, Objects: []timeline.Object{{Name: "q.mu", Sort: "lock"}}, Open: -1, Rows: []timeline.Row{
				{Kind: timeline.Call, Text: "Pop()", Pair: 1},
				{Kind: timeline.Point, Text: "lock", Site: "queue.go:4", Objects: []int{0}, Lock: 1},
				{Kind: timeline.Answer, Text: "1 true"},
				{Kind: timeline.Call, Column: 1, Text: "Pop()", Pair: 5},
				{Kind: timeline.Answer, Column: 1, Text: "0 false"},
			}},
			{Name: "hasty", Columns: lanes, Objects: []timeline.Object{{Name: "q.head", Sort: "memory"}, {Name: "q.mu", Sort: "lock"}},
				Open: 7, Note: "want 0 false", Rows: []timeline.Row{
					{Kind: timeline.Call, Text: "Pop()", Pair: 1},
					{Kind: timeline.Point, Text: "lock", Site: "queue.go:4", Objects: []int{1}, Lock: 1},
					{Kind: timeline.Point, Text: "load", Site: "queue.go:12", Objects: []int{0}},
					{Kind: timeline.Switch, Site: "queue.go:14", To: 1, Holds: []int{1}},
					{Kind: timeline.Call, Column: 1, Text: "Pop()", Pair: 4},
					{Kind: timeline.Point, Column: 1, Text: "load", Site: "queue.go:12", Objects: []int{0}},
					{Kind: timeline.Elapses, Column: -1, Text: "time is +1s"},
					{Kind: timeline.Answer, Column: 1, Text: "1 true"},
					{Kind: timeline.Point, Text: "store", Site: "queue.go:14", Objects: []int{0}},
					{Kind: timeline.Answer, Text: "1 true"},
				}},
		},
		Sources: []timeline.Source{{File: "queue.go", Lines: lines(3, 16, 4, 12, 14)}},
	}
}

// lines are some of a source, at some of which somebody was.
func lines(from, to int, at ...int) []timeline.Line {
	var list []timeline.Line
	for n := from; n <= to; n++ {
		l := timeline.Line{N: n, Text: fmt.Sprintf("\t\tline(%d)", n), After: n == from}
		for _, a := range at {
			if a == n {
				l.Site = fmt.Sprintf("queue.go:%d", n)
			}
		}
		list = append(list, l)
	}
	return list
}

// long is a find with many points: three goroutines in turn, and at every hundredth another goes on.
func long(points int) *timeline.Timeline {
	r := timeline.Run{Name: "long", Columns: []timeline.Column{{Name: "a", Lane: true}, {Name: "a/1", Born: "queue.go:4"},
		{Name: "b", Lane: true}}, Objects: []timeline.Object{{Name: "q.mu", Sort: "lock"}}, Open: points / 2, Note: "wrong"}
	for i := range points {
		row := timeline.Row{Kind: timeline.Point, Column: i / 7 % 3, Text: fmt.Sprint("lock ", i), Site: "queue.go:12", Objects: []int{0}}
		if i%100 == 50 {
			row.Kind, row.Text, row.Site, row.To = timeline.Switch, "", "queue.go:14", (row.Column+1)%3
		}
		r.Rows = append(r.Rows, row)
	}
	return &timeline.Timeline{Title: "TestLong", Verdict: []string{"it is long"}, Runs: []timeline.Run{r},
		Sources: []timeline.Source{{File: "queue.go", Lines: lines(1, 30, 4, 12, 14)}}}
}
