package fuzz

import (
	"testing"

	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
)

func FuzzBatcher(f *testing.F) {
	on := begin(f, batcher.Kind)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, batcher.Kind, data, on) })
}

func FuzzMap(f *testing.F) {
	on := begin(f, dedup.Kind)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, dedup.Kind, data, on) })
}

func FuzzDedupBatcher(f *testing.F) {
	on := begin(f, dedupbatcher.Kind)
	f.Fuzz(func(t *testing.T, data []byte) { run(t, dedupbatcher.Kind, data, on) })
}

func FuzzText(f *testing.F) {
	inputs, err := TextInputs(Corpora)
	if err != nil {
		f.Fatal(err)
	}
	for _, data := range inputs {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := faithful(Text(data)); err != nil {
			t.Fatal(err)
		}
	})
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
