package lab_test

import (
	"errors"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
)

// wovenToo is a lab with workers of both worlds, of the one subject. The code of these tests is
// woven by hand, so the worker is the same. built counts how often it was asked for.
func wovenToo(t *testing.T, s kind.Subject) (l *lab.Lab, built *int) {
	l, built = childLab(t), new(int)
	l.Subjects = []kind.Subject{s}
	l.Weave = func() (func() *exec.Cmd, error) { *built++; return l.Spawn, nil }
	return l, built
}

const year2000 = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3 epoch=2000-01-01T00:00:00Z\n"

// TestWhatStopsABubbleGoesOn: a lock held across a wait is no fault. The history is that of the
// like without the mutex, and the woven world is only there when it is needed.
func TestWhatStopsABubbleGoesOn(t *testing.T) {
	s := slow("slow")
	for _, c := range []struct {
		ops   string
		built int
	}{
		{"a set k1 v1|+1s|b get k1|+1s", 0},
		{"a set k1 v1|b get k1|+999ms|+1ms|b count", 1},
		{"a set k1 v1|b set k1 v2|c get k1|a count|+3s|a delete k1|b count", 1},
	} {
		l, built := wovenToo(t, s)
		p := parse(t, year2000, c.ops)
		r, err := l.Check(p, []kind.Subject{s})
		if err != nil {
			t.Fatal(err)
		}
		if v := r.Verdicts[0].Violation; v != nil || len(r.Broken()) > 0 || *built != c.built {
			t.Errorf("%v, %q, asked %d times for a woven worker in\n%s", v, r.Broken(), *built, r.Histories[0])
		}
		like, err := here(t).Run(p, *s.Original)
		if got, want := r.Histories[0], history.Of(&like); err != nil || got.Digest() != want.Digest() {
			t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
		}
	}
}

// TestACampaignGoesOnWhereABubbleStops: nothing is found in what is right, nothing is left out,
// and two campaigns are the same.
func TestACampaignGoesOnWhereABubbleStops(t *testing.T) {
	l, built := wovenToo(t, slow("slow"))
	var tallies []lab.Tally
	for range 2 {
		c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 150, Ops: 20, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Finds {
			if !f.Specified { // a range of Sets may take longer than its program does
				t.Errorf("%v in\n%s", &f.Violation, f.Program)
			}
		}
		tallies = append(tallies, *c.Tally["dedup"])
	}
	runs := 0 // some programs begin before time in a bubble does
	for i := range 150 {
		if engine.Applies(lab.ProgramOf(1, l.Subjects[0].Kind, i, 20), l.Subjects[0]) {
			runs++
		}
	}
	a, b := tallies[0], tallies[1]
	if a.Programs != 150 || a.Runs != runs || a.Unjudged+len(a.Undone) > 0 || *built == 0 {
		t.Errorf("%+v, asked %d times for a woven worker", a, *built)
	}
	if a.Runs != b.Runs || a.Ops != b.Ops {
		t.Errorf("%+v and then %+v", a, b)
	}
}

// TestWhatIsWrongBesides: what shows only where a bubble stops is found, shrunk, kept, and shown
// again by the seed.
func TestWhatIsWrongBesides(t *testing.T) {
	s := slow("slow-hurries")
	l, _ := wovenToo(t, s)
	c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 300, Ops: 20})
	if err != nil {
		t.Fatal(err)
	}
	own := slices.DeleteFunc(c.Finds, func(f lab.Find) bool { return f.Specified })
	if len(own) == 0 {
		t.Fatalf("found %+v", c.Finds)
	}
	seed, err := l.Promote(t.Context(), own[0], t.TempDir())
	if err != nil || seed.Violation.Law != spec.OneWinner || len(seed.Program.Ops) > 4 {
		t.Fatalf("%v, %v in\n%s", err, &seed.Violation, seed.Program)
	}
	again, _ := wovenToo(t, s)
	names := again.Names()
	names.AnyLaw = true
	p, err := lab.ReadSeed(seed.File, names)
	if err != nil {
		t.Fatal(err)
	}
	r, err := again.Check(p, again.Subjects)
	if err != nil || r.Verdicts[0].Violation == nil || len(r.Unrepeatable) > 0 {
		t.Errorf("%v, %+v", err, r)
	}
}

// TestTwoLocksTheOtherWayRound: a real deadlock is one, with who waits for whom.
func TestTwoLocksTheOtherWayRound(t *testing.T) {
	s := slow("slow-crosses")
	l, _ := wovenToo(t, s)
	h, v, err := l.Try(parse(t, year2000, "a set k1 v1|b delete k1|+1s"), s)
	if err != nil || v.Violation == nil || v.Violation.Law != spec.Progress || v.Violation.Step != 3 {
		t.Fatalf("%v, %v in\n%s", v.Violation, err, h)
	}
	for _, want := range []string{"+1s ", "deadlock: ", "a waits for a lock at lock, held by b", "b waits for a lock at lock, held by a"} {
		if !strings.Contains(v.Violation.Got, want) {
			t.Errorf("%q lacks %q", v.Violation.Got, want)
		}
	}
	sound := slow("slow")
	l, _ = wovenToo(t, sound)
	if h, v, err := l.Try(parse(t, year2000, "a set k1 v1|b delete k1|+1s"), sound); err != nil || v.Violation != nil {
		t.Errorf("in one order: %v, %v in\n%s", v.Violation, err, h)
	}
}

// TestNoWovenWorld: where there is none, a program that stops a bubble is not judged, which is
// said with the place and the mend; it is nobody's violation, and the others are judged.
func TestNoWovenWorld(t *testing.T) {
	s := slow("slow")
	l, _ := wovenToo(t, s)
	asked := 0
	l.Weave = func() (func() *exec.Cmd, error) { asked++; return nil, errors.New("build one") }
	var le *kind.LabError
	stops := parse(t, year2000, "a set k1 v1|b get k1|+1s")
	for range 2 {
		_, v, err := l.Try(stops, s)
		const want = "batchlab: dedup/slow: a goroutine waits for a lock whose holder waits, or is gone, and a bubble cannot " +
			"see through that: batchlab/sim/lab_test.(*mutexLatch).lock in sync.Mutex.Lock; build one"
		if !errors.As(err, &le) || v.Violation != nil || err.Error() != want {
			t.Errorf("got %v, %v; want %s", v.Violation, err, want)
		}
		if _, v, err := l.Try(parse(t, year2000, "a set k1 v1|+1s|b get k1"), s); err != nil || v.Violation != nil {
			t.Errorf("what needs no other world: %v, %v", v.Violation, err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	c, err := l.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: 40, Ops: 20})
	if err != nil || len(c.Finds) > 0 {
		t.Fatalf("%v, %+v", err, c)
	}
	sum := c.Tally["dedup"]
	lines := slices.Collect(maps.Keys(sum.Undone))
	if sum.Programs != 40 || len(lines) != 1 || !strings.HasSuffix(lines[0], "; build one") || sum.Undone[lines[0]] != sum.Unjudged {
		t.Errorf("%+v", sum)
	}
}
