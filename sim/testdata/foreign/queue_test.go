package foreign_test

import (
	"testing"

	"batchlab/sim"
	"batchlab/sim/kind"

	"example.com/foreign"
)

// queue is a subject of the kind.
func queue(name string, make func(room int) foreign.Queue) kind.Subject {
	return kind.Subject{
		Name: name, Kind: queues, Clockless: true,
		New: func(c kind.Config, _ kind.Env) kind.Instance { return instance{make(c.N(0)), c.D(1)} },
	}
}

var plain = queue("plain", func(room int) foreign.Queue { return foreign.NewPlain(room) })

// testRing judges a ring by the plain queue.
func testRing(t *testing.T, name string, ring func(room int) foreign.Queue) {
	s := queue(name, ring)
	s.Original = &plain
	sim.Test(t, s, sim.TestOptions{Programs: 300, Corpora: t.TempDir()})
}

func TestRing(t *testing.T) {
	testRing(t, "ring", func(room int) foreign.Queue { return foreign.NewRing(room) })
}

// One that forgets is found by plain go test, for one operation after another shows it.
func TestForgetfulRing(t *testing.T) {
	testRing(t, "forgets", func(room int) foreign.Queue { return foreign.NewFaultyRing(room, foreign.Forgets) })
}

// One that believes takes a preemption to go wrong, and one that ignores a deadline that
// comes as somebody is served: batchlab explore --test finds both, and plain go test neither.
func TestBelievingRing(t *testing.T) {
	testRing(t, "believes", func(room int) foreign.Queue { return foreign.NewFaultyRing(room, foreign.Believes) })
}

func TestIgnorantRing(t *testing.T) {
	testRing(t, "ignores", func(room int) foreign.Queue { return foreign.NewFaultyRing(room, foreign.Ignores) })
}

// One that holds a lock while it waits keeps the laws, and plain go test cannot tell: it says so.
// A Push has two halves, so nobody promises that it is done at once.
func TestJournal(t *testing.T) {
	s := queue("journal", func(room int) foreign.Queue { return foreign.NewJournal(room) })
	s.Waives = []kind.LawID{kind.SameHistory}
	sim.Test(t, s, sim.TestOptions{Programs: 100, Corpora: t.TempDir()})
}
