package lab

import (
	"context"
	"fmt"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// stop is how a bubble ends that can go no further: somebody waits for a lock, which a bubble
// takes for somebody at work, so its time stands still. Whoever holds the lock may wait for
// that time, or for an operation that comes later; or nobody will ever give it back. Stacks do
// not tell. The scheduler of the woven world does: it knows who holds what, and goes on. So the
// program is run again there, with every default, which is the order of a bubble.
type stop struct {
	Where   string // who waits for a lock
	Handler bool   // a callback waits for time or for the lab
}

func (s *stop) Error() string {
	return "a goroutine waits for a lock whose holder waits, or is gone, and a bubble cannot see through that: " + s.Where
}

// stopped is what is known of a subject on which a program has stopped a bubble. Woven, it does
// all that it has to do from then on, for a bubble that stops costs a process. If it cannot be
// run woven, err says so.
type stopped struct {
	err   error
	times int
}

// mostStops is how often a subject that cannot be run woven stops a campaign.
const mostStops = 20

// givenUp is the error of a subject that has done so.
func (l *Lab) givenUp(s kind.Subject) error {
	if at := l.stopping[s.Title()]; at != nil && at.times >= mostStops {
		return at.err
	}
	return nil
}

// goOn does what a bubble could not, which has stopped with these events.
func (l *Lab) goOn(p *program.Program, s kind.Subject, at *stop, events []kind.Event) (kind.Run, error) {
	seen := engine.Told(p, s, events)
	switch {
	case l.Weave == nil && at.Handler:
		return seen, &kind.LabError{Msg: "a handler waits for time or for the lab, and another goroutine for a lock " +
			"that is held meanwhile: a bubble cannot see through that: " + at.Where}
	case l.Weave == nil:
		return seen, nil
	}
	known := l.stopping[s.Title()]
	if known == nil {
		r, err := l.runWoven(p, s)
		if wild(err) {
			return r, err
		}
		if l.stopping == nil {
			l.stopping = map[string]*stopped{}
		}
		known = &stopped{}
		l.stopping[s.Title()] = known
		if err == nil {
			return r, nil
		}
		why := strings.TrimPrefix(err.Error(), "batchlab: ")
		known.err = &kind.LabError{Msg: fmt.Sprintf("%s: %v; %s", s.Title(), at, why)}
	}
	known.times++
	return seen, known.err
}

// runWoven runs a program under the scheduler, its operations one after another as in a bubble.
func (l *Lab) runWoven(p *program.Program, s kind.Subject) (kind.Run, error) {
	if l.woven == nil {
		spawn, err := l.Weave()
		if err != nil {
			return kind.Run{}, err
		}
		l.woven = &Lab{T: l.T, Subjects: l.Subjects, Spawn: spawn}
	}
	alone := p.Bare()
	alone.Schedule = nil
	for i := range alone.Ops {
		alone.Ops[i].And = false
	}
	e, err := l.woven.Explore(context.Background(), alone, s, Search{Strategy: Replaying, Blind: true})
	if err != nil {
		return kind.Run{}, err
	}
	return engine.Told(p, s, history.Of(&e.Run).Events), nil
}
