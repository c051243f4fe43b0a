package sched

import "batchlab/sim/weave/rt"

// reversal is a step e before which a step at, of goroutine g, could come, and what that one needs. If g only waits for
// a lock to do it, it is not yet in the run.
type reversal struct {
	e, at moment
	g     int
	lock  int32
	past  clock
}

func (o *order) reversible(r *rt.Record, v reversal) {
	if o.bounded {
		v.past = o.own
		for _, a := range o.afters {
			if o.clocks[a][r.Steps[v.e-1].G] < v.e {
				v.past.join(&o.clocks[a], o.width)
			}
		}
	}
	o.found = append(o.found, v)
}

// cutShort has the search go on with all others where the last step ended the run: what they would have done nobody
// has seen.
func (d *POR) cutShort(end int) {
	if d.blocked > 0 || end == 0 || d.order.nodes[end] == 0 {
		return
	}
	for _, a := range d.record.Accesses(end - 1) {
		if a.Object() != rt.Everything || a.Effect() != rt.Changes {
			continue
		}
		b := &d.stack[d.order.nodes[end]-1]
		b.todo |= b.enabled
	}
}

// reverse has the search go on before step e with somebody who leads to step at, of goroutine g, without it.
func (d *POR) reverse(v *reversal) {
	o, r, e, at, g := &d.order, d.record, v.e, v.at, v.g
	if o.nodes[e] == 0 {
		return // nobody else could go on
	}
	var first clock // of each goroutine, of what comes between and does not need e
	by := int(r.Steps[e-1].G)
	for f := e + 1; f < at; f++ {
		if k := r.Steps[f-1].G; first[k] == 0 && o.clocks[f][by] < e {
			first[k] = f
		}
	}
	if first[g] == 0 {
		first[g] = at
	}
	b, initials := &d.stack[o.nodes[e]-1], uint64(0)
	for k := range o.width {
		if first[k] == 0 {
			continue
		}
		c, needs := &o.clocks[first[k]], false
		for l := range o.width {
			needs = needs || l != k && first[l] > 0 && c[l] >= first[l]
		}
		if !needs {
			initials |= 1 << k
		}
	}
	able := initials & b.enabled
	if initials&(b.todo|b.asleep) != 0 || able == 0 || d.Bound >= 0 && !d.affords(v) {
		return
	}
	if able>>g&1 == 0 {
		able &= -able
	} else {
		able = 1 << g
	}
	b.todo |= able
}
