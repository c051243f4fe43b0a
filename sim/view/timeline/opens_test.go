package timeline

import (
	"math"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

// TestHeld: of a lock that is held for ever it is said where it could be unlocked.
func TestHeld(t *testing.T) {
	res := rt.Run(rt.Config{Chooser: &turns{}, Trace: true}, func() {
		var mu sync.Mutex
		rt.Spawn("a", func() { rt.MutexLock("q.go:4", &mu) })
		rt.Idle(1)
	})
	r := fake().run(&Recording{Trace: res.Trace, Seen: res.Seen, Open: Event{G: "a", Site: "q.go:4", Seq: math.MaxInt64}})
	if want := "q.mu could be unlocked at q.go:5, where no goroutine came"; r.Open != 0 || r.Mend != want {
		t.Errorf("row %d: %q, want %q", r.Open, r.Mend, want)
	}
}

// TestClosed: of a send on a closed channel it is marked who closed that, and of one before it nothing.
func TestClosed(t *testing.T) {
	for _, c := range []struct{ b, want string }{
		{"send", "a: q.go:8 close q.ch (b sends on it after this)\nb: q.go:7 send q.ch, which a closed at q.go:8\n"},
		{"close", "a: q.go:8 close q.ch (b closes it after this)\nb: q.go:17 close q.ch, which a closed at q.go:8\n"},
		{"send first", "b: q.go:7 send q.ch, never received, then 1 of 1 in it\nc: q.go:8 close q.ch\n"},
	} {
		res := rt.Run(rt.Config{Chooser: &turns{}, Trace: true}, func() {
			ch := make(chan int, 1)
			if c.b != "send first" {
				rt.Spawn("a", func() { rt.Close("q.go:8", ch) })
			}
			rt.Spawn("b", func() {
				defer func() { _ = recover() }()
				if c.b == "close" {
					rt.Close("q.go:17", ch)
				}
				rt.To("q.go:7", ch).Send(1)
			})
			if c.b == "send first" {
				rt.Spawn("c", func() { rt.Close("q.go:8", ch) })
			}
			rt.Idle(1)
		})
		r := fake().run(&Recording{Trace: res.Trace, Seen: res.Seen, Open: Event{G: "b", Seq: math.MaxInt64, Note: "panics"}})
		compare(t, picture(&r), c.want)
	}
}

// TestEnded: of who waits for ever it is shown after which row nobody does anything any more, but with time.
func TestEnded(t *testing.T) {
	waits := rt.Passed{G: "a", Site: "q.go:8", What: "receive", Waits: true}
	b, c := rt.Passed{G: "b", Site: "q.go:6", What: "load q.head"}, rt.Passed{G: "c", Site: "q.go:4", What: "lock", Waits: true}
	time, early := rt.Passed{G: "clock", What: "time is +1s"}, rt.Passed{G: "b", Site: "q.go:6", What: "load q.head", To: "clock"}
	for _, e := range []struct {
		trace []rt.Passed
		open  int
		note  string
	}{
		{[]rt.Passed{waits}, 0, "waits for ever: wrong"},
		{[]rt.Passed{b, waits, b, b}, 3, "from here on a waits for ever"},
		{[]rt.Passed{b, waits, b, time, b}, 2, "from here on a waits for ever"},
		{[]rt.Passed{b, waits, early, time, b, time, b}, 3, "from here on a waits for ever"},
		{[]rt.Passed{waits, b, time, c, b}, 4, "from here on a, c wait for ever"},
		{[]rt.Passed{b, b}, 1, "wrong"},
	} {
		rec := &Recording{Open: Event{Seq: math.MaxInt64, Note: "wrong"}}
		for i, p := range e.trace {
			p.Seq = int64(i)
			if rec.Trace = append(rec.Trace, p); p.Waits {
				rec.Open.G = p.G
				rec.Stuck = append(rec.Stuck, rt.Waiter{Name: p.G, What: "waits", Site: p.Site})
			}
		}
		if rec.Open.G == "" {
			rec.Open.G = "b"
		}
		r := fake().run(rec)
		if r.Open != e.open || r.Note != e.note {
			t.Errorf("%v: row %d, %s, want %d, %s", e.trace, r.Open, r.Note, e.open, e.note)
		}
		for _, w := range r.Waits {
			if note := r.Rows[w.Row].Note; !strings.HasPrefix(note, forEver) {
				t.Errorf("%v: %s: %q", e.trace, w.Who, note)
			}
		}
	}
}
