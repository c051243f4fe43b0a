package model

import "time"

// Now is the virtual time of the operation followed last, and Steps how many were.
func (f *Follower) Now() time.Duration { return f.now }
func (f *Follower) Steps() int         { return f.step }
