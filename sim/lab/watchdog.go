package lab

import (
	"os"
	"time"

	"batchlab/sim/engine"
	"batchlab/sim/oracle"
)

// A bubble cannot see a wait on a sync.Mutex: it stops without a word, and a loop that spins
// does not end. The watchdog stands outside, in real time. It looks at the stacks when nothing
// has been done for a while: if no goroutine of the bubble can run, it has stopped, which is
// reported at once. If one can, it may only be slow, and gets as long as patience lasts.
const (
	watchEvery = 50 * time.Millisecond
	patience   = 20 * time.Second
)

// watch ends the process with a note when a job hangs.
func (w *worker) watch() {
	last, since, told, stuck := w.beats.Load(), time.Now(), time.Now(), 0
	for {
		time.Sleep(watchEvery)
		goes := w.beats.Load() != last || oracle.Judging() // a judgement ends by limits of its own
		if goes && time.Since(told) > patience/4 {
			w.write(note{Alive: true})
			told = time.Now()
		}
		if now := w.beats.Load(); now != last || !w.busy.Load() {
			last, since, stuck = now, time.Now(), 0
			continue
		}
		where, canRun, handler := engine.Stacks()
		if stuck++; canRun || where == "" { // at work, in the bubble or on its history
			stuck = 0
		}
		switch {
		case stuck >= 2:
			w.write(note{Stopped: &stop{Where: where, Handler: handler}})
			os.Exit(3)
		case time.Since(since) > patience:
			w.write(note{Hung: "still running after " + patience.String() + ": " + where})
			os.Exit(3)
		}
	}
}
