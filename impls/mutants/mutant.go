package mutants

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// Reach says what it takes to see a mutant's fault.
type Reach string

const (
	// Sequential faults show in a program whose steps run one at a time.
	Sequential Reach = "sequential"
	// Interleaving faults need two goroutines to meet: one at a time, the mutant
	// is the control.
	Interleaving Reach = "interleaving"
)

// Mutant is a subject that is broken in one way.
type Mutant struct {
	row
	Reach   Reach
	Subject spec.Subject
}

// A row is a line of the tables in rows_*.go.
type row struct {
	Name  string   // of the fault: lower case with '-', equal to Subject.Name
	Law   spec.Law // what it breaks
	Also  laws     // what else may rightly be reported for it
	What  string   // one sentence: what is broken
	Shown string   // a short program, see below; of an Interleaving mutant, how goroutines must meet
}

// The notation of Shown is that of a seed file on one line: settings, then steps
// after '|'. Settings left out are size=4 timeout=10ms, in the foreground with
// handlers that return at once, or bucket=1s buckets=4, and epoch=0s. A handler
// "takes=20ms", "blocks" until released, "panics", or "puts" one item more.

// A fault is one thing done wrong, by the name of its mutant. The control's name is none.
type fault string

type laws = []spec.Law

var (
	// delivery is what a fault may look like that changes batches or their times:
	// whichever step the difference is first seen in lends it its law.
	delivery = laws{spec.TimerPhase, spec.TriggerLaw, spec.Backpressure, spec.SameHistory}
	// presence is the same for a key that is there or not: the first call to tell.
	presence = laws{
		spec.OneWinner, spec.Value, spec.DeleteLaw, spec.ClosedMap,
		spec.Lifetime, spec.Expiry, spec.CountLaw, spec.SameHistory,
	}
)

// and adds laws to one of the lists above.
func and(common laws, more ...spec.Law) laws { return slices.Concat(common, more) }

// All returns every mutant, sorted by name.
func All() []Mutant {
	var all []Mutant
	for _, table := range []struct {
		kind  spec.Kind
		reach Reach
		rows  []row
	}{
		{spec.KindBatcher, Sequential, batcherRows}, {spec.KindBatcher, Interleaving, batcherMeetings},
		{spec.KindDedup, Sequential, mapRows}, {spec.KindDedup, Interleaving, mapMeetings},
		{spec.KindDedupBatcher, Sequential, dedupRows}, {spec.KindDedupBatcher, Interleaving, dedupMeetings},
	} {
		for _, r := range table.rows {
			r.Also = slices.DeleteFunc(slices.Clone(r.Also), func(l spec.Law) bool { return l == r.Law })
			all = append(all, Mutant{r, table.reach, newSubject(r.Name, table.kind)})
		}
	}
	slices.SortFunc(all, func(a, b Mutant) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Find returns the mutant of the given name, or an error that lists all names.
func Find(name string) (Mutant, error) {
	var names []string
	for _, m := range All() {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Mutant{}, fmt.Errorf("unknown mutant %q, want one of %s", name, strings.Join(names, ", "))
}

// Canary returns the mutant that any pipeline must find, or the pipeline is dead:
// it drops every third item.
func Canary() Mutant {
	m, err := Find("drop-every-third")
	if err != nil {
		panic("mutants: " + err.Error())
	}
	return m
}

// Controls returns the implementations without a fault, one of each kind, each
// named "control". What is found in one of them is a false positive.
func Controls() []spec.Subject {
	var controls []spec.Subject
	for _, kind := range spec.Kinds {
		controls = append(controls, newSubject("control", kind))
	}
	return controls
}

// Held returns a batcher without a fault, which no bubble sees through to its end: its Close waits
// for a sync.Mutex that the worker holds while its handlers take their time.
func Held() spec.Subject { return newSubject("held", spec.KindBatcher) }

// newSubject puts the implementation of a kind, with the fault of a name, behind its contract.
func newSubject(name string, kind spec.Kind) spec.Subject {
	s, f := spec.Subject{Name: name, Kind: kind}, fault(name)
	switch kind {
	case spec.KindBatcher:
		s.NewBatcher = func(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			return newBatcher(c, clk, fn, f)
		}
	case spec.KindDedupBatcher:
		s.NewBatcher = func(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			return newDedupBatcher(c, clk, fn, f)
		}
	case spec.KindDedup:
		s.NewMap = func(c spec.MapConfig, clk clock.Clock) spec.Map { return newTimedMap(c, clk, f) }
	}
	if f == "slice-pooled-early" {
		s.Lease = spec.UntilReturn
	}
	return s
}
