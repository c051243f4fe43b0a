package view

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// How much of a schedule fits a screen.
const (
	around   = 2  // lines on each side of a switch
	mostRows = 40 // of the table
)

// Schedule draws which goroutine did what, a column for each, in the order in which it
// happened, around the moments at which another went on. Calls are those of the run.
//
//	| a                   | b                           |
//	|---------------------|-----------------------------|
//	| Pop()               |                             |
//	|   ring.go:41 load   |                             |
//	|                     | Push(2)                     |
//	|                     |   ring.go:29 compareandswap |
//	|                     | Push(2) true                |
//	|   ring.go:43 store  |                             |
//
// A switch from a goroutine that could have gone on is a preemption. What every goroutine did
// alone is left out, and counted.
func Schedule(r *kind.Run, trace []rt.Passed) string {
	moments := merge(r, trace)
	kept := make([]bool, len(moments))
	last := -1
	for i := range moments {
		if last >= 0 && moments[i].who != moments[last].who {
			for j := max(last-around+1, 0); j < min(i+around, len(kept)); j++ {
				kept[j] = true
			}
		}
		last = i
	}
	var names []string
	for i, m := range moments {
		if kept[i] && !slices.Contains(names, m.who) {
			names = append(names, m.who)
		}
	}
	slices.Sort(names)
	t := &grid{head: names}
	left := 0
	for i, m := range moments {
		if !kept[i] || len(t.rows) == mostRows {
			left++
			continue
		}
		row := make([]string, len(names))
		if left > 0 && len(t.rows) > 0 {
			row[slices.Index(names, m.who)] = fmt.Sprintf("  … %d more", left)
			t.rows = append(t.rows, row)
			row = make([]string, len(names))
		}
		left = 0
		row[slices.Index(names, m.who)] = m.text
		t.rows = append(t.rows, row)
	}
	text := t.String()
	if left > 0 {
		text += fmt.Sprintf("… %d more\n", left)
	}
	return text
}

// moment is something that a goroutine did.
type moment struct {
	who, text string
	seq       int64
}

// merge puts the beginnings and ends of calls between the points that were passed.
func merge(r *kind.Run, trace []rt.Passed) []moment {
	var list []moment
	first, last := span(r)
	for _, p := range trace {
		if p.Seq < first || p.Seq > last || strings.HasPrefix(p.G, "clos") || p.G == "lab" {
			continue
		}
		text := "  " + p.Site + " " + p.What
		if p.Waits {
			text += ": waits"
		}
		list = append(list, moment{p.G, text, p.Seq})
	}
	for i, e := range r.Events {
		if !r.Kind.IsAnswered(e) || e.Source.Lane == kind.LabLane || i >= len(r.Began) || r.Began[i] < first {
			continue
		}
		if e.Outcome != kind.Waits && e.Outcome != kind.Skipped { // when that call began, nobody has recorded
			list = append(list, moment{e.Source.String(), r.Kind.Call(e), r.Began[i]},
				moment{e.Source.String(), "-> " + r.Kind.Answer(e), r.Ended[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return int(a.seq - b.seq) })
	return list
}

// span is when the first group in which operations run together began, and the last ended.
func span(r *kind.Run) (first, last int64) {
	first = kind.NoSeq
	for _, g := range r.Groups() {
		if len(g.Ops) < 2 {
			continue
		}
		for i, e := range r.Events {
			if e.Step >= g.Step && e.Step <= g.Last && i < len(r.Began) {
				first, last = min(first, r.Began[i]), max(last, r.Ended[i])
			}
		}
	}
	return first, last
}
