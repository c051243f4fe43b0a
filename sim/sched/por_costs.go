package sched

import (
	"slices"

	"batchlab/sim/weave/rt"
)

// costs is what it costs that t goes on after p, and who is left behind then.
func (l *least) costs(done *clock, p, t int, left uint64) (int, uint64) {
	if p < 0 || p == l.by && done[p] == l.at || !l.over && l.next(done, p) == 0 {
		return 0, left
	}
	step := &l.r.Steps[done[p]-1]
	switch {
	case step.Waits || step.Lock > 0 && l.held(done, step.Lock):
		return 0, left
	case l.facts[done[p]].yields:
		d := l.turn(done, p, left)
		switch {
		case d < 0 || d == t || !l.over && l.next(done, d) == 0:
			return 0, left
		case left>>d&1 != 0 && l.held(done, l.r.Steps[done[d]-1].Lock): // it only begins to wait
			return 0, left &^ (1 << d)
		}
		return 1, left
	case p == t:
		return 0, left
	case step.Lock > 0:
		left |= 1 << p
	}
	return 1, left
}

// held reports whether a lock is.
func (l *least) held(done *clock, lock int32) bool {
	if l.by >= 0 && l.lock == lock && done[l.by] == l.at {
		return true
	}
	for m := slices.Max(done[:l.o.width]); m > 0; m-- {
		if m > done[l.r.Steps[m-1].G] {
			continue
		}
		does := l.r.Accesses(int(m - 1))
		for _, a := range slices.Backward(does) {
			if a.Object() == int(lock) && (a.Effect() == rt.Gives || a.Effect() == rt.Takes) {
				return a.Effect() == rt.Takes
			}
		}
	}
	return false
}

// turn is who goes on by default when a goroutine gives way, or -1.
func (l *least) turn(done *clock, p int, left uint64) int {
	first := -1
	for k := range l.o.width {
		switch {
		case k == l.r.Clock || k != p && left>>k&1 == 0 && !l.ready(done, k):
		case k > p:
			return k
		case first < 0:
			first = k
		}
	}
	return first
}

// ready reports whether a goroutine can go on, as far as that is known.
func (l *least) ready(done *clock, k int) bool {
	c := done[k]
	if c == 0 {
		b := l.born[k]
		return b > 0 && b <= done[l.r.Steps[b-1].G]
	}
	step, next := &l.r.Steps[c-1], l.facts[c].next
	switch {
	case step.Lock > 0:
		return !l.held(done, step.Lock)
	case !step.Waits || next == 0:
		return !step.Waits
	}
	for j := range l.o.width {
		if j != k && l.o.clocks[next][j] > done[j] {
			return false
		}
	}
	return true
}
