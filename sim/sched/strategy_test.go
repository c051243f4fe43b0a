package sched

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestSameSeed: all strategies give the same schedules for the same seed, and those that
// draw give others for another.
func TestSameSeed(t *testing.T) {
	for _, name := range Names {
		schedules := func(seed uint64) string {
			s, err := New(name, seed)
			if err != nil {
				t.Fatal(err)
			}
			all := ""
			for range 30 {
				res, ok := run(s, mixture)
				if !ok {
					break
				}
				if res.Panic != "" || res.Spun {
					t.Fatalf("%s: %s %v", name, res.Panic, res.Spun)
				}
				all += lines(res)
			}
			return all
		}
		draws := !slices.Contains([]string{"dfs", "por", "sequential", "coarse", "whole"}, strings.TrimRight(name, "0123"))
		if a, b, c := schedules(1), schedules(1), schedules(2); a != b || draws == (a == c) {
			t.Errorf("%s: the same seed gives the same: %v, another: %v", name, a == b, a == c)
		}
	}
	if _, err := New("guess", 1); err == nil || !strings.Contains(err.Error(), `unknown strategy "guess"`) {
		t.Error(err)
	}
}

// shared is what threads share without a lock, on purpose: here no race is looked for.
type shared struct{ x, y int }

//go:norace
func (s *shared) set(x, y int) { s.x, s.y = x, y }

//go:norace
func (s *shared) is(x, y int) bool { return s.x == x && s.y == y }

//go:norace
func fail(bad *bool, is bool) { *bad = *bad || is }

// depth2 fails if the second thread's only step comes between two steps of the first.
// Each does so many points before.
func depth2(points int) (main func(), bad *bool) {
	bad = new(bool)
	return func() {
		*bad = false
		var s shared
		rt.Spawn("a", func() {
			for range points {
				rt.At("x", bad)
			}
			s.set(1, 0)
			rt.At("between", bad)
			s.set(2, 0)
		})
		rt.Spawn("b", func() {
			for range points {
				rt.At("x", bad)
			}
			fail(bad, s.is(1, 0))
		})
		rt.Idle(1)
	}, bad
}

// depth3 fails if a is interrupted, and then b, each at one step.
func depth3(points int) (main func(), bad *bool) {
	bad = new(bool)
	return func() {
		*bad = false
		var s shared
		rt.Spawn("a", func() {
			s.set(1, 0)
			rt.At("between", bad)
			fail(bad, s.is(3, 1))
			s.set(2, 0)
			for range points {
				rt.At("x", bad)
			}
		})
		rt.Spawn("b", func() {
			if s.is(1, 0) {
				s.set(3, 1)
			}
			rt.At("between", bad)
			s.set(3, 2)
			for range points {
				rt.At("x", bad)
			}
		})
		rt.Idle(1)
	}, bad
}

// TestPCT: a bug of depth d is found in a schedule with a probability of at least
// 1/(n k^(d-1)).
func TestPCT(t *testing.T) {
	const runs = 10_000
	for _, c := range []struct {
		d    int
		main func(int) (func(), *bool)
	}{{2, depth2}, {3, depth3}, {3, depth2}} {
		p := newPCT(c.d, 7)
		main, bad := c.main(6)
		found := 0
		for range runs {
			run(p, main)
			if *bad {
				found++
			}
		}
		bound := runs / (float64(p.most) * math.Pow(float64(p.longest), float64(c.d-1)))
		t.Logf("d=%d: found %d times in %d, bound %.1f (%d goroutines, %d decisions)", c.d, found, runs, bound, p.most, p.longest)
		if float64(found) < bound {
			t.Errorf("d=%d: found %d times in %d, want about %.1f or more", c.d, found, runs, bound)
		}
	}
}

// TestURW: all interleavings of straight threads come about equally often.
func TestURW(t *testing.T) {
	for _, c := range []struct{ threads, points, want int }{{2, 2, 20}, {2, 3, 70}, {3, 1, 90}} {
		u := newURW(3)
		main, order := straight(c.threads, c.points)
		for range 30 { // it learns how long the threads are
			run(u, main)
		}
		n := 200 * c.want
		seen := map[string]int{}
		for range n {
			run(u, main)
			seen[*order]++
		}
		chi := 0.0
		for _, k := range seen {
			chi += float64((k-200)*(k-200)) / 200
		}
		// The mean is want-1, the deviation sqrt(2(want-1)).
		if limit := float64(c.want) + 5*math.Sqrt(2*float64(c.want)); len(seen) != c.want || chi > limit {
			t.Errorf("%d threads of %d points: %d of %d interleavings, chi-square %.0f, want below %.0f", c.threads, c.points, len(seen), c.want, chi, limit)
		}
	}
}

// TestRandom: it does not favour anybody among those who can go on.
func TestRandom(t *testing.T) {
	main, order := straight(3, 0)
	seen := map[string]int{}
	for seed := range uint64(1) {
		r, _ := New("random", seed)
		for range 6000 {
			run(r, main)
			seen[*order]++
		}
	}
	for order, n := range seen {
		if n < 850 || n > 1150 {
			t.Errorf("%s came %d times in 6000, want about 1000", order, n)
		}
	}
}

// TestCovered: what strategies say of n schedules.
func TestCovered(t *testing.T) {
	main, _ := straight(2, 3)
	for _, c := range []struct {
		name string
		runs int
		want string
	}{
		{"sequential", 9, "no violation in the one schedule without a preemption in which the default goes on"},
		{"random", 10, "no violation in 10 schedules (uniform random)"},
		{"urw", 10, "no violation in 10 schedules (uniform random walk)"},
		{"portfolio", 10, "no violation in 10 schedules (random, PCT d=2, PCT d=3 and URW in turn)"},
		{"surw", 10, "no violation in 10 schedules (selectively uniform random walk)"},
		{"dfs1", 5, "no violation in 5 schedules with at most 1 preemptions, not all there are"},
		{"dfs0", 5, "no violation in all 2 schedules with at most 0 preemptions"},
		{"pct2", 10, fmt.Sprintf("no violation in 10 schedules (PCT d=2; a bug of depth 2 is missed with probability <= %.2g, "+
			"at 3 goroutines and 20 decisions)", math.Pow(1-1.0/60, 10))},
	} {
		s, _ := New(c.name, 1)
		n := 0
		for ; n < c.runs; n++ {
			if _, ok := run(s, main); !ok {
				break
			}
		}
		if got := s.Covered(n); got != c.want {
			t.Errorf("%s: %q\nwant %q", c.name, got, c.want)
		}
	}
}

// TestPCTCounts: a schedule longer than PCT expected does not count for its guarantee.
func TestPCTCounts(t *testing.T) {
	p := newPCT(2, 1)
	short, _ := straight(2, 2)
	long, _ := straight(2, 40)
	for _, main := range []func(){short, long, short} {
		run(p, main)
	}
	if p.counted != 2 {
		t.Errorf("%d of 3 count, want 2", p.counted)
	}
}
