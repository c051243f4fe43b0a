// Package batcher is the kind of the batcher: items into batches. It puts the contract,
// the operations, the laws and the model together; the kind of the deduplicating batcher
// is made of the same pieces, with keys.
package batcher

import (
	"math/rand/v2"
	"slices"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/judge"
	"batchlab/sim/kind"
)

// Kind is the kind.
var Kind = &kind.Kind{
	Name: string(spec.KindBatcher),
	Settings: Settings(time.Nanosecond, time.Microsecond, time.Millisecond, 10*time.Millisecond, 10*time.Millisecond,
		100*time.Millisecond, time.Second, time.Minute, time.Hour),
	Ops: Ops(kind.Param{Name: "item", Letter: 'k', Nil: true, Left: true,
		NoName: "items of a batcher have no key, want a count like x3, or nil"}),
	Notices: spec.Notices,
	Laws:    spec.LawsOf(spec.KindBatcher),

	Marks:   Marks,
	Periods: func(c kind.Config) []time.Duration { return []time.Duration{c.D(spec.SetTimeout)} },
	End:     End,
	Tame:    Tame,
	Wild:    Wild,
	Lighter: Lighter,
	Refused: refused,
	Shape:   Shape,

	Code: spec.CodeOf(spec.KindBatcher),

	Audit: judge.Audit,
	Model: judge.Model,
}

// Settings are those of a batcher, with what its timeout is drawn from.
func Settings(timeouts ...time.Duration) []kind.Setting {
	timeout := func(rng *rand.Rand) int64 {
		d := int64(kind.Pick(rng, timeouts...))
		if rng.IntN(4) == 0 {
			d += rng.Int64N(3)
		}
		return d
	}
	size := func(rng *rand.Rand) int64 {
		if rng.IntN(150) == 0 {
			return spec.MaxSize
		}
		return kind.Pick[int64](rng, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 8, 16, 64)
	}
	return []kind.Setting{
		{Name: "size", Form: kind.Count, Min: 1, Max: spec.MaxSize, Unit: true, Simplest: []int64{1, 2, 3, 4}, Draw: size,
			Small: []int64{1, 1, 2, 2, 2, 3}},
		{Name: "timeout", Form: kind.Duration, Min: 1, Max: int64(kind.MaxMove), Unit: true,
			Simplest: durations(10*time.Millisecond, time.Second), Draw: timeout},
		{Name: "mode", Form: kind.Choice, Words: kind.Words("foreground", "background"), Simplest: []int64{0}},
	}
}

func durations(list ...time.Duration) []int64 {
	var values []int64
	for _, d := range list {
		values = append(values, int64(d))
	}
	return values
}

// Ops are the operations of a batcher whose Put puts such an item.
func Ops(item kind.Param) []kind.Operation {
	modes := []kind.Word{
		{Text: "returns"}, {Text: "takes"}, {Text: "blocks"},
		{Text: "puts", Odds: 3}, {Text: "panics", Odds: 100, Alone: true},
	}
	takes := func(a kind.Args) bool { return a[spec.ArgMode] == spec.Takes }
	return []kind.Operation{
		kind.Time,
		{
			Name: "put", Lane: true, Hands: true, Always: true, Scene: 2, Beside: 2, Answer: answer,
			Params: []kind.Param{item, {Name: "count", Form: kind.Count, Letter: 'x', Unit: "item", Min: 1, Max: spec.MaxItems,
				Left: true, Default: 1, Draw: howMany}},
		},
		{Name: "trigger", Lane: true, Scene: 1, Beside: 2},
		{Name: "close", Lane: true, Rare: true, Beside: 1},
		{
			Name: "handler", Scene: 1,
			Params: []kind.Param{
				{Name: "mode", Form: kind.Choice, Words: modes},
				{Name: "time", Form: kind.Duration, Min: 1, Max: int64(kind.MaxMove), When: takes},
			},
		},
		{Name: "release", Scene: 1},
	}
}

func answer(e *kind.Event) string {
	if e.Outcome == kind.Refused {
		return "panics: closed"
	}
	return ""
}

// howMany draws how many items a put puts: one as a rule, and those about which a batch
// or the queue is full.
func howMany(s *kind.Shape) int64 {
	size := s.Config.Values[spec.SetSize]
	if s.Small {
		switch room := int64(s.Most - s.Items); {
		case room > 64 && s.Rand.IntN(2) == 0:
			return 64*size + s.Rand.Int64N(2)
		case s.Rand.IntN(3) == 0:
			return 1 + s.Rand.Int64N(size+1)
		}
		return 1
	}
	switch s.Rand.IntN(12) {
	case 0, 1:
		return max(1, size-1+s.Rand.Int64N(3))
	case 2:
		return 1 + s.Rand.Int64N(2*size+2)
	case 3:
		return 64*size - 1 + s.Rand.Int64N(3)
	}
	return 1
}

// Shape lets a queue be full now and then where operations run together, and keeps
// handlers that put from filling their own queue: such a handler waits for ever.
func Shape(rng *rand.Rand, s *kind.Shape) {
	if s.Small && rng.IntN(12) == 0 {
		s.Most = 65*int(s.Config.Values[spec.SetSize]) + 2
	}
}

// Marks are the durations at which faults of a batcher live.
func Marks(c kind.Config) []time.Duration {
	t := c.D(spec.SetTimeout)
	return []time.Duration{t, t, max(t/2, 1), min(2*t, kind.MaxMove), time.Hour, 5 * time.Millisecond}
}

// End lets handlers return, moves time past the last of them and the timer, and closes.
func End(c kind.Config, ops []kind.Op) []kind.Op {
	d := c.D(spec.SetTimeout)
	for _, o := range ops {
		if o.Verb == spec.Handler && o.Args[spec.ArgMode] == spec.Takes {
			d = max(d, o.D(spec.ArgTakes)+c.D(spec.SetTimeout))
		}
	}
	return []kind.Op{{Verb: spec.Handler}, {Verb: spec.Release}, kind.Move(d), {Verb: spec.Close, Lane: kind.LabLane}}
}

// Lighter halves the timeout for which act 2 waits.
func Lighter(c kind.Config) kind.Config {
	c.Values[spec.SetTimeout] = max(c.Values[spec.SetTimeout]/2, 1)
	return c
}

// Wild reports whether some handler is to panic, which ends the process.
func Wild(ops []kind.Op) bool {
	return slices.ContainsFunc(ops, func(o kind.Op) bool {
		return o.Verb == spec.Handler && o.Args[spec.ArgMode] == spec.Panics
	})
}
