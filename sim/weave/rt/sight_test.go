package rt

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sync"
	"testing"
	"unsafe"
)

// under is what a function says under one schedule.
func under(seed uint64, f func() string) string {
	got, _ := once(&dice{seed}, f)
	return got
}

// TestSights: an address is known by who met it and when, however many there are, and is
// forgotten when the run is over.
func TestSights(t *testing.T) {
	outside := Key(new(int))
	list := make([]*int, 5000)
	for i := range list {
		list[i] = new(int)
	}
	for range 2 {
		got := under(1, func() string {
			m := map[*int]int{Key(outside): -1}
			for i, p := range list {
				m[Key(p)] = i
			}
			at := -1
			var o orderer
			keys := slices.Collect(MapsKeys("m", m))
			arrange(keys, 0)
			for _, p := range keys {
				if m[p] != at {
					return text("not in order:", m[p], "after", at-1)
				}
				at++
			}
			return text(o.loose, known(ptr(new(int))) == nil, known(ptr(outside)) != nil, met.n)
		})
		if got != "false true true 5000" {
			t.Error(got)
		}
	}
	if known(ptr(list[0])) != nil {
		t.Error("met in a run, and still known outside")
	}
}

// TestOrderOfTwo: what one goroutine meets does not depend on when another meets what.
func TestOrderOfTwo(t *testing.T) {
	keys := func() string {
		m := map[*int]string{}
		var mu sync.Mutex
		fill := func(name string) func() {
			return func() {
				for i := range 3 {
					MutexLock("l", &mu)
					m[Key(new(int))] = text(name, i)
					MutexUnlock("u", &mu)
				}
			}
		}
		together(fill("a"), fill("b"))
		list := slices.Collect(MapsKeys("m", m))
		arrange(list, 0)
		got := ""
		for _, k := range list {
			got += m[k] + ","
		}
		return got
	}
	if seen := outcomes(100, keys); len(seen) != 1 || seen["a 0,a 1,a 2,b 0,b 1,b 2,"] == 0 {
		t.Error(seen)
	}
}

// TestHash: the sums are those of one function, however the bytes come, in a run and outside.
func TestHash(t *testing.T) {
	seed := MaphashMakeSeed()
	long := string(make([]byte, 1000)) + "x"
	sums := func() string {
		var h, g Hash
		h.SetSeed(seed)
		g.SetSeed(seed)
		h.WriteString(long)
		for i := range len(long) {
			g.WriteByte(long[i])
		}
		c, _ := g.Clone()
		c.(*Hash).Write([]byte("more"))
		all := []uint64{MaphashString(seed, long), MaphashBytes(seed, []byte(long)), h.Sum64(), g.Sum64()}
		all = slices.Compact(all)
		h.Reset()
		h.WriteString("ab")
		return text(len(all), c.(*Hash).Sum64() == g.Sum64(), h.Sum64() == MaphashString(seed, "ab"), h.Seed() == seed,
			len(h.Sum(nil)),
			MaphashComparable(seed, 0.0) == MaphashComparable(seed, math.Copysign(0, -1)),
			len(slices.Compact([]uint64{MaphashComparable(seed, math.NaN()), MaphashComparable(seed, math.NaN())})),
			MaphashComparable[any](seed, 1) == MaphashComparable[any](seed, int8(1)),
			MaphashComparable(seed, [2]string{"a", "b"}) == MaphashComparable(seed, [2]string{"ab", ""}))
	}
	const want = "1 false true true 8 true 2 false false"
	if got := sums(); got != want {
		t.Errorf("outside: %s, want %s", got, want)
	}
	if got := under(1, sums); got != want {
		t.Errorf("in a run: %s, want %s", got, want)
	}
	sum := func() string { return fmt.Sprint(MaphashString(seed, "x")) }
	if a, b := sum(), under(1, sum); b != a {
		t.Errorf("%s outside, %s in a run", a, b)
	}
	for name, f := range map[string]func(){
		"no seed":    func() { MaphashString(maphash.Seed{}, "x") },
		"unhashable": func() { MaphashComparable[any](seed, []int{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// TestDraws: what a goroutine draws depends on itself alone, and differs from what another
// does, and from seed to seed.
func TestDraws(t *testing.T) {
	seen := outcomes(50, func() string {
		var got [2][3]int
		fs := make([]func(), 2)
		for i := range fs {
			fs[i] = func() {
				for j := range got[i] {
					got[i][j] = Rand.Intn(1000)
					At("x", &got)
				}
			}
		}
		together(fs...)
		return text(got, RandV2N(1) == 0, got[0] == got[1])
	})
	if len(seen) != 1 {
		t.Error(seen)
	}
	two := func() string {
		a, b, m, n := MaphashMakeSeed(), MaphashMakeSeed(), Rand.Int(), Rand.Int()
		return text(a == b, m == n)
	}
	if got := under(1, two); got != "false false" {
		t.Error(got)
	}
	buckets := make([]int, 16)
	for range 16000 {
		buckets[RandV2.IntN(16)]++
	}
	if slices.Min(buckets) < 800 || slices.Max(buckets) > 1200 {
		t.Errorf("of 16 numbers each came so often: %v", buckets)
	}
}

func ptr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }
