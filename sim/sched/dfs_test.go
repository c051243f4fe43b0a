package sched

import (
	"testing"

	"batchlab/sim/weave/rt"
)

// interleavings counts the orders of threads with so many segments each that have at
// most so many preemptions: a switch away from a thread that has segments left.
func interleavings(left []int, at, bound int) int {
	n, over := 0, true
	for i := range left {
		if left[i] == 0 {
			continue
		}
		over = false
		b := bound
		if i != at && at >= 0 && left[at] > 0 {
			b--
		}
		if b >= 0 {
			left[i]--
			n += interleavings(left, i, b)
			left[i]++
		}
	}
	if over {
		return 1
	}
	return n
}

// TestDFS: it takes all schedules within its bound, and each once.
func TestDFS(t *testing.T) {
	for _, c := range []struct{ threads, points, bound int }{
		{1, 3, 2}, {2, 0, 0}, {2, 3, 0}, {2, 3, 1}, {2, 3, 2}, {2, 2, 9}, {3, 2, 0}, {3, 2, 1}, {3, 2, 2}, {3, 1, 9}, {4, 1, 1},
	} {
		d := NewDFS(c.bound)
		main, order := straight(c.threads, c.points)
		left := make([]int, c.threads)
		for i := range left {
			left[i] = c.points + 1
		}
		want := interleavings(left, -1, c.bound)
		seen, n := map[string]bool{}, 0
		for {
			res, ok := run(d, main)
			if !ok {
				break
			}
			n++
			seen[*order] = true
			if p := Preemptions(res.Log); p > c.bound {
				t.Errorf("%+v: %s has %d preemptions", c, *order, p)
			}
		}
		if n != want || len(seen) != n || !d.Complete() {
			t.Errorf("%+v: %d schedules, %d different, want %d; complete: %v", c, n, len(seen), want, d.Complete())
		}
	}
}

// TestDFSIncomplete: it does not say that it is complete when it is not.
func TestDFSIncomplete(t *testing.T) {
	fickle := NewDFS(2)
	for i := range 100 {
		n := 3 - i%3
		if _, ok := run(fickle, func() { m, _ := straight(2, n); m() }); !ok {
			break
		}
	}
	if !fickle.Diverged || fickle.Complete() {
		t.Error("a program that is not the same each time was taken for one that is")
	}
	spins := NewDFS(0)
	for range 3 {
		if !spins.Begin() {
			break
		}
		spins.End(rt.Run(rt.Config{Chooser: spins, Steps: 50}, func() {
			for {
				rt.At("x", spins)
			}
		}))
	}
	if spins.Complete() {
		t.Error("a run that was stopped was taken for a whole one")
	}
}

// TestDFSMixture: no schedule comes twice when there are choices of every kind.
func TestDFSMixture(t *testing.T) {
	d := NewDFS(1)
	seen := map[string]bool{}
	for range 2000 {
		res, ok := run(d, mixture)
		if !ok {
			break
		}
		if l := lines(res); seen[l] {
			t.Fatalf("twice:\n%s", l)
		} else {
			seen[l] = true
		}
	}
	if d.Diverged {
		t.Error("the same choices did not give the same run")
	}
}
