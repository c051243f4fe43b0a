package stress

import (
	"math/rand/v2"
	"slices"

	"batchlab/impls/spec"
)

// set is a Set of item i's key, booked if it won.
func (r *mapPass) set(i int) {
	r.won[i] = r.m.Set(int(r.keys[i]), i+1)
}

// delete is a Delete, booked if it found the key.
func (r *mapPass) delete(p, key int) {
	if r.m.Delete(key) {
		r.gone[p] = append(r.gone[p], uint32(key))
	}
}

// tally counts, at rest, who won what.
func (r *mapPass) tally() {
	clear(r.wins)
	clear(r.dels)
	for i, won := range r.won {
		if won {
			r.wins[r.keys[i]]++
			r.last[r.keys[i]] = uint32(i) + 1
		}
	}
	for _, keys := range r.gone {
		for _, k := range keys {
			r.dels[k]++
		}
	}
}

// race has all producers Set the same keys and nobody Delete them: each key has
// one winner, whose value stays. Then two producers race to Delete every other key.
func (r *mapPass) race() {
	missed := make([][]uint32, r.c.producers) // by producer: keys that were not there after a Set
	r.eachItem(func(p, i int, _ *rand.Rand) {
		r.set(i)
		if i%4 == 0 {
			if _, ok := r.m.Get(int(r.keys[i])); !ok {
				missed[p] = append(missed[p], r.keys[i])
			}
			r.peek(int(r.keys[i]))
		}
	})
	if r.found.has(spec.NoPanic) {
		return
	}
	r.tally()
	for _, k := range slices.Concat(missed...) {
		if r.wins[k] > 0 { // else no Set of it won, and that is what is wrong
			r.found.add(spec.Lifetime, "key %d is not there, though it was set within the window", k)
		}
	}
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
	return r.eachKey(func(k int) bool {
		wins := r.wins[k]
		switch {
		case wins == 0 && tried[k]:
			r.found.add(spec.OneWinner, "no Set of key %d won", k)
		case wins > 1:
			r.found.add(spec.OneWinner, "%d Sets of key %d won while it was there", wins, k)
		case wins == 1:
			r.expectGet(k, int(r.last[k]))
		}
		return wins > 0
	})
}

// raceDeletes has two producers Delete each even key, and counts the keys gone.
func (r *mapPass) raceDeletes() int {
	n := r.c.producers
	r.together(n, func(p int) {
		for k := range len(r.wins) {
			if k%2 == 0 && ((k/2)%n == p || (k/2+1)%n == p) {
				r.delete(p, k)
				r.step(p, k/2)
			}
		}
	})
	r.tally()
	return r.eachKey(func(k int) bool {
		wins, dels := r.wins[k], r.dels[k]
		if k%2 != 0 || wins == 0 {
			return false
		}
		if wins > 1 {
			return true // two entries under one key: D2-one-winner, reported above
		}
		if dels != 1 {
			r.found.add(spec.DeleteLaw, "%d Deletes of key %d returned true, it was there once", dels, k)
		}
		if _, ok := r.m.Get(k); ok {
			r.found.add(spec.DeleteLaw, "key %d is there after its Delete", k)
		}
		return true
	})
}

// contend has all producers Set and Delete a few keys at once. What a single call
// should have returned cannot be told from outside; but Sets and Deletes that
// returned true alternate, so at rest their difference is 1 or 0: the key is there or not.
func (r *mapPass) contend() {
	r.eachItem(func(p, i int, rng *rand.Rand) {
		r.set(i)
		switch k := rng.IntN(len(r.wins)); rng.IntN(4) {
		case 0, 1:
			r.delete(p, k)
		case 2:
			r.peek(k)
		}
	})
	if r.found.has(spec.NoPanic) {
		return
	}
	r.tally()
	present := r.eachKey(func(k int) bool {
		wins, dels, there := int(r.wins[k]), int(r.dels[k]), 0
		if _, ok := r.m.Get(k); ok {
			there = 1
		}
		r.peek(k)
		if left := wins - dels; left != there {
			law := spec.OneWinner
			if left < there {
				law = spec.DeleteLaw
			}
			r.found.add(law, "key %d: %d Sets and %d Deletes returned true, and %d entries are left", k, wins, dels, there)
		}
		return there > 0
	})
	r.judgeCount(present, "after racing Sets and Deletes")
}
