package engine_test

import (
	"testing"
	"time"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// TestBubble: a program of three operations, and what happened, on a kind of three lines.
func TestBubble(t *testing.T) {
	s := kind.Subject{Name: "mine", Kind: bells, New: func(kind.Config, kind.Env) kind.Instance { return &bell{} }}
	ring := func(lane byte) kind.Op { return kind.Op{Verb: 1, Lane: lane} }
	p := &program.Program{Kind: bells, Ops: []kind.Op{ring('a'), kind.Move(10 * time.Millisecond), ring('b')}}
	r, err := engine.Bubble(t, p, s, engine.Hooks{})
	if err != nil {
		t.Fatal(err)
	}
	want := "+0s          a ring -> 1                                        #1\n" +
		"+10ms        b ring -> 2                                        #3\n"
	if got := history.Of(&r).String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
