package rt

import (
	"strings"
	"sync"
	"testing"
)

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

func TestUnbuffered(t *testing.T) {
	for seed := range uint64(300) {
		ch := make(chan int)
		var wg sync.WaitGroup
		sum := 0
		res := Run(Config{Chooser: &dice{seed}}, func() {
			for i := range 3 {
				WaitGroupAdd("x", &wg, 1)
				Go("go", func() {
					defer WaitGroupDone("x", &wg)
					To("send", ch).Send(i)
				})
			}
			quit := make(chan int)
			Go("go", func() {
				WaitGroupWait("w", &wg)
				Close("c", quit)
			})
			for done := false; !done; {
				sel := Select("sel", false, OnRecv(ch), OnRecv(quit))
				select {
				case v := <-Recv(sel, 0, ch):
					sum += v
				case <-Recv(sel, 1, quit):
					done = true
				}
			}
			Idle(1)
		})
		if res.Panic != "" || res.Deadlock != "" || res.Left != nil || sum != 3 {
			t.Fatalf("%d: %+v %d", seed, res.Panic+res.Deadlock+strings.Join(res.Left, ","), sum)
		}
	}
}

func TestDeadlock(t *testing.T) {
	var a, b sync.Mutex
	found := 0
	for seed := range uint64(100) {
		a, b = sync.Mutex{}, sync.Mutex{}
		res := Run(Config{Chooser: &dice{seed}}, func() {
			var wg sync.WaitGroup
			WaitGroupAdd("x", &wg, 2)
			Go("go", func() {
				MutexLock("1", &a)
				MutexLock("2", &b)
				MutexUnlock("3", &b)
				MutexUnlock("4", &a)
				WaitGroupDone("x", &wg)
			})
			Go("go", func() {
				MutexLock("5", &b)
				MutexLock("6", &a)
				MutexUnlock("7", &a)
				MutexUnlock("8", &b)
				WaitGroupDone("x", &wg)
			})
			WaitGroupWait("w", &wg)
		})
		if res.Deadlock != "" {
			found++
			if found == 1 {
				t.Log(res.Deadlock)
			}
		}
	}
	if found < 5 || found > 95 {
		t.Error(found)
	}
}

func BenchmarkDecisions(b *testing.B) {
	var mu sync.Mutex
	n := 0
	for b.Loop() {
		res := Run(Config{Chooser: &dice{1}}, func() {
			for range 3 {
				Go("go", func() {
					for range 1000 {
						At("x", &mu)
					}
				})
			}
			Idle(1)
		})
		n += len(res.Log)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkHandoffs(b *testing.B) {
	n := 0
	for b.Loop() {
		ch := make(chan int)
		res := Run(Config{Chooser: &dice{1}}, func() {
			for range 2 {
				Go("go", func() {
					for range 500 {
						To("s", ch).Send(1)
					}
				})
			}
			for range 1000 {
				<-From("r", ch)
			}
		})
		n += res.Points
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
}
