package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// withT gives a benchmark the *testing.T that a bubble needs.
func withT(b *testing.B, f func(t *testing.T)) {
	match := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(match, []testing.InternalTest{{Name: b.Name(), F: f}}) {
		b.FailNow()
	}
}

// pair returns the baseline and the optimized version of a kind.
func pair(tb testing.TB, kind string) []subject.Subject {
	var list []subject.Subject
	for _, name := range []string{"baseline", "optimized"} {
		s, err := impls.Find(subject.Kind(kind), name)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// BenchmarkPrograms measures a campaign: generate a program of 40 operations, run
// the baseline and the optimized version, follow the model and check the laws. Run it
// with -cpu 1: the figure is per core.
func BenchmarkPrograms(b *testing.B) {
	b.Run("kind=all", func(b *testing.B) { benchPrograms(b, program.Kinds) })
	for _, kind := range program.Kinds {
		b.Run("kind="+kind, func(b *testing.B) { benchPrograms(b, []string{kind}) })
	}
}

func benchPrograms(b *testing.B, kinds []string) {
	var pairs [][]subject.Subject
	for _, k := range kinds {
		pairs = append(pairs, pair(b, k))
	}
	withT(b, func(t *testing.T) {
		lab := &sim.Lab{T: t}
		b.ResetTimer()
		for i := range b.N {
			k := i % len(kinds)
			p := sim.ProgramOf(1, kinds[k], i, 40)
			if p.Uses(program.Panics) {
				continue
			}
			for _, s := range pairs[k] {
				if _, v, err := lab.Try(p, s); err == nil && v.Violation != nil && !v.Specified {
					b.Errorf("%v\n%s", v.Violation, p)
				}
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "programs/s")
	})
}

// BenchmarkIdle measures how fast virtual time passes when little happens: an hour
// at a time on a batcher whose timer fires every second.
func BenchmarkIdle(b *testing.B) {
	p := &program.Program{Kind: program.KindBatcher, Config: program.Config{Size: 10, Timeout: time.Second}}
	for range 10 {
		p.Ops = append(p.Ops, program.Op{Verb: program.Put, Lane: 'a', N: 1}, program.Op{Verb: program.Advance, D: time.Hour})
	}
	subjects := pair(b, p.Kind)
	withT(b, func(t *testing.T) {
		lab := &sim.Lab{T: t, Subjects: subjects}
		b.ResetTimer()
		for range b.N {
			for _, s := range subjects {
				if _, _, err := lab.Try(p, s); err != nil {
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
	s := pair(b, program.KindBatcher)[0]
	for i := range b.N {
		alone(s, plain(i))
	}
}

// BenchmarkMockInBubble is the other half of the pair, without model and laws.
func BenchmarkMockInBubble(b *testing.B) {
	s := pair(b, program.KindBatcher)[0]
	withT(b, func(t *testing.T) {
		lab := &sim.Lab{T: t, Subjects: []subject.Subject{s}}
		b.ResetTimer()
		for i := range b.N {
			if _, err := lab.Run(plain(i), s); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// plain is a program of 40 operations that can run without the lab: nothing blocks.
func plain(i int) *program.Program {
	p := &program.Program{Kind: program.KindBatcher, Config: program.Config{Size: 4, Timeout: 10 * time.Millisecond}}
	for j := range 20 {
		p.Ops = append(p.Ops, program.Op{Verb: program.Put, Lane: 'a', N: 1 + (i+j)%3}, program.Op{Verb: program.Advance, D: 4 * time.Millisecond})
	}
	return p
}

// alone does what a program says on a mock, with nothing but the mock's own sleeps
// to wait for other goroutines.
func alone(s subject.Subject, p *program.Program) {
	mock := clock.NewMock()
	batches := make(chan []*subject.Item, 1000)
	batcher := s.NewBatcher(subject.BatcherConfig{Size: p.Config.Size, Timeout: p.Config.Timeout}, mock, func(b []*subject.Item) { batches <- b })
	for _, o := range p.Ops {
		switch o.Verb {
		case program.Put:
			for range o.N {
				batcher.Put(&subject.Item{})
			}
		case program.Advance:
			mock.Add(o.D)
		default:
			panic(fmt.Sprintf("batchlab: %v cannot run without the lab", o))
		}
	}
	batcher.Close()
}
