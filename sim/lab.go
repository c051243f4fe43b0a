package sim

import (
	"fmt"
	"os/exec"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// Lab runs programs on subjects. It is not safe for concurrent use: bubbles of one
// test run one at a time, and so does a lab's worker.
type Lab struct {
	// T is the running test. Bubbles need one, even in a command: testing.Main
	// provides it.
	T *testing.T
	// Subjects are those that the lab and its workers know.
	Subjects []subject.Subject
	// Spawn returns a command that ends in Work, with the same Subjects. Without
	// it everything runs in this process, and a program whose handlers panic, or a
	// subject that hangs, ends it.
	Spawn func() *exec.Cmd
	// Command is how a person shows a seed again; the file's name is appended.
	Command string

	worker *child
	stale  bool // the worker has grown, and the next job gets another
}

// Close ends the lab's worker.
func (l *Lab) Close() {
	l.stale = false
	if l.worker != nil {
		l.worker.end()
		l.worker = nil
	}
}

// Of returns the lab's subjects of a kind.
func (l *Lab) Of(kind string) []subject.Subject {
	var list []subject.Subject
	for _, s := range l.Subjects {
		if string(s.Kind) == kind {
			list = append(list, s)
		}
	}
	return list
}

// Run runs a program on a subject, in a worker if the lab has one. What a crash or a
// hang leaves of the history is returned with the crash or the hang as its last line.
func (l *Lab) Run(p *program.Program, s subject.Subject) (History, error) {
	if err := canRun(p, s); err != nil {
		return History{}, err
	}
	if l.Spawn == nil {
		if p.Uses(program.Panics) {
			return History{}, &LabError{Msg: "handlers of this program panic, and there is no worker to take the crash"}
		}
		return perform(l.T, p, s, hooks{})
	}
	if err := l.tell(job{Subjects: []string{Title(s)}, Program: p.String()}); err != nil {
		return History{}, err
	}
	h, alive, err := l.worker.collect(p, s)
	if !alive {
		l.Close()
	}
	return h, err
}

// tell gives the lab's worker a job, and starts one if there is none.
func (l *Lab) tell(j job) error {
	if l.stale {
		l.Close()
	}
	if l.worker == nil {
		c, err := startChild(l.Spawn())
		if err != nil {
			return err
		}
		l.worker = c
	}
	if err := l.worker.send(j); err != nil {
		l.Close()
		return &LabError{Msg: "the worker does not listen: " + err.Error()}
	}
	return nil
}

// Try runs a program on a subject and judges the history.
func (l *Lab) Try(p *program.Program, s subject.Subject) (History, Verdict, error) {
	h, err := l.Run(p, s)
	if err != nil {
		return h, Verdict{Subject: Title(s)}, err
	}
	v, err := check(p, s, h)
	return h, v, err
}

// Check runs a program on several subjects: each against the model and the laws,
// and all against the first.
func (l *Lab) Check(p *program.Program, subjects []subject.Subject) (*Report, error) {
	r := &Report{Program: p, Command: l.Command}
	for _, s := range subjects {
		if !Applies(p, s) {
			r.Skipped = append(r.Skipped, Title(s))
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
		if !v.agrees(h, again) {
			r.Unrepeatable = append(r.Unrepeatable, Title(s))
		}
		r.Histories = append(r.Histories, h)
		r.Verdicts = append(r.Verdicts, v)
	}
	if len(r.Verdicts) == 0 {
		return nil, &LabError{Msg: fmt.Sprintf("no subject of kind %s can run this program", p.Kind)}
	}
	return r, nil
}

// agrees reports whether a second history of a program agrees with the first, as far
// as there is only one right history. Where the model had a choice and nothing is
// wrong, the subject may choose again.
func (v Verdict) agrees(h, again History) bool {
	if v.Violation == nil || v.Specified {
		return v.stable(h) == v.stable(again)
	}
	upTo := min(v.Violation.Step, max(v.Branched-1, 0))
	if v.Branched == 0 {
		upTo = v.Violation.Step
	}
	return digest(h.until(upTo)) == digest(again.until(upTo))
}

// stable is the digest of that part of a history of which the model has just one.
func (v Verdict) stable(h History) string {
	if v.Branched == 0 {
		return h.Digest()
	}
	return digest(h.until(v.Branched - 1))
}
