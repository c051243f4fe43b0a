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
	for room := widestFile; !t.fits() && room >= narrowest; room-- {
		last := make([]string, len(names))
		for i, r := range rows {
			at := slices.Index(names, r.who)
			t.rows[i][at] = r.within(room, &last[at])
		}
	}
	return t.String()
}

// widestFile is how much of a file's name is shown at most where there is not room for all.
const widestFile = 30

// within is a moment with so much of the file's name, and nothing of it if the line above has it.
func (m moment) within(room int, last *string) string {
	file, line, ok := strings.Cut(m.site, ":")
	if !ok {
		return m.text()
	}
	same := file == *last
	*last = file
	if m.site = clip(file, room) + ":" + line; same {
		m.site = ":" + line
	}
	return m.text()
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
		case p.What == "touch", p.What == "go": // the operation follows its arguments, and the point what was started
			continue
		case isTime(m) && len(list) > 0 && isTime(list[len(list)-1]): // when it moves on alone it is told once
			list = list[:len(list)-1]
		case p.Waits:
			if n := len(list); n > 0 && list[n-1] == m {
				list = list[:n-1]
			}
			m.what += ": waits"
		}
		list = append(list, m)
	}
	if n := len(list); n > 0 && isTime(list[n-1]) { // and nobody does anything any more
		list = list[:n-1]
	}
	return list
}

// isTime reports whether a moment is a move of a clock that is a goroutine.
func isTime(m moment) bool { return m.who == "clock" && strings.HasPrefix(m.what, "time is ") }

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
	rows = kept(moments, func(i int) bool { return near(turns, i, 1) })
	if len(rows) <= mostRows {
		return rows
	}
	gap := moment{who: rows[head].who} // how it ends says more than how it begins
	tail := rows[len(rows)-(mostRows-head-1):]
	for _, r := range rows[head : len(rows)-len(tail)] {
		gap.left += max(1, r.left)
	}
	return append(append(rows[:head:head], gap), tail...)
}

// head is how many rows of one that is too long are its first.
const head = mostRows / 3

// near reports whether a turn is so close.
func near(turns []bool, i, distance int) bool {
	for j := max(i-distance+1, 0); j <= min(i+distance, len(turns)-1); j++ {
		if turns[j] {
			return true
		}
	}
	return false
}

// ending is how many moments of the end are always kept.
const ending = 3

// kept are the moments that are kept, and how many were left out between them.
func kept(moments []moment, keep func(i int) bool) []moment {
	var rows []moment
	gap := moment{}
	for i, m := range moments {
		if !keep(i) && m.what != preempts && i < len(moments)-ending {
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
	return rows
}

// Choices says how many choices of a schedule were not the default, which is that who is at it goes on
// until it waits or has ended.
func Choices(preemptions, all int) string {
	var list []string
	switch preemptions {
	case 0:
		list = append(list, "no preemption")
	case 1:
		list = append(list, "one preemption")
	default:
		list = append(list, fmt.Sprintf("%d preemptions", preemptions))
	}
	switch others := all - preemptions; {
	case others == 1:
		list = append(list, "one other choice that is not the default")
	case others > 1:
		list = append(list, fmt.Sprintf("%d other choices that are not the default", others))
	}
	return strings.Join(list, ", ")
}
