package rt

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// situation is a program and all that may come of it. Woven calls pass straight through
// outside of a run, so the same program runs in both worlds.
type situation struct {
	name string
	run  func() string
	want []string
	only bool // it runs under Run only: it waits for quiet or for ever, or leaves a goroutine to the next
}

// outcomes runs a program under so many schedules and counts what came of it.
func outcomes(schedules int, run func() string) map[string]int {
	seen := map[string]int{}
	for seed := range schedules {
		got, _ := once(&dice{uint64(seed)}, run)
		seen[got]++
	}
	return seen
}

// once runs a program under one schedule, and says what came of it.
func once(c Chooser, run func() string) (string, Result) {
	got := ""
	res := Run(Config{Chooser: c, Steps: 3000}, func() { got = run(); Idle(2) })
	switch {
	case res.Panic != "":
		return "panic: " + res.Panic, res
	case res.Spun:
		return "spun", res
	case res.Deadlock != "":
		return "deadlock: " + res.Deadlock, res
	case res.Left != nil:
		return got + " left: " + strings.Join(res.Left, "; "), res
	}
	return got, res
}

// check holds situations against what may come of them: nothing else under Run, all of it
// in 300 schedules, and nothing else in real runs.
func check(t *testing.T, situations []situation) {
	if RaceEnabled {
		t.Skip("the situations are full of races, which tell what happened; see TestRaces")
	}
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			if seen := outcomes(300, s.run); !slices.Equal(slices.Sorted(maps.Keys(seen)), slices.Sorted(slices.Values(s.want))) {
				t.Errorf("under Run: %v\nwant %q", seen, s.want)
			}
			for range 50 {
				if s.only {
					break
				}
				if got := really(s.run); !slices.Contains(s.want, got) {
					t.Fatalf("really: %q, want one of %q", got, s.want)
				}
			}
		})
	}
}

// really runs a program on Go's own scheduler and waits until its goroutines are gone:
// one that is still at its last statement would meddle with the next run.
func really(run func() string) string {
	before := runtime.NumGoroutine()
	got := run()
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
	return got
}

// together runs functions on goroutines of their own and returns when all have returned.
func together(fs ...func()) {
	done := make(chan int)
	for _, f := range fs {
		Go("go", func() {
			f()
			To("done", done).Send(1)
		})
	}
	for range fs {
		<-From("done", done)
	}
}

func tryRecv(ch chan int) string {
	sel := Select("try", true, OnRecv(ch))
	select {
	case v := <-Recv(sel, 0, ch):
		return fmt.Sprint(v)
	default:
		return "none"
	}
}

func trySend(ch chan int, v int) string {
	sel := Select("try", true, OnSend(ch))
	select {
	case Send(sel, 0, ch) <- v:
		return "sent"
	default:
		return "full"
	}
}

func recv(ch chan int) int     { return <-From("r", ch) }
func send(ch chan int, v int)  { To("s", ch).Send(v) }
func goes(f func())            { Go("go", f) }
func text(a ...any) string     { return strings.TrimSpace(fmt.Sprintln(a...)) }
func one(s ...string) []string { return s }

// dice chooses by a fixed pseudo-random sequence.
type dice struct{ x uint64 }

//go:norace
func (d *dice) roll(n int) int {
	d.x += 0x9e3779b97f4a7c15
	z := d.x
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

//go:norace
func (d *dice) Next(p *Point) int { return d.roll(len(p.Enabled)) }

//go:norace
func (d *dice) Value(p *Point) int { return d.roll(len(p.Alts)) }
