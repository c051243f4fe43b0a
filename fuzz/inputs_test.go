package fuzz

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

func TestSourcePastItsEnd(t *testing.T) {
	s := Source([]byte{7, 0})
	for i, want := range []struct {
		done bool
		next int
	}{{false, 7}, {false, 0}, {true, 0}, {true, 0}} {
		if done, next := s.Done(), s.Choice(256); done != want.done || next != want.next {
			t.Errorf("read %d: done %v, choice %d, want %v and %d", i, done, next, want.done, want.next)
		}
	}
	for _, n := range []int{1, 2, 3, 256, 257, 1000} {
		for left := range 3 { // bytes, fewer than some choices take
			s := Source(make([]byte, left))
			for range 3 {
				if s.Choice(n) != 0 {
					t.Errorf("%d zeros: a choice of %d is not the first", left, n)
				}
			}
			if !s.Done() {
				t.Errorf("%d zeros: there are more than three choices of %d", left, n)
			}
		}
	}
}

// Every choice and number that a sink writes comes back, at the edges of every width.
func TestSourceWidths(t *testing.T) {
	for _, n := range []int{2, 3, 255, 256, 257, 1 << 16} {
		for _, i := range []int{0, 1, n / 2, n - 1} {
			w := &sink{}
			w.Choice(i, n)
			if s := Source(w.out); s.Choice(n) != i || !s.Done() {
				t.Errorf("%d of %d is written as %x", i, n, w.out)
			}
		}
	}
	for _, most := range []uint64{1, math.MaxUint8, math.MaxUint8 + 1, math.MaxUint16, math.MaxUint16 + 1,
		math.MaxUint32, math.MaxUint32 + 1, math.MaxUint64} {
		for _, v := range []uint64{0, 1, most / 2, most - 1, most} {
			w := &sink{}
			w.Number(v, most)
			if s := Source(w.out); s.Number(most) != v || !s.Done() {
				t.Errorf("%d of %d is written as %x", v, most, w.out)
			}
		}
	}
}

// Whatever the bytes are, what is chosen is one of what there is.
func TestSourceStaysInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for range 2000 {
		data := make([]byte, rng.IntN(12))
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		s := Source(data)
		n, most := 1+rng.IntN(300), rng.Uint64()>>rng.IntN(64)
		if i := s.Choice(n); i < 0 || i >= n {
			t.Fatalf("%x: choice %d of %d", data, i, n)
		}
		if v := s.Number(most); v > most {
			t.Fatalf("%x: number %d, at most %d", data, v, most)
		}
	}
}

// What Encode writes comes back through the library, byte for byte.
func TestSourceRoundTrip(t *testing.T) {
	for _, kind := range impls.Kinds() {
		for i := range uint64(300) {
			p := program.Generate(rand.New(rand.NewPCG(2, i)), kind, 30)
			if got := program.Decode(kind, Source(Encode(p))); !reflect.DeepEqual(got, p.Bare()) {
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
	for _, kind := range impls.Kinds() {
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
	canary := impls.Lab(mutants.Canary().Subject)[0]
	p, err := program.Parse("x.seed",
		[]byte("batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=10ms mode=foreground\n\na put x3\n"), names)
	if err != nil {
		t.Fatal(err)
	}
	data := Encode(p)
	text, err := judge(t, Program(batcher.Kind, data), []kind.Subject{canary})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"violation ", " in " + canary.Title() + ", step 1", "batchlab: 1", "a put x3"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q:\n%s", want, text)
		}
	}
	right, err := Subjects(batcher.Kind, "")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := judge(t, Program(batcher.Kind, data), right); text != "" || err != nil {
		t.Errorf("what is right is reported: %v\n%s", err, text)
	}
}

func TestSubjects(t *testing.T) {
	for _, c := range []struct {
		kind *kind.Kind
		on   string
		n    int
		bad  bool
	}{
		{batcher.Kind, "", 3, false},
		{batcher.Kind, "batcher/drop-every-third", 1, false},
		{dedup.Kind, "batcher/drop-every-third", 0, false},
		{batcher.Kind, "batcher/nobody", 0, true},
		{batcher.Kind, "batcher/baseline,dedup/baseline,batcher/drop-every-third", 2, false},
		{batcher.Kind, "batcher/baseline,", 0, true},
	} {
		list, err := Subjects(c.kind, c.on)
		if len(list) != c.n && c.on != "" || len(list) == 0 && c.on == "" || (err != nil) != c.bad {
			t.Errorf("%s on %q: %d subjects, error %v", c.kind.Name, c.on, len(list), err)
		}
	}
}
