package fuzz

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/sim/program"
)

// Any bytes make a seed file that says what the program is, and all parts of one are met.
func TestTextOfAnyBytes(t *testing.T) {
	met := map[string]int{}
	for i := range uint64(3000) {
		rng := rand.New(rand.NewPCG(4, i))
		data := make([]byte, rng.IntN(200))
		for j := range data {
			data[j] = byte(rng.Uint32()) >> rng.IntN(8)
		}
		p, spoilt := Text(data)
		if err := p.Validate(); err != nil {
			t.Fatalf("%x: %v\n%s", data, err, p)
		}
		if err := faithful(p, spoilt); err != nil {
			t.Fatalf("%x: %v", data, err)
		}
		_, err := program.Parse("x.seed", spoilt, names)
		changed := !bytes.Equal(spoilt, []byte(p.String()))
		for what, is := range map[string]bool{
			"comment": len(p.Comment) > 0, "expect": len(p.Expect) > 0, "shows": len(p.Shows) > 0, "operations": len(p.Ops) > 0,
			"schedule": len(p.Schedule) > 0, "changed": changed, "changed and taken": changed &&
				err == nil, "refused": err != nil,
		} {
			if is {
				met[what]++
			}
		}
	}
	for _, what := range []string{"comment", "expect", "shows", "operations", "schedule", "changed",
		"changed and taken", "refused"} {
		if met[what] < 100 {
			t.Errorf("%s: in %d of 3000", what, met[what])
		}
	}
	t.Log(met)
}

// What a target begins with are the seeds: their programs, and the texts of their lines.
func TestTextOfSeeds(t *testing.T) {
	seeds, err := walk(Corpora)
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := TextInputs(Corpora)
	if err != nil || len(inputs) != len(seeds)+generated {
		t.Fatalf("%d inputs of %d seeds, error %v", len(inputs), len(seeds), err)
	}
	for i, seed := range seeds {
		want := seed.Bare()
		want.Schedule, want.Shows = nil, seed.Shows[:min(len(seed.Shows), mostLines-1)]
		if want.Comment = seed.Comment[:min(len(seed.Comment), mostLines-1)]; len(want.Shows) == 0 {
			want.Shows = nil
		}
		if got, text := Text(inputs[i]); !reflect.DeepEqual(got, want) || got.String() != string(text) {
			t.Errorf("input %d is not its seed:\n%s\nwant\n%s", i, got, want)
		}
	}
}

// Texts come back whatever their length, and one that ends too soon takes nothing away from
// what follows.
func TestTextsOfASource(t *testing.T) {
	for _, text := range []string{"", "x", "\xff\x00\n", strings.Repeat("x", 1000)} {
		w := &sink{}
		w.text(text)
		w.Choice(9, 10)
		if s := newSource(w.out); s.text() != text || s.Choice(10) != 9 || !s.Done() {
			t.Errorf("%q is written as %x", text, w.out)
		}
	}
	if s := newSource([]byte{0, 0, 0, 9, 7}); s.text() != "" || s.Choice(10) != 7 || !s.Done() {
		t.Error("a length that is too great takes more than itself")
	}
	if s := newSource([]byte{0, 0, 9}); s.text() != "" || !s.Done() {
		t.Error("half a length is not the end")
	}
	if s := newSource([]byte{1, 2}); s.textOf("abc", 2) != "bc" || s.textOf("abc", 1) != "" {
		t.Error("characters are not those given")
	}
}

// The body of the target shown positives: a program that its text does not say.
func TestFaithfulHasAPositive(t *testing.T) {
	right := func() *program.Program {
		return &program.Program{
			Kind: impls.Kinds()[1], Config: program.Config{Values: [4]int64{2, 1}},
			Comment: []string{"so"}, Shows: []string{"a get"}, Expect: []program.Expect{{Law: "X", Subjects: []string{"y"}}},
			Schedule: []program.Decision{{Who: "a", Nth: 1, Alt: -1, To: "b"}},
		}
	}
	if p := right(); faithful(p, []byte(p.String())) != nil {
		t.Fatal(faithful(p, []byte(p.String())))
	}
	for what, spoil := range map[string]func(*program.Program){
		"comment of two lines":    func(p *program.Program) { p.Comment[0] = "so\n# it is" },
		"space around":            func(p *program.Program) { p.Shows[0] = " a get" },
		"an expectation in a law": func(p *program.Program) { p.Expect[0].Law = "X in z" },
		"an arrow in a place":     func(p *program.Program) { p.Schedule[0].Where = "x -> y" },
		"settings out of range":   func(p *program.Program) { p.Config.Values[0] = 0 },
	} {
		p := right()
		spoil(p)
		if faithful(p, []byte(p.String())) == nil {
			t.Errorf("%s: nothing is wrong with\n%s", what, p)
		}
	}
}
