package sched

import (
	"fmt"
	"testing"
)

// TestWhole: what fits is searched whole, what does not within the bound, and where not even that fits by chance; what
// it says of it is so.
func TestWhole(t *testing.T) {
	small, deep := interleavings([]int{2, 2}, -1, 99), interleavings([]int{5, 5, 5}, -1, 2)
	for _, c := range []struct {
		why             string
		threads, points int
		limit           int
		ran, orders     int // -1: any number
		complete        bool
		bound           int
		covered         string
	}{
		{"all", 2, 2, 1000, small, small, true, -1, fmt.Sprintf("no violation in %d schedules, which stand for all", small)},
		{"within the bound", 3, 4, 5000, 2500 + deep, -1, true, 2,
			fmt.Sprintf("no violation in %d schedules, all with at most 2 preemptions among them", 2500+deep)},
		{"neither", 3, 4, 1000, 1000, -1, false, 0, "no violation in 1000 schedules of many"},
	} {
		s := NewWhole(1, c.limit)
		main, order := straight(c.threads, c.points)
		bounded, orders, n := map[string]bool{}, map[string]bool{}, 0
		for ; n < c.limit; n++ {
			res, ok := run(s, main)
			if !ok {
				break
			}
			orders[*order] = true
			if !s.Deep() {
				bounded[*order] = true
				if p := Preemptions(res.Log); p > 2 {
					t.Fatalf("%s: %d preemptions in the search with a bound", c.why, p)
				}
			}
		}
		if n != c.ran || c.orders >= 0 && len(orders) != c.orders {
			t.Errorf("%s: %d schedules, %d orders; want %d, %d", c.why, n, len(orders), c.ran, c.orders)
		}
		d := s.Searched()
		if d.Complete() != c.complete || c.complete && d.Bound != c.bound || c.bound == 2 && len(bounded) != deep {
			t.Errorf("%s: complete %v, bound %d, %d orders within it", c.why, d.Complete(), d.Bound, len(bounded))
		}
		if got := s.Covered(n); got != c.covered {
			t.Errorf("%s: %q, want %q", c.why, got, c.covered)
		}
	}
}
