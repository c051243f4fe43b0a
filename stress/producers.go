package stress

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"batchlab/impls/spec"
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
	return rand.New(rand.NewPCG(c.Seed, uint64(producer)))
}

// produce puts every producer's lot, or as much of it as Close and interruption allow.
func (r *batcherPass) produce() {
	r.together(r.l.producers, func(p int) {
		defer func() {
			v := recover()
			switch {
			case v == nil:
			case r.closing.Load():
				r.judgePanic(v)
			default:
				r.found.add(spec.NoPanic, "Put panicked before Close: %s", short(fmt.Sprint(v), 200))
			}
		}()
		r.putLot(p)
	})
}

// publish is how many items of a producer go by between two stores to its
// counter: each costs the race detector a copy of a vector clock.
const publish = 128

func (r *batcherPass) putLot(p int) {
	lo, hi := r.l.lot(p)
	rng, sc := r.c.rng(p+1), r.c.scenario
	if r.overlap { // in a stream, with the processor changing hands often
		sc.pause, sc.yield = 0, 16
	}
	done := 0
	defer func() { r.l.accepted[p].Store(int64(done)) }()
	for i := lo; i < hi && !r.stop.Load(); i++ {
		if r.overlap && i-lo == (hi-lo)/2 {
			r.atHalf()
		}
		r.b.Put(&r.l.items[i])
		done++
		if done%publish == 0 {
			r.l.accepted[p].Store(int64(done))
		}
		if sc.trigger > 0 && done%sc.trigger == 0 {
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
