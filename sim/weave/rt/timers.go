package rt

import (
	"time"
	"unsafe"
)

// maxTimers is how many timers can be set at once.
const maxTimers = 1 << 16

// vtimer is a timer or ticker of package time, on the time of a run. It is found by the
// address of the timer or ticker. Those that are set make a heap.
type vtimer struct {
	at     unsafe.Pointer
	ch     chan time.Time
	f      func()
	when   int64
	period int64
	slot   int   // its place in the heap, from 1; 0 if it is not set
	order  int64 // when it was set: of two at one instant this one comes first
}

//go:norace
func (t *vtimer) start(d time.Duration) {
	s.clock++
	t.when, t.order = later(d), s.clock
	remember(d)
	if t.slot == 0 {
		if s.ntimers == len(s.timers) {
			moreTimers()
		}
		s.ntimers++
		t.place(s.ntimers)
	}
	t.sift()
}

//go:norace
func moreTimers() {
	if s.ntimers == maxTimers {
		limit()
	}
	old := s.timers
	s.timers = make([]*vtimer, max(1<<6, 2*len(old)))
	for i := range old {
		old[i].place(i + 1)
	}
}

// stop reports whether the timer was set.
//
//go:norace
func (t *vtimer) stop() bool {
	if t.slot == 0 {
		return false
	}
	last := s.timers[s.ntimers-1]
	s.timers[s.ntimers-1] = nil
	s.ntimers--
	if last != t {
		last.place(t.slot)
		last.sift()
	}
	t.slot = 0
	return true
}

// firstTimer is the one that is due first, nil if none is set.
//
//go:norace
func firstTimer() *vtimer {
	if s.ntimers == 0 {
		return nil
	}
	return s.timers[0]
}

// due is the first timer whose time has come, or nil.
//
//go:norace
func due() *vtimer {
	if t := firstTimer(); t != nil && t.when <= s.now {
		return t
	}
	return nil
}

//go:norace
func (t *vtimer) place(slot int) { s.timers[slot-1], t.slot = t, slot }

//go:norace
func (t *vtimer) before(o *vtimer) bool {
	return t.when < o.when || t.when == o.when && t.order < o.order
}

// sift moves a timer up or down to where it belongs in the heap.
//
//go:norace
func (t *vtimer) sift() {
	for t.slot > 1 {
		up := s.timers[t.slot/2-1]
		if !t.before(up) {
			break
		}
		at := up.slot
		up.place(t.slot)
		t.place(at)
	}
	for {
		child := 2 * t.slot
		if child > s.ntimers {
			return
		}
		if child < s.ntimers && s.timers[child].before(s.timers[child-1]) {
			child++
		}
		down := s.timers[child-1]
		if !down.before(t) {
			return
		}
		at := down.slot
		down.place(t.slot)
		t.place(at)
	}
}

// maxDurations is how many different durations of a run are remembered.
const maxDurations = 8

// remember notes a duration that a timer is set to.
//
//go:norace
func remember(d time.Duration) {
	if d <= 0 {
		return
	}
	for i := range s.ndurations {
		if s.durations[i] == d {
			return
		}
	}
	if s.ndurations < maxDurations {
		s.durations[s.ndurations] = d
		s.ndurations++
	}
}
