package stress

import (
	"math/rand/v2"

	"batchlab/impls/spec"
)

// own has each producer work on keys that nobody else sets: what every call
// returns is known exactly, while the others churn the same buckets.
func (r *mapPass) own() {
	r.eachItem(func(_, key int, rng *rand.Rand) {
		r.useKey(key, rng)
		if rng.IntN(16) == 0 {
			r.peek(rng.IntN(r.n))
		}
	})
	if r.found.has(spec.NoPanic) {
		return // in the middle of who knows what
	}
	present := r.settle()
	r.judgeCount(present, "after Sets and Deletes")
}

// useKey takes one key through its life. The value ends up in last, 0 for absent.
func (r *mapPass) useKey(key int, rng *rand.Rand) {
	value, other := key+1, key+1+r.n
	r.expectSet(key, value, true)
	r.expectGet(key, value)
	r.expectSet(key, other, false)
	r.last[key] = uint32(value)
	if rng.IntN(3) > 0 {
		return
	}
	r.expectDelete(key, true)
	if _, ok := r.m.Get(key); ok {
		r.found.add(spec.DeleteLaw, "key %d is there after its Delete", key)
	}
	r.expectDelete(key, false)
	r.last[key] = 0
	if rng.IntN(2) == 0 {
		r.expectSet(key, other, true)
		r.last[key] = uint32(other)
	}
}

func (r *mapPass) expectSet(key, value int, want bool) {
	if got := r.m.Set(key, value); got != want {
		r.found.add(spec.OneWinner, "Set returned %v on key %d, which was %s", got, key, presence[!want])
	}
}

var presence = map[bool]string{true: "there", false: "not there"}

func (r *mapPass) expectGet(key, value int) {
	if v, ok := r.m.Get(key); !ok {
		r.found.add(spec.Lifetime, "key %d is not there, though it was set within the window", key)
	} else if v != value {
		r.found.add(spec.Value, "key %d has the value %d, stored was %d", key, v, value)
	}
}

func (r *mapPass) expectDelete(key int, want bool) {
	if got := r.m.Delete(key); got != want {
		r.found.add(spec.DeleteLaw, "Delete returned %v on key %d, which was %s", got, key, presence[want])
	}
}

// peek looks at any key: it may be there or not, but its value is its own.
func (r *mapPass) peek(key int) {
	if v, ok := r.m.Get(key); ok && (v < 1 || v > 2*r.n || int(r.keys[(v-1)%r.n]) != key) {
		r.found.add(spec.Value, "key %d has the value %d, which no Set of it stored", key, v)
	}
	r.m.Count()
}

// settle compares every key with what its owner left, and counts those present.
func (r *mapPass) settle() int {
	return r.eachKey(func(key int) bool {
		want := int(r.last[key])
		if want != 0 {
			r.expectGet(key, want)
		} else if _, ok := r.m.Get(key); ok {
			r.found.add(spec.DeleteLaw, "key %d is there, though it was deleted or never set", key)
		}
		return want != 0
	})
}
