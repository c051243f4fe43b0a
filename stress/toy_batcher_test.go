package stress

import (
	"sync"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// toy is a small correct batcher with room for one flaw.
type toy struct {
	cfg  spec.BatcherConfig
	fn   func([]*spec.Item)
	flaw flaw

	in    chan *spec.Item
	kick  chan struct{}
	done  chan struct{}
	end   sync.Once
	gate  sync.RWMutex
	quit  bool
	busy  sync.WaitGroup
	seen  map[int]bool
	lock  sync.Mutex
	count int          // batches so far
	spent bool         // the flaw has shown
	held  []*spec.Item // what a flaw keeps for later
	hoard [][]byte
	ever  [][]*spec.Item
}

// flaw replaces parts of a toy; what is nil is as it should be.
type flaw struct {
	dedup   bool
	born    func(*toy)
	put     func(*toy, *spec.Item)
	late    func(*toy, *spec.Item) // a Put after Close
	batch   func(*toy, []*spec.Item)
	trigger func(*toy) // a Trigger after Close
	last    func(*toy) // when everything has been delivered, before Close returns
}

func (f flaw) subject() spec.Subject {
	kind := spec.KindBatcher
	if f.dedup {
		kind = spec.KindDedupBatcher
	}
	return spec.Subject{Name: "toy", Kind: kind, NewBatcher: f.new}
}

func (f flaw) new(cfg spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
	t := &toy{
		cfg: cfg, fn: fn, flaw: f, in: make(chan *spec.Item, spec.QueueFactor*cfg.Size),
		kick: make(chan struct{}), done: make(chan struct{}), seen: map[int]bool{},
	}
	if f.born != nil {
		f.born(t)
	}
	go t.work(clk)
	return t
}

func (t *toy) Put(item *spec.Item) {
	t.gate.RLock()
	defer t.gate.RUnlock()
	if t.quit {
		if t.flaw.late != nil {
			t.flaw.late(t, item)
			return
		}
		panic("toy: Put after Close")
	}
	if t.flaw.put != nil {
		t.flaw.put(t, item)
	}
	if !t.flaw.dedup || t.fresh(item.Key) {
		t.in <- item
	}
}

func (t *toy) fresh(key int) bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	was := t.seen[key]
	t.seen[key] = true
	return !was
}

func (t *toy) Trigger() {
	select {
	case t.kick <- struct{}{}:
	case <-t.done:
		if t.flaw.trigger != nil {
			t.flaw.trigger(t)
		}
	}
}

func (t *toy) Close() {
	t.gate.Lock()
	t.quit = true
	t.gate.Unlock()
	t.end.Do(func() {
		close(t.in)
		<-t.done
		t.busy.Wait()
		if t.flaw.last != nil {
			t.flaw.last(t)
		}
	})
}

func (t *toy) work(clk clock.Clock) {
	defer close(t.done)
	for open := true; open; {
		var batch []*spec.Item
		timer := clk.Timer(t.cfg.Timeout)
		for full := false; !full && open; {
			select {
			case item, ok := <-t.in:
				if open = ok; ok {
					batch = append(batch, item)
					full = len(batch) == t.cfg.Size
				}
			case <-timer.C:
				full = true
			case <-t.kick:
				full = true
			}
		}
		timer.Stop()
		t.flush(batch)
	}
}

func (t *toy) flush(batch []*spec.Item) {
	if len(batch) == 0 {
		return
	}
	t.count++
	if t.flaw.batch != nil {
		t.flaw.batch(t, batch)
		return
	}
	t.run(batch)
}

func (t *toy) run(batch []*spec.Item) {
	if t.cfg.Background {
		t.busy.Go(func() { t.fn(batch) })
		return
	}
	t.fn(batch)
}

// holdLast delivers all but the newest item, which waits for the next batch.
func holdLast(t *toy, batch []*spec.Item) {
	all := append(t.held, batch...)
	n := len(all) - 1
	t.held = []*spec.Item{all[n]}
	if n > 0 {
		t.run(all[:n:n])
	}
}

// pairs is the flaw of giving batches to f two at a time.
func pairs(f func(t *toy, a, b []*spec.Item)) flaw {
	return flaw{
		batch: func(t *toy, batch []*spec.Item) {
			if t.held == nil {
				t.held = batch
				return
			}
			f(t, t.held, batch)
			t.held = nil
		},
		last: func(t *toy) {
			if t.held != nil {
				t.fn(t.held)
			}
		},
	}
}

// once changes one batch of at least two items, not the first.
func once(f func(t *toy, batch []*spec.Item)) func(*toy, []*spec.Item) {
	return func(t *toy, batch []*spec.Item) {
		if t.spent || t.count < 2 || len(batch) < 2 {
			t.run(batch)
			return
		}
		t.spent = true
		f(t, batch)
	}
}

// nap is long enough for Close to return and for its return to be noticed.
func nap() { time.Sleep(200 * time.Millisecond) }
