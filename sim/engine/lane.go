package engine

import (
	"unsafe"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// lane is a client: a goroutine that makes one call after another, or the clock. It is
// written by whoever has the turn: the driver while all is quiet, else the goroutine. In
// a run under a scheduler the race detector must not see what they tell each other, for
// that would order what several lanes do and hide the races of the subject: so all that
// touches a lane is marked norace.
type lane struct {
	kind.Lane
	ops   []kind.Op
	has   bool // it was given operations, or told to quit
	quit  bool
	in    kind.Op    // the call that it is in
	event kind.Event // of that call: fresh memory for each is dear under the race detector
	busy  bool
	told  bool // that it waits has been recorded
	alone bool // nothing runs together with it: what it is told and tells is ordered anyway
	edge  byte // else, for the race detector: groups are settled, so what was done in one happened before the next
}

// name is the name of its goroutine.
func (l *lane) name() string {
	switch l.Letter {
	case 0:
		return "clock"
	case kind.LabLane:
		return "closer"
	}
	return string(rune(l.Letter))
}

// NotLane stands for what is no lane.
const NotLane = 255

// LaneOf is the lane that a goroutine is, by its name.
//
//go:norace
func LaneOf(name string) byte {
	switch {
	case len(name) == 1:
		return name[0]
	case name == "clock":
		return 0
	case name == "closer":
		return kind.LabLane
	}
	return NotLane
}

//go:norace
func (l *lane) give(ops []kind.Op, quit bool) {
	l.ops, l.quit = ops, quit
	rt.Set(&l.has)
	l.release()
}

//go:norace
func (l *lane) next() (o kind.Op, first, ok bool) {
	if l.has {
		first = true
		l.settled()
	}
	l.has, l.busy = false, false
	if len(l.ops) == 0 {
		l.release()
		return o, false, false
	}
	o = l.ops[0]
	l.ops, l.in, l.busy, l.told = l.ops[1:], o, true, false
	return o, first, true
}

// begin begins a call, and returns when that was.
//
//go:norace
func (l *lane) begin(o kind.Op, now int64) int64 {
	l.in = o
	l.First, l.Next = kind.Item{}, kind.Item{}
	return now
}

// left returns the operations that a lane has not begun, and takes them from it.
//
//go:norace
func (l *lane) left() []kind.Op {
	ops := l.ops
	l.ops = nil
	return ops
}

// stuckIn is the call that a lane is in, and whether that has not been said before.
//
//go:norace
func (l *lane) stuckIn() (o kind.Op, fresh bool) {
	fresh = !l.told
	l.told = true
	return l.in, fresh
}

//go:norace
func (l *lane) isBusy() bool { return l.busy }

// settled makes what the lane did known to whoever calls it.
//
//go:norace
func (l *lane) settled() {
	if !l.alone {
		rt.Acquire(unsafe.Pointer(&l.edge))
	}
}

// release lets it be known.
//
//go:norace
func (l *lane) release() {
	if !l.alone {
		rt.Release(unsafe.Pointer(&l.edge))
	}
}
