package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// withT gives a benchmark the *testing.T that a bubble needs.
func withT(b *testing.B, f func(t *testing.T)) {
	match := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(match, []testing.InternalTest{{Name: b.Name(), F: f}}) {
		b.FailNow()
	}
}

// pair returns the baseline and the optimized version of a kind.
func pair(tb testing.TB, of spec.Kind) []kind.Subject {
	return []kind.Subject{find(tb, of, "baseline"), find(tb, of, "optimized")}
}

// BenchmarkPrograms measures a campaign: generate a program of 40 operations, run
// the baseline and the optimized version, follow the model and check the laws. Run it
// with -cpu 1: the figure is per core.
func BenchmarkPrograms(b *testing.B) {
	b.Run("kind=all", func(b *testing.B) { benchPrograms(b, impls.Kinds()) })
	for _, k := range impls.Kinds() {
		b.Run("kind="+k.Name, func(b *testing.B) { benchPrograms(b, []*kind.Kind{k}) })
	}
}

func benchPrograms(b *testing.B, kinds []*kind.Kind) {
	var pairs [][]kind.Subject
	for _, k := range kinds {
		pairs = append(pairs, pair(b, spec.Kind(k.Name)))
	}
	withT(b, func(t *testing.T) {
		runner := &lab.Lab{T: t}
		b.ResetTimer()
		for i := range b.N {
			k := i % len(kinds)
			p := lab.ProgramOf(1, kinds[k], i, 40)
			if p.Wild() {
				continue
			}
			for _, s := range pairs[k] {
				if _, v, err := runner.Try(p, s); err == nil && v.Violation != nil && !v.Specified {
					b.Errorf("%v\n%s", v.Violation, p)
				}
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "programs/s")
	})
}

// timed is a queue that counts for how long its units were being done.
type timed struct {
	lab.Queue
	busy atomic.Int64
}

func (q *timed) Do(ctx context.Context, u lab.Unit) (lab.Result, error) {
	begun := time.Now()
	defer func() { q.busy.Add(int64(time.Since(begun))) }()
	return q.Queue.Do(ctx, u)
}

// BenchmarkCores measures how many times as fast as one worker two are, in turns: by the clock, which says nothing of
// a machine on which others are at work too, and by what does not depend on them: how many of the two are busy, and how
// much processor a program costs by one, and by two.
func BenchmarkCores(b *testing.B) {
	const programs = 1500
	withT(b, func(t *testing.T) {
		runner := &lab.Lab{Subjects: implementations()}
		run := func(workers int) (wall, busy, cpu float64) {
			pool := newPool(t, workers)
			q := &timed{Queue: pool}
			runner.Queue = q
			begun, before := time.Now(), used()
			_, err := runner.Campaign(t.Context(), lab.CampaignOptions{Seed: 1, Programs: programs})
			wall, busy = time.Since(begun).Seconds(), time.Duration(q.busy.Load()).Seconds()
			pool.Close()
			if err != nil {
				b.Fatal(err)
			}
			return wall, busy / wall, used() - before
		}
		var clock, busy, cost []float64
		for b.Loop() {
			wall1, _, cpu1 := run(1)
			wall2, busy2, cpu2 := run(2)
			clock, busy, cost = append(clock, wall1/wall2), append(busy, busy2), append(cost, cpu1/cpu2)
		}
		for unit, list := range map[string][]float64{"times-by-clock": clock, "busy-of-2": busy, "cpu-of-1/of-2": cost} {
			slices.Sort(list)
			b.ReportMetric(list[len(list)/2], unit)
		}
	})
}

// used is the processor time of this process and of its children that have ended.
func used() (sum float64) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if err := syscall.Getrusage(who, &r); err != nil {
			panic(err)
		}
		sum += time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
	}
	return sum
}

// BenchmarkIdle measures how fast virtual time passes when little happens: an hour
// at a time on a batcher whose timer fires every second.
func BenchmarkIdle(b *testing.B) {
	p := programOf(b, "batchlab: 1\nsubject: batcher\nconfig: size=10 timeout=1s mode=foreground\n\n"+
		strings.Repeat("a put\n+1h\n", 10))
	subjects := pair(b, spec.KindBatcher)
	withT(b, func(t *testing.T) {
		runner := &lab.Lab{T: t, Subjects: subjects}
		b.ResetTimer()
		for range b.N {
			for _, s := range subjects {
				if _, _, err := runner.Try(p, s); err != nil {
					b.Fatal(err)
				}
			}
		}
		virtual := 2 * 10 * time.Hour.Seconds() * float64(b.N)
		b.ReportMetric(virtual/b.Elapsed().Seconds(), "virtual-s/s")
	})
}

// BenchmarkMockAlone runs the same programs on a clock.Mock without a bubble, as
// tests of such code usually do, beside BenchmarkMockInBubble.
func BenchmarkMockAlone(b *testing.B) {
	s, err := impls.Find(spec.KindBatcher, "baseline")
	if err != nil {
		b.Fatal(err)
	}
	for i := range b.N {
		alone(s, plain(b, i))
	}
}

// BenchmarkMockInBubble is the other half of the pair, without model and laws.
func BenchmarkMockInBubble(b *testing.B) {
	s := find(b, spec.KindBatcher, "baseline")
	withT(b, func(t *testing.T) {
		runner := &lab.Lab{T: t, Subjects: []kind.Subject{s}}
		b.ResetTimer()
		for i := range b.N {
			if _, err := runner.Run(plain(b, i), s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// plain is a program of 40 operations that can run without the lab: nothing blocks.
func plain(b *testing.B, i int) *program.Program {
	p := programOf(b, "batchlab: 1\nsubject: batcher\nconfig: size=4 timeout=10ms mode=foreground\n")
	for j := range 20 {
		p.Ops = append(p.Ops,
			program.Op{Verb: spec.Put, Lane: 'a', Args: kind.Args{spec.ArgItem: kind.NilArg, spec.ArgN: int64(1 + (i+j)%3)}},
			kind.Move(4*time.Millisecond))
	}
	return p
}

// alone does what a program says on a mock, with nothing but the mock's own sleeps
// to wait for other goroutines.
func alone(s spec.Subject, p *program.Program) {
	mock := clock.NewMock()
	batches := make(chan []*spec.Item, 1000)
	batcher := s.NewBatcher(spec.BatcherOf(p.Config), mock, func(b []*spec.Item) { batches <- b })
	for _, o := range p.Ops {
		switch o.Verb {
		case spec.Put:
			for range o.Args[spec.ArgN] {
				batcher.Put(&spec.Item{})
			}
		case kind.Advance:
			mock.Add(o.Moved())
		default:
			panic(fmt.Sprintf("batchlab: %v cannot run without the lab", o))
		}
	}
	batcher.Close()
}
