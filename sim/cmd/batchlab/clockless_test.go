package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// onPackageTime is a subject that ignores the clock it is given and uses package time.
func onPackageTime(s subject.Subject) subject.Subject {
	s.Clockless = true
	if newMap := s.NewMap; newMap != nil {
		s.NewMap = func(c subject.MapConfig, _ clock.Clock) subject.Map { return newMap(c, clock.New()) }
	}
	if newBatcher := s.NewBatcher; newBatcher != nil {
		s.NewBatcher = func(c subject.BatcherConfig, _ clock.Clock, fn func([]*subject.Item)) subject.Batcher {
			return newBatcher(c, clock.New(), fn)
		}
	}
	return s
}

// TestClockless: every implementation does the same on the mocked clock as on
// package time in a bubble, where there is one right history; where there are
// several, both ways give a right one. The timers of the two differ (a tick that
// fired stays in the mock's buffer across Stop and Reset), so code can be right on
// one and wrong on the other.
func TestClockless(t *testing.T) {
	const programs, year2026 = 300, 1_767_225_600 * time.Second
	for _, s := range impls.All() {
		t.Run(sim.Title(s), func(t *testing.T) {
			lab := &sim.Lab{T: t, Subjects: impls.All()}
			compared := 0
			for i := range programs {
				p := program.Generate(rand.New(rand.NewPCG(17, uint64(i))), string(s.Kind), 30)
				if p.Uses(program.Panics) { // a crash is the same on any clock
					continue
				}
				if p.Config.Epoch < year2026 {
					p.Config.Epoch = year2026 + time.Duration(i)*time.Millisecond
				}
				mock, judged, err := lab.Try(p, s)
				if err != nil { // more states than the model follows
					continue
				}
				real, judgedToo, err := lab.Try(p, onPackageTime(s))
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range []sim.Verdict{judged, judgedToo} {
					if v.Violation != nil && !v.Specified {
						t.Fatalf("%v in\n%s", v.Violation, p)
					}
				}
				if judged.Branched != 0 {
					continue
				}
				compared++
				if mock.Digest() != real.Digest() {
					t.Fatalf("on the mock\n%s\non package time\n%s\nof\n%s", mock, real, p)
				}
			}
			if compared < programs/2 {
				t.Errorf("only %d of %d programs have one right history", compared, programs)
			}
		})
	}
}
