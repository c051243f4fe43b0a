package sim

import (
	"math"
	"slices"
	"time"

	"batchlab/sim/model"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// Trace is an explored run in the order in which it happened. A history says what
// happened in which step; where operations run together a judge must know besides
// which of them overlapped. Times of happening are positions in one global count.
type Trace struct {
	Events []subject.Event // in order of happening, not canonical; a call's event stands where it returned
	Began  []int64         // of each event: when its call began; its end for what is no call
	Ended  []int64         // of each event: when it was seen, that is, when its call returned
	Clock  []Instant       // where the clock moved, ascending
}

// Instant is a move of the clock.
type Instant struct {
	Seq int64         // when it happened
	At  time.Duration // what it was set to: virtual time since the program began
}

// History returns the run as the history of a subject: step by step, each step in
// canonical order.
func (t Trace) History(title string) History {
	h := History{Subject: title, Events: make([]subject.Event, 0, len(t.Events))}
	byStep := map[int][]subject.Event{}
	last := 0
	for _, e := range t.Events {
		byStep[e.Step] = append(byStep[e.Step], e)
		last = max(last, e.Step)
	}
	for step := range last + 1 {
		h.Events = append(h.Events, model.Canonical(byStep[step])...)
	}
	return h
}

// part is a group of operations, and act 2 has groups too: its operations from step to
// last, and the virtual time at which it begins and ends.
type part struct {
	ops        []program.Op
	step, last int
	from, to   time.Duration
}

// parts returns the groups of a program, act 2 included.
func parts(p *program.Program) []part {
	var list []part
	next := part{step: 1}
	for _, g := range program.Groups(slices.Concat(p.Ops, p.Drain())) {
		next.ops, next.last = g, next.step+len(g)-1
		for _, o := range g {
			if o.Verb == program.Advance {
				next.to += o.D
			}
		}
		list = append(list, next)
		next.step, next.from = next.last+1, next.to
	}
	return list
}

// fatal is the step in which the run ended before its program did.
func (t Trace) fatal() int {
	for _, e := range t.Events {
		if e.Verb == subject.Hung || e.Verb == subject.Crash {
			return e.Step
		}
	}
	return math.MaxInt
}

// valid reports what is wrong with the trace itself, which is the lab's mistake.
func (t Trace) valid() string {
	if len(t.Began) != len(t.Events) || len(t.Ended) != len(t.Events) {
		return "a trace has one beginning and one end for each event"
	}
	for i, e := range t.Events {
		switch {
		case t.Began[i] > t.Ended[i]:
			return "an event of a trace ends before it begins: " + trimmed(e)
		case i > 0 && t.Ended[i] < t.Ended[i-1]:
			return "the events of a trace are not in order: " + trimmed(e)
		}
	}
	for i := range t.Clock {
		if i > 0 && (t.Clock[i].Seq <= t.Clock[i-1].Seq || t.Clock[i].At < t.Clock[i-1].At) {
			return "the clock of a trace goes back"
		}
	}
	return ""
}
