package fuzz

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"batchlab/impls/mutants"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

func TestSourcePastItsEnd(t *testing.T) {
	s := Source([]byte{7, 0})
	for i, want := range []struct {
		done bool
		next byte
	}{{false, 7}, {false, 0}, {true, 0}, {true, 0}} {
		if done, next := s.Done(), s.Byte(); done != want.done || next != want.next {
			t.Errorf("read %d: done %v, byte %d, want %v and %d", i, done, next, want.done, want.next)
		}
	}
}

// What program.Encode writes comes back through the library, byte for byte.
func TestSourceRoundTrip(t *testing.T) {
	for _, kind := range program.Kinds {
		for i := range uint64(300) {
			p := program.Generate(rand.New(rand.NewPCG(2, i)), kind, 30)
			if got := program.Decode(kind, Source(program.Encode(p))); !reflect.DeepEqual(got, p.Bare()) {
				t.Fatalf("another program came back:\n%s\nwant\n%s", got, p)
			}
		}
	}
}

func TestCorpusWalk(t *testing.T) {
	seeds, err := walk(Corpora)
	if err != nil || len(seeds) == 0 {
		t.Fatalf("%d seeds, error %v", len(seeds), err)
	}
	total := 0
	for _, kind := range program.Kinds {
		inputs, err := Inputs(kind, Corpora)
		if err != nil {
			t.Fatal(err)
		}
		total += len(inputs) - generated
		i := 0
		for _, p := range seeds {
			if p.Kind != kind {
				continue
			}
			want := p.Bare()
			want.Schedule = nil // not in the bytes
			if got := program.Decode(kind, Source(inputs[i])); !reflect.DeepEqual(got, want) {
				t.Errorf("input %d is not its seed:\n%s\nwant\n%s", i, got, p)
			}
			i++
		}
	}
	if total != len(seeds) {
		t.Errorf("%d seeds became %d inputs", len(seeds), total)
	}
	if texts, err := Texts(Corpora); err != nil || len(texts) <= len(seeds) {
		t.Errorf("%d texts of %d seeds, error %v", len(texts), len(seeds), err)
	}
}

// The body of the target shown a positive, with the report that a person gets.
func TestCanaryIsCaught(t *testing.T) {
	canary := mutants.Canary().Subject
	data := []byte{0, 0, 3, 1, 1, 0x0f, 2} // batches of one, "a put x3"
	text, err := judge(t, Program(program.KindBatcher, data), []subject.Subject{canary})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"violation ", " in " + sim.Title(canary) + ", step 1", "batchlab: 1", "a put x3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
	}
	right, err := Subjects(program.KindBatcher, "")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := judge(t, Program(program.KindBatcher, data), right); text != "" || err != nil {
		t.Errorf("what is right is reported: %v\n%s", err, text)
	}
}

func TestSubjects(t *testing.T) {
	for _, c := range []struct {
		kind, on string
		n        int
		bad      bool
	}{
		{program.KindBatcher, "", 3, false},
		{program.KindBatcher, "batcher/drop-every-third", 1, false},
		{program.KindDedup, "batcher/drop-every-third", 0, false},
		{program.KindBatcher, "batcher/nobody", 0, true},
	} {
		list, err := Subjects(c.kind, c.on)
		if len(list) != c.n && c.on != "" || len(list) == 0 && c.on == "" || (err != nil) != c.bad {
			t.Errorf("%s on %q: %d subjects, error %v", c.kind, c.on, len(list), err)
		}
	}
}
