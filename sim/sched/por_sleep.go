package sched

import "batchlab/sim/weave/rt"

// sleepers are the goroutines that sleep at the nodes of a stack, each with what its next step does. Those of
// a node follow on those of the one above it, and the last is who goes on there.
type sleepers []sleeper

type span struct{ from, to int32 }

// sleeper is a goroutine and what its next step does, in any of the runs that it goes on in.
type sleeper struct {
	g       int32
	objects int32 // that had a number by then: the others may have another one in another run
	n       int32 // of does; more than there is room for: it may do anything
	does    [12]rt.Access
}

// push has a goroutine go on at a node, which is the last one.
//
//go:norace
func (s *sleepers) push(b *node, g int) { s.add(b, &sleeper{g: int32(g), objects: b.objects}) }

//go:norace
func (s *sleepers) add(b *node, x *sleeper) {
	*s = grown(*s, int(b.sleep.to))
	(*s)[b.sleep.to] = *x
	b.sleep.to++
}

// tell takes in what the step does with which a node goes on, in one run.
func (s sleepers) tell(b *node, does []rt.Access) {
	x := &s[b.sleep.to-1]
	for _, a := range does {
		x.takeIn(a)
	}
}

func (x *sleeper) takeIn(a rt.Access) {
	switch e := a.Effect(); {
	case e == rt.Wants, e == rt.Starts, e == rt.GivesWay:
		return
	case e > rt.Starts:
		x.n = int32(len(x.does)) + 1
	}
	for i := range min(int(x.n), len(x.does)) {
		if x.does[i] == a {
			return
		}
	}
	if int(x.n) < len(x.does) {
		x.does[x.n] = a
	}
	x.n = min(x.n, int32(len(x.does))) + 1
}

// woken reports whether something that is done does not commute with what the sleeper would do.
//
//go:norace
func (x *sleeper) woken(by []rt.Access) bool {
	for i := range by {
		a := by[i]
		switch e := a.Effect(); {
		case e == rt.Wants || e == rt.Starts || e == rt.GivesWay:
			continue
		case e > rt.Starts || a.Object() == rt.Everything || int(x.n) > len(x.does):
			return true
		}
		for k := range x.n {
			b := x.does[k]
			same := a.Object() == b.Object() || a.Object() >= int(x.objects) && b.Object() >= int(x.objects)
			if same && (a.Effect() == rt.Empties || !rt.Commute(a.Effect(), b.Effect())) {
				return true
			}
		}
	}
	return false
}

// everything reports whether the sleeper commutes with nothing.
//
//go:norace
func (x *sleeper) everything() bool {
	for k := range min(int(x.n), len(x.does)) {
		if x.does[k].Object() == rt.Everything {
			return true
		}
	}
	return false
}

// inherit has those sleep at a new node who sleep at the one before, unless what was done since has woken them. If
// one of them has gone on since, as the only one who could, the run shows nothing new from there on.
//
//go:norace
func (d *POR) inherit(i int) {
	b, m := &d.stack[i], i-1
	if m >= 0 {
		b.sleep.from = d.stack[m].sleep.to
	}
	b.sleep.to, b.objects = b.sleep.from, int32(d.record.Objects)
	if b.n > 0 {
		return
	}
	for m >= 0 && d.stack[m].n > 0 {
		m--
	}
	if m < 0 {
		return
	}
	above := &d.stack[m]
	for k := above.sleep.from; k < above.sleep.to-1; k++ {
		x := &d.sleepers[k]
		awake := false
		for step := int(above.step); step < d.record.N && !awake; step++ {
			if d.record.Steps[step].G == x.g {
				d.block(step)
				break
			}
			awake = x.everything() || x.woken(d.record.Accesses(step))
		}
		if !awake {
			d.sleepers.add(b, x)
			b.asleep |= 1 << x.g
		}
	}
}

// block says that from a step on the run shows nothing new.
//
//go:norace
func (d *POR) block(step int) {
	if d.blocked == 0 || step < d.blocked {
		d.blocked = step
	}
}
