package program

import (
	"time"

	"batchlab/sim/kind"
)

// settings simplifies the settings, and moves everything that was at one of their
// boundaries along: if there is room for 64*size items, 64*size+1 of them stay one more.
func (s *shrinker) settings() {
	s.edit(func(q *Program) { q.Config.Epoch = 0 })
	for i := range s.best.Kind.Settings {
		set := &s.best.Kind.Settings[i]
		for _, v := range append(set.Simplest, s.best.Config.Values[i]/2) {
			old := s.best.Config.Values[i]
			if v == old || set.Form == kind.Count && (v > old || v < set.Min) {
				continue
			}
			if set.Form == kind.Duration && v == old/2 {
				continue
			}
			if set.Unit && s.edit(func(q *Program) { rescale(q, set.Form, old, v); q.Config.Values[i] = v }) ||
				!(set.Unit && set.Form == kind.Duration) && s.edit(func(q *Program) { q.Config.Values[i] = v }) {
				break
			}
		}
	}
}

// rescale changes the arguments that are meant as multiples of a setting.
func rescale(q *Program, form kind.Form, from, to int64) {
	for i, o := range q.Ops {
		op := &q.Kind.Ops[o.Verb]
		for j := range op.Params {
			p := &op.Params[j]
			switch {
			case p.Form != form || !p.There(o.Args) || form == kind.Count && !op.Hands:
			case form == kind.Count:
				if times := (o.Args[j] + from/2) / from; times > 0 {
					q.Ops[i].Args[j] = max(times*to+o.Args[j]-times*from, p.Min)
				}
			default:
				q.Ops[i].Args[j] = int64(retimed(o.D(j), time.Duration(from), time.Duration(to)))
			}
		}
	}
}

// retimed is a duration that was near a multiple of from and is as near the multiple of
// to.
func retimed(d, from, to time.Duration) time.Duration {
	times := (d + from/2) / from
	if off := d - times*from; times > 0 && off.Abs() < 10 {
		return times*to + off
	}
	return max(time.Duration(float64(d)/float64(from)*float64(to)), 1)
}
