package main

import (
	"runtime"

	"github.com/benbjohnson/clock"
	"github.com/jellydator/ttlcache/v3"

	"batchlab/impls/spec"
)

// ttlMap is jellydator's ttlcache, without a bound on its size, whose Get does not make
// an entry live longer. Set asks Has before GetOrSet, since most Sets are of what is
// there and Has takes a lock that readers share.
//
// It differs from the baseline:
//   - an entry lives for as long as the window from its own Set: there are no buckets
//     that expire at once. A goroutine removes each when its time has come, which costs
//     a heap of all entries;
//   - one lock for all; Get takes it alone, for it notes which entry was used last;
//   - Count leaves out what has expired;
//   - Set is atomic;
//   - Close ends the removal, but entries expire all the same.
type ttlMap struct {
	*ttlcache.Cache[int, int]
	ended chan struct{} // closed when Start has returned
}

func newTTLCache(c spec.MapConfig, _ clock.Clock) spec.Map {
	m := &ttlMap{
		Cache: ttlcache.New(ttlcache.WithTTL[int, int](c.Window()), ttlcache.WithDisableTouchOnHit[int, int]()),
		ended: make(chan struct{}),
	}
	go func() {
		defer close(m.ended)
		m.Start()
	}()
	return m
}

func (m *ttlMap) Get(key int) (int, bool) {
	if item := m.Cache.Get(key); item != nil {
		return item.Value(), true
	}
	return 0, false
}

func (m *ttlMap) Set(key, value int) bool {
	if m.Has(key) {
		return false
	}
	_, found := m.GetOrSet(key, value)
	return !found
}

func (m *ttlMap) Delete(key int) bool {
	_, found := m.GetAndDelete(key)
	return found
}

func (m *ttlMap) Count() int { return m.Len() }

// Close calls Stop until it has an effect: it has none before Start has begun.
func (m *ttlMap) Close() {
	for {
		m.Stop()
		select {
		case <-m.ended:
			return
		default:
			runtime.Gosched()
		}
	}
}
