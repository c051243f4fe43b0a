package body

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/sim/weave/rt"
)

// What is beyond a schedule is not judged.

// watchdog is how long after its end a test no longer complains in a process of its own: what was to
// end it if it hangs, and nobody stopped, does when time moves on here.
const watchdog = time.Second

// late reports whether the test has long ended.
func (o *once) late() bool { return o.ended != 0 && rt.Now()-o.ended >= int64(watchdog) }

// collector is what the weaver says of finalizers and cleanups, which do not run here.
const collector = ": what the garbage collector does"

// panicsInTest reports whether a stack is that of a panic in a test file, and whether that calls panic itself, rather
// than having closed a channel, or been done, once too often.
func panicsInTest(text string) (in, called bool) {
	all := lines(text)
	i := slices.IndexFunc(all, func(l string) bool { return strings.HasPrefix(l, "panic(") })
	if i < 0 {
		return false, false
	}
	called = true
	for i += 2; i+1 < len(all); i += 2 {
		name, _, _ := strings.Cut(all[i], ".")
		if name != "batchlab/sim/weave/rt" && name != "sync" && name != "runtime" {
			return strings.Contains(all[i+1], "_test.go:"), called
		}
		called = false
	}
	return false, false
}

// isWatchdog reports whether a panic is that of what was to end a test if it hangs.
func (o *once) isWatchdog() bool { return o.panicsItself() && o.res.Woken }

// ahead says why a fault may be none but on a slow machine: time ran ahead of who could go on, and it is the
// test that panics, or that comes to no end having slept until they are done.
func (o *once) ahead(f *Find) string {
	r := o.res.Rushed
	switch {
	case f.Law == Panics && o.res.Hurried > hasty && o.panicsItself():
		return fmt.Sprintf("only where time runs ahead, by %v, of who could go on: the test expects them to be faster",
			o.res.Hurried.Round(time.Microsecond))
	case (f.Law == Deadlock || f.Law == Spins) && r.By > hasty:
		return fmt.Sprintf("only where time runs ahead, by %v, of who could go on: the test expects them to be done when "+
			"it has slept at %s", r.By.Round(time.Microsecond), r.Site)
	}
	return ""
}

// panicsItself reports whether it is the test that calls panic.
func (o *once) panicsItself() bool {
	in, called := panicsInTest(o.res.Stack)
	return in && called
}

// refuse says why the test cannot be run, if it waits for what never comes here.
func (o *once) refuse() {
	for _, w := range slices.Concat(o.res.Stuck, o.left) {
		if w.Stray {
			o.cannot = brief(w) + ", from or to a goroutine that was started before the test"
			return
		}
	}
	if slices.ContainsFunc(o.res.Uncontrolled, func(u string) bool { return strings.HasSuffix(u, collector) }) {
		o.left = nil // a finalizer might have ended it
	}
	if o.res.Deadlock != "" || o.root.failed || o.left != nil {
		for _, u := range o.res.Uncontrolled {
			if strings.HasSuffix(u, "reaches nobody here") {
				o.cannot = u
			}
		}
	}
}
