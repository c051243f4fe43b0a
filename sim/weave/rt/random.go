package rt

import (
	cryptorand "crypto/rand"
	"io"
	mathrand "math/rand"
	mathrandv2 "math/rand/v2"
	"sync/atomic"
	"unsafe"
)

// Random numbers are a fixed function of the program and the schedule: the nth that a goroutine draws
// depends on its spawn path and n, so neither on the process nor on what others draw.
// Outside of runs, where package-level variables get theirs, they are one fixed
// sequence; those of crypto/rand are left alone there.

const (
	golden = 0x9e3779b97f4a7c15 // Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014
	basis  = 0xcbf29ce484222325 // FNV-1a
	prime  = 0x100000001b3
)

// scramble is the finalizer of SplitMix64.
//
//go:norace
func scramble(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// hashText goes on with FNV-1a over a text.
//
//go:norace
func hashText(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * prime
	}
	return h
}

var drawnOutside atomic.Uint64

// draw returns the next random number. It is no point, and makes no edge.
//
//go:norace
func draw() uint64 {
	if !active {
		raceDisable()
		n := drawnOutside.Add(1)
		raceEnable()
		return scramble(n * golden)
	}
	hold()
	g := s.cur
	if g.drawn == 0 {
		g.stream = hashText(basis, g.Name)
	}
	g.drawn++
	return scramble(g.stream+g.drawn*golden) ^ other(g)
}

// drawnByChoice is how many of the first numbers that a goroutine draws are a choice, in a Timed run: it is
// that or its complement, so that what depends on them goes both ways.
const drawnByChoice = 4

// other is what makes its complement of the next number, or 0.
//
//go:norace
func other(g *G) uint64 {
	if !s.cfg.Timed || g.drawn > drawnByChoice {
		return 0
	}
	s.alts[0], s.alts[1] = 0, 1
	return -uint64(value(g, "", "random number", 2))
}

// source is a source of both packages math/rand.
type source struct{}

//go:norace
func (source) Uint64() uint64 { return draw() }

//go:norace
func (source) Int63() int64 { return int64(draw() >> 1) }

//go:norace
func (source) Seed(int64) {}

// Rand and RandV2 have what the functions of math/rand and math/rand/v2 do as methods, but
// for those that change a generator or are generic. They hold nothing that changes.
var (
	Rand   = mathrand.New(source{})
	RandV2 = mathrandv2.New(source{})
)

// RandSeed is rand.Seed(seed), which does nothing, as it does by default since Go 1.24.
func RandSeed(int64) {}

// RandRead is rand.Read(p) of math/rand.
func RandRead(p []byte) (int, error) {
	fill(p)
	return len(p), nil
}

// RandV2N is rand.N(n) of math/rand/v2.
func RandV2N[Int interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}](n Int) Int {
	if n <= 0 {
		panic("invalid argument to N")
	}
	return Int(RandV2.Uint64N(uint64(n)))
}

func fill(p []byte) {
	var z uint64
	for i := range p {
		if i%8 == 0 {
			z = draw()
		}
		p[i] = byte(z)
		z >>= 8
	}
}

// CryptoRandReader is rand.Reader of crypto/rand.
var CryptoRandReader io.Reader = cryptoReader{}

type cryptoReader struct{}

func (cryptoReader) Read(p []byte) (int, error) {
	if !active {
		return cryptorand.Reader.Read(p)
	}
	return RandRead(p)
}

// CryptoRandRead is rand.Read(p) of crypto/rand.
func CryptoRandRead(p []byte) (int, error) {
	if !active {
		return cryptorand.Read(p)
	}
	return RandRead(p)
}

// CryptoRandText is rand.Text() of crypto/rand: 26 letters and digits of base 32.
func CryptoRandText() string {
	if !active {
		return cryptorand.Text()
	}
	text := make([]byte, 26)
	fill(text)
	for i, c := range text {
		text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[c%32]
	}
	return unsafe.String(&text[0], len(text))
}
