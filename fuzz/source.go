package fuzz

import (
	"encoding/binary"
	"math"

	fuzzheaders "github.com/AdaLogics/go-fuzz-headers"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// source lets a ConsumeFuzzer make the structure of a program out of a fuzzer's bytes:
// which of several things, how many, how long, what text. A ConsumeFuzzer returns an error
// when its bytes run out, and need not be at their end then; here zeros follow, so that any
// bytes make a program.
//
//	Choice of 2          GetBool
//	Choice of up to 256  GetInt, which takes one byte
//	Choice of more       GetUint16
//	Number               GetInt, GetUint16, GetUint32 or GetUint64, as large as it may be
//	text                 GetString, or GetStringFrom
type source struct {
	fuzzer *fuzzheaders.ConsumeFuzzer
	left   int
}

func newSource(data []byte) *source { return &source{fuzzheaders.NewConsumer(data), len(data)} }

// Source returns the bytes as what program.Decode takes its choices from.
func Source(data []byte) program.Source { return newSource(data) }

func (s *source) Done() bool { return s.left == 0 }

// takes accounts for bytes that are about to be read, and reports whether they are there.
// If not, nothing else is.
func (s *source) takes(bytes int) bool {
	if s.left < bytes {
		s.left = 0
		return false
	}
	s.left -= bytes
	return true
}

func (s *source) Choice(n int) int {
	switch {
	case n == 2:
		if s.takes(1) {
			if first, _ := s.fuzzer.GetBool(); !first {
				return 1
			}
		}
		return 0
	case n <= math.MaxUint8+1:
		return int(s.Number(math.MaxUint8)) % n
	}
	return int(s.Number(math.MaxUint16)) % n
}

// Number leaves errors of the ConsumeFuzzer out: it has the bytes that it is asked for.
func (s *source) Number(most uint64) uint64 {
	var n uint64
	switch {
	case most <= math.MaxUint8:
		if s.takes(1) {
			i, _ := s.fuzzer.GetInt()
			n = uint64(i)
		}
	case most <= math.MaxUint16:
		if s.takes(3) {
			i, _ := s.fuzzer.GetUint16()
			n = uint64(i)
		}
	case most <= math.MaxUint32:
		if s.takes(4) {
			i, _ := s.fuzzer.GetUint32()
			n = uint64(i)
		}
	case s.takes(9):
		n, _ = s.fuzzer.GetUint64()
	}
	if most == math.MaxUint64 {
		return n
	}
	return n % (most + 1)
}

// sink writes the bytes of which a ConsumeFuzzer makes the same choices.
type sink struct{ out []byte }

// Encode returns the bytes of which Source makes a program again.
func Encode(p *program.Program) []byte {
	s := &sink{}
	program.Encode(p, s)
	return s.out
}

func (s *sink) Choice(i, n int) {
	if n <= math.MaxUint8+1 { // GetBool is true for what is even, which is the first
		s.out = append(s.out, byte(i))
		return
	}
	s.Number(uint64(i), math.MaxUint16)
}

func (s *sink) Number(v, most uint64) {
	const bigEndian = 1 // GetBool is false
	switch {
	case most <= math.MaxUint8:
		s.out = append(s.out, byte(v))
	case most <= math.MaxUint16:
		s.out = append(binary.BigEndian.AppendUint16(s.out, uint16(v)), bigEndian)
	case most <= math.MaxUint32:
		s.out = binary.BigEndian.AppendUint32(s.out, uint32(v))
	default:
		s.out = append(binary.BigEndian.AppendUint64(s.out, v), bigEndian)
	}
}

// text writes what source.text reads.
func (s *sink) text(v string) {
	s.out = append(binary.BigEndian.AppendUint32(s.out, uint32(len(v))), v...)
}

// Program is the program that a target runs for an input.
func Program(k *kind.Kind, data []byte) *program.Program {
	return program.Decode(k, Source(data)).Tame()
}
