package fuzz

import (
	fuzzheaders "github.com/AdaLogics/go-fuzz-headers"

	"batchlab/sim/program"
)

// source gives a fuzzer's bytes to program.Decode. A ConsumeFuzzer returns an error
// when its bytes run out; here zeros follow, so that any bytes make a program.
type source struct {
	fuzzer *fuzzheaders.ConsumeFuzzer
	left   int
}

// Source returns the bytes as what program.Decode reads.
func Source(data []byte) program.Source {
	return &source{fuzzheaders.NewConsumer(data), len(data)}
}

func (s *source) Byte() byte {
	b, err := s.fuzzer.GetByte()
	if err != nil {
		return 0
	}
	s.left--
	return b
}

func (s *source) Done() bool { return s.left == 0 }

// Program is the program that a target runs for an input.
func Program(kind string, data []byte) *program.Program {
	return program.Decode(kind, Source(data)).Tame()
}
