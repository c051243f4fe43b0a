package sim

import (
	"math/rand/v2"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// ProgramOf returns the i-th program of a campaign. A campaign is a seed: its
// programs are the same everywhere, and each can be made again by itself.
func ProgramOf(seed uint64, kind string, i, ops int) *program.Program {
	return program.Generate(rand.New(rand.NewPCG(seed, uint64(i))), kind, ops)
}

// campaign generates and checks a stretch of programs in this worker. That two
// subjects agree with each other needs no look of its own: where the model has just
// one history, both are that one, and where it has several, they may differ.
func (w *worker) campaign(st stretch, subjects []subject.Subject) {
	t := newTally()
	for i := st.From; i < st.To; i++ {
		p := ProgramOf(st.Seed, st.Kind, i, st.Ops)
		if p.Uses(program.Panics) { // not for this process, and not in its tally
			w.write(note{Apart: i + 1})
			continue
		}
		t.Programs++
		for _, o := range p.Ops {
			t.Verbs[o.Verb.String()]++
			t.Ops++
			if o.Verb == program.Advance {
				t.Virtual += o.D.Seconds()
			}
		}
		for _, s := range subjects {
			if !Applies(p, s) {
				continue
			}
			w.write(note{Program: i + 1, On: Title(s)})
			w.try(i, p, s, subjects, t, st.Repeat > 0 && i%st.Repeat == 0)
			w.growth.ran(Title(s))
		}
		if grown := w.grown(p, subjects); grown != "" {
			w.write(note{Done: t, Rest: i + 2, Grown: grown})
			return
		}
	}
	w.write(note{Done: t})
}

// try checks one program on one subject and writes what it finds.
func (w *worker) try(i int, p *program.Program, s subject.Subject, among []subject.Subject, t *Tally, twice bool) {
	t.Runs++
	h, err := perform(w.t, p, s, hooks{})
	if err != nil {
		w.write(note{Err: err.Error()})
		return
	}
	v, err := check(p, s, h)
	if err != nil { // too many states to follow: nobody's violation, and said so
		t.Unjudged++
		return
	}
	if v.Branched != 0 {
		t.Branched++
	}
	v.Specified = specified(among, p, s, v, (&Lab{T: w.t}).Try)
	if v.Specified {
		key := string(v.Violation.Law) + " in " + Title(s)
		if t.Specified[key]++; t.Specified[key] > 1 { // told once is enough
			return
		}
	}
	if v.Violation == nil && !twice {
		return
	}
	again, err := perform(w.t, p, s, hooks{})
	repeats := err == nil && v.agrees(h, again)
	t.Repeated++
	switch {
	case v.Violation != nil:
		w.write(note{Found: &found{i, *v.Violation, v.Specified, repeats}})
	case !repeats:
		w.write(note{Found: &found{i, Violation{Subject: Title(s)}, false, false}})
	}
}

// add adds another Tally to this one.
func (t *Tally) add(o *Tally) {
	t.Programs += o.Programs
	t.Runs += o.Runs
	t.Ops += o.Ops
	t.Branched += o.Branched
	t.Repeated += o.Repeated
	t.Unjudged += o.Unjudged
	t.Virtual += o.Virtual
	for k, n := range o.Verbs {
		t.Verbs[k] += n
	}
	for k, n := range o.Specified {
		t.Specified[k] += n
	}
	for k, n := range o.Replaced {
		t.Replaced[k] += n
	}
}
