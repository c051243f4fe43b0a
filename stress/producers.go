package stress

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"batchlab/sim/subject"
)

// together runs f for each producer in a goroutine of its own, released at once,
// and waits for all of them.
func (p *pass) together(producers int, f func(producer int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range producers {
		wg.Go(func() {
			defer p.catch(fmt.Sprintf("a call of producer %d", i))
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}

// rng is the seeded source of randomness of one producer.
func (c *cell) rng(producer int) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed, uint64(producer)))
}

// produce puts every producer's lot, until done at the latest; done is set when
// no producer is left.
func (r *batcherPass) produce(done *atomic.Bool) {
	r.together(r.l.producers, func(p int) {
		defer func() {
			v := recover()
			switch {
			case v == nil:
			case r.closing.Load():
				r.judgePanic(v)
			default:
				r.found.add(subject.NoPanic, "Put panicked before Close: %s", short(fmt.Sprint(v), 200))
			}
		}()
		r.putLot(p)
	})
	if done != nil {
		done.Store(true)
	}
}

func (r *batcherPass) putLot(p int) {
	lo, hi := r.l.lot(p)
	rng, sc := r.c.rng(p+1), r.c.scenario
	if r.overlap { // in a stream, with the processor changing hands often
		sc.pause, sc.yield = 0, 16
	}
	for i := lo; i < hi && !r.stop.Load(); i++ {
		r.b.Put(&r.l.items[i])
		r.l.accepted[p].Store(int64(i - lo + 1))
		if sc.trigger > 0 && (i-lo)%sc.trigger == sc.trigger-1 {
			r.trigger()
		}
		sc.rest(i-lo, hi-lo, rng)
	}
}

// trigger is a Trigger whose panic is not taken for a Put's.
func (r *batcherPass) trigger() {
	defer r.catch("Trigger")
	r.b.Trigger()
}
