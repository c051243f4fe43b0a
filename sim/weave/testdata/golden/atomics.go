package golden

import "sync/atomic"

type counters struct {
	atomic.Int64
	p    atomic.Pointer[int]
	v    atomic.Value
	flag *atomic.Bool
	raw  uint32
}

func next(c *counters) int64 { return c.Load() }

func atomics(c *counters, n uint) {
	c.Add(1)
	c.p.Store(c.p.Load())
	c.p.CompareAndSwap(nil, new(int))
	c.flag.Store(c.flag.Load() && n == 1)
	c.Store(next(c))
	c.Swap(int64(len("x")))
	c.v.Store(c)
	atomic.AddUint32(&c.raw, 1)
	atomic.StoreUint32(&c.raw, atomic.LoadUint32(&c.raw))
	atomic.StoreUint32(&c.raw, 1<<c.Load())
	load, swap := c.Load, atomic.SwapUint32
	_, _ = load, swap
	_ = (*atomic.Int64).Add
	if c.p.Load() != nil {
		*c.p.Load() = 3
	}
}
