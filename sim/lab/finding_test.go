package lab_test

import (
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// early is a map at the epoch: what is put late into its first bucket goes a bucket early, as
// the specification says and three of its laws do not.
const early = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3 epoch=0s\n"

// find is what a campaign finds when it comes to a program.
func find(t *testing.T, l *lab.Lab, s kind.Subject, ops string, law spec.Law) lab.Find {
	t.Helper()
	p := parse(t, early, ops)
	_, v, err := l.Try(p, s)
	if err != nil || v.Violation == nil || v.Violation.Law != law {
		t.Fatalf("%s: %v, %v; want %s", ops, v.Violation, err, law)
	}
	return lab.Find{Program: p, Violation: *v.Violation, Specified: v.Specified, Repeats: true}
}

const (
	earlyGet    = "+999ms|a set k1 v1|+1501ms|a get k1"
	earlySet    = "a set k5 v1|+999ms|a set k3 v1|+1501ms|b set k3 v2"
	earlyDelete = "+950ms|b set k4 v1|+1560ms|a delete k4"
	earlyClose  = "+999ms|a set k1 v1|+1501ms|a close|a get k1"
)

// TestFindings: one fault is one finding, whatever laws and subjects show it; another is
// another; and what the specification does not do is no finding.
func TestFindings(t *testing.T) {
	l := here(t)
	right, wrong := tinyTable(none), tinyTable(remembers)
	own := find(t, l, wrong, "a set k1 v1|+9s|a get k1", spec.Expiry)
	flaky := find(t, l, right, earlyGet, spec.Lifetime)
	flaky.Repeats = false
	tally := map[string]*lab.Tally{"dedup": {Specified: map[string]int{"D1-lifetime in dedup/tiny": 7}}}
	c := &lab.Campaign{Tally: tally, Finds: []lab.Find{
		find(t, l, right, earlyGet, spec.Lifetime),
		find(t, l, right, earlySet, spec.OneWinner),
		own,
		find(t, l, right, earlyDelete, spec.DeleteLaw),
		find(t, l, right, earlyClose, spec.ClosedMap),
		flaky,
	}}
	dir := t.TempDir()
	list, rest, err := l.Findings(t.Context(), c, &lab.Known{}, dir)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v; want two findings", list, err)
	}
	want := []string{"D1-lifetime in dedup/tiny", "D2-one-winner in dedup/tiny", "D5-delete in dedup/tiny"}
	if f := list[0]; f.Known || f.Runs != 9 || !slices.Equal(f.Shown, want) {
		t.Errorf("the first is %+v, want %q in 9 runs", f, want)
	}
	if len(rest) != 2 || rest[0].Violation.Law != spec.Expiry || !rest[1].Flaky() {
		t.Errorf("left are %+v, want what the subject does and what does not repeat", rest)
	}
	t.Run("expected by their seeds", func(t *testing.T) {
		for _, f := range list {
			p, err := lab.ReadSeed(f.File, l.Names())
			if err != nil || len(p.Expect) != 1 || !slices.Contains(p.Expect[0].Subjects, "tiny") || len(p.Ops) > 6 {
				t.Errorf("%v, kept as\n%s", err, p)
				continue
			}
			r, err := l.Check(p, []kind.Subject{right})
			if err != nil || len(r.Broken()) > 0 {
				t.Errorf("%v, %q", err, r.Broken())
			}
		}
	})
	t.Run("known from then on", func(t *testing.T) {
		known, err := lab.ReadKnown(dir, l.Names())
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := l.Findings(t.Context(), c, known, t.TempDir())
		if err != nil || len(again) != 2 || !again[0].Known || !again[1].Known {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

// TestAFaultOfItsOwnStaysOne: a program that breaks a law by a fault of the subject does not
// shrink to one that breaks it as the specification does, which would be no news, or the
// other way round.
func TestAFaultOfItsOwnStaysOne(t *testing.T) {
	l := here(t)
	s := tinyTable(hurries)
	for _, c := range []struct {
		ops       string
		specified bool
	}{{"+5s|a set k1 v1|+2s|a get k1|+1s|a count", false}, {earlyGet, true}} {
		f := find(t, l, s, c.ops, spec.Lifetime)
		if f.Specified != c.specified {
			t.Fatalf("%s: specified %v", c.ops, f.Specified)
		}
		small, _, err := l.Shrink(t.Context(), f.Program, s, spec.Lifetime)
		if err != nil {
			t.Fatal(err)
		}
		_, v, err := l.Try(small, s)
		if err != nil || v.Violation == nil || v.Specified != c.specified {
			t.Errorf("%s: %v, specified %v, %v in\n%s", c.ops, v.Violation, v.Specified, err, small)
		}
	}
}

// meetsEarly is a campaign among whose programs are some that show what early shows.
var meetsEarly = lab.CampaignOptions{Seed: 286, Programs: 500, Ops: 40}

// TestFirstIsADifference: a campaign that is to stop at the first find does not stop at what
// the specification does.
func TestFirstIsADifference(t *testing.T) {
	l := childLab(t)
	l.Subjects = []kind.Subject{tinyTable(none)}
	o := meetsEarly
	o.First = true
	c, err := l.Campaign(t.Context(), o)
	if err != nil || len(c.Finds) == 0 || !c.Finds[0].Specified || c.Tally["dedup"].Programs != o.Programs {
		t.Errorf("%d programs, %v, %+v", c.Tally["dedup"].Programs, err, c.Finds)
	}
	l.Subjects = []kind.Subject{tinyTable(remembers)}
	if c, err = l.Campaign(t.Context(), o); err != nil || len(c.Finds) == 0 || c.Tally["dedup"].Programs == o.Programs {
		t.Errorf("%d programs, %v, %+v", c.Tally["dedup"].Programs, err, c.Finds)
	}
}

// TestOneFaultHidesNoOther: where a subject breaks a law as the specification does, and in
// another program by a fault of its own, both are found.
func TestOneFaultHidesNoOther(t *testing.T) {
	l := childLab(t)
	l.Subjects = []kind.Subject{tinyTable(hurries)}
	c, err := l.Campaign(t.Context(), meetsEarly)
	if err != nil {
		t.Fatal(err)
	}
	how := map[spec.Law][]bool{}
	for _, f := range c.Finds {
		how[f.Violation.Law] = append(how[f.Violation.Law], f.Specified)
	}
	for _, both := range how {
		if len(both) == 2 && both[0] != both[1] {
			return
		}
	}
	t.Errorf("no law is found broken in both ways: %v", how)
}

// TestLawsOnlyAndTheSpecification: a subject that answers to the laws only is not blamed for
// what the kind's reference does as well; without a reference in the lab it is, and so it is
// for what only itself does.
func TestLawsOnlyAndTheSpecification(t *testing.T) {
	free, bad := tinyTable(none), tinyTable(remembers)
	free.LawsOnly, free.Name = true, freeNames[none]
	bad.LawsOnly, bad.Name = true, freeNames[remembers]
	for _, c := range []struct {
		s    kind.Subject
		with []kind.Subject
		laws string // that it breaks itself
	}{
		{free, []kind.Subject{tinyTable(none)}, ""},
		{bad, []kind.Subject{tinyTable(none)}, "D3-expiry"},
		{free, nil, "D2-one-winner"},
	} {
		l := childLab(t)
		l.Subjects = append(c.with, c.s)
		finds, err := l.Campaign(t.Context(), meetsEarly)
		if err != nil {
			t.Fatal(err)
		}
		var own []string
		shared := 0
		for _, f := range finds.Finds {
			switch {
			case f.Violation.Subject != c.s.Title():
			case f.Specified:
				shared++
			default:
				own = append(own, string(f.Violation.Law))
			}
		}
		got := strings.Join(own, " ")
		if (c.laws == "") != (got == "") || !strings.Contains(got, c.laws) || c.laws == "" && shared == 0 {
			t.Errorf("%s: own faults %q, want %q; %d shared", c.s.Name, got, c.laws, shared)
		}
	}
}

// TestTitles: of several seeds that expect something the one that needs no schedule and is
// shortest stands for it.
func TestTitles(t *testing.T) {
	dir := t.TempDir()
	save := func(header, ops string) string {
		p := parse(t, header, ops)
		p.Expect = []program.Expect{{Law: "D1-lifetime", Subjects: []string{"tiny"}}}
		file, err := lab.SaveSeed(dir, spec.Lifetime, p)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	save(early, "a count|& b count")
	save(early, "a count|a count|a count")
	want := save(early, "a count|b count")
	known, err := lab.ReadKnown(dir, here(t).Names())
	if got := known.Titles(); err != nil || len(got) != 1 || got["D1-lifetime in dedup/tiny"] != want {
		t.Errorf("%v, %v; want %s", got, err, want)
	}
}
