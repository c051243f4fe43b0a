package stress

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// batcherPass is one life of one batcher.
type batcherPass struct {
	pass
	c       *cell
	l       *ledger
	b       spec.Batcher
	overlap bool          // Close while producers are putting
	half    chan struct{} // with overlap: closed when a producer is half through
	halfway sync.Once
	closing atomic.Bool // Close may have been called
	ended   atomic.Bool // a Close has returned or panicked
	took    time.Duration
}

// runBatcher runs the passes of a cell, and adds to its row.
func (c *cell) runBatcher(ctx context.Context, row *Row, found *findings) (ok bool) {
	n := (c.items + 1) / 2
	for round := range 1 + closingRounds {
		for _, background := range []bool{false, true} {
			if ctx.Err() != nil {
				return true
			}
			if !c.batcherPass(ctx, row, found, n, background, round > 0) {
				return false
			}
		}
		n = min(c.items, closingItems)
	}
	return true
}

func (c *cell) batcherPass(ctx context.Context, row *Row, found *findings, n int, background, overlap bool) bool {
	r := &batcherPass{c: c, l: newLedger(c, n, background, overlap, found), overlap: overlap, half: make(chan struct{})}
	r.found, r.moves = found, r.l.moves
	m := newMeter()
	ended := r.watch(ctx, c.Watchdog, m, r.live)
	row.Items += int(sum(r.l.accepted))
	row.Delivered += int(r.l.delivered.Load())
	row.Batches += int(r.l.batches.Load())
	row.PeakBytes = max(row.PeakBytes, m.growth())
	if !ended {
		return false
	}
	dedup := c.subject.Kind == spec.KindDedupBatcher
	inWindow := r.took < dedupLifetime
	if dedup && !inWindow {
		row.note("D8-once-per-window not judged: the pass took longer than a window")
	}
	r.l.judge(dedup, inWindow)
	if !overlap {
		m.judge(found, footprintOf(c, n, r.l.keys, background), c.MemorySlack)
	}
	runtime.KeepAlive(r)
	return true
}

// dedupLifetime is how long a key that a dedup batcher has seen is surely remembered.
const dedupLifetime = (spec.DedupBuckets-1)*spec.DedupBucket - spec.MinRefresh

// live is the pass: put, close, and misuse.
func (r *batcherPass) live() {
	r.enter("putting", spec.Progress)
	cfg := spec.BatcherConfig{Size: r.c.scenario.size, Timeout: r.c.scenario.timeout, Background: r.l.background}
	begin := time.Now()
	r.b = r.c.subject.NewBatcher(cfg, clock.New(), r.l.handle)
	if r.overlap {
		r.closeWhilePutting()
	} else {
		r.produce()
		r.enter("closing", spec.Progress)
		r.closing.Store(true)
		r.close()
	}
	r.took = time.Since(begin)
	r.afterClose()
}

func (r *batcherPass) close() {
	defer r.ended.Store(true)
	defer r.catch("Close")
	r.b.Close()
	r.l.closed.Store(true)
	if r.l.inside.Load() > 0 {
		r.found.add(spec.CloseDrains, "a handler was running when Close had returned")
	}
}

// closeWhilePutting calls Close from several goroutines when the first producer is
// half through, with others calling Trigger all the while.
func (r *batcherPass) closeWhilePutting() {
	const closers, triggers, between = 3, 2, 100 * time.Microsecond
	var wg sync.WaitGroup
	for range closers {
		wg.Go(func() {
			<-r.half
			r.closing.Store(true)
			r.close()
		})
	}
	for range triggers {
		wg.Go(func() {
			defer r.catch("Trigger")
			for !r.ended.Load() {
				r.b.Trigger()
				time.Sleep(between)
			}
		})
	}
	r.produce()
	r.enter("closing with Puts and Triggers under way", spec.Progress)
	r.atHalf() // whatever ended the producers
	wg.Wait()
}

func (r *batcherPass) atHalf() { r.halfway.Do(func() { close(r.half) }) }

// afterClose misuses the batcher as clients do: once more of everything.
func (r *batcherPass) afterClose() {
	r.enter("calling Put after Close", spec.AfterClose)
	r.putLate(&r.l.items[r.l.n])
	if r.c.subject.Kind == spec.KindDedupBatcher { // an item that would be dropped is misuse as well
		r.putLate(&r.l.items[0])
	}
	r.enter("calling Trigger after Close", spec.AfterClose)
	func() {
		defer r.catch("Trigger after Close")
		r.b.Trigger()
	}()
	r.enter("calling Close again", spec.Progress)
	r.close()
	r.enter("ending", spec.Progress)
}

func (r *batcherPass) putLate(item *spec.Item) {
	defer func() { r.judgePanic(recover()) }()
	r.b.Put(item)
}

// judgePanic judges what a Put after Close panicked with.
func (r *batcherPass) judgePanic(v any) {
	if v == nil {
		r.found.add(spec.AfterClose, "a Put after Close did not panic")
		return
	}
	text := short(fmt.Sprint(v), 200)
	if _, crashed := v.(runtime.Error); crashed {
		r.found.add(spec.AfterClose, "a Put after Close panicked with a runtime error instead of naming the misuse: %s", text)
	} else if !strings.Contains(strings.ToLower(text), "clos") {
		r.found.add(spec.AfterClose, "a Put after Close panicked without naming the misuse: %q", text)
	}
}
