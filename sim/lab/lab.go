// Package lab runs many programs on many subjects and keeps what is wrong; it shrinks a find,
// and makes a seed file of it. What can end a process runs in a worker, which is a child (see
// Work).
//
//	campaign     many generated programs, each on all subjects of a kind
//	exploration  one program on one subject under many schedules; a run is one of them
//	study        one program on several subjects, an exploration each, compared with the first
//	hunt         a schedule of each of several programs in turn, until a law is seen broken
//
//	c, err := l.Campaign(ctx, lab.CampaignOptions{Seed: 1, Programs: 1000})
//	// ...
//	seed, err := l.Promote(ctx, c.Finds[0], "corpora/found")
//
// It refuses to judge by itself: that is package oracle's, with a reference that the lab
// runs for it where there is one (see itself, original).
package lab

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Lab runs programs on subjects. It is not safe for concurrent use: bubbles of one
// test run one at a time, and so does a lab's worker.
type Lab struct {
	// T is the running test. Bubbles need one, even in a command: testing.Main
	// provides it.
	T *testing.T
	// Subjects are those that the lab and its workers know.
	Subjects []kind.Subject
	// Spawn returns a command that ends in Work, with the same Subjects. Without
	// it everything runs in this process, and a program whose handlers panic, or a
	// subject that hangs, ends it.
	Spawn func() *exec.Cmd
	// Weave returns what Spawn is to a lab whose workers are woven, or says why there is none,
	// and what to do about it. It is asked when a program stops a bubble, which is run again there.
	// Without it a lock that nobody gives back while all others wait is taken for a hang.
	Weave func() (spawn func() *exec.Cmd, err error)
	// Beat is told before each schedule of an exploration in this process that it goes on, those of a reference
	// included. Nobody has to listen.
	Beat func()
	// Queue is where units of a campaign, and what is to be shrunk, are done instead of here.
	Queue Queue
	// Command is how a person shows a seed again; the file's name is appended.
	Command string

	judged judged
	worker *child
	runner *child // of the stretches of campaigns
	stale  bool   // the worker has grown, and the next job gets another

	woven    *Lab                // whose workers are, once a program has stopped a bubble
	stopping map[string]*stopped // the subjects on which one did
}

// Close ends the lab's workers.
func (l *Lab) Close() {
	l.end()
	if l.runner != nil {
		l.runner.end()
		l.runner = nil
	}
	if l.woven != nil {
		l.woven.end()
	}
}

// end ends the lab's own worker.
func (l *Lab) end() {
	l.stale = false
	if l.worker != nil {
		l.worker.end()
		l.worker = nil
	}
}

// Of returns the lab's subjects of a kind.
func (l *Lab) Of(k *kind.Kind) []kind.Subject {
	return slices.DeleteFunc(slices.Clone(l.Subjects), func(s kind.Subject) bool { return s.Kind != k })
}

// titles are the titles of some subjects.
func titles(list []kind.Subject) []string {
	titles := make([]string, len(list))
	for i, s := range list {
		titles[i] = s.Title()
	}
	return titles
}

// titled is the subject of a title, nil if there is none.
func titled(list []kind.Subject, title string) *kind.Subject {
	if i := slices.IndexFunc(list, func(s kind.Subject) bool { return s.Title() == title }); i >= 0 {
		return &list[i]
	}
	return nil
}

// Kinds returns the kinds of the lab's subjects, in the order of their appearance.
func (l *Lab) Kinds() []*kind.Kind { return kindsOf(l.Subjects) }

func kindsOf(subjects []kind.Subject) []*kind.Kind {
	var list []*kind.Kind
	for _, s := range subjects {
		if !slices.Contains(list, s.Kind) {
			list = append(list, s.Kind)
		}
	}
	return list
}

// Run runs a program on a subject, in a worker if the lab has one. What a crash or a
// hang leaves of the history is returned with the crash or the hang as its last line. What
// stops a bubble is run in the woven world, where it has the same history as far as a bubble
// comes: see stop.
func (l *Lab) Run(p *program.Program, s kind.Subject) (kind.Run, error) {
	if l.Spawn == nil && !p.Wild() {
		return engine.Bubble(l.T, p, s, engine.Hooks{})
	}
	if err := engine.CanRun(p, s); err != nil {
		return kind.Run{}, err
	}
	if l.Spawn == nil {
		return kind.Run{}, &kind.LabError{Msg: "this program ends its process, and there is no worker to take the crash"}
	}
	if at := l.stopping[s.Title()]; at != nil && at.err == nil {
		return l.runWoven(p, s)
	}
	if err := l.tell(job{Unit: Unit{Subjects: []string{s.Title()}, Program: p.String()}}); err != nil {
		return kind.Run{}, err
	}
	events, alive, err := l.worker.collect()
	if !alive {
		l.end()
	}
	var at *stop
	if errors.As(err, &at) {
		return l.goOn(p, s, at, events)
	}
	return engine.Told(p, s, events), err
}

// tell gives the lab's worker a job, and starts one if there is none.
func (l *Lab) tell(j job) error {
	if l.stale {
		l.end()
	}
	if l.worker == nil {
		c, err := startChild(l.Spawn())
		if err != nil {
			return err
		}
		l.worker = c
	}
	if err := l.worker.send(j); err != nil {
		l.end()
		return &kind.LabError{Msg: "the worker does not listen: " + err.Error()}
	}
	return nil
}

// Try runs a program on a subject and judges the history.
func (l *Lab) Try(p *program.Program, s kind.Subject) (history.History, oracle.Verdict, error) {
	r, err := l.Run(p, s)
	h := history.Of(&r)
	if err != nil {
		return h, oracle.Verdict{Subject: s.Title()}, err
	}
	v, err := l.judged.compared(&r, p, s, l.Run)
	return h, v, err
}

// Check runs a program on several subjects: each against the model and the laws,
// and all against the first.
func (l *Lab) Check(p *program.Program, subjects []kind.Subject) (*Report, error) {
	r := &Report{Program: p}
	for _, s := range subjects {
		if !engine.Applies(p, s) {
			r.Skipped = append(r.Skipped, s.Title())
			continue
		}
		h, v, err := l.Try(p, s)
		if err != nil {
			return nil, err
		}
		again, err := l.Run(p, s)
		if err != nil {
			return nil, err
		}
		if !v.Agrees(h, history.Of(&again)) {
			r.Unrepeatable = append(r.Unrepeatable, s.Title())
		}
		r.Histories = append(r.Histories, h)
		r.Verdicts = append(r.Verdicts, v)
	}
	if len(r.Verdicts) == 0 {
		return nil, &kind.LabError{Msg: fmt.Sprintf("no subject of kind %s can run this program", p.Kind.Name)}
	}
	return r, nil
}
