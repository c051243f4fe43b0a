package engine

import (
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// tracing is what of a run is written down.
type tracing int

const (
	untraced tracing = iota
	traced           // see Traced
	wholly           // see TracedBy
)

// Traced runs a program under its own schedule, and writes down what all goroutines do: where
// operations run together, if some do, or else everywhere. Choices are written down in any case. Where the schedule
// is not that of the source as it is now, its Notes say so.
func Traced(p *program.Program, s kind.Subject) (WovenRun, error) {
	strategy := sched.NewReplay(p.Schedule)
	strategy.Begin()
	x, err := runWoven(p, s, strategy, nil, traced)
	if err == nil {
		x.Notes = append(x.Notes, sched.Moved(p.Schedule, x.Schedule())...)
	}
	return x, err
}

// TracedBy is Traced as a strategy chooses, which must have been told to Begin. Where nothing runs together, what the
// constructor does is written down as well.
func TracedBy(p *program.Program, s kind.Subject, strategy sched.Strategy) (WovenRun, error) {
	return runWoven(p, s, strategy, nil, wholly)
}

// Preemptions is how many of the choices were that another goroutine went on than the one that could
// have. Few schedules are asked for it.
func (x *WovenRun) Preemptions() int { return sched.Preemptions(x.Log) }

// saysCall writes down, in a traced run, that a lane begins a call. What is written then is of the
// lab's own memory, and what it costs in order between lanes does not matter: nothing is judged.
func (d *driver) saysCall(o kind.Op) {
	rt.Begins()
	if rt.Tracing() {
		var e kind.Event
		d.p.Kind.Label(o, &e)
		rt.Say(d.p.Kind.Call(e))
	}
}

func (d *driver) saysAnswer(e kind.Event) {
	rt.Ends()
	if rt.Tracing() {
		text := d.p.Kind.Answer(e)
		if e.Note != "" {
			text += ": " + e.Note
		}
		parts := strings.Split(text, kind.Unnumbered)
		for i := 1; i < len(parts); i += 2 { // which number it will have nobody knows yet
			parts[i] = ""
		}
		rt.Say("-> " + strings.Join(parts, ""))
	}
}

// saysNotice writes down what happens besides calls.
func (w *woven) saysNotice(e kind.Event) {
	rt.Notes()
	if rt.Tracing() {
		rt.Say("  " + w.d.p.Kind.Told(e))
	}
}
