package main

import (
	"bytes"
	crand "crypto/rand"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"math"
	"math/rand"
	randv2 "math/rand/v2"
	"sync"
	"unsafe"
)

type key struct {
	p    *int
	any  any
	name string
	f    float64
}

func seeds() {
	a, b := maphash.MakeSeed(), maphash.MakeSeed()
	fmt.Println(maphash.String(a, "x"), maphash.Bytes(a, []byte("x")), maphash.String(b, "x"), a == b)
	fmt.Println(maphash.Comparable(a, "x"), maphash.Comparable(a, 7), maphash.Comparable(a, [2]bool{true}))
}

//go:linkname fastrand runtime.fastrand
func fastrand() uint32

//go:linkname memhash runtime.memhash
func memhash(p unsafe.Pointer, seed, n uintptr) uintptr

//go:linkname strhash runtime.strhash
func strhash(p unsafe.Pointer, seed uintptr) uintptr

//go:linkname typehash runtime.typehash
func typehash(typ uintptr, p unsafe.Pointer, seed uintptr) uintptr

// links are to what the runtime draws.
func links() {
	text, k := "some text", [2]int{1, 2}
	var v any = k
	fmt.Println(fastrand(), memhash(unsafe.Pointer(&k), 7, 8), strhash(unsafe.Pointer(&text), 7))
	fmt.Println(typehash(*(*uintptr)(unsafe.Pointer(&v)), unsafe.Pointer(&k), 7))
}

func ownSeed() {
	var h maphash.Hash
	h.WriteString("some text")
	binary.Write(&h, binary.LittleEndian, uint32(7))
	other, _ := h.Clone()
	io.WriteString(other.(io.Writer), "more")
	maphash.WriteComparable(&h, 1.5)
	var as hash.Hash64 = &h
	fmt.Println(as.Sum64(), as.Size(), other.(hash.Hash64).Sum64())
}

func comparables() {
	seed, x, y := maphash.MakeSeed(), new(int), new(int)
	of := func(v any) uint64 { return maphash.Comparable(seed, v) }
	fmt.Println(of(x) == of(x), of(x) == of(y), of(math.Copysign(0, -1)) == of(0.0))
	fmt.Println(maphash.Comparable(seed, x), maphash.Comparable(seed, key{y, x, "n", 0}), of(make(chan int)), of(math.NaN()))
}

// What was hashed before main is looked up later.
var (
	seed   = maphash.MakeSeed()
	object = new(int)
	number = rand.Int()
	table  = map[uint64]string{maphash.String(seed, "early"): "found", maphash.Comparable(seed, object): "pointer"}
)

func early() {
	sum := maphash.String(seed, "early")
	fmt.Println(table[sum], table[maphash.Comparable(seed, object)], sum, number)
}

func random() {
	own := rand.New(rand.NewSource(rand.Int63()))
	f := rand.Intn
	p := make([]byte, 5)
	rand.Read(p)
	fmt.Println(own.Int(), f(1000), rand.Perm(9), rand.Float64(), rand.NormFloat64(), p)
}

func randomV2() {
	x := []int{1, 2, 3, 4, 5, 6, 7}
	randv2.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
	fmt.Println(x, randv2.N(1<<30), randv2.IntN(1<<30), randv2.ExpFloat64(), randv2.Uint64())
}

func randomCrypto() {
	p, q := make([]byte, 12), make([]byte, 7)
	crand.Read(p)
	io.ReadFull(crand.Reader, q)
	fmt.Println(p, q, crand.Text(), bytes.Equal(p, q))
}

func drawBoth() {
	var wg sync.WaitGroup
	var got [2]int
	for i := range got {
		wg.Go(func() { got[i] = rand.Int() })
	}
	wg.Wait()
	fmt.Println(got, got[0] == got[1])
}
