package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/program"
	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// run is one program on one subject, in one bubble.
type run struct {
	p    *program.Program
	s    subject.Subject
	clk  clock.Clock
	mock mockClock // zero for a clockless subject
	zero time.Time // when the program began

	hooks hooks
	rec   recorder
	hands hands
	lanes map[byte]*client
	order []*client // the same, in the order in which they appeared
	dedup subject.Map
	batch subject.Batcher

	stage *stage // of an explored run: instead of rec and hands
}

// perform runs the program on the subject and returns its history. It is the only
// loop of the lab. Act 1 does what the program says; act 2, program.Drain, stops
// the input and closes, after which nothing may be left.
//
// A panic in a goroutine of the subject ends the process, and a wait on a mutex whose
// holder waits for time hangs it. Whoever runs programs in which that can happen runs
// them in a child: see Lab.
func perform(t *testing.T, p *program.Program, s subject.Subject, hooks hooks) (History, error) {
	if err := canRun(p, s); err != nil {
		return History{}, err
	}
	r := &run{p: p, s: s, hooks: hooks, lanes: map[byte]*client{}}
	var broke any
	var ended time.Duration
	settled := 0
	left := inBubble(t, func() {
		if broke = r.construct(); broke != nil {
			return
		}
		settle()
		for i, o := range slices.Concat(p.Ops, p.Drain()) {
			r.rec.begin(i + 1)
			r.do(o)
			events := r.rec.end()
			settled += len(events)
			if hooks.step != nil {
				hooks.step(i+1, events)
			}
		}
		r.hands.checkLeases(r)
		ended = r.now()
		for _, c := range r.order {
			close(c.calls)
		}
	})
	if broke != nil {
		return History{}, &LabError{Msg: fmt.Sprintf("%s: the constructor panics: %v", Title(s), broke)}
	}
	r.rec.leaks(left, ended, r.stuck())
	if late := r.rec.all[settled:]; hooks.step != nil && len(late) > 0 { // seen when all was over
		hooks.step(r.rec.step, late)
	}
	return History{Subject: Title(s), Events: r.rec.all}, nil
}

// hooks tell of a run while it goes on, for those who may have to do without its end.
type hooks struct {
	step  func(step int, events []subject.Event) // a step has settled
	dying func(subject.Event)                    // a handler is about to panic, as it was told
}

// Title is how reports name a subject: kind/name.
func Title(s subject.Subject) string { return string(s.Kind) + "/" + s.Name }

// canRun tells apart what the lab cannot do from what a subject does wrong.
func canRun(p *program.Program, s subject.Subject) error {
	if err := s.Validate(); err != nil {
		return &LabError{Msg: err.Error()}
	}
	if p.Kind != string(s.Kind) {
		return &LabError{Msg: fmt.Sprintf("a program for a %s cannot run on %s", p.Kind, Title(s))}
	}
	if err := p.Validate(); err != nil {
		return &LabError{Msg: err.Error()}
	}
	if !Applies(p, s) {
		return &LabError{Msg: fmt.Sprintf("%s takes no clock, and the program begins before 2000-01-01, when time in a bubble does", Title(s))}
	}
	return nil
}

// Applies reports whether the program can run on the subject: one that takes no
// clock cannot be taken to a time before bubbles begin, if it minds.
func Applies(p *program.Program, s subject.Subject) bool {
	return !s.Clockless || !program.HasMap(p.Kind) || p.Config.Epoch >= bubbleEpoch
}

// construct makes the clock and the subject, and returns what the constructor
// panics with.
func (r *run) construct() (broke any) {
	defer func() { broke = recover() }()
	if r.s.Clockless {
		r.clk = clock.New()
		if d := r.p.Config.Epoch - bubbleEpoch; d > 0 && r.stage == nil { // a run under a scheduler begins there
			time.Sleep(d)
		}
	} else {
		r.mock = newMockClock(r.p.Config.Epoch)
		r.clk = r.mock
	}
	r.zero = r.when()
	c := r.p.Config
	if r.s.Kind == subject.KindDedup {
		r.dedup = r.s.NewMap(subject.MapConfig{Bucket: c.Bucket, Buckets: c.Buckets}, r.clk)
	} else {
		if r.stage == nil {
			r.hands.init()
		}
		r.batch = r.s.NewBatcher(subject.BatcherConfig{Size: c.Size, Timeout: c.Timeout, Background: c.Background}, r.clk, r.handle)
	}
	return nil
}

func (r *run) now() time.Duration { return r.when().Sub(r.zero) }

// when is the time that the subject sees.
func (r *run) when() time.Time {
	if r.stage != nil && r.s.Clockless {
		return rt.TimeNow("~")
	}
	return r.clk.Now()
}

// after is the clock's After.
func (r *run) after(d time.Duration) <-chan time.Time {
	if r.stage != nil && r.s.Clockless {
		return rt.TimeAfter("~", d)
	}
	return r.clk.After(d)
}

// do does one operation and waits until everything that follows from it at this
// instant has happened.
func (r *run) do(o program.Op) {
	switch o.Verb {
	case program.Advance:
		r.advance(o.D)
	case program.Handler:
		r.hands.set(o.Mode, o.D)
	case program.Release:
		r.hands.release()
		settle()
	default:
		r.call(o)
	}
}

// advance moves time. On the mock the timers fire one by one, each followed by a
// settling; in the bubble's own time those of one instant fire together.
func (r *run) advance(d time.Duration) {
	if !r.s.Clockless {
		r.mock.Add(d) // ends with a sleep of its own, which ends when everybody else waits
		return
	}
	time.Sleep(d)
	settle()
}

// call lets a lane make a call, unless it is still in an earlier one.
func (r *run) call(o program.Op) {
	c := r.lanes[o.Lane]
	if c == nil {
		c = newClient(r, o.Lane)
		r.lanes[o.Lane] = c
		r.order = append(r.order, c)
	}
	if c.isBusy() {
		r.rec.add(c.label(subject.Event{At: r.now(), Outcome: subject.Skipped}, o))
		return
	}
	c.start(o)
	settle()
	if c.isBusy() {
		r.rec.add(c.label(subject.Event{At: r.now(), Outcome: subject.Waits}, o))
	}
}

// stuck reports whether some lane's call has never returned.
func (r *run) stuck() bool {
	return slices.ContainsFunc(r.order, (*client).isBusy)
}

var callVerbs = [...]subject.Verb{
	program.Put: subject.Put, program.Trigger: subject.Trigger, program.Close: subject.Close,
	program.Get: subject.Get, program.Set: subject.Set, program.Delete: subject.Delete, program.Count: subject.Count,
}
