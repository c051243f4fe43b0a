package rt

import (
	"sync"
	"unsafe"
)

// shelf is what lies in a sync.Pool during a run.
type shelf struct {
	items [32]any
	n     int
}

// PoolGet is pool.Get(): the item that was put last, or what New makes, as the Chooser
// says.
//
//go:norace
func PoolGet(site string, pool *sync.Pool) any {
	if !active {
		return pool.Get()
	}
	meets(unsafe.Pointer(pool))
	point(site, "pool get")
	o := objectAt(unsafe.Pointer(pool))
	visit(o.at, opPoolUsed)
	if o.pool != nil && o.pool.n > 0 {
		s.alts[0], s.alts[1] = 1, 0
		if value(s.cur, site, "pool get", 2) == 1 {
			o.pool.n--
			raceAcquire(unsafe.Pointer(&o.pool.items[o.pool.n]))
			item := o.pool.items[o.pool.n]
			o.pool.items[o.pool.n] = nil
			return item
		}
	}
	if pool.New == nil {
		return nil
	}
	return pool.New()
}

// PoolPut is pool.Put(item). A pool may drop what it is given, and this one does when it
// is full.
//
//go:norace
func PoolPut(site string, pool *sync.Pool, item any) {
	if !active {
		pool.Put(item)
		return
	}
	meets(unsafe.Pointer(pool))
	point(site, "pool put")
	o := objectAt(unsafe.Pointer(pool))
	visit(o.at, opPoolUsed)
	if o.pool == nil {
		o.pool = &shelf{}
	}
	if item != nil && o.pool.n < len(o.pool.items) {
		raceReleaseOnly(unsafe.Pointer(&o.pool.items[o.pool.n]))
		o.pool.items[o.pool.n] = item
		o.pool.n++
	}
}
