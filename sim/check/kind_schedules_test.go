package check

import (
	"testing"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// TestExplorationsSay: of each law the first find stands for all programs, and the sum says
// who judged and what nobody could.
func TestExplorationsSay(t *testing.T) {
	var x explorations
	first, second := &program.Program{}, &program.Program{}
	sight := func(law kind.LawID, specified bool) lab.Sighting {
		return lab.Sighting{Violation: &oracle.Violation{Law: law}, Specified: specified}
	}
	x.add(first, &lab.Exploration{Schedules: 10, Unjudged: 1, Judged: "judged by A"})
	want := "no violation in 10 schedules of 1 programs (random, PCT d=2, PCT d=3 and URW in turn); judged by A; " +
		"1 traces could not be judged"
	if x.String() != want {
		t.Errorf("%q, want %q", x.String(), want)
	}
	x.add(first, &lab.Exploration{Schedules: 5, Judged: "judged by A", Finds: []lab.Sighting{sight(kind.Leak, false), sight(kind.Progress, true)}})
	x.add(second, &lab.Exploration{Schedules: 5, Judged: "judged by B", Beyond: 3, Finds: []lab.Sighting{sight(kind.NoPanic, false), sight(kind.Leak, false)}})
	want = "2 laws broken in 20 schedules of 3 programs; judged by A; judged by B; 1 traces could not be judged; " +
		"3 traces are beyond what was searched of the reference"
	if x.String() != want {
		t.Errorf("%q, want %q", x.String(), want)
	}
	if len(x.finds) != 2 || x.finds[0].program != first || x.finds[1].Violation.Law != kind.NoPanic || x.judged() != 19 {
		t.Errorf("%+v", x)
	}
}
