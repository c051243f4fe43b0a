package check

import (
	"flag"
	"testing"

	"batchlab/sim/derive"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/twin"
)

// TestReason: a verdict always says why it is what it is.
func TestReason(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{"+0s a Pop -> 1, and no order of the calls leads to that", "no order of the calls leads to that"},
		{"a call that does not see what was done before it began", "a call that does not see what was done before it began"},
	} {
		v := &oracle.Violation{Law: kind.SameHistory, Got: c.got}
		if got := v.Reason(); got != "nothing explains what was seen: "+c.want {
			t.Error(got)
		}
	}
}

// TestStrategy: one that is asked for is used alone, and nothing is searched besides.
func TestStrategy(t *testing.T) {
	c := &checker{o: derive.Options{Preemptions: 2}}
	if got := c.mixed(); got != "mixed2" {
		t.Error(got)
	}
	*flagStrategy = "surw"
	defer func() { *flagStrategy = "" }()
	b := exploreOptions(t, &twin.Reporter{}, derive.Options{})
	if c.mixed() != "surw" || b.Strategy != "surw" || b.Whole != -1 {
		t.Error(c.mixed(), b.Strategy, b.Whole)
	}
}

// TestWrongFlag: a flag that makes no sense is named before anything is built.
func TestWrongFlag(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"sim.schedules", "-1", "-sim.schedules=-1 is to be 0 at least"},
		{"sim.budget", "-1s", "-sim.budget=-1s is to be 0 at least"},
		{"sim.code", "x", "-sim.timeline and -sim.code are of one find: say -sim.replay=FILE as well"},
		{"sim.timeline", "x", "-sim.timeline and -sim.code are of one find: say -sim.replay=FILE as well"},
		{"sim.seed", "7", ""},
	} {
		f := flag.Lookup(c.name)
		if err := flag.Set(c.name, c.value); err != nil {
			t.Fatal(err)
		}
		if got := wrongFlag(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if err := flag.Set(c.name, f.DefValue); err != nil {
			t.Fatal(err)
		}
	}
}
