package sched

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// TestReplay: what of a log is not the default gives the same log again.
func TestReplay(t *testing.T) {
	for _, name := range []string{"random", "pct3", "urw"} {
		s, _ := New(name, 5)
		for i := range 150 {
			res, _ := run(s, mixture)
			want, schedule := lines(res), Deviations(res.Log)
			r := NewReplay(schedule)
			again, _ := run(r, mixture)
			if got := lines(again); got != want || r.Notes() != nil {
				t.Fatalf("%s, schedule %d: notes %q\n%s\nbefore:\n%s", name, i, r.Notes(), got, want)
			}
			if !slices.Equal(Deviations(again.Log), schedule) {
				t.Fatalf("%s, schedule %d: other deviations", name, i)
			}
		}
	}
}

// TestReplayEdited: a schedule that was edited is still one, and what could not be
// followed is said, of just those decisions.
func TestReplayEdited(t *testing.T) {
	s, _ := New("random", 9)
	rng := rand.New(rand.NewPCG(1, 2))
	said := 0
	for range 200 {
		res, _ := run(s, mixture)
		schedule := Deviations(res.Log)
		for range 3 {
			i := rng.IntN(len(schedule))
			switch rng.IntN(4) {
			case 0:
				schedule = slices.Delete(schedule, i, i+1)
			case 1:
				schedule[i].Who = "nobody"
			case 2:
				schedule[i].To, schedule[i].Alt = "nobody", -1
			default:
				schedule[i].Nth += 1 + rng.IntN(100)
			}
		}
		r := NewReplay(schedule)
		again, _ := run(r, mixture)
		if again.Panic != "" || again.Spun {
			t.Fatalf("%s %v", again.Panic, again.Spun)
		}
		followed := len(Deviations(again.Log))
		said += len(r.Notes())
		if followed > len(schedule)-len(r.Notes()) {
			t.Fatalf("%d deviations of a schedule of %d, of which these could not be followed: %q", followed, len(schedule), r.Notes())
		}
	}
	if said < 200 {
		t.Errorf("only %d notes", said)
	}
}

func TestNotes(t *testing.T) {
	main, order := straight(2, 2)
	r := NewReplay([]program.Decision{
		{Who: "0", Nth: 1, Where: "x touch", To: "1", Alt: -1},
		{Who: "1", Nth: 1, Where: "x touch", To: "7", Alt: -1},
		{Who: "1", Nth: 2, Where: "x touch", Alt: 3},
		{Who: "0", Nth: 9, Where: "x touch", To: "1", Alt: -1},
	})
	run(r, main)
	if *order != "011100" {
		t.Errorf("order %s", *order)
	}
	notes := r.Notes()
	for i, want := range []string{"could not be chosen", "could not be chosen", "was not reached"} {
		if i >= len(notes) || !strings.Contains(notes[i], want) {
			t.Errorf("notes %q, want one with %q", notes, want)
		}
	}
	if r.Begin() {
		t.Error("a seed is one schedule")
	}
}

// TestPreemptions counts them in a program in which every switch shows.
func TestPreemptions(t *testing.T) {
	s, _ := New("random", 1)
	main, order := straight(3, 2)
	for range 300 {
		res, _ := run(s, main)
		want := 0
		for i := 1; i < len(*order); i++ {
			was := (*order)[i-1 : i]
			if was != (*order)[i:i+1] && strings.Contains((*order)[i:], was) {
				want++
			}
		}
		if got := Preemptions(res.Log); got != want {
			t.Fatalf("%s: %d preemptions, want %d", *order, got, want)
		}
	}
	yields := func() {
		for i := range 2 {
			rt.Spawn(fmt.Sprint(i), func() { rt.RuntimeGosched("y") })
		}
		rt.Idle(1)
	}
	for range 50 {
		if res, _ := run(s, yields); Preemptions(res.Log) != 0 {
			t.Fatal("giving way is no preemption")
		}
	}
}

// TestMoved: decisions that are made elsewhere are told, those at the same place and those that nobody placed are not.
func TestMoved(t *testing.T) {
	is := []program.Decision{{Who: "a", Nth: 3, Where: "q.go:9 lock", To: "b", Alt: -1}, {Who: "b", Nth: 1, Where: "q.go:4 select", Alt: 1}}
	for where, want := range map[string]string{
		"q.go:9 lock": "", "": "", "q.go:7 lock": "a is at q.go:9 lock where the file says q.go:7 lock",
	} {
		was := []program.Decision{{Who: "a", Nth: 3, Where: where, To: "b", Alt: -1}, {Who: "b", Nth: 1, Where: "x", Alt: 0}, {Who: "c", Where: "y"}}
		if got := strings.Join(Moved(was, is), "; "); got != want {
			t.Errorf("%q: %q, want %q", where, got, want)
		}
	}
}

// BenchmarkReplay: a long schedule is no slower per decision than a short one.
func BenchmarkReplay(b *testing.B) {
	s, _ := New("random", 1)
	main := func() {
		for i := range 4 {
			rt.Spawn(fmt.Sprint(i), func() {
				for range 2000 {
					rt.At("x", b)
				}
			})
		}
		rt.Idle(1)
	}
	res, _ := run(s, main)
	schedule := Deviations(res.Log)
	n := 0
	for b.Loop() {
		again, _ := run(NewReplay(schedule), main)
		n += len(again.Log)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(float64(len(schedule)), "deviations")
}
