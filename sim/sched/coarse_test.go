package sched

import (
	"fmt"
	"testing"

	"batchlab/sim/weave/rt"
)

// calls is so many lanes of so many calls each, with points inside each call and the lab's
// own point between two. It returns the order of the calls, and in whom a call was
// interrupted.
func calls(lanes, each int) (main func(), order *string, torn *bool) {
	order, torn = new(string), new(bool)
	return func() {
		*order = ""
		for i := range lanes {
			rt.Spawn(fmt.Sprint(i), func() {
				for n := range each {
					if n > 0 {
						rt.At("", order)
					}
					note(order, i)
					at := length(order)
					rt.At("x", order)
					rt.At("x", order)
					fail(torn, length(order) != at)
				}
			})
		}
		rt.Idle(1)
	}, order, torn
}

//go:norace
func length(s *string) int { return len(*s) }

// all runs a search to its end, and returns how often each order came.
func all(c *Coarse, main func(), order *string) map[string]int {
	seen := map[string]int{}
	for {
		if _, ok := run(c, main); !ok {
			return seen
		}
		seen[*order]++
	}
}

// TestCoarse: every order of whole calls comes once, and no call is torn.
func TestCoarse(t *testing.T) {
	for _, c := range []struct{ lanes, calls, orders int }{{1, 3, 1}, {2, 1, 2}, {2, 2, 6}, {2, 3, 20}, {3, 2, 90}} {
		main, order, torn := calls(c.lanes, c.calls)
		s := NewCoarse(nil)
		seen := all(s, main, order)
		total := 0
		for _, n := range seen {
			total += n
		}
		if len(seen) != c.orders || total != c.orders || *torn || !s.Complete() {
			t.Errorf("%+v: %d orders in %d schedules, torn: %v, whole: %v", c, len(seen), total, *torn, s.Complete())
		}
		if want := fmt.Sprintf("no violation in all %d schedules in which nobody is preempted inside a call", total); s.Covered(total) != want {
			t.Errorf("%q, want %q", s.Covered(total), want)
		}
	}
}

// TestCoarseWaits: who waits inside a call lets others go on, and only there.
func TestCoarseWaits(t *testing.T) {
	order := new(string)
	main := func() {
		*order = ""
		ch := make(chan int)
		rt.Spawn("0", func() {
			note(order, 0)
			<-rt.From("x", ch)
			note(order, 0)
		})
		rt.Spawn("1", func() {
			note(order, 1)
			rt.To("x", ch).Send(1)
			note(order, 1)
		})
		rt.Idle(1)
	}
	if seen := all(NewCoarse(nil), main, order); len(seen) != 2 || seen["0110"] == 0 || seen["1001"] == 0 {
		t.Errorf("%v, want 0110 and 1001", seen)
	}
}

// TestCoarseSkip: the schedules that begin alike are left out, and no others.
func TestCoarseSkip(t *testing.T) {
	main, order, _ := calls(2, 3)
	s := NewCoarse(nil)
	seen := map[string]int{}
	for {
		if _, ok := run(s, main); !ok {
			break
		}
		seen[*order]++
		if (*order)[0] == '1' { // the first choice is enough to see that
			s.Skip(1)
		}
	}
	first := map[byte]int{}
	for o := range seen {
		first[o[0]]++
	}
	if first['0'] != 10 || first['1'] != 1 || !s.Complete() {
		t.Errorf("%v of the 10 that begin with 0 and one that begins with 1; whole: %v", first, s.Complete())
	}
}

// TestCoarseBetween: who was said to be outside can be interrupted at the next point, and
// only there, and the search is whole nevertheless.
func TestCoarseBetween(t *testing.T) {
	order := new(string)
	s := NewCoarse(nil)
	main := func() {
		*order = ""
		rt.Spawn("0", func() {
			note(order, 0)
			rt.At("x", order)
			note(order, 0)
			s.Between(rt.Self())
			rt.Read("plain", "order", order) // no point, as long as nobody is asked there
			rt.At("x", order)
			note(order, 0)
			rt.At("x", order)
			note(order, 0)
		})
		rt.Spawn("1", func() {
			note(order, 1)
		})
		rt.Idle(1)
	}
	if seen := all(s, main, order); len(seen) != 3 || seen["00001"] != 1 || seen["10000"] != 1 || seen["00100"] != 1 || !s.Complete() {
		t.Errorf("%v, whole %v; want 00001, 10000 and 00100 once each", seen, s.Complete())
	}
}

// TestCoarsePasses: where time may pass inside a call, the clock goes all its way there and then who was
// interrupted; nobody else is let in.
func TestCoarsePasses(t *testing.T) {
	for _, passes := range []bool{false, true} {
		order, during := new(string), false
		main := func() {
			*order = ""
			for _, name := range []string{"a", "b", "clock"} {
				rt.Spawn(name, func() {
					if name == "clock" {
						tick(order)
						rt.Yield("time")
						tick(order)
						return
					}
					enter(order, name)
					rt.At("x", order)
					enter(order, name)
				})
			}
			rt.Idle(1)
		}
		c := NewCoarse(nil)
		c.Passes = passes
		seen := all(c, main, order)
		for o := range seen {
			during = during || o == "attabb" || o == "bttbaa"
			switch o {
			case "atatbb", "abttab", "atabtb", "atbtab", "abab":
				t.Errorf("passes %v: %s", passes, o)
			}
		}
		if during != passes {
			t.Errorf("passes %v: %v", passes, seen)
		}
	}
}

//go:norace
func tick(order *string) { *order += "t" }

//go:norace
func enter(order *string, name string) { *order += name }
