package sched

import (
	"fmt"
	"testing"
)

// TestMixed: half of its schedules are those of the DFS, each once, and when these are over it is; what takes
// more preemptions than the bound is among the others.
func TestMixed(t *testing.T) {
	m := NewMixed(1, 7)
	main, order := straight(3, 3)
	left := []int{4, 4, 4}
	want := interleavings(left, -1, 1)
	searched, n, deep := map[string]bool{}, 0, false
	for {
		res, ok := run(m, main)
		if !ok {
			break
		}
		n++
		if m.Deep() {
			deep = deep || Preemptions(res.Log) > 1
			continue
		}
		if searched[*order] {
			t.Errorf("%s twice", *order)
		}
		searched[*order] = true
	}
	if len(searched) != want || n != 2*want || !m.Searched().Complete() || !deep {
		t.Errorf("%d of %d schedules within the bound, %d in all, complete %v, beyond the bound %v", len(searched), want, n,
			m.Searched().Complete(), deep)
	}
	if got := m.Covered(n); got != fmt.Sprintf("no violation in %d schedules, all with at most 1 preemptions among them", n) {
		t.Error(got)
	}
}
