package bench

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"batchlab/sim/subject"
)

// dedupWork puts items into a batcher that has seen a minute of others.
type dedupWork struct {
	duplicates int // of the items, in percent
	producers  int
}

const (
	dedupKeys  = 1000 // new ones in each of the buckets before
	dedupLive  = 60   // buckets
	dedupItems = 40_000
)

func (w dedupWork) run(s subject.Subject, m *meter) error {
	return m.prepared(func() error { return w.once(s, m) })
}

func (w dedupWork) once(s subject.Subject, m *meter) error {
	c := newStepClock()
	var seen atomic.Int64
	b := s.NewBatcher(subject.BatcherConfig{Size: 100, Timeout: time.Hour}, c, func(batch []*subject.Item) {
		seen.Add(int64(len(batch)))
	})
	old := make([]subject.Item, dedupLive*dedupKeys)
	for i := range old {
		if i%dedupKeys == 0 && i > 0 {
			c.step(subject.DedupBucket, subject.MinRefresh)
		}
		old[i].Key = i
		b.Put(&old[i])
	}
	// Duplicates are of old items only, so that nobody races for a key: the baseline
	// may take both (see corpora/litmus/two-puts-of-one-key.seed).
	rng := rand.New(rand.NewPCG(1, 2))
	items, fresh := make([]subject.Item, dedupItems), 0
	for i := range items {
		if rng.IntN(100) < w.duplicates {
			items[i].Key = rng.IntN(len(old))
		} else {
			items[i].Key = len(old) + fresh
			fresh++
		}
	}
	m.timed(len(items), func() {
		together(w.producers, len(items), func(_, first, last int) {
			for i := first; i < last; i++ {
				b.Put(&items[i])
			}
		})
		b.Close()
	})
	if got, want := int(seen.Load()), len(old)+fresh; got != want {
		return fmt.Errorf("the handler saw %d items, want %d", got, want)
	}
	return nil
}
