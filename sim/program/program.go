// Package program says what is done in a run: settings, client lanes, operations and
// times. It is one type with three spellings: text (seed files), choices (what a fuzzer
// makes) and random draws (the generator). It reads the tables of package kind, and knows
// no kind.
//
// A program is data. The package runs nothing, knows no implementation and reads
// no clock.
package program

import (
	"fmt"
	"slices"
	"time"

	"batchlab/sim/kind"
)

// Limits. A program beyond them is refused rather than run: a seed file comes from
// anywhere, and must cost an error and not a machine.
const (
	MaxOps      = 10_000
	MaxItems    = 200_000 // handed over by one program, those of callbacks not counted, and names in ranges
	MaxTimers   = 200_000 // timers and ticks that may fire in one program
	MaxFileSize = 1 << 20 // bytes of a seed file

	MaxDecisions = 10_000        // of a schedule
	MaxNth       = 1_000_000_000 // scheduling points of one goroutine, and alternatives at one
)

// Op is one operation.
type Op = kind.Op

// Config is the settings, and when the program begins.
type Config = kind.Config

// Program is settings and the operations done under them.
type Program struct {
	Comment  []string // the lines above the header of its seed file, without '#'
	Kind     *kind.Kind
	Config   Config
	Expect   []Expect   // violations that must be found; none means that it passes
	Shows    []string   // texts that every history must hold, in this order
	Schedule []Decision // what to choose where operations run together; see kind.Groups
	Ops      []Op
}

// Expect is a known defect: a law that the program shows broken in some subjects.
// In every subject that is not named, the program passes.
type Expect struct {
	Law      string
	Subjects []string
}

// Drain returns act 2 of the program. Act 1 checks that nothing bad happens; act 2
// stops the input and closes. After that nothing may be left: what a subject owes it must
// have paid.
func (p *Program) Drain() []Op { return p.Kind.End(p.Config, p.Ops) }

// Lanes returns the letters of the lanes that do something, in order.
func (p *Program) Lanes() []byte {
	var lanes []byte
	for _, o := range p.Ops {
		if o.Lane != 0 && !slices.Contains(lanes, o.Lane) {
			lanes = append(lanes, o.Lane)
		}
	}
	slices.Sort(lanes)
	return lanes
}

// Concurrent reports whether some operations of the program run together.
func (p *Program) Concurrent() bool { return kind.Together(p.Ops) }

// NeedsSchedule reports whether the program has to be run under a scheduler: operations
// run together, or there are choices to follow, which goroutines of the subject may have to
// make though no two operations do.
func (p *Program) NeedsSchedule() bool { return p.Concurrent() || len(p.Schedule) > 0 }

// Wild reports whether running the program ends the process, however sound the subject.
func (p *Program) Wild() bool { return p.Kind.Wild != nil && p.Kind.Wild(p.Ops) }

// Bare returns a copy with the executable part only: no comment, no expectation. The
// schedule stays, for without it the operations may do something else.
func (p *Program) Bare() *Program {
	return &Program{Kind: p.Kind, Config: p.Config, Schedule: slices.Clone(p.Schedule), Ops: slices.Clone(p.Ops)}
}

// cut removes operations. Of a group that loses its first one, the next is the first.
func (p *Program) cut(from, to int) {
	if to < len(p.Ops) && p.Ops[to].And && slices.ContainsFunc(p.Ops[from:to], func(o Op) bool { return !o.And }) {
		p.Ops[to].And = false
	}
	p.Ops = slices.Delete(p.Ops, from, to)
}

// OpError is what is wrong with one operation, or with the settings when
// Index is -1, or with the schedule when it is -2.
type OpError struct {
	Index int
	Msg   string
}

const (
	inConfig   = -1
	inSchedule = -2
)

func (e *OpError) Error() string {
	switch e.Index {
	case inConfig:
		return "config: " + e.Msg
	case inSchedule:
		return "schedule: " + e.Msg
	}
	return fmt.Sprintf("operation %d: %s", e.Index+1, e.Msg)
}

// Validate returns the first thing wrong with the program as an *OpError, or nil.
func (p *Program) Validate() error {
	if msg := p.configFault(); msg != "" {
		return &OpError{inConfig, msg}
	}
	if msg := p.scheduleFault(); msg != "" {
		return &OpError{inSchedule, msg}
	}
	if len(p.Ops) > MaxOps {
		return &OpError{MaxOps, fmt.Sprintf("a program has at most %d operations", MaxOps)}
	}
	items, budget := 0, newBudget(p)
	if n := budget.total(); n > MaxTimers {
		return &OpError{inConfig, fmt.Sprintf("closing it would fire about %d timers, at most %d may: let timers be longer",
			n, MaxTimers)}
	}
	for i, o := range p.Ops {
		if msg := fault(p.Kind, o); msg != "" {
			return &OpError{i, msg}
		}
		if msg := markFault(p.Kind, p.Ops[:i], o); msg != "" {
			return &OpError{i, msg}
		}
		if n := amount(p.Kind, o); n > 0 {
			if items += n; items > MaxItems {
				return &OpError{i, fmt.Sprintf("a program %ss at most %d %ss", p.Kind.Ops[o.Verb].Name, MaxItems, unit(p.Kind, o))}
			}
		}
		if n := budget.add(o); n > MaxTimers {
			return &OpError{i, fmt.Sprintf("so far about %d timers would fire, at most %d may: move time by less, or let "+
				"timers be longer", n, MaxTimers)}
		}
	}
	return nil
}

// configFault is what is wrong with the settings, "" if nothing.
func (p *Program) configFault() string {
	if p.Config.Epoch < -kind.MaxEpoch || p.Config.Epoch > kind.MaxEpoch {
		return fmt.Sprintf("epoch must be within %v of 1970", kind.MaxEpoch)
	}
	for i, s := range p.Kind.Settings {
		v := p.Config.Values[i]
		switch {
		case s.Form == kind.Choice && (v < 0 || int(v) >= len(s.Words)):
			return fmt.Sprintf("%s is one of %d words, got number %d", s.Name, len(s.Words), v)
		case s.Form == kind.Duration && (v < s.Min || v > s.Max):
			return fmt.Sprintf("%s must be %v to %v, got %v", s.Name, time.Duration(s.Min), time.Duration(s.Max),
				time.Duration(v))
		case s.Form == kind.Count && (v < s.Min || v > s.Max):
			return fmt.Sprintf("%s must be %d to %d, got %d", s.Name, s.Min, s.Max, v)
		}
	}
	if p.Kind.Fault != nil {
		return p.Kind.Fault(p.Config)
	}
	return ""
}
