package stress

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// mapWindow is long enough for any cell, in buckets short enough that tickers fire and
// buckets change while producers are at work. They are not shorter, since a map may look
// into each of them: then a cell that takes long takes longer for it.
var mapWindow = spec.MapConfig{Bucket: 2 * time.Second, Buckets: 300}

// mapLifetime is how long an entry is surely there.
var mapLifetime = mapWindow.Window() - mapWindow.Bucket - mapWindow.Refresh()

// mapPass is one life of one map. Producer p owns items p*share to (p+1)*share.
// Item i stores the value i+1, or i+1+n where it stores two, so a value tells its key.
type mapPass struct {
	pass
	c     *cell
	m     spec.Map
	n     int
	share int
	items []padded // by producer: items done
	steps []padded // by producer: whatever else was done

	keys []uint32   // by item
	won  []bool     // by item: its Set returned true; written by its producer alone
	gone [][]uint32 // by producer: the keys of its Deletes that returned true

	// By key, written by the key's owner, or counted at rest.
	wins []uint32 // Sets that returned true
	dels []uint32 // Deletes that returned true
	last []uint32 // the value of the last Set that won; 0 for none
}

func (c *cell) runMap(ctx context.Context, row *Row, found *findings) bool {
	share := (c.items + c.producers - 1) / c.producers
	r := &mapPass{c: c, n: c.items, share: share, items: make([]padded, c.producers), steps: make([]padded, c.producers)}
	keys, distinct := c.scenario.keysFor(r.n, share, c.scenario.contend, c.rng(0))
	r.keys, r.won, r.gone = keys, make([]bool, r.n), make([][]uint32, c.producers)
	r.wins, r.dels, r.last = make([]uint32, distinct), make([]uint32, distinct), make([]uint32, distinct)
	r.found, r.moves = &findings{}, func() int64 { return sum(r.items) + sum(r.steps) }
	m := newMeter()
	begin := time.Now()
	ended := r.watch(ctx, c.Watchdog, m, r.live)
	inWindow := time.Since(begin) < mapLifetime
	row.Items += int(sum(r.items))
	row.PeakBytes = max(row.PeakBytes, m.growth())
	if !inWindow {
		row.note("only G1, G2 and G3 judged: the pass took longer than a window")
	}
	for _, b := range r.found.seal() {
		switch spec.Law(b.What) {
		case spec.Leak, spec.Progress, spec.NoPanic:
		default:
			if !inWindow {
				continue
			}
		}
		found.addCount(b.What, b.Count, "%s", b.Detail)
	}
	if ended {
		m.judge(found, footprintOf(c, r.n, distinct, false), c.MemorySlack)
	}
	runtime.KeepAlive(r)
	return ended
}

// live is the pass: work, look at the result at rest, close, and go on using it.
func (r *mapPass) live() {
	r.enter("calling Set, Get, Delete and Count", spec.Progress)
	r.m = r.c.subject.NewMap(mapWindow, clock.New())
	switch {
	case r.c.scenario.contend:
		r.contend()
	case r.c.scenario.repeats:
		r.race()
	default:
		r.own()
	}
	count := r.m.Count()
	r.enter("closing", spec.Progress)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			defer r.catch("Close")
			r.m.Close()
		})
	}
	wg.Wait()
	r.enter("using a closed map", spec.ClosedMap)
	r.afterClose(count)
}

func (r *mapPass) afterClose(count int) {
	if c := r.m.Count(); c != count {
		r.found.add(spec.ClosedMap, "Count was %d before Close and is %d after it", count, c)
	}
	key, value := r.n+1, r.n+1 // no item has this key
	if !r.m.Set(key, value) {
		r.found.add(spec.ClosedMap, "a closed map refused to Set a new key")
	}
	if v, ok := r.m.Get(key); !ok || v != value {
		r.found.add(spec.ClosedMap, "a closed map has (%d, %v) for a key just set to %d", v, ok, value)
	}
	if !r.m.Delete(key) {
		r.found.add(spec.ClosedMap, "a closed map did not Delete a key that it had")
	}
}

func (r *mapPass) lot(p int) (lo, hi int) { return min(p*r.share, r.n), min((p+1)*r.share, r.n) }

// eachItem runs f for the items of each producer's lot, in order, until interrupted.
func (r *mapPass) eachItem(f func(producer, item int, rng *rand.Rand)) {
	r.together(r.c.producers, func(p int) {
		lo, hi := r.lot(p)
		rng := r.c.rng(p + 1)
		done := 0
		defer func() { r.finish(p, done, true) }()
		for i := lo; i < hi && !r.stop.Load(); i++ {
			f(p, i, rng)
			done++
			r.finish(p, done, false)
			r.c.scenario.rest(i-lo, hi-lo, rng)
		}
	})
}

// eachKey asks f about every key, the keys dealt out to the producers, and counts those of
// which it says yes.
func (r *mapPass) eachKey(f func(key int) bool) int {
	var n atomic.Int64
	r.together(r.c.producers, func(p int) {
		for k := p; k < len(r.wins); k += r.c.producers {
			if f(k) {
				n.Add(1)
			}
			r.step(p, k/r.c.producers)
		}
	})
	return int(n.Load())
}

// finish makes it known that a producer is through with n items of its lot, now
// and then: see publish.
func (r *mapPass) finish(p, n int, all bool) {
	if all || n%publish == 0 {
		r.items[p].Store(int64(n))
	}
}

// step is finish for what is no item.
func (r *mapPass) step(p, n int) {
	if n%publish == 0 {
		r.steps[p].Add(1)
	}
}

// judgeCount compares Count with the number of keys that are there, at rest.
func (r *mapPass) judgeCount(want int, when string) {
	if got := r.m.Count(); got != want {
		r.found.add(spec.CountLaw, "Count is %d with %d entries, at rest %s", got, want, when)
	}
}
