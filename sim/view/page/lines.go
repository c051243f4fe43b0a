package page

import "batchlab/sim/view/timeline"

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
	Rounds   int  // so many times what stands before and behind it, 0 if it is something else
	Over     bool // it comes after what is wrong, and has nothing to do with it
}

// parts says which lines are shown: all up to what is wrong, if what comes after it has nothing to do with it.
func parts(runs []timeline.Run, lines []line, open int) []part {
	end := len(lines)
	if runs[len(runs)-1].Over && open+1+leastLeft <= end {
		end = open + 1
	}
	list := before(runs, lines[:end], open)
	if end < len(lines) {
		list = append(list, part{From: end, To: len(lines), Over: true})
	}
	return list
}

// before says which of some lines are shown: all but rounds of the same, or those around switches, calls and the one
// at which the page opens.
func before(runs []timeline.Run, lines []line, open int) []part {
	again, show := rounds(keys(runs, lines, open)), make([]bool, len(lines))
	for i := range show {
		show[i] = true
	}
	list, n := split(show, again)
	last := &runs[len(runs)-1]
	for _, reach := range [][2]int{{3, 3}, {1, 3}, {0, 2}, {0, 0}} {
		if n <= mostShown {
			break
		}
		clear(show)
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
		list, n = split(show, again)
		n += len(list)
	}
	return list
}

// split makes parts of lines that are shown or not, and says how many are. Rounds are not.
func split(show []bool, again []part) (list []part, shown int) {
	for i := 0; i < len(show); i = list[len(list)-1].To {
		end := len(show)
		if len(again) > 0 {
			if end = again[0].From; end == i {
				list, again = append(list, again[0]), again[1:]
				continue
			}
		}
		to := i
		for to < end && show[to] == show[i] {
			to++
		}
		p := part{From: i, To: to, Shown: show[i] || to-i < 4}
		if p.Shown {
			shown += to - i
		}
		if n := len(list); n > 0 && p.Shown && list[n-1].Shown {
			list[n-1].To = to
		} else {
			list = append(list, p)
		}
	}
	return list, shown
}
