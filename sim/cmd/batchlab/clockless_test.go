package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// onPackageTime is a subject that ignores the clock it is given and uses package time.
func onPackageTime(s spec.Subject) kind.Subject {
	s.Clockless = true
	if newMap := s.NewMap; newMap != nil {
		s.NewMap = func(c spec.MapConfig, _ clock.Clock) spec.Map { return newMap(c, clock.New()) }
	}
	if newBatcher := s.NewBatcher; newBatcher != nil {
		s.NewBatcher = func(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			return newBatcher(c, clock.New(), fn)
		}
	}
	return impls.Lab(s)[0]
}

// TestClockless: every implementation does the same on the mocked clock as on
// package time in a bubble, where there is one right history; where there are
// several, both ways give a right one. The timers of the two differ (a tick that
// fired stays in the mock's buffer across Stop and Reset), so code can be right on
// one and wrong on the other.
func TestClockless(t *testing.T) {
	const programs, year2026 = 300, 1_767_225_600 * time.Second
	for _, row := range impls.All() {
		s := impls.Lab(row)[0]
		t.Run(s.Title(), func(t *testing.T) {
			runner := &lab.Lab{T: t, Subjects: implementations()}
			compared := 0
			for i := range programs {
				p := program.Generate(rand.New(rand.NewPCG(17, uint64(i))), s.Kind, 30)
				if p.Wild() { // a crash is the same on any clock
					continue
				}
				if p.Config.Epoch < year2026 {
					p.Config.Epoch = year2026 + time.Duration(i)*time.Millisecond
				}
				mock, judged, err := runner.Try(p, s)
				if err != nil { // more states than the model follows
					continue
				}
				real, judgedToo, err := runner.Try(p, onPackageTime(row))
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range []oracle.Verdict{judged, judgedToo} {
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
