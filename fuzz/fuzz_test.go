package fuzz

import (
	"testing"

	"batchlab/sim/program"
)

func FuzzBatcher(f *testing.F) {
	on := begin(f, program.KindBatcher)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, program.KindBatcher, data, on) })
}

func FuzzMap(f *testing.F) {
	on := begin(f, program.KindDedup)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, program.KindDedup, data, on) })
}

func FuzzDedupBatcher(f *testing.F) {
	on := begin(f, program.KindDedupBatcher)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, program.KindDedupBatcher, data, on) })
}

func FuzzSeedFile(f *testing.F) {
	texts, err := Texts(Corpora)
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := parse(text); err != nil {
			t.Fatal(err)
		}
	})
}
