package main

import (
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// TestNothingIsLost: of a thousand units, with four workers of which one is killed every second, or stopped for so long
// that its units are another's, and a server that is killed and started again twice, comes the same page to the byte as
// of one process.
func TestNothingIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	units := make([]simulated, 1000)
	for i := range units {
		units[i] = simulated{N: i, Sleep: time.Duration(20+i%40) * time.Millisecond}
	}
	s := newSite(t)
	server := s.serve()
	workers := make([]*exec.Cmd, 4)
	for i := range workers {
		workers[i] = s.work()
	}
	c := s.submit()
	over := make(chan string)
	go func() { over <- page(t, units, c.Do) }()
	kills, restarts, begun := 0, 0, time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var got string
	for i := 0; got == ""; i++ {
		select {
		case got = <-over:
		case <-tick.C:
			w := workers[i%len(workers)]
			if i%4 == 1 { // it comes back, and says what came of what is another's now
				if w.Process.Signal(syscall.SIGSTOP) == nil {
					time.AfterFunc(1500*time.Millisecond, func() { _ = w.Process.Signal(syscall.SIGCONT) })
				}
			} else {
				end(w)
				workers[i%len(workers)] = s.work()
				kills++
			}
			if i == 1 || i == 3 {
				end(server)
				server = s.serve()
				restarts++
			}
		}
	}
	took := time.Since(begun)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for i := range units {
		units[i].Sleep = 0
	}
	if got != page(t, units, here) {
		t.Errorf("not what one process makes of it:\n%.2000s", got)
	}
	if kills < 3 || restarts < 2 {
		t.Errorf("%d workers were killed, and the server %d times, in %v", kills, restarts, took)
	}
	t.Logf("%d units in %v, %d workers killed, %d restarts of the server; %q", len(units), took, kills, restarts, s.news)
}

// BenchmarkWorkers: units that sleep for a second take as long with a server between as they last, and many workers do
// many at a time.
func BenchmarkWorkers(b *testing.B) {
	for _, n := range []int{1, 2, 4, 8} {
		b.Run("workers="+strconv.Itoa(n), func(b *testing.B) {
			s := newSite(b)
			s.serve()
			for range n {
				s.work("--slots", "1")
			}
			c := s.submit()
			defer c.Close()
			warm := make([]simulated, 4*n)
			for i := range warm {
				warm[i] = simulated{N: i, Sleep: 100 * time.Millisecond}
			}
			page(b, warm, c.Do)
			for b.Loop() {
				units := make([]simulated, 8*n)
				for i := range units {
					units[i] = simulated{N: i, Sleep: time.Second}
				}
				begun := time.Now()
				page(b, units, c.Do)
				b.ReportMetric(100*(time.Since(begun).Seconds()/8-1), "%overhead")
			}
		})
	}
}

// BenchmarkServer: how many units of no work a server takes, and what one costs it, with as many workers as keep it
// busy on this machine.
func BenchmarkServer(b *testing.B) {
	s := newSite(b)
	server := s.serve()
	for range 2 {
		s.work("--slots", "4")
	}
	c := s.submit()
	defer c.Close()
	page(b, make([]simulated, 20), c.Do)
	units, done := make([]simulated, 2000), 20
	for b.Loop() {
		begun := time.Now()
		page(b, units, c.Do)
		done += len(units)
		b.ReportMetric(float64(len(units))/time.Since(begun).Seconds(), "units/s")
	}
	end(server)
	took := server.ProcessState.UserTime() + server.ProcessState.SystemTime()
	b.ReportMetric(took.Seconds()*1e6/float64(done), "server-µs/unit")
}
