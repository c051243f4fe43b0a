package program

import (
	"math"

	"batchlab/sim/kind"
)

// names gives names the smallest numbers from 1, in order of appearance: those with one
// letter to all that have it, but to the second of an operation each for itself, for
// those are values.
func (s *shrinker) names() {
	s.edit(func(q *Program) {
		named := map[int64]int64{}
		for i, o := range q.Ops {
			for j := range q.Kind.Ops[o.Verb].Params {
				p := &q.Kind.Ops[o.Verb].Params[j]
				if !isKey(p, j) || o.Args[j] == kind.NilArg || p.More > 0 && o.Args[p.More] > 0 {
					continue
				}
				if _, ok := named[o.Args[j]]; !ok {
					named[o.Args[j]] = min(int64(len(named))+1, p.Max)
				}
				q.Ops[i].Args[j] = named[o.Args[j]]
			}
		}
	})
	s.ranges()
	s.each(kind.Named, func(i, j int, p *kind.Param) {
		if !isKey(p, j) && s.best.Ops[i].Args[j] > 1 {
			s.set(i, j, 1)
		}
	})
}

// ranges moves ranges to where names begin: all names with them, or each for itself.
func (s *shrinker) ranges() {
	lowest := int64(math.MaxInt64)
	s.each(kind.Named, func(i, j int, p *kind.Param) {
		if v := s.best.Ops[i].Args[j]; isKey(p, j) && v != kind.NilArg {
			lowest = min(lowest, v)
		}
	})
	s.edit(func(q *Program) {
		for i := range q.Ops {
			for j := range q.Kind.Ops[q.Ops[i].Verb].Params {
				if v := &q.Ops[i].Args[j]; isKey(&q.Kind.Ops[q.Ops[i].Verb].Params[j], j) && *v != kind.NilArg {
					*v -= lowest - 1
				}
			}
		}
	})
	s.each(kind.Named, func(i, j int, p *kind.Param) {
		if p.More > 0 && s.best.Ops[i].Args[p.More] > 0 && s.best.Ops[i].Args[j] > 1 {
			s.set(i, j, 1)
		}
	})
}

// isKey reports whether an argument is a name that other operations may mean as well.
func isKey(p *kind.Param, index int) bool {
	return p.Form == kind.Named && p.NoName == "" && index == 0
}
