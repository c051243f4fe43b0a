package derive

import (
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// Snapshots are the methods that only look, each call of which in a program runs beside others: some promise
// nothing then.
func (d *Derived) Snapshots(p *program.Program) (list []kind.Verb) {
	alone := map[kind.Verb]bool{}
	for _, g := range kind.Groups(p.Ops) {
		for _, o := range g {
			switch {
			case !d.Kind.Ops[o.Verb].Looks && !d.methods[o.Verb].apart:
			case len(g) == 1:
				alone[o.Verb] = true
			case !slices.Contains(list, o.Verb):
				list = append(list, o.Verb)
			}
		}
	}
	return slices.DeleteFunc(list, func(v kind.Verb) bool { return alone[v] })
}
