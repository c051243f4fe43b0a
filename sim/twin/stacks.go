package twin

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"syscall"
)

// frame is a function in a stack, and where it is.
type frame struct{ function, place string }

// pkg is the import path of the frame's package.
func (f frame) pkg() string {
	dir, base := path.Split(f.function)
	name, _, _ := strings.Cut(base, ".")
	if plain, err := url.PathUnescape(name); err == nil { // gopkg.in/yaml%2ev3.Parse
		name = plain
	}
	return dir + name
}

// goroutine is one of a dump of all stacks, without the runtime's frames.
type goroutine struct {
	state  string
	frames []frame // the innermost first
}

const rtPackage = labPath + "/sim/weave/rt"

// goroutines reads what the runtime prints of all goroutines.
func goroutines(text string) (list []goroutine) {
	for block := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		_, state, ok := strings.Cut(lines[0], " [")
		if !strings.HasPrefix(lines[0], "goroutine ") || !ok {
			continue
		}
		g := goroutine{state: strings.TrimSuffix(state, "]:")}
		for i := 1; i+1 < len(lines) && !strings.HasPrefix(lines[i], "created by "); i += 2 {
			place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
			function := lines[i]
			if n := strings.LastIndexByte(function, '('); n > 0 {
				function = function[:n]
			}
			if f := (frame{function, place}); f.pkg() != "runtime" {
				g.frames = append(g.frames, f)
			}
		}
		list = append(list, g)
	}
	return list
}

func (g goroutine) has(function string) bool {
	return slices.ContainsFunc(g.frames, func(f frame) bool { return f.function == function })
}

// culprit is the goroutine that has the turn and does not come to a scheduling point; or
// else the one that does the work.
func culprit(list []goroutine) *goroutine {
	var work *goroutine
	for i, g := range list {
		switch {
		case g.has(rtPackage + ".park"), strings.HasPrefix(g.state, "coroutine"): // with another inside
		case g.has(rtPackage + ".body"):
			return &list[i]
		}
		if g.has(labPath + "/sim/twin.Serve") {
			work = &list[i]
		}
	}
	return work
}

// ofAny reports whether a frame is of one of these packages.
func ofAny(woven []string) func(frame) bool {
	return func(f frame) bool { return slices.Contains(woven, strings.TrimSuffix(f.pkg(), "_test")) }
}

// where says where a goroutine is: in which package that woven code has called, from where.
func (g goroutine) where(woven []string) string {
	inner := slices.IndexFunc(g.frames, ofAny(woven))
	outside := g.frames
	if inner >= 0 {
		outside = g.frames[:inner]
	}
	for _, f := range slices.Backward(outside) {
		if p := f.pkg(); !strings.HasPrefix(p, "internal/") && !strings.HasPrefix(p, labPath+"/sim") {
			at := f.place
			if inner >= 0 {
				at = g.frames[inner].place
			}
			return fmt.Sprintf(notWoven+" package %s (%s), called at %s", p, f.function, at)
		}
	}
	if inner < 0 {
		return "in the lab itself"
	}
	return "at " + g.frames[inner].place
}

// String is the stack as one reads it.
func (g goroutine) String() string {
	const most = 24
	var b strings.Builder
	fmt.Fprintf(&b, "goroutine [%s]:\n", g.state)
	for i, f := range g.frames {
		if i == most {
			fmt.Fprintf(&b, "... and %d more\n", len(g.frames)-most)
			break
		}
		fmt.Fprintf(&b, "%s\n\t%s\n", f.function, f.place)
	}
	return b.String()
}

// Where says of a process that printed all its stacks where it waits in code that is not woven, or computes; ""
// if that does not show.
func Where(stacks string, woven []string) string {
	if g := culprit(goroutines(stacks)); g != nil {
		return g.where(woven)
	}
	return ""
}

const (
	notWoven = "in code that is not woven:"
	unseen   = "What it waits for there no schedule decides: leave that call out (sim.Without), or hand over in its " +
		"place what is written in Go and waits by locks, channels and time alone"
)

// stuck has a twin that is stuck say where, and ends it.
func (p *process) stuck(why string, woven []string) string {
	p.cmd.Process.Signal(syscall.SIGQUIT)
	p.end()
	g := culprit(goroutines(p.tail.String()))
	if g == nil {
		return why
	}
	mine := g.frames
	for len(mine) > 0 && !ofAny(woven)(mine[len(mine)-1]) { // what the lab has called it from tells nothing
		mine = mine[:len(mine)-1]
	}
	at := g.where(woven)
	if len(mine) > 0 {
		if g.frames = mine; strings.Contains(at, notWoven) {
			at += ". " + unseen
		}
	}
	return why + " " + at + "\n" + g.String()
}
