package rt

import (
	"sync"
	"testing"
	"time"
)

// TestStrays: who was started outside of a run stops when it comes to one, and takes no turn.
func TestStrays(t *testing.T) {
	var mu sync.Mutex
	here, on, jobs := make(chan bool), make(chan bool), make(chan int)
	MutexLock("m", &mu)
	Go("go", func() {
		here <- true
		<-on
		MutexUnlock("u", &mu) // nobody waits for it
		here <- true
		RuntimeGosched("g")
		here <- true
	})
	Go("go", func() { <-From("r", jobs) })
	<-here
	for (*header)(chanPtr(jobs)).recvq[0] == 0 {
		time.Sleep(time.Millisecond)
	}
	res := Run(Config{Chooser: &dice{1}}, func() {
		on <- true
		<-here
		select {
		case <-here:
			t.Error("it went on")
		case <-time.After(50 * time.Millisecond):
		}
		MutexLock("m", &mu)
		MutexUnlock("u", &mu)
		goes(func() { send(jobs, 1) })
		goes(func() { recv(make(chan int)) })
		Idle(1)
		var got []bool
		for _, w := range Left() {
			got = append(got, w.Stray)
		}
		if len(got) != 2 || !got[0] || got[1] {
			t.Errorf("waiting for a stray: %v", got)
		}
	})
	if res.Panic != "" {
		t.Error(res.Panic)
	}
	jobs <- 1
}
