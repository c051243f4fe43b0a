// Package dedupbatcher is the kind of the deduplicating batcher: a batcher that drops
// what it has seen within a minute. It is the batcher's kind with keys, and with a window.
package dedupbatcher

import (
	"math/rand/v2"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/judge"
	"batchlab/sim/kind"
)

// Kind is the kind.
var Kind = &kind.Kind{
	Name: string(spec.KindDedupBatcher),
	Settings: batcher.Settings(time.Nanosecond, time.Microsecond, time.Millisecond, 10*time.Millisecond,
		10*time.Millisecond, 100*time.Millisecond, time.Second),
	Ops:     batcher.Ops(kind.Param{Name: "key", Form: kind.Named, Letter: 'k', Max: spec.MaxKey, Nil: true, Left: true}),
	Notices: spec.Notices,
	Dated:   true,
	Laws:    spec.LawsOf(spec.KindDedupBatcher),

	Marks: func(c kind.Config) []time.Duration {
		return append(batcher.Marks(c), spec.DedupBucket, spec.MinRefresh, spec.DedupBucket/2)
	},
	Periods: func(c kind.Config) []time.Duration {
		return []time.Duration{c.D(spec.SetTimeout), spec.Window.Cleanup(), spec.Window.Refresh()}
	},
	Stops: func(kind.Config) []time.Duration {
		return []time.Duration{spec.Window.Refresh(), spec.Window.Cleanup()}
	},
	End:     batcher.End,
	Tame:    batcher.Tame,
	Wild:    batcher.Wild,
	Lighter: batcher.Lighter,
	Refused: batcher.Kind.Refused,
	Shape:   shape,

	Code: spec.CodeOf(spec.KindDedupBatcher),

	Audit: judge.Audit,
	Model: judge.Model,
}

// shape makes, now and then, a program that puts a few keys again and again around the end
// of the window, which is a minute and so 720 ticks away.
func shape(rng *rand.Rand, s *kind.Shape) {
	batcher.Shape(rng, s)
	if s.Small || rng.IntN(60) != 0 {
		return
	}
	s.Timers, s.Names, s.Hot = 800, 1+rng.IntN(2), 1
	s.Marks = []time.Duration{time.Minute, time.Minute - 400*time.Millisecond, 61 * time.Second, 40 * time.Second,
		time.Second}
	s.Config.Values[spec.SetSize], s.Config.Values[spec.SetTimeout] = 1, int64(time.Second)
}
