package sim_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/benbjohnson/clock"

	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// tiny is the batcher with a fault; tinyTable is the map.
func tiny(f fault) subject.Subject {
	return subject.Subject{Name: f.String(), Kind: subject.KindBatcher,
		NewBatcher: func(c subject.BatcherConfig, clk clock.Clock, fn func([]*subject.Item)) subject.Batcher {
			return newTiny(f, c, clk, fn)
		}}
}

func tinyTable(f fault) subject.Subject {
	return subject.Subject{Name: f.String(), Kind: subject.KindDedup,
		NewMap: func(c subject.MapConfig, clk clock.Clock) subject.Map { return newTinyMap(f, c, clk) }}
}

// clockless is a subject that uses package time.
func clockless(s subject.Subject) subject.Subject {
	s.Clockless = true
	if s.NewMap != nil {
		inner := s.NewMap
		s.NewMap = func(c subject.MapConfig, _ clock.Clock) subject.Map { return inner(c, clock.New()) }
	} else {
		inner := s.NewBatcher
		s.NewBatcher = func(c subject.BatcherConfig, _ clock.Clock, fn func([]*subject.Item)) subject.Batcher {
			return inner(c, clock.New(), fn)
		}
	}
	return s
}

var freeNames = map[fault]string{none: "free", remembers: "free-remembers"}

func allTiny() []subject.Subject {
	list := []subject.Subject{tinyTable(none), tinyTable(remembers), tinyTable(hurries), tinyTable(litters), tinyTable(hoards)}
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
		sim.Work(t, allTiny())
	}
	lab := childLab(t)
	h, err := lab.Run(parse(t, plain, "a put x2"), tiny(none))
	if err != nil || len(h.Events) != 4 {
		t.Errorf("%v, %v", h, err)
	}
}

// childLab is a lab with a worker.
func childLab(t *testing.T) *sim.Lab {
	lab := &sim.Lab{T: t, Subjects: allTiny(), Command: "replay ", Spawn: func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWorker$")
		cmd.Env = append(os.Environ(), asWorker+"=1", "GOMAXPROCS=1")
		return cmd
	}}
	t.Cleanup(lab.Close)
	return lab
}

// here is a lab that runs everything in this process.
func here(t *testing.T) *sim.Lab { return &sim.Lab{T: t, Subjects: allTiny()} }

const (
	plain = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n"
	one   = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n"
	table = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3\n"
)

// parse reads a header and operations separated by '|'.
func parse(t *testing.T, header, ops string) *program.Program {
	t.Helper()
	p, err := program.Parse("x", []byte(header+"\n"+strings.ReplaceAll(ops, "|", "\n")+"\n"), program.Names{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// text is a history as it is printed, without what pads it.
func text(h sim.History) string {
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
