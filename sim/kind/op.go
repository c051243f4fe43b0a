package kind

import (
	"slices"
	"time"
)

// Verb is what an operation does, or what an event is of: an index into Kind.Ops, or one
// of the notices.
type Verb uint8

// MaxArgs is how many arguments an operation may have, and MaxValues how many settings a
// kind.
const (
	MaxArgs   = 4
	MaxValues = 4
)

// Args are the arguments of an operation, in the order of its Params. An argument that
// is not there is zero.
type Args [MaxArgs]int64

// Op is one operation of a program.
type Op struct {
	And  bool // it runs together with the operation before it: see Groups
	Verb Verb
	Lane byte // 'a' to 'z' for calls, LabLane in act 2, else 0
	Args Args
}

// LabLane is the lane of the calls in act 2, which no program can name.
const LabLane = '}'

// D is an argument as a duration.
func (o Op) D(i int) time.Duration { return time.Duration(o.Args[i]) }

// Move is an operation that moves the clock.
func Move(d time.Duration) Op { return Op{Verb: Advance, Args: Args{int64(d)}} }

// Moved is by how much the operation moves the clock.
func (o Op) Moved() time.Duration {
	if o.Verb != Advance {
		return 0
	}
	return time.Duration(o.Args[0])
}

// Groups cuts operations into the groups that run together: each begins with an
// operation that is not marked, and has the marked ones behind it. Within a group the
// calls of one lane happen in their order, and so do the moves of the clock, which is
// a lane of its own there; otherwise its members are concurrent. Whoever cannot run
// anything together runs the operations one after another, which is one of the orders
// that a group allows.
//
// The groups are pieces of ops, and together they are ops.
func Groups(ops []Op) [][]Op {
	groups := slices.Grow([][]Op(nil), len(ops))
	for len(ops) > 0 {
		n := grouped(ops)
		groups = append(groups, ops[:n:n])
		ops = ops[n:]
	}
	return groups
}

// grouped is how many operations the first group has.
func grouped(ops []Op) int {
	n := 1
	for n < len(ops) && ops[n].And {
		n++
	}
	return n
}

// Together reports whether some operations run together.
func Together(ops []Op) bool { return slices.ContainsFunc(ops, func(o Op) bool { return o.And }) }

// Config is the settings of a subject, and when the program begins.
type Config struct {
	Epoch  time.Duration // since 1970-01-01T00:00:00Z
	Values [MaxValues]int64
}

// D is a setting as a duration.
func (c Config) D(i int) time.Duration { return time.Duration(c.Values[i]) }

// N is a setting as a number.
func (c Config) N(i int) int { return int(c.Values[i]) }

// Range is how many calls an operation stands for: one, or one for each name of a range. Like
// Nth and Label it reads nothing but tables, for each call, and the race detector need not look.
//
//go:norace
func (k *Kind) Range(o Op) int64 {
	for i := range k.Ops[o.Verb].Params {
		if more := k.Ops[o.Verb].Params[i].More; more > 0 {
			return o.Args[more] + 1
		}
	}
	return 1
}

// Nth is one of those calls, from 0.
//
//go:norace
func (k *Kind) Nth(o Op, n int64) Op {
	for i := range k.Ops[o.Verb].Params {
		if more := k.Ops[o.Verb].Params[i].More; more > 0 {
			o.Args[i] += n
			o.Args[more] = 0
		}
	}
	return o
}

// Key is the name that an operation is about, the first of its arguments, and whether
// it is about one.
func (k *Kind) Key(o Op) (int64, bool) {
	if p := k.Ops[o.Verb].Params; len(p) > 0 && p[0].Form == Named && p[0].NoName == "" && o.Args[0] != NilArg {
		return o.Args[0], true
	}
	return 0, false
}

// WithKey is the operation about another name, if it is about one.
func (k *Kind) WithKey(o Op, key int64) Op {
	if _, ok := k.Key(o); ok {
		o.Args[0] = key
	}
	return o
}
