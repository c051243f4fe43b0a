package derive

import (
	"reflect"
	"slices"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
)

// Env is what a constructor is given. Who uses package time needs nothing of it.
type Env struct {
	env kind.Env
	i   *instance
}

// Clock is the clock of the program, for a component that takes one.
func (e *Env) Clock() clock.Clock {
	if e == nil { // in a test without the lab
		return clock.New()
	}
	e.i.d.asked(0)
	return watched{e.env.Clock(), e.i.d}
}

// Note makes something part of what is seen of the component, besides what it answers.
func (e *Env) Note(parts ...any) {
	if e == nil {
		return
	}
	p := printer{zero: e.i.zero}
	for n, part := range parts {
		if n > 0 {
			p.b = append(p.b, ' ')
		}
		if s, ok := part.(string); ok {
			p.b = append(p.b, oneLine(s)...)
			continue
		}
		p.value(reflect.ValueOf(part), 0)
	}
	e.env.Note(kind.Event{Source: kind.Source{Lane: kind.HandlerLane}, Verb: noted, Text: string(p.b)})
}

// Cleanup has something called when a program is over. Call it in the constructor.
func (e *Env) Cleanup(f func()) {
	if e != nil {
		e.i.cleanups = append(e.i.cleanups, f)
	}
}

// AtEnd cleans up, the last first.
func (i *instance) AtEnd() {
	for _, f := range slices.Backward(i.cleanups) {
		f()
	}
}

// asked notes, while programs are run to see what the component uses, that it has asked for its clock, or what
// for.
//
//go:norace
func (d *Derived) asked(at time.Duration) {
	if !d.Probing {
		return
	}
	d.Asked = true
	for i := range d.nwatched {
		if d.watched[i] == at {
			return
		}
	}
	if at > 0 && d.nwatched < len(d.watched) {
		d.watched[d.nwatched] = at
		d.nwatched++
	}
}

// Watched are the durations that the component's clock was asked for.
func (d *Derived) Watched() []time.Duration { return d.watched[:d.nwatched] }

// watched is a clock that notes what it is asked for.
type watched struct {
	clock.Clock
	d *Derived
}

func (w watched) After(d time.Duration) <-chan time.Time { w.d.asked(d); return w.Clock.After(d) }
func (w watched) Sleep(d time.Duration)                  { w.d.asked(d); w.Clock.Sleep(d) }
func (w watched) Tick(d time.Duration) <-chan time.Time  { w.d.asked(d); return w.Clock.Tick(d) }
func (w watched) Ticker(d time.Duration) *clock.Ticker   { w.d.asked(d); return w.Clock.Ticker(d) }
func (w watched) Timer(d time.Duration) *clock.Timer     { w.d.asked(d); return w.Clock.Timer(d) }
func (w watched) AfterFunc(d time.Duration, f func()) *clock.Timer {
	w.d.asked(d)
	return w.Clock.AfterFunc(d, f)
}
