package timeline

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/sim/weave/rt"
)

// source is what the sites of the runs here stand for.
const source = `package queue

func (q *Queue) Push() {
	q.mu.Lock()
	q.mu.Unlock()
	q.head.Load()
	q.ch <- 1
	<-q.ch
	q.wg.Done()
	q.wg.Wait()
	select {
	case <-q.ch:
	case <-q.stop:
	}
	q.head.Store(f())
	q.ready.Wait()
	q.ready.Signal()
}

func (q *Queue) Offer() {
	select {
	case q.ch <- 1:
	case <-q.stop:
	}
}

func (q *Queue) Halt() { q.timer.Stop() }
`

// fake are sources with that file.
func fake() *sources {
	s := newSources()
	s.read = func(string) ([]byte, error) { return []byte(source), nil }
	for n := range 30 {
		s.at(fmt.Sprintf("q.go:%d", n), "/somewhere/q.go")
	}
	return s
}

// turns lets goroutines go on as it says: at its nth choice the one of that index.
type turns struct {
	n  int
	at map[int]int
}

func (c *turns) Next(p *rt.Point) int {
	c.n++
	if i, ok := c.at[c.n]; ok {
		return i
	}
	return p.Default
}

func (c *turns) Value(*rt.Point) int { return 0 }

// picture is a run as text.
func picture(r *Run) string {
	var b strings.Builder
	for i, row := range r.Rows {
		who := "time"
		if row.Column >= 0 {
			who = r.Columns[row.Column].Name
		}
		fmt.Fprintf(&b, "%s: %s", who, strings.TrimSpace(strings.Join([]string{row.Site, r.Says(i)}, " ")))
		if row.Lock != 0 {
			fmt.Fprintf(&b, " [%+d]", row.Lock)
		}
		for _, o := range row.Holds {
			fmt.Fprintf(&b, " (holds %s)", r.Objects[o].Name)
		}
		if row.Past {
			b.WriteString(" (after it)")
		}
		if row.Note != "" {
			fmt.Fprintf(&b, " (%s)", row.Note)
		}
		for _, w := range r.Waits {
			if w.Row == i {
				for _, last := range w.Last {
					fmt.Fprintf(&b, " (%s)", last)
				}
			}
		}
		b.WriteByte('\n')
	}
	if r.circle != "" {
		b.WriteString(r.circle + "\n")
	}
	return b.String()
}

// pictureOf is what a function does, as text.
func pictureOf(at map[int]int, f func()) string {
	res := rt.Run(rt.Config{Chooser: &turns{at: at}, Trace: true}, f)
	r := fake().run(&Recording{Trace: res.Trace, Seen: res.Seen, Stuck: res.Stuck})
	return picture(&r)
}

// compare wants a picture, of which a row may be broken before what is set in.
func compare(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.ReplaceAll(strings.TrimPrefix(want, "\n"), "\n    ", " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestRows: what a run wrote down, as rows.
func TestRows(t *testing.T) {
	for _, c := range []struct {
		name string
		at   map[int]int
		run  func()
		want string
	}{
		{"a lock that is waited for", map[int]int{2: 1}, func() {
			var mu sync.Mutex
			use := func() { rt.MutexLock("q.go:4", &mu); rt.Say("Push()"); rt.Say("-> ok"); rt.MutexUnlock("q.go:5", &mu) }
			rt.Spawn("a", use)
			rt.Spawn("b", use)
			rt.Idle(1)
		}, `
a: q.go:4 b goes on
b: q.go:4 lock q.mu [+1]
b: Push()
b: → ok
b: q.go:5 unlock q.mu [-1]
a: q.go:4 lock q.mu [+1]
a: Push()
a: → ok
a: q.go:5 unlock q.mu [-1]
`},
		{"one that is held when another goes on", map[int]int{3: 1}, func() {
			var mu sync.Mutex
			var n atomic.Int64
			use := func() {
				rt.MutexLock("q.go:4", &mu)
				rt.Touch("q.go:6", "load q.head", &n).Load()
				rt.MutexUnlock("q.go:5", &mu)
			}
			rt.Spawn("a", use)
			rt.Spawn("b", use)
			rt.Idle(1)
		}, `
a: q.go:4 lock q.mu [+1]
a: q.go:6 b goes on (holds q.mu)
b: q.go:4 lock: waits q.mu, held by a since q.go:4
a: q.go:6 load q.head, is 0
a: q.go:5 unlock q.mu [-1]
b: q.go:4 goes on with q.mu [+1]
b: q.go:6 load q.head, is 0
b: q.go:5 unlock q.mu [-1]
`},
		{"channels and a select", nil, func() {
			ch, stop := make(chan int), make(chan int)
			rt.Spawn("a", func() {
				sel := rt.Select("q.go:11", false, rt.OnRecv(ch), rt.OnRecv(stop))
				select {
				case <-rt.Recv(sel, 0, ch):
				case <-rt.Recv(sel, 1, stop):
				}
				<-rt.From("q.go:8", ch)
			})
			rt.Spawn("b", func() { rt.To("q.go:7", ch).Send(1) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:11 select: waits q.ch q.stop
b: q.go:7 send q.ch, to a at q.go:11
a: q.go:11 goes on with q.ch, from b at q.go:7
a: q.go:8 receive: waits q.ch (waits for ever)
    (q.ch: after b at q.go:7 (to a at q.go:11), no goroutine sent to it or closed it; that could be done at q.go:22,
    where no goroutine came)
`},
		{"a default, channels that are closed, and one that nobody else comes to", nil, func() {
			ch, stop := make(chan int), make(chan int)
			either := func() {
				sel := rt.Select("q.go:11", false, rt.OnRecv(ch), rt.OnRecv(stop))
				select {
				case <-rt.Recv(sel, 0, ch):
				case <-rt.Recv(sel, 1, stop):
				}
			}
			rt.Spawn("a", func() {
				rt.Select("q.go:11", true, rt.OnRecv(ch), rt.OnRecv(stop))
				either()
				either()
				<-rt.From("q.go:8", stop)
			})
			rt.Spawn("b", func() { rt.Close("q.go:17", stop); rt.To("q.go:7", make(chan int)).Send(1) })
			<-rt.From("", chan int(nil))
		}, `
a: q.go:11 select: default
a: q.go:11 select: waits q.ch (1st) q.stop
b: q.go:17 close q.stop
b: q.go:7 send: waits q.ch (2nd)
    (waits for ever)
    (q.ch (2nd), one of 2 called q.ch: no goroutine received from it; that could be done at q.go:8, or at q.go:12)
a: q.go:11 goes on with q.stop, which b closed at q.go:17
a: q.go:11 select q.stop, which b closed at q.go:17
a: q.go:8 receive q.stop, which b closed at q.go:17
`},
		{"timers", nil, func() {
			rt.Spawn("a", func() {
				t, u := rt.TimeNewTimer("q.go:8", 1), rt.TimeNewTicker("q.go:9", 2)
				rt.TimerReset("q.go:10", t, 3)
				rt.TimerStop("q.go:12", t)
				rt.TickerReset("q.go:13", u, 3)
				rt.TickerStop("q.go:14", u)
			})
			rt.Idle(1)
		}, `
a: q.go:8 new timer
a: q.go:9 new ticker
a: q.go:10 reset timer a channel
a: q.go:12 stop timer a channel
a: q.go:13 reset ticker q.stop
a: q.go:14 stop ticker q.stop
`},
		{"a group, and an operation before its arguments", nil, func() {
			var wg sync.WaitGroup
			var n, m atomic.Int64
			rt.WaitGroupAdd("q.go:9", &wg, 1)
			rt.Spawn("a", func() {
				p := rt.At("q.go:15", &n)
				rt.Touch("q.go:15", "load q.tail", &m).Load()
				rt.Touch("q.go:15", "store q.head", 1)
				p.Store(1)
				rt.WaitGroupDone("q.go:9", &wg)
			})
			rt.Spawn("b", func() { rt.WaitGroupWait("q.go:10", &wg) })
			rt.Idle(1)
		}, `
a: q.go:15 load q.tail, is 0
a: q.go:15 store q.head
a: q.go:9 group done q.wg
b: q.go:10 group wait q.wg
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, pictureOf(c.at, c.run), c.want)
		})
	}
}

// TestColumns: goroutines stand behind those that started them, in that order, and time and the lab have no column.
func TestColumns(t *testing.T) {
	trace := []rt.Passed{{G: "lab", Site: "q.go:4", What: "lock"}, {G: "b", What: "Push()"}, {G: "a/10", Site: "q.go:4", What: "lock"},
		{G: "a/2", Site: "q.go:4", What: "go a/2/1"}, {G: "clock", What: "time is +1s"}, {G: "clock", What: "time is +2s"}, {G: "a", What: "  a1 told"},
		{G: "clock", What: "time is +3s"}}
	r := fake().run(&Recording{Trace: trace, Lanes: true, Open: Event{G: "a", Seq: 1, Note: "want b1"}})
	var names []string
	for _, c := range r.Columns {
		names = append(names, strings.TrimSpace(fmt.Sprint(c.Name, " ", c.Born, c.Lane)))
	}
	if got := strings.Join(names, ", "); got != "a true, a/2 false, a/2/1 q.go:4false, a/10 false, b true" {
		t.Errorf("columns %s", got)
	}
	compare(t, picture(&r), "b: Push()\na/10: q.go:4 lock\na/2: q.go:4 go a/2/1\ntime: time is +2s\na: a1 told\n")
	for e, want := range map[Event]int{{G: "a", Seq: 1, Note: "want b1"}: 4, {G: "a/2", Seq: 1}: 2, {Seq: 1}: 4, {G: "a/10", Site: "q.go:4", Seq: 1}: 1,
		{G: "a/10", Site: "q.go:5", Seq: 1}: -1, {G: "a"}: -1, {Site: "q.go:4", Seq: 1}: 2, {G: "a", Seq: -1}: -1} {
		r := fake().run(&Recording{Trace: trace, Lanes: true, Open: e})
		if r.Open != want || want >= 0 && r.Note != e.Note {
			t.Errorf("%v opens at %d %q, want %d", e, r.Open, r.Note, want)
		}
	}
}
