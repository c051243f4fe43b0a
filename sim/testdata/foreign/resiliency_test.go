package foreign_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/benbjohnson/clock"
	"github.com/eapache/go-resiliency/batcher"

	"batchlab/sim"
	"batchlab/sim/subject"
)

// resilient puts the Batcher of go-resiliency behind the contract of a batcher. Run
// blocks until the batch that its item is in is done, so Close has everything delivered
// when no Put is under way any more. What the component does not offer is added here,
// and so is not under test:
//
//   - no cap on a batch's size: batches are cut into pieces for the handler;
//   - batches that come while the handler is at work run beside it, in goroutines of
//     their own: in the foreground the pieces are handed on one at a time;
//   - no end: Put panics after Close.
type resilient struct {
	*batcher.Batcher
	config subject.BatcherConfig
	fn     func([]*subject.Item)

	mu     sync.Mutex // never held while waiting
	ready  [][]*subject.Item
	busy   bool // somebody hands on
	closed bool
	puts   sync.WaitGroup // under way
}

func newResilient(c subject.BatcherConfig, _ clock.Clock, fn func([]*subject.Item)) subject.Batcher {
	r := &resilient{config: c, fn: fn}
	r.Batcher = batcher.New(c.Timeout, r.work)
	return r
}

// work is the function that the component calls with a batch.
func (r *resilient) work(batch []any) error {
	var items []*subject.Item
	for _, item := range batch {
		items = append(items, item.(*subject.Item))
	}
	pieces := slices.Collect(slices.Chunk(items, r.config.Size))
	if r.config.Background {
		for _, p := range pieces {
			r.fn(p)
		}
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ready = append(r.ready, pieces...)
	if r.busy {
		return nil
	}
	r.busy = true
	for len(r.ready) > 0 {
		p := r.ready[0]
		r.ready = r.ready[1:]
		r.mu.Unlock()
		r.fn(p)
		r.mu.Lock()
	}
	r.busy = false
	return nil
}

func (r *resilient) Put(item *subject.Item) {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		panic("resilient: Put after Close")
	}
	r.puts.Add(1)
	r.mu.Unlock()
	defer r.puts.Done()
	r.Run(item)
}

func (r *resilient) Trigger() { r.Shutdown(false) }

func (r *resilient) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.Shutdown(false)
	r.puts.Wait()
}

// The version is v1.5.0, which has a race that v1.6.0 repaired ("Fix a race condition in
// the Batcher"): the goroutine of a batch reads its channel from a field without the
// lock. No sequential program shows that: plain go test passes.
//
//	batchlab explore --test . --weave github.com/eapache/go-resiliency/batcher -- -run TestResiliency
func TestResiliency(t *testing.T) {
	s := subject.Subject{Name: "resiliency", Kind: subject.KindBatcher, Clockless: true, LawsOnly: true, NewBatcher: newResilient}
	sim.Test(t, s, sim.TestOptions{Programs: 300})
}
