package bench

import (
	"math/rand/v2"
	"time"

	"batchlab/impls/spec"
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
	dedupTimed = 600 // of the new items, of which the latency is measured
)

func (w dedupWork) run(s spec.Subject, m *meter) error {
	return m.prepared(func() error { return w.once(s, m) })
}

func (w dedupWork) once(s spec.Subject, m *meter) error {
	old := numbered(dedupLive * dedupKeys)
	// Duplicates are of old items only, so that nobody races for a key: the baseline
	// may take both (see corpora/litmus/two-puts-of-one-key.seed).
	rng := rand.New(rand.NewPCG(1, 2))
	items, fresh := make([]spec.Item, dedupItems), 0
	for i := range items {
		if rng.IntN(100) < w.duplicates {
			items[i].Key = rng.IntN(len(old))
		} else {
			items[i].Key = len(old) + fresh
			fresh++
		}
	}
	r := &receiver{}
	r.expect(m.histogram(), len(old), fresh, max(1, fresh/dedupTimed))
	c := newStepClock()
	b := s.NewBatcher(spec.BatcherConfig{Size: 100, Timeout: time.Hour}, c, r.handle)
	for i := range old {
		if i%dedupKeys == 0 && i > 0 {
			c.step(spec.DedupBucket, spec.MinRefresh)
		}
		b.Put(&old[i])
	}
	m.timed(len(items), func() {
		together(w.producers, len(items), func(_, first, last int) {
			for i := first; i < last; i++ {
				r.sending(&items[i])
				b.Put(&items[i])
			}
		})
		b.Close()
	})
	return r.complete(len(old) + fresh)
}
