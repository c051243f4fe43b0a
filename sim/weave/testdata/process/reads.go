package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"unique"
	"unsafe"
	"weak"
)

func pointerKeys() {
	m := map[*int]int{}
	for i := range 8 {
		m[&i] = i
	}
	for _, v := range m {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

func channelKeys() {
	m := map[chan int]int{}
	for i := range 8 {
		m[make(chan int)] += i
	}
	for _, v := range m {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

func typeHere() any { type same struct{ n int }; return same{1} }

func typeThere() any { type same struct{ n int }; return same{1} }

func interfaceKeys() {
	m := map[any]int{typeHere(): 1, typeThere(): 2, 3: 3, "4": 4, &key{}: 5, new(int): 6, [1]any{new(int)}: 7, nil: 8}
	for k, v := range m {
		fmt.Print(k == nil, v, " ")
	}
	fmt.Println()
}

func structKeys() {
	m := map[key]int{}
	for i := range 8 {
		m[key{new(int), i / 2, "a", float64(i / 3)}] = i
		m[key{p: new(int), any: new(int)}] = 10 + i
	}
	for _, v := range m {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

func inOrder[K comparable](keys ...K) {
	m := map[K]int{}
	for i, k := range keys {
		m[k] = i
	}
	for _, i := range m {
		fmt.Print(i, " ")
	}
	fmt.Println()
}

func genericKeys() {
	inOrder(1, 2, 3, 4, 5, 6)
	inOrder(new(int), new(int), new(int), new(int), new(int))
	inOrder(unsafe.Pointer(new(int)), unsafe.Pointer(new(int)), unsafe.Pointer(new(int)), unsafe.Pointer(new(int)))
	inOrder[any](1, "a", new(int), new(string), new(int), 2.5)
}

func nanKeys() {
	m := map[[2]float64]int{}
	for i := range 8 {
		m[[2]float64{math.NaN(), float64(i / 2)}] = i
	}
	for k, v := range m {
		fmt.Print(k[1], ":", v, " ")
	}
	fmt.Println()
}

func handleKeys() {
	m := map[unique.Handle[string]]int{}
	for i := range 8 {
		m[unique.Make(fmt.Sprint("handle", i))] = i
	}
	for _, v := range m {
		fmt.Print(v, " ")
	}
	fmt.Println(fmt.Sprint(unique.Make("x")))
}

func keysOfTwo() {
	m := map[*int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			for j := range 4 {
				mu.Lock()
				m[new(int)] = 10*i + j
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, v := range m {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

func literalKeys() {
	for _, v := range map[*[2]int]int{{1}: 1, {2}: 2, {3}: 3, {4}: 4, {5}: 5, {6}: 6} {
		fmt.Print(v, " ")
	}
	fmt.Println()
}

func mapsPackage() {
	m := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
	fmt.Println(slices.Collect(maps.Keys(m)), slices.Collect(maps.Values(m)))
	for k, v := range maps.All(m) {
		fmt.Print(k, v, " ")
	}
	maps.DeleteFunc(m, func(k string, _ int) bool { fmt.Print(k); return k < "d" })
	fmt.Println(slices.Sorted(maps.Keys(m)))
	maps.EqualFunc(m, m, func(v, _ int) bool { fmt.Print(v); return true })
	fmt.Println()
}

func syncMap() {
	var m sync.Map
	for i := range 4 {
		m.Store(new(int), i)
		m.LoadOrStore(new(string), 10+i)
	}
	m.Range(func(_, v any) bool { fmt.Print(v, " "); return true })
	fmt.Println()
}

var global int

func addresses() {
	p, ch, f := new(int), make(chan int), func() {}
	fmt.Printf("%p %v %x %X %d %#p\n", p, p, p, p, p, p)
	fmt.Printf("%p %v %p|\n", ch, &global, f)
	named := fmt.Sprintf("%p", p)
	fmt.Println(p, ch, unsafe.Pointer(p), named == fmt.Sprint(p), named == fmt.Sprintf("%p", new(int)))
	io.WriteString(os.Stdout, string(fmt.Appendf(nil, "%p\n", []int{1})))
	print := fmt.Sprintf
	fmt.Println(print("%p %T", map[int]int{}, p))
}

func inside() {
	k := key{p: new(int), any: &key{name: "x"}, name: "0xc0ffee"}
	fmt.Println(k)
	fmt.Printf("%+v %v %#v\n", &k, []any{k.p, &k}, [1]*int{k.p})
	fmt.Println(struct{ err error }{&os.PathError{Op: "o", Err: io.EOF}}, map[string]*int(nil))
}

func texts() {
	p := new(int)
	err := fmt.Errorf("at %p: %w", p, io.EOF)
	fmt.Println(err, errors.Is(err, io.EOF), errors.Unwrap(err) == io.EOF)
	fmt.Println(fmt.Errorf("%v: %w, %w", p, io.EOF, err), fmt.Errorf("just %p", p))
}

func process() {
	fmt.Println(os.Getpid() == os.Getpid(), os.Getpid(), os.Getppid() == os.Getpid(), runtime.NumGoroutine() > 0)
	fmt.Println(runtime.NumCPU() == runtime.GOMAXPROCS(0))
}

func stack() {
	done := make(chan string)
	go func() { done <- string(debug.Stack()) }()
	text := <-done
	buf := make([]byte, 400)
	fmt.Println(text, string(buf[:runtime.Stack(buf, false)]), fmt.Sprintf("%p", &buf))
}

func weakPointers() {
	m := map[weak.Pointer[int]]int{}
	for i := range 8 {
		m[weak.Make(&i)] = i
	}
	runtime.GC()
	gone := 0
	for p, i := range m {
		fmt.Print(i, " ")
		if p.Value() == nil {
			gone++
		}
	}
	fmt.Println(gone == 0)
}
