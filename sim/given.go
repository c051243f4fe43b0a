package sim

import (
	"batchlab/sim/body"
	"batchlab/sim/derive"
)

// Env is what a constructor is given: a clock, for components that take one, and Note, for what
// is to be compared besides what calls answer. Who uses package time needs nothing of it.
type Env = derive.Env

// T is what a body is given: it has the methods of *testing.T.
type T = body.T
