package body

import (
	"strconv"
	"strings"
	"unicode"
	"unsafe"

	"batchlab/sim/weave/rt"
)

// Run runs a subtest on a goroutine of its own, and returns when it is done or has called
// Parallel. It reports whether it has not failed.
func (t *T) Run(name string, f func(*T)) bool {
	sub := newT(t.once, t, t.subname(name))
	if only := t.once.x.o.Only; only != nil && !only(sub.name) {
		return true
	}
	rt.Go("", func() { sub.do(f) })
	sub.wait(&sub.paused)
	rt.Watch(rt.Self())
	if sub.parallel && !sub.done {
		t.mu.Lock()
		t.subs = append(t.subs, sub)
		t.mu.Unlock()
	}
	return !sub.Failed()
}

// subname is the name of a subtest as package testing makes it.
func (t *T) subname(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return '_'
		case !strconv.IsPrint(r):
			return -1
		}
		return r
	}, name)
	full := t.name + "/" + name
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.names[full]
	t.names[full]++
	if n > 0 || name == "" {
		suffix := strconv.Itoa(n)
		return full + "#" + strings.Repeat("0", max(0, 2-len(suffix))) + suffix
	}
	return full
}

// Parallel has the test wait until its parent's function has returned; then it runs beside the
// others that did the same.
func (t *T) Parallel() {
	if t.parallel {
		panic("testing: t.Parallel called multiple times")
	}
	t.parallel = true
	if t.parent == nil {
		return
	}
	t.signal(&t.paused)
	t.wait(&t.parent.free)
	rt.Watch(rt.Self())
}

// do is a test from its beginning to its end, on its own goroutine.
func (t *T) do(f func(*T)) {
	defer t.end()
	defer t.clean()
	defer t.join()
	rt.Watch(rt.Self())
	t.once.root.mu.Lock()
	t.once.own = append(t.once.own, rt.Self().Name)
	t.once.root.mu.Unlock()
	f(t)
	t.set(&t.over, true)
}

// join waits for the subtests that called Parallel. After a panic the run is over as soon as it
// is seen, and nothing more is done.
func (t *T) join() {
	if !t.is(&t.over) {
		return
	}
	t.signal(&t.free)
	for _, sub := range t.subs {
		sub.wait(&sub.done)
	}
}

// clean calls the cleanups, also those that are left when one ends the goroutine.
func (t *T) clean() {
	if !t.is(&t.over) {
		return
	}
	t.cancel()
	defer func() {
		if len(t.cleanups) > 0 {
			t.clean()
		}
	}()
	for f := t.pop(); f != nil; f = t.pop() {
		t.set(&t.over, false)
		f()
		t.set(&t.over, true)
	}
}

func (t *T) pop() func() {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.cleanups)
	if n == 0 {
		return nil
	}
	f := t.cleanups[n-1]
	t.cleanups = t.cleanups[:n-1]
	return f
}

// end says that the test is done.
func (t *T) end() {
	t.cancel()
	if !t.is(&t.over) && !rt.Ending() {
		t.Error("the test called runtime.Goexit, or panicked; Fatal and Skip of another t than the one it was given do so")
	}
	t.past = true
	t.signal(&t.paused)
	t.signal(&t.done)
}

// signal lets go on who waits for a flag. For the race detector what came before it happens
// before what comes after wait, as it does with the channels of package testing.
//
//go:norace
func (t *T) signal(flag *bool) {
	rt.Release(unsafe.Pointer(flag))
	rt.Set(flag)
}

//go:norace
func (t *T) wait(flag *bool) {
	rt.Await(flag, "a test")
	rt.Acquire(unsafe.Pointer(flag))
}
