package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// tiny is the batcher with a fault; tinyTable is the map.
func tiny(f fault) kind.Subject {
	return batcher.Subject(batcher.Kind, spec.Subject{
		Name: f.String(), Kind: spec.KindBatcher,
		NewBatcher: func(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			return newTiny(f, c, clk, fn)
		},
	})
}

func tinyTable(f fault) kind.Subject {
	return dedup.Subject(spec.Subject{
		Name: f.String(), Kind: spec.KindDedup,
		NewMap: func(c spec.MapConfig, clk clock.Clock) spec.Map { return newTinyMap(f, c, clk) },
	})
}

// clockless is a subject that uses package time.
func clockless(s kind.Subject) kind.Subject {
	s.Clockless = true
	inner := s.New
	s.New = func(c kind.Config, env kind.Env) kind.Instance { return inner(c, ownClock{env}) }
	return s
}

// ownClock is a lab that gives no clock.
type ownClock struct{ kind.Env }

func (ownClock) Clock() clock.Clock { return clock.New() }

var freeNames = map[fault]string{none: "free", remembers: "free-remembers"}

func allTiny() []kind.Subject {
	list := []kind.Subject{tinyTable(none), tinyTable(remembers), tinyTable(hurries), tinyTable(litters), tinyTable(hoards)}
	for _, f := range []fault{none, remembers} { // that answer to the laws only
		s := tinyTable(f)
		s.LawsOnly, s.Name = true, freeNames[f]
		list = append(list, s)
	}
	for f := range fault(faults) {
		list = append(list, tiny(f))
	}
	return list
}

// asWorker is set in the environment of a test binary that is to be a worker.
const asWorker = "BATCHLAB_TINY_WORKER"

// TestWorker is what the children of these tests run. In the parent it shows that a
// child is one: it answers a program.
func TestWorker(t *testing.T) {
	if os.Getenv(asWorker) != "" {
		lab.Work(t, append(allTiny(), besideMoody(), besideItsLike(), slow("slow"), slow("slow-hurries"), slow("slow-crosses")))
	}
	l := childLab(t)
	r, err := l.Run(parse(t, plain, "a put x2"), tiny(none))
	if err != nil || len(r.Events) != 4 {
		t.Errorf("%v, %v", r.Events, err)
	}
}

// childLab is a lab with a worker.
func childLab(t *testing.T) *lab.Lab {
	l := &lab.Lab{T: t, Subjects: allTiny(), Command: "replay ", Spawn: func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWorker$")
		cmd.Env = append(os.Environ(), asWorker+"=1", "GOMAXPROCS=1")
		return cmd
	}}
	t.Cleanup(l.Close)
	return l
}

// here is a lab that runs everything in this process.
func here(t *testing.T) *lab.Lab { return &lab.Lab{T: t, Subjects: allTiny()} }

const (
	plain = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n"
	one   = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n"
	table = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3\n"
)

// parse reads a header and operations separated by '|'.
func parse(t *testing.T, header, ops string) *program.Program {
	t.Helper()
	names := program.Names{Kinds: []*kind.Kind{batcher.Kind, dedup.Kind}}
	p, err := program.Parse("x", []byte(header+"\n"+strings.ReplaceAll(ops, "|", "\n")+"\n"), names)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// text is a history as it is printed, without what pads it.
func text(h history.History) string {
	var lines []string
	for line := range strings.Lines(h.String()) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

func TestFaultNames(t *testing.T) {
	names := slices.Sorted(slices.Values(faultNames[:]))
	if len(slices.Compact(names)) != faults || slices.Contains(names, "") {
		t.Error(fmt.Sprint("faults without names of their own: ", names))
	}
}
