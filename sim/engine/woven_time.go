package engine

import (
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// opens notes the time at which a group ends, and whether the clock may let all go quiet
// at each instant on its way, for it moves alone.
func (w *woven) opens(group []kind.Op) {
	rt.Unseen(w.d.rec.current() > len(w.d.p.Ops) || len(group) < 2 && w.d.p.Concurrent())
	at := w.when().Sub(w.zero) - w.slept
	for _, o := range group {
		at += o.Moved()
	}
	w.ends(at)
}

//go:norace
func (w *woven) ends(at time.Duration) { w.at = at }

func (w *woven) alone(yes bool) { rt.Settle(yes) }

// now is the time of the end of the group that is under way, or, if nothing runs together
// in this run, the time.
//
//go:norace
func (w *woven) now() time.Duration {
	if w.own && rt.Active() {
		return rt.TimeNow("~").Sub(w.zero)
	}
	return w.at
}

// over is told when the run was over: what is seen then has that time.
func (w *woven) over(now int64) {
	if w.own {
		w.at = time.Unix(0, now).Sub(w.zero)
	}
}

// move moves the clock. The instants at which the kind wants it to stop are recorded, each
// before anything can follow from it.
func (w *woven) move(d time.Duration) {
	if rt.Tracing() {
		rt.Say("+" + d.String())
	}
	now := w.when().Sub(w.zero)
	for end, more := now+d, true; more; more = now < end {
		at := w.instant(now, end)
		rt.Notes()
		w.clocks = append(w.clocks, kind.Instant{Seq: rt.Seq(), Over: kind.NoSeq, At: at})
		if w.coarse != nil {
			w.moves = append(w.moves, w.coarse.Made())
		}
		if w.clockless || w.own {
			rt.Advance(at - now)
		} else {
			w.mock.Add(at - now)
		}
		rt.Ends()
		w.clocks[len(w.clocks)-1].Over = rt.Seq()
		now = at
	}
}

func (w *woven) sleep(lanes []*lane) bool {
	for _, l := range lanes {
		if l.isBusy() {
			if d := rt.Sleeps(l.name()); d > 0 {
				w.slept += d
				rt.Settle(true) // nobody who wakes finds that more time has passed
				rt.Advance(d)
				return true
			}
		}
	}
	return false
}

// stops is how often the clock stops in operations, or may.
func (w *woven) stops(ops []kind.Op) (n int) {
	for _, o := range ops {
		if d := o.Moved(); d > 0 {
			n++
			for _, period := range w.periods {
				n += int(d / period)
			}
		}
	}
	return n
}

// instant is the first one after another, at most to.
func (w *woven) instant(after, to time.Duration) time.Duration {
	for _, period := range w.periods {
		to = min(to, after-after%period+period)
	}
	return to
}
