package lab

import (
	"cmp"
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// Known is what the seeds below a directory expect to be broken.
type Known struct{ seeds []Seed } // in the order of clearer

// ReadKnown reads the seeds below a directory that expect violations.
func ReadKnown(dir string, names program.Names) (*Known, error) {
	seeds, err := ReadSeeds(names, dir)
	if err != nil {
		return nil, err
	}
	seeds = slices.DeleteFunc(seeds, func(s Seed) bool { return len(s.Program.Expect) == 0 })
	slices.SortFunc(seeds, clearer)
	return &Known{seeds}, nil
}

// clearer orders seeds, the clearest first: without a schedule before with one, then by length.
func clearer(s, t Seed) int {
	needs := func(p *program.Program) int {
		if p.NeedsSchedule() {
			return 1
		}
		return 0
	}
	return cmp.Or(needs(s.Program)-needs(t.Program), len(s.Program.Ops)-len(t.Program.Ops), cmp.Compare(s.File, t.File))
}

// Titles returns what is expected, law in kind/name, each with the first seed that says so.
func (k *Known) Titles() map[string]string {
	titles := map[string]string{}
	for _, s := range k.seeds {
		for _, e := range s.Program.Expect {
			for _, name := range e.Subjects {
				title := e.Law + " in " + s.Program.Kind.Name + "/" + name
				titles[title] = cmp.Or(titles[title], s.File)
			}
		}
	}
	return titles
}

// cause returns a seed whose fault is that of a find, or nil.
func (k *Known) cause(l *Lab, f Find, s kind.Subject) (*Seed, error) {
	for _, seed := range k.seeds {
		p := seed.Program
		if p.Kind != f.Program.Kind || p.NeedsSchedule() || !engine.Applies(p, s) {
			continue
		}
		_, v, err := l.Try(p.Bare(), s)
		switch {
		case err != nil:
			return nil, err
		case v.Violation == nil || !v.Specified:
			continue
		}
		shown := Find{Program: p, Violation: *v.Violation}
		if l.shows(shown, f, s) || l.shows(f, shown, s) {
			return &seed, nil
		}
	}
	return nil, nil
}

// shows reports whether two finds are one fault. Laws are named after the operation that
// notices a fault, and several operations notice the same one: an entry that is gone too early
// is missed by a look-up and by a count. So a's program is run with b's last operation instead
// of its own. If that breaks b's law there, as it does in the specification, it is one fault.
func (l *Lab) shows(a, b Find, s kind.Subject) bool {
	for _, q := range grafts(a, b) {
		_, v, err := l.Try(q, s)
		if err != nil || v.Violation == nil || !v.Specified || v.Violation.Law != b.Violation.Law {
			continue
		}
		if b.Violation.Step > len(b.Program.Ops) || v.Violation.Step == len(q.Ops) {
			return true
		}
	}
	return false
}

// grafts are the programs that begin like a's, up to the step at which its fault shows, and
// end with the operation at which b's shows: once for each of a's keys, as b has others. If b's
// showed after the end of its program, the operation was the lab's, and follows any program.
func grafts(a, b Find) []*program.Program {
	stem := a.Program.Bare()
	stem.Ops = stem.Ops[:min(a.Violation.Step-1, len(stem.Ops))]
	if b.Violation.Step > len(b.Program.Ops) {
		return []*program.Program{stem}
	}
	last := b.Program.Ops[b.Violation.Step-1]
	var keys []int64
	for _, o := range stem.Ops {
		if key, ok := a.Program.Kind.Key(o); ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if _, ok := b.Program.Kind.Key(last); !ok || len(keys) == 0 {
		keys = []int64{0}
	}
	var list []*program.Program
	for _, key := range keys {
		q := stem.Bare()
		q.Ops = append(q.Ops, b.Program.Kind.WithKey(last, key))
		list = append(list, q)
	}
	return list
}
