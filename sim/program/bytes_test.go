package program

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/kind"
)

// text is a Source of the bytes of a slice: a choice of up to 256 things is a byte, a
// number as many as its greatest needs.
type text struct{ left []byte }

func (s *text) Done() bool { return len(s.left) == 0 }

func (s *text) Choice(n int) int { return int(s.take(uint64(n)-1) % uint64(n)) }

func (s *text) Number(most uint64) uint64 {
	if most == math.MaxUint64 {
		return s.take(most)
	}
	return s.take(most) % (most + 1)
}

// take reads a number of the width that most needs, the low byte first.
func (s *text) take(most uint64) (v uint64) {
	for i := range width(most) {
		if len(s.left) == 0 {
			break
		}
		v |= uint64(s.left[0]) << (8 * i)
		s.left = s.left[1:]
	}
	return v
}

// width is 1, 2, 4 or 8: the bytes of a number up to most.
func width(most uint64) int {
	n := 1
	for n < 8 && most>>(8*n) > 0 {
		n *= 2
	}
	return n
}

// written is the Sink of such bytes.
type written []byte

func (w *written) Choice(i, n int) { w.Number(uint64(i), uint64(n)-1) }

func (w *written) Number(v, most uint64) {
	for i := range width(most) {
		*w = append(*w, byte(v>>(8*i)))
	}
}

func encode(p *Program) []byte {
	var w written
	Encode(p, &w)
	return w
}

func decode(k *kind.Kind, data []byte) *Program { return Decode(k, &text{data}) }

func checkRoundTrip(t *testing.T, p *Program) {
	t.Helper()
	data := encode(p)
	p = p.Bare()
	p.Schedule = nil // not in the bytes
	if q := decode(p.Kind, data); !reflect.DeepEqual(q, p) {
		t.Fatalf("another program came back from %x:\n%s\nwant\n%s", data, q, p)
	}
}

func TestBytesRoundTrip(t *testing.T) {
	for _, k := range kinds {
		size, ops := 0, 0
		for i := range 2000 {
			p := Generate(rand.New(rand.NewPCG(1, uint64(i))), k, 40)
			checkRoundTrip(t, p)
			size += len(encode(p))
			ops += len(p.Ops)
			checkRoundTrip(t, GenerateConcurrent(rand.New(rand.NewPCG(1, uint64(i))), k))
		}
		perOp := float64(size) / float64(ops)
		t.Logf("%s: %.1f bytes an operation", k.Name, perOp)
		if perOp > 5 {
			t.Errorf("%s: %.1f bytes an operation are many", k.Name, perOp)
		}
	}
}

func TestBytesRoundTripOfSeeds(t *testing.T) {
	seeds := 0
	err := filepath.WalkDir("../../corpora", func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".seed" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		p, err := Parse(path, data, anybody)
		if err == nil {
			seeds++
			checkRoundTrip(t, p)
		}
		return err
	})
	if err != nil || seeds == 0 {
		t.Fatalf("%d seeds, error %v", seeds, err)
	}
}

// The edges of what is valid, which neither generator nor seeds may visit.
func TestBytesRoundTripAtTheLimits(t *testing.T) {
	wide := at(-kind.MaxEpoch, batching(spec.MaxSize, kind.MaxMove, true))
	for _, p := range []*Program{
		{Kind: batcher.Kind, Config: wide},
		{Kind: batcher.Kind, Config: at(kind.MaxEpoch, batching(1, 1, false)), Ops: []Op{
			puts('z', spec.MaxItems-1000), call('d', spec.Put, kind.NilArg, 64), kind.Move(1),
			handler(spec.Takes, 17), handler(spec.Panics, 0), call('e', spec.Trigger), {Verb: spec.Release},
			puts('d', 1), beside(puts('d', 1)), beside(call('e', spec.Close)), beside(kind.Move(3)), beside(call('z', spec.Trigger)),
		}},
		{Kind: batcher.Kind, Config: wide, Ops: []Op{kind.Move(kind.MaxMove), kind.Move(kind.MaxMove - 1), handler(spec.Takes, kind.MaxMove)}},
		{Kind: dedup.Kind, Config: tabling(2, spec.MaxBuckets)},
		{Kind: dedup.Kind, Config: tabling(dedup.MaxBucket, 20), Ops: []Op{
			call('a', spec.Set, spec.MaxKey, spec.MaxKey), kind.Move(kind.MaxMove), call('z', spec.Get, 128),
		}},
		{Kind: dedup.Kind, Config: tabling(dedup.MaxWindow/spec.MaxBuckets, spec.MaxBuckets)},
		{Kind: dedup.Kind, Config: tabling(time.Hour, 1), Ops: []Op{
			call('a', spec.Set, 0, 0, maxRange), call('z', spec.Get, spec.MaxKey-1, 1), call('b', spec.Delete, spec.MaxKey-maxRange, maxRange),
		}},
		{Kind: dedupbatcher.Kind, Config: batching(7, 3*time.Second+1, false), Ops: []Op{call('a', spec.Put, spec.MaxKey, 449)}},
	} {
		if err := p.Validate(); err != nil {
			t.Fatalf("not valid: %v\n%s", err, p)
		}
		checkRoundTrip(t, p.Bare())
	}
}

// random bytes of several characters: even, mostly small, and all ones, which makes
// the longest varints.
func random(rng *rand.Rand) []byte {
	data := make([]byte, rng.IntN(300))
	shape := rng.IntN(3)
	for i := range data {
		switch shape {
		case 0:
			data[i] = byte(rng.Uint32())
		case 1:
			data[i] = byte(rng.IntN(16))
		default:
			data[i] = 0xff - byte(rng.IntN(2))<<rng.IntN(8)
		}
	}
	return data
}

func TestDecodeIsTotal(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	for _, k := range kinds {
		verbs, groups, sizes := make([]int, len(k.Ops)), 0, 0
		for range 3000 {
			data := random(rng)
			p := decode(k, data)
			if err := p.Validate(); err != nil {
				t.Fatalf("%x is not valid: %v\n%s", data, err, p)
			}
			checkRoundTrip(t, p)
			for _, o := range p.Ops {
				verbs[o.Verb]++
				if o.And {
					sizes++
				}
			}
			groups += len(kind.Groups(p.Ops))
			tame := p.Tame()
			checkTame(t, p, tame)
		}
		if sizes*20 < groups || sizes > groups*2 {
			t.Errorf("%s: in %d groups %d operations run together with another", k.Name, groups, sizes)
		}
		for v, op := range k.Ops {
			if verbs[v] == 0 {
				t.Errorf("%s: random bytes gave no %q", k.Name, op.Name)
			}
		}
	}
}

func checkTame(t *testing.T, p, tame *Program) {
	t.Helper()
	if err := tame.Validate(); err != nil {
		t.Fatalf("not valid when tame: %v\n%s", err, p)
	}
	if again := tame.Tame(); !reflect.DeepEqual(again, tame) {
		t.Fatalf("tame, then tame again:\n%s\n%s", tame, again)
	}
	n, b := 0, newBudget(tame)
	for _, o := range tame.Ops {
		b.add(o)
		n += amount(tame.Kind, o)
	}
	if uses(tame, spec.Panics) || n > TameItems || b.total() > TameTimers || len(tame.Ops) > TameOps {
		t.Fatalf("%d items and %d timers are not tame:\n%s", n, b.total(), tame)
	}
	if uses(tame, spec.Puts) && tame.Config.N(spec.SetMode) == 0 && n > int(batcher.RoomForPuts(tame.Config)) {
		t.Fatalf("%d items could fill the queue:\n%s", n, tame)
	}
}

// endless has bytes for ever, of operations that do not fit.
type endless struct{ n int }

func (s *endless) Done() bool { return false }

func (s *endless) Choice(n int) int { s.n++; return n - 1 }

func (s *endless) Number(most uint64) uint64 { s.n += width(most); return most }

func TestDecodeIsBounded(t *testing.T) {
	for _, k := range kinds {
		src := &endless{}
		Decode(k, src)
		if most := 40 * MaxOps; src.n > most {
			t.Errorf("%s: read %d bytes, want at most %d", k.Name, src.n, most)
		}
	}
}

func TestDecodeNothing(t *testing.T) {
	for _, k := range kinds {
		if p := decode(k, nil); p.Validate() != nil || len(p.Ops) > 0 {
			t.Errorf("no bytes are no program of kind %s:\n%s", k.Name, p)
		}
	}
}

func TestTame(t *testing.T) {
	fore, back := "mode=foreground", "mode=background"
	for _, c := range []struct{ mode, ops, want string }{
		{fore, "handler panics|a put", "handler returns|a put"},
		{fore, "handler puts|a put x64", "handler puts|a put x64"},
		{fore, "handler puts|a put x65", "handler returns|a put x65"},
		{fore, "a put x65|handler puts", "a put x65|handler returns"},
		{back, "handler puts|a put x9|handler returns|a put x9", "handler puts|a put x3|handler returns|a put x9"},
		{back, "z put|f put|d put", "b put|b put|d put"},
		{fore, "+10m|+1ns", "+29.99s"},
		{fore, "a put x1999|b put x9|b put", "a put x1999|b put"},
		{fore, "a put|& f put|& +1ns", "a put|& b put|& +1ns"},
		{fore, "a put x2000|b put|& c trigger|& d put|& d close", "a put x2000|c trigger|& d close"},
	} {
		got := parsed(t, c.mode, c.ops).Tame()
		if want := parsed(t, c.mode, c.want); !reflect.DeepEqual(got.Ops, want.Ops) {
			t.Errorf("%s: tame is\n%swant\n%s", c.ops, got, want)
		}
	}
}

// parsed is a program of a batcher with batches of two, its operations between '|'.
func parsed(t *testing.T, mode, ops string) *Program {
	t.Helper()
	header := "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms " + mode + "\n\n"
	p, err := Parse("test", []byte(header+strings.ReplaceAll(ops, "|", "\n")+"\n"), anybody)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
