package lab

import (
	"context"
	"slices"
	"strings"

	"batchlab/sim/kind"
)

// stretching is a stretch of a campaign that is being done.
type stretching struct {
	Stretch
	lab      *Lab
	kind     *kind.Kind
	subjects []kind.Subject
	part     *Part
}

// stretch does a unit of a campaign: it lets one child after another do what is left, and
// does itself what no child can.
func (l *Lab) stretch(ctx context.Context, u Unit) (*Part, error) {
	subjects, err := u.named("lab", l.Subjects)
	if err != nil {
		return nil, err
	}
	s := &stretching{*u.Campaign, l, subjects[0].Kind, subjects, &Part{Tally: newTally()}}
	for s.From < s.To && ctx.Err() == nil {
		if l.runner == nil {
			if l.runner, err = startChild(l.Spawn()); err != nil {
				return s.part, err
			}
		}
		alive, err := s.do(ctx, l.runner)
		if !alive {
			l.runner.end()
			l.runner = nil
		}
		if err != nil {
			return s.part, err
		}
	}
	return s.part, ctx.Err()
}

// do has a child do the stretch. It reports whether the child can go on; if not, the
// stretch begins after the program that the child did not survive.
func (s *stretching) do(ctx context.Context, w *child) (alive bool, err error) {
	stop := context.AfterFunc(ctx, func() { w.cmd.Process.Kill() })
	defer stop()
	u := Unit{Campaign: &s.Stretch, Subjects: titles(s.subjects)}
	err = w.place.Truncate(0)
	if err == nil {
		err = w.send(job{Unit: u})
	}
	if err != nil {
		return false, s.dead(ctx, w, 0, "", 0, err)
	}
	var apart []run
	whole := 0 // of these, how many are on all subjects
	defer func() {
		for _, r := range apart {
			s.tryApart(ctx, r)
		}
	}()
	for {
		n, err := w.next()
		last, on := place(w.place) // what the child was about to do, if that is the last note
		if n.Program > 0 {
			last = n.Program
		}
		switch {
		case err != nil && ctx.Err() != nil: // the time is up
			s.part.Tally.Programs += max(last-1-s.From-whole, 0)
			return false, nil
		case n.Stopped != nil && last > 0 && !slices.Contains(s.Stopping, u.Subjects[on]):
			s.Stopping, apart = append(slices.Clone(s.Stopping), u.Subjects[on]), nil // and all is done again
			return false, nil
		case err != nil || n.Hung != "" || n.Stopped != nil:
			return false, s.dead(ctx, w, last, u.Subjects[on], whole, err)
		case n.Err != "" && last == 0:
			return false, &kind.LabError{Msg: n.Err}
		case n.Err != "": // one program that the lab cannot do is no reason to stop
			s.count(undone(n.Err), last-s.From-whole)
			s.From = last
			return false, nil
		case n.Unfit != "":
			return false, &kind.LabError{Msg: strings.TrimPrefix(n.Unfit, "batchlab: ")}
		case n.Apart > 0:
			apart = append(apart, run{n.Apart - 1, n.On})
			if n.On == "" {
				whole++
			}
		case n.Found != nil:
			s.keep(*n.Found)
		case n.Done != nil && n.Rest > 0: // the worker has grown, and another goes on
			n.Done.Replaced = map[string]int{n.Grown: 1}
			s.count(n.Done, n.Done.Programs)
			s.From = n.Rest - 1
			return false, nil
		case n.Done != nil:
			s.count(n.Done, n.Done.Programs)
			s.From = s.To
			return true, nil
		}
	}
}

func (s *stretching) keep(f Find) { s.part.Finds = earliest(s.part.Finds, f) }

// count adds what a child did. A child that did not finish has told only how many
// programs it had begun.
func (s *stretching) count(t *Tally, programs int) {
	t.Programs = programs
	s.part.Tally.add(t)
}
