package golden

import (
	crand "crypto/rand"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"maps"
	"math/rand"
	randv2 "math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"unsafe" // gap: package unsafe: what it reaches is not seen
	"weak"
)

// What each process draws anew.
type hashed struct {
	maphash.Hash
	seed maphash.Seed
}

func hashes[T comparable](h *hashed, v T) hash.Hash64 {
	h.seed = maphash.MakeSeed()
	h.SetSeed(h.seed)
	h.WriteString("x")
	maphash.WriteComparable(&h.Hash, v)
	var other maphash.Hash
	other.SetSeed(h.Seed())
	f := maphash.Comparable[T]
	_ = maphash.String(h.seed, "a") + maphash.Bytes(h.seed, nil) + maphash.Comparable(h.seed, 1) + f(h.seed, v)
	return &other
}

func draws() []any {
	rand.Seed(1)
	rand.Shuffle(rand.Intn(3), func(i, j int) {})
	_, _ = rand.Read(nil)
	own := rand.New(rand.NewSource(rand.Int63()))
	float := rand.Float64
	_, _ = crand.Read(nil)
	_, _ = io.ReadFull(crand.Reader, nil)
	_, _ = crand.Prime(crand. // gap: crypto/rand.Prime: random numbers
					Reader, 8)
	return []any{own.Int(), float(), randv2.
		N(5), randv2.IntN(7), randv2.New(randv2.NewPCG(1, randv2.Uint64())), crand.Text()}
}

func reads(buf []byte) {
	go fmt.Println(runtime.NumGoroutine(), runtime.NumCPU(), os.Getpid(), os.Getppid())
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.Stack(buf, false)
	debug.PrintStack()
	defer func(text []byte) {}(debug.Stack())
	p := weak.Make(&buf)
	_ = p.Value()
	runtime.SetFinalizer(p, nil)
	runtime.AddCleanup(&buf, func(int) {}, 1).Stop()
	_ = os.Getenv("HOME")              // gap: os.Getenv: what the machine has
	open := os.Open                    // gap: os.Open: what the machine has
	_, _ = open("x")                   //
	_ = reflect.ValueOf(buf).MapKeys() // gap: reflect.Value.MapKeys: channels and maps through package reflect
	_ = uintptr(unsafe.Pointer(&buf))  // gap: an address as a number
	_ = unsafe.Pointer(uintptr(unsafe.Pointer(&buf)) + 8)
}

type sized [2]int

func prints(w io.Writer, p *int, err error, s fmt.Stringer, n int, text string, args []any) error {
	fmt.Println(n, text, err, []byte(text), sized{})
	fmt.Fprintln(w, p)
	fmt.Fprintf(w, "%d %s", n, text)
	fmt.Printf("%v", s)
	_ = fmt.Sprintf("%p", err) + fmt.Sprintf("%+4p", text) + fmt.Sprint(args...)
	show := fmt.Sprint
	_ = show(n)
	defer fmt.Print(p)
	if n > 0 {
		return errors.New("x")
	}
	return fmt.Errorf("%w of %v", err, struct{ ch chan int }{})
}

func keys[K comparable](m map[*int]int, a map[any]string, g map[K]int, k K, p *int, sm *sync.Map, ps map[sized]int) {
	m[p], a[p], g[k], ps[sized{}] = 1, "", 2, 3
	m[p]++
	a[1] = "constant"
	a[nil] += a[p]
	for a[p] = range slices.Values([]string{"x"}) {
	}
	_ = map[*sized]int{{1}: 1, {2}: 2, nil: 3}
	_ = []map[struct{ p *int }]int{{{p}: 1}}
	_ = map[[1]any]bool{{p}: true}
	sm.Store(p, 1)
	sm.LoadOrStore(k, <-make(chan int))
	sm.Swap("x", p)
	delete(m, p)
	maps.DeleteFunc(m, func(*int, int) bool { return true })
	_ = slices.Collect(maps.Values(m))
	_ = slices.Sorted(maps.Values(m))
	_ = slices.SortedFunc(maps.Keys(a), func(x, y any) int { return 0 })
}
