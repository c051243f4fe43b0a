package sched

// A bound is one on what has to be: of the schedules that differ only in the order of what commutes the one with the
// fewest preemptions counts, and the one that is taken for all of them may have more. So a bounded search is the one
// without a bound, less what leads nowhere within it: where two steps could come the other way round, it goes on with
// that unless all up to there, in whatever order, takes more preemptions. That is what Marmanis, Kokologiannakis and
// Vafeiadis do (Reconciling Preemption Bounding with DPOR, TACAS 2023); to go on at more places instead, as Coons,
// Musuvathi and McKinley have it (Bounded Partial-Order Reduction, OOPSLA 2013), took 343,000 schedules of the litmus
// programs with two preemptions, where this takes 96,000 and the plain search 1,575,000.
//
// What shows that two steps could come the other way round may itself be beyond the bound, if there are more than two
// goroutines. So a race counts though another comes in between, which without a bound a later run would show, and
// below two preemptions one more is let pass, which may take more schedules than the plain search. That is not
// enough, so Whole does not rest on it. Of 10,500 small generated programs it missed nothing, showed of one what is
// beyond the bound, and came to no end with 14, all below two preemptions, in 10 times the plain search's most;
// without the two it missed something of one in 80. Of 4,200 larger ones, with two preemptions, it showed of 2 what
// is beyond the bound, and missed something of 3, all among 1,300 of three lanes with up to four operations each, as
// in TestMissedWithinBound. With one more let pass there as well it misses nothing of these, which is no proof
// either, and takes 192,000 schedules of the litmus programs.

// spare is by how much what is gone on with may be beyond the bound.
func (d *POR) spare() int {
	if d.Bound < 2 {
		return 1
	}
	return 0
}

// affords reports whether two steps could come the other way round within the bound.
func (d *POR) affords(v *reversal) bool {
	l := d.least
	l.begin(d)
	l.goal, l.over = v.past, false
	l.upTo(int(v.e) - 1)
	l.at, l.by, l.from, l.past = v.at, v.g, l.goal[v.g], &v.past
	l.goal[v.g], l.lock, l.before = v.at, v.lock, int(l.r.Steps[v.e-1].G)
	return l.within(d.Bound + d.spare() - d.values())
}

// affordsValue reports whether another alternative can be taken within the bound.
func (d *POR) affordsValue(b *node) bool {
	if d.Bound < 0 {
		return true
	}
	d.least.begin(d)
	d.least.all(int(b.step)+1, false)
	return d.least.within(d.Bound + d.spare() - d.values())
}

// affordsAll reports whether the run that is over is within the bound, in some order.
func (d *POR) affordsAll() bool {
	d.least.begin(d)
	d.least.all(d.record.N, true)
	return d.least.within(d.Bound - d.values())
}

// values is what the choices among alternatives cost that are part of the goal.
func (d *POR) values() (n int) {
	for i := range d.n {
		b := &d.stack[i]
		if b.n > 0 && b.c > 0 && moment(b.step+1) <= d.least.goal[d.record.Steps[b.step].G] {
			n++
		}
	}
	return n
}

// Beyond reports whether the schedule that is over is not one of those that the search is to show: it has more
// preemptions than the bound, in whatever order its steps come, or shows nothing new.
func (d *POR) Beyond() bool { return d.beyond }
