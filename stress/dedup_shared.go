package stress

import (
	"sync/atomic"

	"batchlab/sim/subject"
)

// set is a Set of item i's key, booked if it won.
func (r *mapPass) set(i int) {
	k := r.keys[i]
	if r.m.Set(int(k), i+1) {
		r.wins[k].Add(1)
		r.last[k].Store(uint32(i) + 1)
	}
}

// race has all producers Set the same keys and nobody Delete them: each key has
// one winner, whose value stays. Then two producers race to Delete every other key.
func (r *mapPass) race() {
	r.together(r.c.producers, func(p int) {
		lo, hi := r.lot(p)
		rng := r.c.rng(p + 1)
		for i := lo; i < hi && !r.stop.Load(); i++ {
			r.set(i)
			if i%4 == 0 {
				if _, ok := r.m.Get(int(r.keys[i])); !ok {
					r.found.add(subject.Lifetime, "key %d is not there, though it was set within the window", r.keys[i])
				}
				r.peek(int(r.keys[i]))
			}
			r.items[p].Store(int64(i - lo + 1))
			r.c.scenario.rest(i-lo, hi-lo, rng)
		}
	})
	present := r.judgeWinners()
	r.judgeCount(present, "after racing Sets")
	deleted := r.raceDeletes()
	r.judgeCount(present-deleted, "after racing Deletes")
}

// judgeWinners looks at every key that was set, and counts those that must be there.
func (r *mapPass) judgeWinners() int {
	tried := make([]bool, len(r.wins))
	for p := range r.items {
		lo, _ := r.lot(p)
		for i := lo; i < lo+int(r.items[p].Load()); i++ {
			tried[r.keys[i]] = true
		}
	}
	var present atomic.Int64
	r.eachKey(func(_, k int) {
		wins := r.wins[k].Load()
		if wins > 0 {
			present.Add(1)
		}
		switch {
		case wins == 0 && tried[k]:
			r.found.add(subject.OneWinner, "no Set of key %d won", k)
		case wins > 1:
			r.found.add(subject.OneWinner, "%d Sets of key %d won while it was there", wins, k)
		case wins == 1:
			r.expectGet(k, int(r.last[k].Load()))
		}
	})
	return int(present.Load())
}

// raceDeletes has two producers Delete each even key, and counts the keys gone.
func (r *mapPass) raceDeletes() int {
	n := r.c.producers
	r.together(n, func(p int) {
		for k := range len(r.wins) {
			if k%2 == 0 && ((k/2)%n == p || (k/2+1)%n == p) {
				if r.m.Delete(k) {
					r.dels[k].Add(1)
				}
				r.steps[p].Add(1)
			}
		}
	})
	var gone atomic.Int64
	r.eachKey(func(_, k int) {
		wins, dels := r.wins[k].Load(), r.dels[k].Load()
		if k%2 != 0 || wins == 0 {
			return
		}
		gone.Add(1)
		if wins > 1 {
			return // two entries under one key: D2-one-winner, reported above
		}
		if dels != 1 {
			r.found.add(subject.DeleteLaw, "%d Deletes of key %d returned true, it was there once", dels, k)
		}
		if _, ok := r.m.Get(k); ok {
			r.found.add(subject.DeleteLaw, "key %d is there after its Delete", k)
		}
	})
	return int(gone.Load())
}

// contend has all producers Set and Delete a few keys at once. What a single call
// should have returned cannot be told from outside; but Sets and Deletes that
// returned true alternate, so at rest their difference is 1 or 0: the key is there or not.
func (r *mapPass) contend() {
	r.together(r.c.producers, func(p int) {
		lo, hi := r.lot(p)
		rng := r.c.rng(p + 1)
		for i := lo; i < hi && !r.stop.Load(); i++ {
			r.set(i)
			switch k := rng.IntN(len(r.wins)); rng.IntN(4) {
			case 0, 1:
				if r.m.Delete(k) {
					r.dels[k].Add(1)
				}
			case 2:
				r.peek(k)
			}
			r.items[p].Store(int64(i - lo + 1))
			r.c.scenario.rest(i-lo, hi-lo, rng)
		}
	})
	var present atomic.Int64
	r.eachKey(func(_, k int) {
		wins, dels, there := int(r.wins[k].Load()), int(r.dels[k].Load()), 0
		if _, ok := r.m.Get(k); ok {
			there = 1
			present.Add(1)
		}
		r.peek(k)
		switch {
		case wins-dels > there:
			r.found.add(subject.OneWinner, "key %d: %d Sets and %d Deletes returned true, and %d entries are left", k, wins, dels, there)
		case wins-dels < there:
			r.found.add(subject.DeleteLaw, "key %d: %d Sets and %d Deletes returned true, and %d entries are left", k, wins, dels, there)
		}
	})
	r.judgeCount(int(present.Load()), "after racing Sets and Deletes")
}
