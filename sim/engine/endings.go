package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// Busy is how the note begins of a run that was stopped since it passed too many points.
const Busy = "still busy"

// endings records how a run under a scheduler ended, if not as it should.
func (d *driver) endings(res rt.Result, raced bool) {
	lab := kind.Event{Source: kind.Source{Lane: kind.LabLane}}
	add := func(v kind.Verb, note string) {
		lab.Verb, lab.Note = v, note
		d.rec.add(lab, rt.Seq())
	}
	switch {
	case strings.Contains(res.Panic, kind.Dies): // who hands the panic on may say more
		d.rec.add(kind.Event{Source: kind.Source{Lane: kind.HandlerLane}, Verb: kind.Crash}, rt.Seq())
	case res.Panic != "":
		add(kind.Crash, "panic: "+res.Panic+panicSite(res.Stack))
	case res.Spun:
		add(kind.Hung, fmt.Sprintf(Busy+" after %d points: a loop that waits without giving way, or too long a program",
			res.Points))
	case res.Deadlock != "":
		add(kind.Hung, "deadlock: "+res.Deadlock)
	case d.hung != "":
		add(kind.Hung, "deadlock: "+d.hung)
	default:
		left := d.leftBehind(res.Left)
		switch {
		case left == "":
		case d.stuck():
			d.beside(left)
		default:
			add(kind.Leaked, left)
		}
	}
	if raced {
		add(kind.Race, "reported by the race detector on standard error")
	}
}

// leftBehind lists the goroutines of the subject that have not ended.
func (d *driver) leftBehind(left []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(left), func(w string) bool {
		name, _, _ := strings.Cut(w, " ")
		return slices.ContainsFunc(d.lanes, func(l *lane) bool { return l.name() == name })
	}), "; ")
}

// beside adds to the first call that never returns which goroutines wait as well: they may be
// the reason.
func (d *driver) beside(left string) {
	i := slices.IndexFunc(d.lanes, (*lane).isBusy)
	for j := d.rec.n - 1; j >= 0; j-- {
		if e := &d.rec.events[j]; e.Source.Lane == d.lanes[i].Letter && e.Outcome == kind.Waits {
			e.Note += "; beside it " + left
			return
		}
	}
}

var stackFrame = regexp.MustCompile(`(?m)^(\S+)\(.*\)\n\t\S*/([^/\s]+\.go:\d+)`)

// panicSite is where the subject panicked, by the stack: the first frame below the panic
// that is neither the runtime's nor the scheduler's.
func panicSite(stack string) string {
	_, below, _ := strings.Cut(stack, "\npanic(")
	for _, m := range stackFrame.FindAllStringSubmatch(below, -1) {
		if !strings.HasPrefix(m[1], "runtime.") && !strings.HasPrefix(m[1], "batchlab/sim/weave/rt.") {
			return " at " + m[2]
		}
	}
	return ""
}
