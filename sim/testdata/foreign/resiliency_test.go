package foreign_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/benbjohnson/clock"
	"github.com/eapache/go-resiliency/batcher"

	"batchlab/impls/spec"
	batchers "batchlab/impls/spec/batcher"
	"batchlab/sim"
	"batchlab/sim/kind"
)

// resilient puts the Batcher of go-resiliency, a component of somebody else that nobody
// has changed, behind the contract of a batcher. Run, which returns when the batch is
// done that its item is in, is Put; Shutdown is Trigger. What the component does not
// promise the adapter adds, so that it is not held against it:
//
//   - a batch has any size: the handler is given pieces;
//   - a batch runs beside another that takes long: pieces are handed on one by one;
//   - it has no end: Put panics after Close, which waits for all that is under way.
type resilient struct {
	*batcher.Batcher
	size  int
	fn    func([]*spec.Item)
	quick bool // the work is done when somebody hands its pieces on

	mu     sync.Mutex // never held while waiting
	pieces [][]*spec.Item
	busy   bool // somebody hands on
	closed bool
	under  sync.WaitGroup // Puts, and who hands on
}

func (r *resilient) Put(item *spec.Item) {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		panic("resilient: Put after Close")
	}
	r.under.Add(1)
	r.mu.Unlock()
	defer r.under.Done()
	r.Run(item)
}

func (r *resilient) Trigger() { r.Shutdown(false) }

func (r *resilient) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.Shutdown(false)
	r.under.Wait()
}

// work is what the component does with a batch.
func (r *resilient) work(batch []any) error {
	items := make([]*spec.Item, len(batch))
	for i, item := range batch {
		items[i] = item.(*spec.Item)
	}
	r.mu.Lock()
	r.pieces = slices.AppendSeq(r.pieces, slices.Chunk(items, r.size))
	first := !r.busy
	r.busy = true
	r.mu.Unlock()
	switch {
	case first && r.quick:
		r.under.Go(r.handOn)
	case first:
		r.handOn()
	}
	return nil
}

func (r *resilient) handOn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.pieces) > 0 {
		p := r.pieces[0]
		r.pieces = r.pieces[1:]
		r.mu.Unlock()
		r.fn(p)
		r.mu.Lock()
	}
	r.busy = false
}

func resiliency(name string, quick bool, waives ...kind.LawID) kind.Subject {
	return batchers.Subject(batchers.Kind, spec.Subject{
		Name: name, Kind: spec.KindBatcher, Clockless: true, LawsOnly: true, Waives: waives,
		NewBatcher: func(c spec.BatcherConfig, _ clock.Clock, fn func([]*spec.Item)) spec.Batcher {
			r := &resilient{size: c.Size, fn: fn, quick: quick}
			r.Batcher = batcher.New(c.Timeout, r.work)
			return r
		},
	})
}

// The version here is v1.5.0, which has faults that v1.6.0 repaired. The goroutine of a
// batch looks its channel up after it was started, without the lock, when a flush may have
// taken it away: then it waits for ever, and so does Put (G2-progress). And it closes a
// channel that may be the next batch's by then, which panics (G3-no-panic), even if one
// goroutine puts twice in a row. As long as the work is quick, only schedules show that, and
// plain go test passes:
//
//	batchlab explore --test . --weave github.com/eapache/go-resiliency/batcher -- -run 'TestResiliency$'
func TestResiliency(t *testing.T) {
	sim.Test(t, resiliency("resiliency", true, kind.Leak), sim.TestOptions{Programs: 300, Seed: 9, Concurrent: 40})
}

// When the work takes long, no schedule is needed: two batches are at it, and both close
// the channel of the second. And the timer of a batch that was flushed sleeps on after
// Close (G1-leak).
func TestResiliencySlow(t *testing.T) {
	sim.Test(t, resiliency("slow-resiliency", false), sim.TestOptions{Programs: 300, Corpora: t.TempDir()})
}
