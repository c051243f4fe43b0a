package lab

import (
	"math/rand/v2"
	"os"
	"slices"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// ProgramOf returns the i-th program of a campaign. A campaign is a seed: its
// programs are the same everywhere, and each can be made again by itself.
func ProgramOf(seed uint64, k *kind.Kind, i, ops int) *program.Program {
	return program.Generate(rand.New(rand.NewPCG(seed, uint64(i))), k, ops)
}

// campaign generates and checks a stretch of programs in this worker. That two
// subjects agree with each other needs no look of its own: where the model has just
// one history, both are that one, and where it has several, they may differ.
func (w *worker) campaign(st Stretch, subjects []kind.Subject) note {
	t := newTally()
	k := subjects[0].Kind
	stops := func(s kind.Subject) bool { return slices.Contains(st.Stopping, s.Title()) }
	here := slices.DeleteFunc(slices.Clone(subjects), stops)
	for i := st.From; i < st.To; i++ {
		p := ProgramOf(st.Seed, k, i, st.Ops)
		if p.Wild() { // not for this process, and not in its tally
			w.write(note{Apart: i + 1})
			continue
		}
		t.Programs++
		for _, o := range p.Ops {
			t.Verbs[k.Ops[o.Verb].Name]++
			t.Ops++
			t.Virtual += o.Moved().Seconds()
		}
		for j, s := range subjects {
			if !engine.Applies(p, s) {
				continue
			}
			if stops(s) {
				w.write(note{Apart: i + 1, On: s.Title()})
				continue
			}
			if w.beats.Add(1); setPlace(w.place, i+1, j) != nil {
				os.Exit(4)
			}
			w.try(i, p, s, subjects, t, st.Repeat > 0 && i%st.Repeat == 0)
			w.growth.ran(s.Title())
		}
		if grown := w.grown(p, here); grown != "" {
			return note{Done: t, Rest: i + 2, Grown: grown}
		}
	}
	return note{Done: t}
}

// try checks one program on one subject and writes what it finds.
func (w *worker) try(i int, p *program.Program, s kind.Subject, among []kind.Subject, t *Tally, twice bool) {
	t.Runs++
	r, err := engine.Bubble(w.t, p, s, engine.Hooks{Memory: &w.memory})
	if err != nil {
		w.write(note{Program: i + 1, Err: err.Error()})
		return
	}
	v, err := w.judged.compared(&r, p, s, func(p *program.Program, s kind.Subject) (kind.Run, error) {
		return engine.Bubble(w.t, p, s, engine.Hooks{})
	})
	if wild(err) { // too many states to follow: nobody's violation, and said so
		t.Unjudged++
		return
	} else if err != nil { // the reference is none
		w.write(note{Unfit: err.Error()})
		return
	}
	if v.Branched != 0 {
		t.Branched++
	}
	t.Met.count(&r, v.Branched) // from there on it may be another run the next time
	v.Specified = specified(among, p, s, v, (&Lab{T: w.t}).Try)
	if v.Specified {
		key := string(v.Violation.Law) + " in " + s.Title()
		if t.Specified[key]++; t.Specified[key] > 1 { // told once is enough
			return
		}
	}
	if v.Violation == nil && !twice {
		return
	}
	again, err := engine.Bubble(w.t, p, s, engine.Hooks{})
	repeats := err == nil && v.Agrees(history.Of(&r), history.Of(&again))
	t.Repeated++
	switch {
	case v.Violation != nil:
		w.write(note{Found: &Find{Violation: *v.Violation, Specified: v.Specified, Repeats: repeats, Index: i}})
	case !repeats:
		w.write(note{Found: &Find{Violation: oracle.Violation{Subject: s.Title()}, Index: i}})
	}
}

func (t *Tally) add(o *Tally) {
	t.Programs += o.Programs
	t.Runs += o.Runs
	t.Ops += o.Ops
	t.Branched += o.Branched
	t.Repeated += o.Repeated
	t.Unjudged += o.Unjudged
	t.Virtual += o.Virtual
	t.Met.Add(o.Met)
	for _, m := range [][2]map[string]int{{t.Verbs, o.Verbs}, {t.Specified, o.Specified}, {t.Replaced, o.Replaced},
		{t.Undone, o.Undone}} {
		for k, n := range m[1] {
			m[0][k] += n
		}
	}
}
