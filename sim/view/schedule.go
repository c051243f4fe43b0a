package view

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/weave/rt"
)

// How much of a schedule fits a screen.
const (
	mostRows    = 36
	mostColumns = 4 // of goroutines; of more, what each does stands below each other
)

// Schedule draws which goroutine did what, a column for each, in the order in which it happened,
// around the moments at which another went on.
//
//	| a                           | b                              |
//	|-----------------------------|--------------------------------|
//	| Pop()                       |                                |
//	|   ring.go:41 load q.head    |                                |
//	|   switch                    |                                |
//	|                             | Push(2)                        |
//	|                             |   ring.go:29 store q.tail      |
//	|                             | -> true                        |
//	|   ring.go:43 store q.head   |                                |
//
// A switch is a preemption: the goroutine could have gone on, and did not. What every goroutine did
// alone is left out where there is no room, and counted.
func Schedule(trace []rt.Passed) string {
	moments := momentsOf(trace)
	rows := screenful(moments)
	var names []string
	for _, r := range rows {
		if !slices.Contains(names, r.who) {
			names = append(names, r.who)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return ""
	}
	if len(names) > mostColumns {
		return listed(rows)
	}
	t := &grid{head: names}
	for _, r := range rows {
		row := make([]string, len(names))
		row[slices.Index(names, r.who)] = r.text()
		t.rows = append(t.rows, row)
	}
	if !t.fits() { // the file is that of the line above, as a rule
		last := make([]string, len(names))
		for i, r := range rows {
			at := slices.Index(names, r.who)
			if file, _, ok := strings.Cut(r.site, ":"); ok {
				if file == last[at] {
					t.rows[i][at] = strings.Replace(t.rows[i][at], file, "", 1)
				}
				last[at] = file
			}
		}
	}
	return t.String()
}

// listed is one column of names, and one of what they do.
func listed(rows []moment) string {
	t := &grid{head: []string{"who", "does"}}
	last := ""
	for _, r := range rows {
		who := r.who
		if who == last {
			who = ""
		}
		last = r.who
		t.rows = append(t.rows, []string{who, r.text()})
	}
	return t.String()
}

// moment is something that a goroutine did.
type moment struct {
	who, site, what string
	left            int // instead: how many are left out
}

// preempts is what a moment does at which another goroutine goes on instead.
const preempts = "switch"

func (m moment) text() string {
	switch {
	case m.left > 0:
		return fmt.Sprintf("  … %d more", m.left)
	case m.site != "":
		return "  " + m.site + " " + m.what
	case m.what == preempts:
		return "  " + m.what
	}
	return m.what
}

// isCall reports whether it is the beginning or the end of a call, or what happens besides.
func (m moment) isCall() bool { return m.site == "" && m.what != preempts }

// momentsOf are those that a person wants to see.
func momentsOf(trace []rt.Passed) []moment {
	var list []moment
	for _, p := range trace {
		m := moment{who: p.G, site: p.Site, what: p.What}
		switch {
		case p.G == "lab" || p.G == "closer": // the lab's own
			continue
		case p.To != "":
			m.site, m.what = "", preempts
		case p.Alt > 0:
			m.what += fmt.Sprintf(": choice %d", p.Alt)
		case p.What == "touch": // the operation follows its arguments
			continue
		case p.Waits:
			if n := len(list); n > 0 && list[n-1] == m {
				list = list[:n-1]
			}
			m.what += ": waits"
		}
		list = append(list, m)
	}
	return list
}

// screenful is what of the moments fits a screen: all of them, or those around switches and
// what was called, or less.
func screenful(moments []moment) []moment {
	turns, preemptions := make([]bool, len(moments)), make([]bool, len(moments))
	for i := 1; i < len(moments); i++ {
		turns[i] = moments[i].who != moments[i-1].who
		preemptions[i] = turns[i] && moments[i-1].what == preempts
	}
	var rows []moment
	for _, keep := range []func(i int) bool{
		func(int) bool { return true },
		func(i int) bool { return moments[i].isCall() || near(turns, i, 2) },
		func(i int) bool { return moments[i].isCall() || near(turns, i, 1) },
		func(i int) bool { return moments[i].isCall() || near(preemptions, i, 2) },
		func(i int) bool { return near(turns, i, 1) },
		func(i int) bool { return near(preemptions, i, 3) },
	} {
		if rows = kept(moments, keep); len(rows) > 0 && len(rows) <= mostRows {
			return rows
		}
	}
	if rows = kept(moments, func(i int) bool { return near(turns, i, 1) }); len(rows) > mostRows {
		out := 1 - mostRows
		for _, r := range rows {
			out += max(1, r.left)
		}
		rows = append(rows[:mostRows-1:mostRows-1], moment{who: rows[mostRows-1].who, left: out})
	}
	return rows
}

// near reports whether a turn is so close.
func near(turns []bool, i, distance int) bool {
	for j := max(i-distance+1, 0); j <= min(i+distance, len(turns)-1); j++ {
		if turns[j] {
			return true
		}
	}
	return false
}

// kept are the moments that are kept, and how many were left out between them.
func kept(moments []moment, keep func(i int) bool) []moment {
	var rows []moment
	gap := moment{}
	for i, m := range moments {
		if !keep(i) && m.what != preempts {
			gap.who = m.who
			gap.left++
			continue
		}
		if gap.left == 1 { // a count takes as much room
			rows = append(rows, moments[i-1])
		} else if gap.left > 0 {
			rows = append(rows, gap)
		}
		gap.left = 0
		rows = append(rows, m)
	}
	if gap.left > 0 && len(rows) > 0 {
		rows = append(rows, gap)
	}
	return rows
}
