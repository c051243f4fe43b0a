package page

import (
	"slices"

	"batchlab/sim/view/timeline"
)

// mostShown is how many lines a page has at first: of more, those around what matters.
const mostShown = 1000

// line is a line of the table: of each run a row, -1 if it has none there.
type line []int

// linesOf puts the rows of runs beside each other: those that are the same stand in one line.
func linesOf(runs []timeline.Run) []line {
	last := &runs[len(runs)-1]
	if len(runs) == 1 {
		list := make([]line, len(last.Rows))
		for i := range list {
			list[i] = line{i}
		}
		return list
	}
	var list []line
	first, i, j := &runs[0], 0, 0
	for i < len(first.Rows) || j < len(last.Rows) {
		l := line{-1, -1}
		a, b := i < len(first.Rows) && first.Rows[i].Pair == 0, j < len(last.Rows) && last.Rows[j].Pair == 0
		both := !a && !b // both are at a pair, or one of them has ended
		if (a || both) && i < len(first.Rows) {
			l[0] = i
			i++
		}
		if (b || both) && j < len(last.Rows) {
			l[1] = j
			j++
		}
		list = append(list, l)
	}
	return list
}

// part is a range of lines, from one to before another, that is shown or left out.
type part struct {
	From, To int
	Shown    bool
}

// parts says which lines are shown: all, or those around switches, calls and the one at which the page opens.
func parts(runs []timeline.Run, lines []line, open int) []part {
	if len(lines) <= mostShown {
		return []part{{0, len(lines), true}}
	}
	last := &runs[len(runs)-1]
	var list []part
	for _, reach := range [][2]int{{3, 3}, {1, 3}, {0, 2}, {0, 0}} {
		show := make([]bool, len(lines))
		near := func(i, n int) {
			for k := max(0, i-n); k <= min(len(lines)-1, i+n); k++ {
				show[k] = true
			}
		}
		near(0, 20)
		near(len(lines)-1, 20)
		near(open, 60)
		for i, l := range lines {
			row := l[len(l)-1]
			if row < 0 {
				continue
			}
			switch r := &last.Rows[row]; {
			case r.Kind == timeline.Switch && reach[1] > 0:
				near(i, reach[1])
			case r.Note != "":
				near(i, 2)
			case r.Kind == timeline.Call || r.Kind == timeline.Answer || r.Kind == timeline.Waits:
				if reach[0] > 0 {
					near(i, reach[0])
				}
			}
		}
		list = list[:0]
		for i := 0; i < len(show); {
			to := i
			for to < len(show) && show[to] == show[i] {
				to++
			}
			list = append(list, part{i, to, show[i] || to-i < 4})
			i = to
		}
		n := 0
		for _, p := range list {
			if p.Shown {
				n += p.To - p.From
			}
		}
		if n+len(list) <= mostShown {
			break
		}
	}
	return merged(list)
}

// merged puts parts together that are shown one behind the other.
func merged(list []part) []part {
	var all []part
	for _, p := range list {
		if n := len(all); n > 0 && all[n-1].Shown == p.Shown {
			all[n-1].To = p.To
		} else {
			all = append(all, p)
		}
	}
	return slices.Clip(all)
}
