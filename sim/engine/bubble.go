package engine

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// BubbleEpoch is when time begins in a bubble: midnight UTC 2000-01-01.
const BubbleEpoch = 946684800 * time.Second

// Hooks are called while a run goes on. A process that may die before the run is over tells
// its parent through them what has happened so far.
type Hooks struct {
	Memory *Memory                             // to use again; nil: none
	Step   func(step int, events []kind.Event) // a step has settled
	Dying  func(kind.Event)                    // a callback is about to panic, as it was told
}

// Bubble runs the program on the subject in a bubble, its operations one after another
// even if they may run together.
//
// A panic in a goroutine of the subject ends the process, and a wait on a mutex whose holder
// waits, for time or for an operation that comes later, stops the bubble for ever: Woven goes
// on there. Whoever runs programs in which that can happen runs them in a child: see package lab.
func Bubble(t *testing.T, p *program.Program, s kind.Subject, hooks Hooks) (kind.Run, error) {
	ops, groups, err := hooks.Memory.parts(p, s)
	if err != nil {
		return kind.Run{}, err
	}
	b := &bubble{clockless: s.Clockless}
	d := &driver{p: p, s: s, w: b, rec: hooks.Memory.record(), alone: true}
	d.rec.w, b.d, b.hooks = b, d, hooks
	defer hooks.Memory.keep(d.rec)
	var broke any
	var ended time.Duration
	left := inBubble(t, func() {
		b.start(p.Config.Epoch)
		if broke = d.construct(); broke != nil {
			return
		}
		b.quiet()
		d.perform(groups, func() {
			if events := d.rec.fresh(); hooks.Step != nil {
				hooks.Step(d.rec.step, events)
			}
		})
		ended = b.now()
	})
	if broke != nil {
		return kind.Run{}, &kind.LabError{Msg: fmt.Sprintf("%s: the constructor panics: %v", s.Title(), broke)}
	}
	if len(left) > 0 && !d.stuck() { // beside a stuck call they are only its companions
		d.rec.addAt(kind.Event{Source: kind.Source{Lane: kind.LabLane}, Verb: kind.Leaked, Note: strings.Join(left, "; ")},
			0, ended)
	}
	if late := d.rec.fresh(); hooks.Step != nil && len(late) > 0 { // seen when all was over
		hooks.Step(d.rec.step, late)
	}
	return d.run(ops), nil
}

// CanRun tells apart what the lab cannot do from what a subject does wrong.
func CanRun(p *program.Program, s kind.Subject) error {
	if err := fits(p, s); err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return &kind.LabError{Msg: err.Error()}
	}
	return nil
}

// fits is CanRun of a valid program.
func fits(p *program.Program, s kind.Subject) error {
	if err := valid(s); err != nil {
		return &kind.LabError{Msg: err.Error()}
	}
	if p.Kind != s.Kind {
		return &kind.LabError{Msg: fmt.Sprintf("a program for a %s cannot run on %s", p.Kind.Name, s.Title())}
	}
	if !Applies(p, s) {
		return &kind.LabError{Msg: fmt.Sprintf("%s takes no clock, and the program begins before 2000-01-01, when time in "+
			"a bubble does", s.Title())}
	}
	return nil
}

// validated are the kinds whose tables are known to be right: they do not change.
var validated sync.Map

// valid checks a subject, and its kind once.
func valid(s kind.Subject) error {
	if s.New != nil && s.Name != "" && len(s.Waives) == 0 && s.Original == nil {
		if _, ok := validated.Load(s.Kind); ok {
			return nil
		}
	}
	if err := s.Validate(); err != nil {
		return err
	}
	validated.Store(s.Kind, true)
	return nil
}

// Applies reports whether the program can run on the subject: one that takes no
// clock cannot be taken to a time before bubbles begin, if it minds.
func Applies(p *program.Program, s kind.Subject) bool {
	return !s.Clockless || !p.Kind.Dated || p.Config.Epoch >= BubbleEpoch
}

// bubble is the world of testing/synctest. Its goroutines may run at once, so what they
// share is locked; it is never locked while somebody waits.
type bubble struct {
	d         *driver
	hooks     Hooks
	clockless bool
	clk       clock.Clock
	mock      mockClock     // zero for a clockless subject
	zero      time.Time     // when the program began
	moving    bool          // the clock
	at        time.Duration // how far it has moved, while it does not
	servers   []*server
	held      atomic.Bool // by whoever is between Lock and Unlock
}

func (b *bubble) start(epoch time.Duration) {
	if b.clockless {
		b.clk = clock.New()
		if d := epoch - BubbleEpoch; d > 0 {
			time.Sleep(d)
		}
	} else {
		b.mock = newMockClock(epoch)
		b.clk = b.mock
	}
	b.zero = b.clk.Now()
}

func (b *bubble) Clock() clock.Clock      { return b.clk }
func (b *bubble) Note(e kind.Event)       { b.d.rec.add(e, 0) }
func (b *bubble) Sleep(d time.Duration)   { <-b.clk.After(d) }
func (b *bubble) Wait(ch <-chan struct{}) { <-ch }
func (b *bubble) Between()                {}
func (b *bubble) Later(f func())          { f() }
func (b *bubble) Unlock()                 { b.held.Store(false) }

// Lock waits by trying again: it is held for a few instructions only, and costs half as much
// as a sync.Mutex under the race detector.
func (b *bubble) Lock() {
	for !b.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (b *bubble) Dying() {
	if b.hooks.Dying != nil {
		b.hooks.Dying(kind.Event{Step: b.d.rec.current(), At: b.now(), Source: kind.Source{Lane: kind.HandlerLane},
			Verb: kind.Crash})
	}
}

// server is a goroutine that serves one lane after another: most calls return at once, and
// goroutines are what a bubble costs most for.
type server struct {
	in   chan *lane
	busy bool // with a call
}

func (b *bubble) enter(*lane) {}

//go:norace
func (b *bubble) wake(l *lane) {
	for _, s := range b.servers {
		if !s.busy {
			s.busy = true
			s.in <- l
			return
		}
	}
	s := &server{in: make(chan *lane), busy: true}
	b.servers = append(b.servers, s)
	go func() {
		for l := range s.in {
			b.d.serve(l)
			s.busy = false
		}
	}()
	s.in <- l
}

func (b *bubble) leave() {
	for _, s := range b.servers {
		close(s.in) // who is in a call ends after it
	}
}

// quiet waits until every other goroutine of the bubble waits for something that
// only the lab can give.
func (b *bubble) quiet() { synctest.Wait() }

func (b *bubble) sleep([]*lane) bool { return false }

// move moves time. On the mock the timers fire one by one, each followed by a
// settling; in the bubble's own time those of one instant fire together.
//
//go:norace
func (b *bubble) move(d time.Duration) {
	if b.clockless {
		time.Sleep(d)
		return
	}
	b.moving = true
	b.mock.Add(d) // ends with a sleep of its own, which ends when everybody else waits
	b.moving, b.at = false, b.at+d
}

// now asks the mock only while it moves: its locks are dear under the race detector.
//
//go:norace
func (b *bubble) now() time.Duration {
	if b.moving || b.clockless {
		return b.clk.Now().Sub(b.zero)
	}
	return b.at
}
func (b *bubble) opens([]kind.Op)       {}
func (b *bubble) alone(bool)            {}
func (b *bubble) control(bool)          {}
func (b *bubble) between()              {}
func (b *bubble) seq() int64            { return 0 }
func (b *bubble) waitsFor(*lane) string { return "" }
func (b *bubble) cycle() string         { return "" }
