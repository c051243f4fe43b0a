package body

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/sched"
	"batchlab/sim/view"
	"batchlab/sim/view/timeline"
	"batchlab/sim/weave/rt"
)

// once is a body under one schedule, and what came of it.
type once struct {
	x     *explorer
	root  *T
	res   rt.Result
	left  []rt.Waiter
	held  []rt.Held
	raced bool
	own   []string       // the goroutines of the test and its subtests
	log   []string       // what the test said
	upon  []string       // what it used that no schedule decides
	dirs  int            // made by TempDir
	ended int64          // when the test had ended, 0 before
	fails timeline.Event // in a run that is traced: where it failed first

	bubble, free bool // see Synctest: there is one, and it has ended

	cannot string // why the test cannot be run
}

const (
	steps = 10_000_000 // points of a schedule that can be judged
	spin  = 1_000_000  // points after which one that gets nowhere is looked at: does it spin
)

// run runs the body under the next schedule of a strategy.
func (x *explorer) run(strategy sched.Strategy, p pace) *once {
	o := &once{x: x}
	o.root = newT(o, nil, x.name)
	ran++
	races := rt.RaceErrors()
	cfg := rt.Config{Chooser: strategy, Steps: steps, Spin: spin, Epoch: rt.Epoch, Timed: true,
		Early: p.early, Ahead: p.ahead, Unfair: p.unfair, Trace: p.traced, Plain: sched.Plains(strategy)}
	o.res = rt.Run(cfg, func() {
		rt.Aside()
		rt.Spawn("test", func() { o.root.do(x.body) })
		o.root.wait(&o.root.done)
		o.ended = rt.Now()
		rt.Drain()
		o.left, o.held = rt.Left(), rt.Abandoned()
	})
	strategy.End(o.res)
	o.root.forget()
	o.refuse()
	o.raced = rt.RaceErrors() > races
	return o
}

// said is the last that the test said.
func (o *once) said() string {
	if len(o.log) == 0 {
		return ""
	}
	return o.log[len(o.log)-1]
}

// judge returns which law the schedule breaks, nil if none.
func (x *explorer) judge(o *once) *Find {
	f := o.verdict()
	switch {
	case f == nil || slices.Contains(x.o.Waive, f.Law) || o.cannot != "":
		return nil
	case o.res.Hurried > hasty && o.believes(f):
		x.r.Hasty++
		return nil
	}
	f.Ahead = o.ahead(f)
	f.Schedule = sched.Deviations(o.res.Log)
	f.Preempts = sched.Preemptions(o.res.Log)
	if o.res.Trace != nil {
		stuck := slices.Concat(o.res.Stuck, o.left)
		f.Table, f.Waiting, f.Timeline = view.Schedule(o.res.Trace), view.Waiting(stuck), o.timeline(f, stuck)
	}
	return f
}

// believes reports whether a fault may be that of a test which took for granted that something
// ends in time: it fails, or panics itself, or by a watchdog.
func (o *once) believes(f *Find) bool {
	if f.Law == Panics {
		in, called := panicsInTest(o.res.Stack)
		return in && !called || o.isWatchdog() || slices.Contains(o.own, o.res.Panicked)
	}
	return o.root.failed && f.Law != Races
}

func (o *once) verdict() *Find {
	switch {
	case o.res.Panic != "" && o.late() && o.isWatchdog():
		return nil
	case o.res.Panic != "":
		return &Find{Law: Panics, Text: firstLine(o.res.Panic),
			Detail: append(lines(o.res.Panic), stack(o.res.Stack)...)}
	case o.raced:
		f := &Find{Law: Races, Text: "a data race"}
		if o.x.o.Races != nil {
			f.Detail = lines(o.x.o.Races())
		}
		return f
	case o.res.Stale != "" && o.x.o.Again != nil:
		return nil
	case o.res.Stale != "":
		o.cannot = outlives + ": the lock at " + o.res.Stale + " is held since an earlier one"
		return nil
	case o.res.Full:
		o.x.r.Full++
		return nil
	case o.root.failed:
		return &Find{Law: Fails, Text: "the test fails: " + o.complaint(),
			Detail: append(lines(strings.Join(o.log, "\n")), o.waiting()...)}
	case o.res.Deadlock != "":
		if list := circle(o.res.Stuck); list != nil {
			return &Find{Law: Deadlock, Text: "goroutines wait for each other: " + list[0],
				Detail: union(list, o.waiting())}
		}
		return &Find{Law: Deadlock, Text: o.stuck(), Detail: o.waiting()}
	case o.res.Spun:
		return o.spin()
	}
	if f := o.leftBehind(); f != nil {
		return f
	}
	if len(o.held) > 0 {
		h := o.held[0]
		return &Find{Law: Held,
			Text: fmt.Sprintf("a lock is held for ever: %s, which has ended, locked it at %s", h.By, h.Site)}
	}
	return nil
}

// outlives is why what is found may be no fault.
const outlives = "variables of packages outlive a schedule"

// complaint is the first line of what the test said when it failed, with its place.
func (o *once) complaint() string {
	for _, l := range o.log {
		at, text, _ := strings.Cut(l, ": ")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if _, after, ok := strings.Cut(text, "\n\tError:"); ok { // an assertion, whose first line is where it is
			text = strings.TrimSpace(after)
		}
		return at + ": " + firstLine(text)
	}
	return "it says nothing"
}

// waiting says of those who wait what they wait for, a line each.
func (o *once) waiting() []string {
	var list []string
	for _, w := range o.res.Stuck {
		list = append(list, describe(w))
	}
	return list
}

// stuck is what the function itself waits for, in a deadlock.
func (o *once) stuck() string {
	text := "nobody can go on: "
	if o.res.Timers > 0 {
		text = fmt.Sprintf("nobody can go on, however long one waits (timers that went off meanwhile: %d): ", o.res.Timers)
	}
	n := 0
	for _, w := range o.res.Stuck {
		if w.Timed {
			continue
		}
		if n++; n == 1 {
			text += brief(w)
		}
	}
	switch n {
	case 0:
		return text + "all wait"
	case 1:
		return text
	case 2:
		return text + "; one more waits"
	}
	return text + fmt.Sprintf("; %d more wait", n-1)
}

// union appends to a list what is not in it.
func union(list, more []string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}

// spin says who passes points and where.
func (o *once) spin() *Find {
	f := &Find{Law: Spins, Text: fmt.Sprintf("no end: nobody got anywhere in %d scheduling points", spin)}
	for _, w := range o.res.Spinning {
		f.Detail = append(f.Detail,
			fmt.Sprintf("%s passed %d points, the last at %s %s%s", w.Name, w.Points, w.Site, w.What, born(w)))
	}
	if len(o.res.Spinning) > 0 {
		w := o.res.Spinning[0]
		f.Text += fmt.Sprintf(": %s is at %s", w.Name, w.Site)
	}
	return f
}

// leftBehind says who waits for something other than time.
func (o *once) leftBehind() *Find {
	if list := circle(o.left); list != nil {
		return &Find{Law: Left, Text: "goroutines wait for each other: " + list[0], Detail: list}
	}
	var f *Find
	for _, w := range o.left {
		switch {
		case w.Timed || w.What == sleeps:
			continue
		case f == nil:
			f = &Find{Law: Left, Text: "a goroutine is left behind: " + brief(w)}
		}
		f.Detail = append(f.Detail, describe(w))
	}
	return f
}

// sleeps is how package rt spells that a goroutine sleeps.
const sleeps = "sleeps"

func firstLine(text string) string {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "\n")
	return text
}

// stack is what of a stack is the program's: no frames of the scheduler or the runtime, and nothing that
// is another number each time.
func stack(text string) []string {
	var list []string
	all := lines(text)
	for i := 1; i+1 < len(all); i += 2 {
		call, place := all[i], strings.TrimSpace(all[i+1])
		switch name, _, _ := strings.Cut(call, "("); {
		case strings.HasPrefix(call, "created by "), name == "panic", strings.HasPrefix(name, "runtime"),
			strings.HasPrefix(name, "batchlab/sim/weave/rt."), strings.HasPrefix(name, "batchlab/sim/body."):
			continue
		}
		if at := strings.LastIndex(call, "("); at > 0 {
			call = call[:at]
		}
		place, _, _ = strings.Cut(place, " +0x")
		list = append(list, "in "+strings.Replace(call, ".batchlab_", ".", 1)+" at "+place)
	}
	if n := len(list); n > 0 && strings.HasPrefix(list[n-1], "in iter.Pull[") { // where coroutines begin
		list = list[:n-1]
	}
	return list
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }
