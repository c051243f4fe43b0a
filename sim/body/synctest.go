package body

import (
	"strings"

	"batchlab/sim/weave/rt"
)

// Synctest is synctest.Test, of package testing/synctest: the bubble is a stretch of the run in which time is
// exact. As there, its goroutines have to end with it.
func Synctest(t *T, f func(*T)) {
	for t.once.bubble { // of a parallel subtest
		t.wait(&t.once.free)
	}
	t.once.bubble, t.once.free = true, false
	now, epoch := rt.Exact()
	sub, root := newT(t.once, t, t.name), ""
	rt.Go("", func() {
		root = rt.Self().Name
		sub.do(f)
	})
	sub.wait(&sub.done)
	rt.Watch(rt.Self())
	rt.Still("")
	for _, w := range rt.Left() {
		if strings.HasPrefix(w.Name, root+"/") {
			t.Error("the bubble's function has returned, but a goroutine of it has not ended: " + describe(w))
		}
	}
	rt.Inexact(now, epoch)
	t.once.bubble = false
	t.signal(&t.once.free)
	if sub.Failed() {
		t.FailNow()
	}
}

// SynctestWait is synctest.Wait.
func SynctestWait(site string) { rt.Still(site) }
