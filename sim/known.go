package sim

import (
	"cmp"
	"slices"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// Known is what the seeds below a directory expect to be broken.
type Known struct{ seeds []*knownSeed } // in the order of before

// knownSeed is a seed that expects a violation.
type knownSeed struct {
	file string
	p    *program.Program
}

// ReadKnown reads the seeds below a directory that expect violations.
func ReadKnown(dir string, names program.Names) (*Known, error) {
	files, err := SeedFiles(dir)
	if err != nil {
		return nil, err
	}
	k := &Known{}
	for _, f := range files {
		p, err := ReadSeed(f, names)
		if err != nil {
			return nil, err
		}
		if len(p.Expect) > 0 {
			k.seeds = append(k.seeds, &knownSeed{f, p})
		}
	}
	slices.SortFunc(k.seeds, (*knownSeed).before)
	return k, nil
}

// before orders seeds: those that show most clearly what is wrong come first, which are those
// that need no schedule, and of these the shortest.
func (s *knownSeed) before(t *knownSeed) int {
	needs := func(p *program.Program) int {
		if p.NeedsSchedule() {
			return 1
		}
		return 0
	}
	return cmp.Or(needs(s.p)-needs(t.p), len(s.p.Ops)-len(t.p.Ops), cmp.Compare(s.file, t.file))
}

// Titles returns what is expected, law in kind/name, each with the first seed that says so.
func (k *Known) Titles() map[string]string {
	titles := map[string]string{}
	for _, s := range k.seeds {
		for _, e := range s.p.Expect {
			for _, name := range e.Subjects {
				title := e.Law + " in " + s.p.Kind + "/" + name
				titles[title] = cmp.Or(titles[title], s.file)
			}
		}
	}
	return titles
}

// cause returns a seed whose fault is that of a find, or nil.
func (k *Known) cause(l *Lab, f Find, s subject.Subject) (*knownSeed, error) {
	for _, seed := range k.seeds {
		if seed.p.Kind != f.Program.Kind || seed.p.NeedsSchedule() || !Applies(seed.p, s) {
			continue
		}
		_, v, err := l.Try(seed.p.Bare(), s)
		switch {
		case err != nil:
			return nil, err
		case v.Violation == nil || !v.Specified:
			continue
		}
		shown := Find{Program: seed.p, Violation: *v.Violation}
		if l.shows(shown, f, s) || l.shows(f, shown, s) {
			return seed, nil
		}
	}
	return nil, nil
}

// shows reports whether the fault of one find shows as the other does. Laws are named after
// the operation by which a fault is noticed, and one fault is noticed by several: so the
// operation at which the other shows is done instead of the one at which this does. If that
// breaks the other's law there, as the specification does, the two are one fault.
func (l *Lab) shows(a, b Find, s subject.Subject) bool {
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

// grafts are the programs that do what a did before the step at which it shows, and then what
// b did when it showed: with any of a's keys, for b's are others. If b showed after the end of
// its program, what was done was the lab's, and is done after any.
func grafts(a, b Find) []*program.Program {
	stem := a.Program.Bare()
	stem.Ops = stem.Ops[:min(a.Violation.Step-1, len(stem.Ops))]
	if b.Violation.Step > len(b.Program.Ops) {
		return []*program.Program{stem}
	}
	last := b.Program.Ops[b.Violation.Step-1]
	var keys []int
	for _, o := range stem.Ops {
		if o.Lane != 0 && !slices.Contains(keys, o.Key) {
			keys = append(keys, o.Key)
		}
	}
	var list []*program.Program
	for _, key := range keys {
		q := stem.Bare()
		last.Key = key // an operation without one does not mind
		q.Ops = append(q.Ops, last)
		list = append(list, q)
	}
	return list
}
