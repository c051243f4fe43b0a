// Package program says what is done in a run: a configuration, client lanes,
// operations and times. It is one type with three spellings: text (seed files),
// bytes (what a fuzzer mutates) and random draws (the generator).
//
// A program is data. The package runs nothing, knows no implementation and reads
// no clock; package sim runs programs and package model says what must come of
// them.
package program

import (
	"fmt"
	"slices"
	"time"
)

// The kinds of subject that a program can be for, spelled as in seed files.
const (
	KindBatcher      = "batcher"
	KindDedup        = "dedup"
	KindDedupBatcher = "dedup-batcher"
)

// Kinds lists the kinds.
var Kinds = []string{KindBatcher, KindDedup, KindDedupBatcher}

// Limits. A program beyond them is refused rather than run: a seed file comes from
// anywhere, and must cost an error and not a machine.
const (
	MaxOps      = 10_000
	MaxItems    = 200_000                    // put by one program, handlers' own puts not counted
	MaxTimers   = 200_000                    // timers and ticks that may fire in one program
	MaxSize     = 1_000                      // items in a batch
	MaxTimeout  = 100 * time.Hour            // of a batcher, and of one step of time or one handler
	MaxBucket   = 1_000 * time.Hour          // length of a bucket
	MaxBuckets  = 10_000                     // buckets of a map
	MaxWindow   = 20_000 * time.Hour         // of all buckets together
	MaxKey      = 999_999                    // keys and values go from 0 to this
	MaxEpoch    = 200 * 365 * 24 * time.Hour // before and after 1970
	MaxFileSize = 1 << 20                    // bytes of a seed file

	MaxDecisions = 10_000        // of a schedule
	MaxNth       = 1_000_000_000 // scheduling points of one goroutine, and alternatives at one
)

// Program is a configuration and the operations done under it.
type Program struct {
	Comment  []string // the lines above the header of its seed file, without '#'
	Kind     string
	Config   Config
	Expect   []Expect   // violations that must be found; none means that it passes
	Shows    []string   // texts that every history must hold, in this order
	Schedule []Decision // what to choose where operations run together; see Groups
	Ops      []Op
}

// Config configures the subject. The fields of the other kind are zero.
type Config struct {
	Epoch time.Duration // when the program begins, since 1970-01-01T00:00:00Z

	Size       int
	Timeout    time.Duration
	Background bool

	Bucket  time.Duration
	Buckets int
}

// Expect is a known defect: a law that the program shows broken in some subjects.
// In every subject that is not named, the program passes.
type Expect struct {
	Law      string
	Subjects []string
}

// Verb is what an operation does.
type Verb uint8

// The verbs. Advance, Handler and Release are the lab's own; the rest are calls
// that a lane makes.
const (
	Advance Verb = iota // time moves by D
	Put                 // N items are put, one after another
	Trigger
	Close
	Get
	Set
	Delete
	Count
	Handler // from now on handlers do as Mode says
	Release // blocked handlers go on
	verbs   = int(Release) + 1
)

var verbText = [verbs]string{"+", "put", "trigger", "close", "get", "set", "delete", "count", "handler", "release"}

func (v Verb) String() string { return verbText[v] }

// Mode is what a handler does with its batch.
type Mode uint8

// The modes.
const (
	Returns Mode = iota // at once
	Takes               // D of virtual time
	Blocks              // until Release
	Puts                // puts one item of its own, then returns
	Panics              // and the program crashes
	modes   = int(Panics) + 1
)

var modeText = [modes]string{"returns", "takes", "blocks", "puts", "panics"}

func (m Mode) String() string { return modeText[m] }

// Op is one operation.
type Op struct {
	And   bool // it runs together with the operation before it: see Groups
	Verb  Verb
	Lane  byte          // 'a' to 'z' for calls, else 0
	N     int           // Put: how many items, at least 1
	Nil   bool          // Put: the items are nil
	Key   int           // Get, Set, Delete, and Put of a dedup batcher
	Value int           // Set
	D     time.Duration // Advance, and Handler with Takes; at least 1ns
	Mode  Mode          // Handler
}

// HasMap reports whether the kind has a time-partitioned map in it.
func HasMap(kind string) bool { return kind != KindBatcher }

// HasBatcher reports whether the kind has a batcher in it.
func HasBatcher(kind string) bool { return kind != KindDedup }

// Speaks reports whether the operation makes sense for the kind.
func (o Op) Speaks(kind string) bool {
	switch o.Verb {
	case Advance, Close:
		return true
	case Get, Set, Delete, Count:
		return kind == KindDedup
	}
	return HasBatcher(kind)
}

// hasKey reports whether the operation speaks of a key.
func (o Op) hasKey(kind string) bool {
	switch o.Verb {
	case Get, Set, Delete:
		return true
	case Put:
		return kind == KindDedupBatcher && !o.Nil
	}
	return false
}

// Lanes returns the letters of the lanes that do something, in order.
func (p *Program) Lanes() []byte {
	var lanes []byte
	for _, o := range p.Ops {
		if o.Lane != 0 && !slices.Contains(lanes, o.Lane) {
			lanes = append(lanes, o.Lane)
		}
	}
	slices.Sort(lanes)
	return lanes
}

// Uses reports whether some handler of the program is in the mode.
func (p *Program) Uses(m Mode) bool {
	return slices.ContainsFunc(p.Ops, func(o Op) bool { return o.Verb == Handler && o.Mode == m })
}

// Bare returns a copy with the executable part only: no comment, no expectation. The
// schedule stays, for without it the operations may do something else.
func (p *Program) Bare() *Program {
	return &Program{Kind: p.Kind, Config: p.Config, Schedule: slices.Clone(p.Schedule), Ops: slices.Clone(p.Ops)}
}

// OpError is what is wrong with one operation, or with the configuration when
// Index is -1, or with the schedule when it is -2.
type OpError struct {
	Index int
	Msg   string
}

const (
	inConfig   = -1
	inSchedule = -2
)

func (e *OpError) Error() string {
	switch e.Index {
	case inConfig:
		return "config: " + e.Msg
	case inSchedule:
		return "schedule: " + e.Msg
	}
	return fmt.Sprintf("operation %d: %s", e.Index+1, e.Msg)
}

// Validate returns the first thing wrong with the program as an *OpError, or nil.
func (p *Program) Validate() error {
	if msg := p.configFault(); msg != "" {
		return &OpError{inConfig, msg}
	}
	if msg := p.scheduleFault(); msg != "" {
		return &OpError{inSchedule, msg}
	}
	if len(p.Ops) > MaxOps {
		return &OpError{MaxOps, fmt.Sprintf("a program has at most %d operations", MaxOps)}
	}
	items, budget := 0, newBudget(p)
	if n := budget.total(); n > MaxTimers {
		return &OpError{inConfig, fmt.Sprintf("closing it would fire about %d timers, at most %d may: let timers be longer", n, MaxTimers)}
	}
	for i, o := range p.Ops {
		if msg := o.fault(p.Kind); msg != "" {
			return &OpError{i, msg}
		}
		if msg := markFault(p.Ops[:i], o); msg != "" {
			return &OpError{i, msg}
		}
		if o.Verb == Put {
			if items += o.N; items > MaxItems {
				return &OpError{i, fmt.Sprintf("a program puts at most %d items", MaxItems)}
			}
		}
		if n := budget.add(o); n > MaxTimers {
			return &OpError{i, fmt.Sprintf("so far about %d timers would fire, at most %d may: move time by less, or let timers be longer", n, MaxTimers)}
		}
	}
	return nil
}

func (p *Program) configFault() string {
	c := p.Config
	if c.Epoch < -MaxEpoch || c.Epoch > MaxEpoch {
		return fmt.Sprintf("epoch must be within %v of 1970", MaxEpoch)
	}
	if HasBatcher(p.Kind) {
		switch {
		case c.Size < 1 || c.Size > MaxSize:
			return fmt.Sprintf("size must be 1 to %d, got %d", MaxSize, c.Size)
		case c.Timeout < 1 || c.Timeout > MaxTimeout:
			return fmt.Sprintf("timeout must be 1ns to %v, got %v", MaxTimeout, c.Timeout)
		}
	}
	if p.Kind == KindDedup {
		switch {
		case c.Bucket < 2 || c.Bucket > MaxBucket:
			return fmt.Sprintf("bucket must be 2ns to %v, got %v", MaxBucket, c.Bucket)
		case c.Buckets < 1 || c.Buckets > MaxBuckets:
			return fmt.Sprintf("buckets must be 1 to %d, got %d", MaxBuckets, c.Buckets)
		case c.Bucket > MaxWindow/time.Duration(c.Buckets):
			return fmt.Sprintf("bucket times buckets must be at most %v", MaxWindow)
		}
	}
	return ""
}

func (o Op) fault(kind string) string {
	switch {
	case int(o.Verb) >= verbs || int(o.Mode) >= modes:
		return "unknown operation"
	case !o.Speaks(kind):
		return fmt.Sprintf("a %s cannot %s", kind, o.Verb)
	case o.isCall() && (o.Lane < 'a' || o.Lane > 'z'):
		return fmt.Sprintf("%s needs a lane, a to z", o.Verb)
	case o.Verb == Put && o.N < 1:
		return fmt.Sprintf("a put needs at least one item, got %d", o.N)
	case (o.Verb == Advance || o.Verb == Handler && o.Mode == Takes) && (o.D < 1 || o.D > MaxTimeout):
		return fmt.Sprintf("a duration must be 1ns to %v, got %v", MaxTimeout, o.D)
	case o.Key < 0 || o.Key > MaxKey || o.Value < 0 || o.Value > MaxKey:
		return fmt.Sprintf("keys and values go from 0 to %d", MaxKey)
	}
	return ""
}
