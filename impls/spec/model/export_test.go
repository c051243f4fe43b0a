package model

import (
	"time"

	"batchlab/sim/kind"
)

// Now is the virtual time of the operation followed last, and Steps how many were.
func (f *Follower) Now() time.Duration { return f.now }
func (f *Follower) Steps() int         { return f.step }

// Advance follows an operation with nothing observed: every outcome is kept.
func (f *Follower) Advance(o kind.Op) {
	f.step++
	for _, s := range f.states {
		s.seen, s.out, s.said = nil, nil, 0
	}
	f.states = f.run([]kind.Op{o}, f.states)
}
