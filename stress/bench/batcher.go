package bench

import (
	"fmt"
	"math/bits"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// stream is a load without pauses: as many items as the batcher takes.
type stream struct {
	size      int
	timeout   time.Duration
	producers int
	items     int  // that go through one batcher
	latency   bool // measure it too, of one item in 64: reading the time costs as much as a Put
}

const latencyEvery = 64

func (w stream) run(s spec.Subject, m *meter) error {
	items := numbered(w.items)
	warm := w
	warm.items /= 10
	if err := warm.once(s, &meter{}, items[:warm.items]); err != nil {
		return err
	}
	for {
		if err := w.once(s, m, items); err != nil || !m.more() {
			return err
		}
	}
}

// once measures from the first Put until Close has returned: then every handler has.
func (w stream) once(s spec.Subject, m *meter, items []spec.Item) error {
	r := &receiver{}
	if w.latency {
		r.expect(m.histogram(), 0, len(items), latencyEvery)
	}
	b := s.NewBatcher(spec.BatcherConfig{Size: w.size, Timeout: w.timeout}, clock.New(), r.handle)
	m.timed(len(items), func() {
		together(w.producers, len(items), func(_, first, last int) {
			for i := first; i < last; i++ {
				if w.latency {
					r.sending(&items[i])
				}
				b.Put(&items[i])
			}
		})
		b.Close()
	})
	return r.complete(len(items))
}

// pace is a load that comes when it comes, whether or not the batcher keeps up. An
// item's latency counts from when it was due, not from when its producer got round
// to putting it: else a batcher that blocks its producers would look fast (Tene, How
// NOT to Measure Latency, on coordinated omission).
type pace struct {
	size      int
	timeout   time.Duration
	producers int
	burst     int // items of a producer that are due at one instant
	every     time.Duration
	times     int
}

func (w pace) run(s spec.Subject, m *meter) error {
	n := w.producers * w.burst * w.times
	items := numbered(n)
	r := &receiver{}
	r.expect(m.histogram(), 0, n, 1)
	b := s.NewBatcher(spec.BatcherConfig{Size: w.size, Timeout: w.timeout}, clock.New(), r.handle)
	m.timed(n, func() {
		began := now() + int64(time.Millisecond)
		together(w.producers, n, func(_, first, _ int) {
			for t := range w.times {
				due := began + int64(t)*int64(w.every)
				time.Sleep(time.Duration(due - now()))
				for range w.burst {
					r.sent[first] = due
					b.Put(&items[first])
					first++
				}
			}
		})
		b.Close()
	})
	return r.complete(n)
}

// receiver is a handler in the foreground.
type receiver struct {
	seen    int
	latency *hdrhistogram.Histogram // nil: items are only counted
	first   int                     // items with smaller keys are not timed
	shift   int                     // of the others, one in 1<<shift is
	sent    []int64                 // when
}

// expect has latencies recorded, of about one in so many of n items, whose keys count up
// from first.
func (r *receiver) expect(h *hdrhistogram.Histogram, first, n, every int) {
	r.latency, r.first, r.shift = h, first, bits.Len(uint(every))-1
	r.sent = make([]int64, n>>r.shift+1)
}

// timed returns where it is kept when an item was sent, or nil if it is not.
func (r *receiver) timed(item *spec.Item) *int64 {
	i := item.Key - r.first
	if i < 0 || i&(1<<r.shift-1) != 0 {
		return nil
	}
	return &r.sent[i>>r.shift]
}

// sending notes the time, if the item's latency is recorded.
func (r *receiver) sending(item *spec.Item) {
	if at := r.timed(item); at != nil {
		*at = now()
	}
}

func (r *receiver) handle(batch []*spec.Item) {
	r.seen += len(batch)
	if r.latency == nil {
		return
	}
	at := now()
	for _, item := range batch {
		if sent := r.timed(item); sent != nil {
			// What is out of range is a wait of more than 100 seconds; the process is ended before.
			_ = r.latency.RecordValue(max(1, at-*sent))
		}
	}
}

// numbered are items with the keys from 0 on.
func numbered(n int) []spec.Item {
	items := make([]spec.Item, n)
	for i := range items {
		items[i].Key = i
	}
	return items
}

// complete is an error unless n items were seen. To be called after Close.
func (r *receiver) complete(n int) error {
	if r.seen != n {
		return fmt.Errorf("the handler saw %d of %d items", r.seen, n)
	}
	return nil
}

// together splits n into as many shares as there are goroutines, starts them, and
// returns when all are done. What is left over is the last one's.
func together(goroutines, n int, f func(g, first, last int)) {
	if goroutines == 1 {
		f(0, 0, n)
		return
	}
	var wg sync.WaitGroup
	share := n / goroutines
	for g := range goroutines {
		last := (g + 1) * share
		if g == goroutines-1 {
			last = n
		}
		wg.Go(func() { f(g, g*share, last) })
	}
	wg.Wait()
}
