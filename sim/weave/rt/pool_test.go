package rt

import (
	"math"
	"slices"
	"sync"
	"testing"
)

var poolsSituations = []situation{
	{"what was put, or something new", func() string {
		p := sync.Pool{New: func() any { return "new" }}
		PoolPut("p", &p, "old")
		return PoolGet("g", &p).(string)
	}, one("old", "new"), false},
	{"nothing, without New", func() string {
		var p sync.Pool
		a := PoolGet("g", &p)
		PoolPut("p", &p, nil)
		return text(a, PoolGet("g", &p))
	}, one("<nil> <nil>"), false},
	{"nothing is there twice", func() string {
		var p sync.Pool
		var a, b any
		PoolPut("p", &p, 1)
		together(func() { a = PoolGet("g", &p) }, func() { b = PoolGet("g", &p) })
		return text(a, b)
	}, one("1 <nil>", "<nil> 1", "<nil> <nil>"), false},
}

func TestPool(t *testing.T) { check(t, poolsSituations) }

// TestPoolForgets: what was put in one run is not there in the next.
func TestPoolForgets(t *testing.T) {
	var p sync.Pool
	for seed := range uint64(50) {
		Run(Config{Chooser: &dice{seed}}, func() {
			if got := PoolGet("g", &p); got != nil {
				t.Errorf("got %v", got)
			}
			for i := range 40 { // more than it keeps
				PoolPut("p", &p, i)
			}
		})
	}
}

func TestMaps(t *testing.T) {
	keys := func(m map[int]string) (got string) {
		for r, k, _ := OverMap("m", m); r.Next(&k, nil); {
			got += text(k)
		}
		return got
	}
	check(t, []situation{
		{"orders of two", func() string { return keys(map[int]string{1: "", 2: ""}) }, one("12", "21"), false},
		{"orders of three", func() string { return keys(map[int]string{1: "", 2: "", 3: ""}) },
			one("123", "321", "231", "312"), true},
		{"of one and none", func() string { return keys(map[int]string{1: ""}) + keys(nil) }, one("1"), false},
		{"what was deleted does not come", func() string {
			m, n := map[int]string{1: "", 2: "", 3: ""}, 0
			for r, k, _ := OverMap("m", m); r.Next(&k, nil); n++ {
				clear(m)
			}
			return text(n)
		}, one("1"), false},
		{"a value as it is by then", func() string {
			m, got := map[int]string{1: "a", 2: "a"}, ""
			for r, _, v := OverMap("m", m); r.Next(nil, &v); {
				got += v
				m[1], m[2] = "b", "b"
			}
			return got
		}, one("ab"), false},
		{"what is added need not come", func() string {
			m, n := map[int]string{1: "", 2: ""}, 0
			for r, k, _ := OverMap("m", m); r.Next(&k, nil); n++ {
				m[10+k] = ""
			}
			return text(n >= 2, len(m) >= 4)
		}, one("true true"), false},
		{"NaN", func() string {
			m, sum := map[float64]int{math.NaN(): 1, math.NaN(): 2, 1: 4}, 0
			for r, _, v := OverMap("m", m); r.Next(nil, &v); {
				sum += v
			}
			return text(sum)
		}, one("7"), false},
		{"sync.Map", func() string {
			var m sync.Map
			m.Store(1, "a")
			m.Store("x", "b")
			got := ""
			MapRange("m", &m, func(k, v any) bool { got += v.(string); return true })
			return got
		}, one("ab", "ba"), false},
		{"sync.Map, and no more", func() string {
			var m sync.Map
			m.Store(1, "a")
			m.Store(2, "b")
			n := 0
			MapRange("m", &m, func(any, any) bool { n++; return false })
			return text(n)
		}, one("1"), false},
	})
}

// TestArrange: keys of every kind come in the same order each time, and no method of
// theirs is called.
func TestArrange(t *testing.T) {
	type key struct {
		name string
		on   bool
		at   [2]int8
		any  any
	}
	orders := map[string]bool{}
	for range 20 {
		m := map[any]int{
			key{"a", true, [2]int8{1}, 1}: 1, key{"a", true, [2]int8{1}, "1"}: 2, key{"a", false, [2]int8{}, nil}: 3,
			loud(1): 4, 1: 5, "1": 6, 1i: 7, 1.5: 8, uint8(1): 9,
		}
		var list []any
		for k := range m {
			list = append(list, k)
		}
		arrange(list, 0)
		got := ""
		for _, k := range list {
			got += text(m[k])
		}
		orders[got] = true
	}
	if len(orders) != 1 {
		t.Errorf("%d orders: %v", len(orders), orders)
	}
	list := []int{3, 1, 2, 4}
	if arrange(list, 3); !slices.Equal(list, []int{3, 4, 1, 2}) {
		t.Errorf("from the third on: %v", list)
	}
}

type loud int

func (loud) String() string { panic("a method was called") }

// TestMapOfAnySize: each key comes once with its value, few or many, and those that equal nothing as well.
func TestMapOfAnySize(t *testing.T) {
	for n := range 3 * fewKeys {
		for _, nan := range []bool{false, true} {
			m, want, got := map[float64]int{}, 0, 0
			for i := range n {
				m[float64(i)], want = 1<<i, want+1<<i
			}
			if nan {
				m[math.NaN()], want = 1<<n, want+1<<n
			}
			Run(Config{Chooser: &dice{uint64(n)}}, func() {
				for r, k, v := OverMap("m", m); r.Next(&k, &v); {
					if got += v; k == k && v != 1<<int(k) {
						t.Errorf("%v with %d", k, v)
					}
				}
			})
			if got != want {
				t.Errorf("%d keys, NaN %v: %b, want %b", n, nan, got, want)
			}
		}
	}
}

// TestSmallMapCostsNothing: a range over a small map needs no memory of the heap.
func TestSmallMapCostsNothing(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	sum := 0
	if n := testing.AllocsPerRun(100, func() {
		for r, k, v := OverMap("m", m); r.Next(&k, &v); {
			sum += len(k) + v
		}
	}); n != 0 || sum != 101*9 {
		t.Error(n, sum)
	}
}
