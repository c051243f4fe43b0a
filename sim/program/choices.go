package program

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// The third spelling of a program is a row of choices, for a fuzzer to make: which
// setting, which operation, whose, how many, how long. It is made so that another choice
// is another program and seldom another one altogether. Durations and counts choose
// among boundaries, where faults live, or are spelled out.
//
// How choices are made of bytes is the Source's business, and Encode tells a Sink which
// choices lead to a program. The order of the choices has no version: bytes are for one
// fuzzing session, and what it finds is kept as text.

// Source is where Decode takes choices from. Past its end all are 0.
type Source interface {
	Choice(n int) int          // one of n things: 0 to n-1
	Number(most uint64) uint64 // 0 to most
	Done() bool                // nothing is left
}

// Sink takes the choices that a Source is to give.
type Sink interface {
	Choice(i, n int)
	Number(v, most uint64)
}

// Decode makes a program for a kind of subject of any choices at all. The program
// passes Validate; an operation that would not fit into its limits is dropped.
func Decode(k *kind.Kind, src Source) *Program {
	p := &Program{Kind: k}
	c := &coder{src: src, kind: k, table: opTable(k)}
	c.config(&p.Config)
	p.lighten(MaxTimers)
	c.boundaries(p.Config)
	budget, items := newBudget(p), 0
	// Dropped operations count as well, or choices without end would be taken to the end.
	for range MaxOps {
		if src.Done() {
			break
		}
		var o Op
		c.op(&o)
		next := *budget
		if items+amount(k, o) > MaxItems || fault(k, o) != "" || next.add(o) > MaxTimers {
			continue
		}
		*budget = next
		items += amount(k, o)
		o.And = o.And && markFault(k, p.Ops, o) == ""
		p.Ops = append(p.Ops, o)
	}
	return p
}

// Encode tells which choices Decode makes p.Bare() of again, but for its schedule and for
// ranges of more names than a fuzzer makes, if p is valid and holds nothing that its text
// would not show.
func Encode(p *Program, sink Sink) {
	c := &coder{sink: sink, kind: p.Kind, table: opTable(p.Kind)}
	config := p.Config
	c.config(&config)
	c.boundaries(config)
	for _, o := range p.Ops {
		c.op(&o)
	}
}

// opTable lists the operations; what stands there twice is met twice as often.
func opTable(k *kind.Kind) []kind.Verb {
	var list []kind.Verb
	for v := range k.Ops {
		list = append(list, kind.Verb(v))
	}
	for v, op := range k.Ops {
		if op.Always || v == int(kind.Advance) {
			list = append(list, kind.Verb(v))
		}
	}
	return list
}

// The forms of an epoch.
const (
	epochZero = iota
	epoch2026
	epochRaw
	epochForms
)

const year2026 = 1_767_225_600 * time.Second

// units spell durations that are no boundary: a unit, and how many of it.
var units = [...]time.Duration{1, time.Microsecond, time.Millisecond, 10 * time.Millisecond, time.Second, time.Minute,
	time.Hour}

// A lane and whether its operation runs together with the one before it are one choice of
// lanes: near ones are met often, and those beyond them need a choice of their own.
const (
	nearLanes = 4
	nearForms = 7 * nearLanes // of each lane seven, the last of which is together
	farForms  = 4             // the last of which is together
)

// marksOf are the boundaries of settings: a duration stands for itself, 1ns less and 1ns
// more.
func marksOf(k *kind.Kind, c Config) []time.Duration {
	var list []time.Duration
	if k.Marks != nil {
		list = k.Marks(c)
	}
	for i, s := range k.Settings {
		if s.Form == kind.Duration {
			list = append(list, c.D(i), 2*c.D(i), c.D(i)/2, c.D(i)/10)
		}
	}
	list = slices.DeleteFunc(append(list, 100*time.Millisecond, time.Second, time.Minute, time.Hour),
		func(d time.Duration) bool { return d < 1 })
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), 60)]
}

// counts are how many things an operation hands over, by the settings that are its unit.
func counts(k *kind.Kind, c Config) []int64 {
	list := []int64{1, 1, 1, 1, 2, 3, 5}
	for i, s := range k.Settings {
		if n := c.Values[i]; s.Form == kind.Count && s.Unit {
			list = append(list, n-1, n, n+1, 2*n, 3*n, 64*n-1, 64*n, 64*n+1)
		}
	}
	return list
}

// plainNames is how many names are spelled by one choice of nameForms.
const (
	plainNames = 250
	nameForms  = 256
	nilForm    = plainNames
	rangeForm  = plainNames + 1
	rawForm    = plainNames + 2
)

// maxRange is how many names a fuzzer lets follow the first of a range.
const maxRange = 2000
