package sim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"batchlab/sim/subject"
	"batchlab/sim/weave/rt"
)

// endings records how the run ended, if not as it should.
func (x *play) endings(res rt.Result, raced bool) {
	lab := subject.Event{Source: subject.Source{Lane: subject.LabLane}}
	add := func(v subject.Verb, note string) {
		lab.Verb, lab.Note = v, note
		x.stage.add(lab, rt.Seq())
	}
	switch {
	case res.Panic == handlerPanic:
		x.stage.add(subject.Event{Source: subject.Source{Lane: subject.HandlerLane}, Verb: subject.Crash}, rt.Seq())
	case res.Panic != "":
		add(subject.Crash, "panic: "+res.Panic+panicSite(res.Stack))
	case res.Spun:
		add(subject.Hung, fmt.Sprintf("still busy after %d points: a loop that waits without giving way, or too long a program", res.Points))
	case res.Deadlock != "":
		add(subject.Hung, "deadlock: "+res.Deadlock)
	case x.hung != "":
		add(subject.Hung, "deadlock: "+x.hung)
	default:
		left := x.leftBehind(res.Left)
		switch {
		case left == "":
		case x.stuck():
			x.beside(left)
		default:
			add(subject.Leaked, left)
		}
	}
	if raced {
		add(subject.Race, "reported by the race detector on standard error")
	}
}

// leftBehind lists the goroutines of the subject that have not ended.
func (x *play) leftBehind(left []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(left), func(w string) bool {
		name, _, _ := strings.Cut(w, " ")
		return slices.ContainsFunc(x.players, func(p *player) bool { return p.name == name })
	}), "; ")
}

// stuck reports whether some lane is in a call that has never returned.
func (x *play) stuck() bool {
	return slices.ContainsFunc(x.players, func(p *player) bool { return p.busy })
}

// beside says of the first call that never returns who else does not go on: that may be
// why.
func (x *play) beside(left string) {
	i := slices.IndexFunc(x.players, func(p *player) bool { return p.busy })
	for j := x.stage.n - 1; j >= 0; j-- {
		if e := &x.stage.events[j]; e.Source.Lane == x.players[i].lane && e.Outcome == subject.Waits {
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
