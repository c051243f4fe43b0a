package program

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// text is a Source of the bytes of a slice.
type text struct{ left []byte }

func (s *text) Done() bool { return len(s.left) == 0 }

func (s *text) Byte() byte {
	if len(s.left) == 0 {
		return 0
	}
	b := s.left[0]
	s.left = s.left[1:]
	return b
}

func decode(kind string, data []byte) *Program { return Decode(kind, &text{data}) }

func checkRoundTrip(t *testing.T, p *Program) {
	t.Helper()
	data := Encode(p)
	p = p.Bare()
	p.Schedule = nil // not in the bytes
	if q := decode(p.Kind, data); !reflect.DeepEqual(q, p) {
		t.Fatalf("another program came back from %x:\n%s\nwant\n%s", data, q, p)
	}
}

func TestBytesRoundTrip(t *testing.T) {
	for _, kind := range Kinds {
		size, ops := 0, 0
		for i := range 2000 {
			p := Generate(rand.New(rand.NewPCG(1, uint64(i))), kind, 40)
			checkRoundTrip(t, p)
			size += len(Encode(p))
			ops += len(p.Ops)
			checkRoundTrip(t, GenerateConcurrent(rand.New(rand.NewPCG(1, uint64(i))), kind))
		}
		perOp := float64(size) / float64(ops)
		t.Logf("%s: %.1f bytes an operation", kind, perOp)
		if perOp > 5 {
			t.Errorf("%s: %.1f bytes an operation are many", kind, perOp)
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
		p, err := Parse(path, data, Names{})
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
	wide := Config{Size: MaxSize, Timeout: MaxTimeout, Epoch: -MaxEpoch, Background: true}
	for _, p := range []*Program{
		{Kind: KindBatcher, Config: wide},
		{Kind: KindBatcher, Config: Config{Size: 1, Timeout: 1, Epoch: MaxEpoch}, Ops: []Op{
			{Verb: Put, Lane: 'z', N: MaxItems - 1000}, {Verb: Put, Lane: 'd', N: 64, Nil: true}, {Verb: Advance, D: 1},
			{Verb: Handler, Mode: Takes, D: 17}, {Verb: Handler, Mode: Panics}, {Verb: Trigger, Lane: 'e'}, {Verb: Release},
			{Verb: Put, Lane: 'd', N: 1}, {And: true, Verb: Put, Lane: 'd', N: 1}, {And: true, Verb: Close, Lane: 'e'}, {And: true, Verb: Advance, D: 3}, {And: true, Verb: Trigger, Lane: 'z'},
		}},
		{Kind: KindBatcher, Config: wide, Ops: []Op{{Verb: Advance, D: MaxTimeout}, {Verb: Advance, D: MaxTimeout - 1}, {Verb: Handler, Mode: Takes, D: MaxTimeout}}},
		{Kind: KindDedup, Config: Config{Bucket: 2, Buckets: MaxBuckets}},
		{Kind: KindDedup, Config: Config{Bucket: MaxBucket, Buckets: 20}, Ops: []Op{
			{Verb: Set, Lane: 'a', Key: MaxKey, Value: MaxKey}, {Verb: Advance, D: MaxTimeout}, {Verb: Get, Lane: 'z', Key: 128},
		}},
		{Kind: KindDedup, Config: Config{Bucket: MaxWindow / MaxBuckets, Buckets: MaxBuckets}},
		{Kind: KindDedupBatcher, Config: Config{Size: 7, Timeout: 3*time.Second + 1}, Ops: []Op{{Verb: Put, Lane: 'a', N: 449, Key: MaxKey}}},
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
	for _, kind := range Kinds {
		verbs, groups, sizes := map[Verb]int{}, 0, 0
		for range 3000 {
			data := random(rng)
			p := decode(kind, data)
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
			groups += len(Groups(p.Ops))
			tame := p.Tame()
			checkTame(t, p, tame)
		}
		if sizes*20 < groups || sizes > groups*2 {
			t.Errorf("%s: in %d groups %d operations run together with another", kind, groups, sizes)
		}
		for v := range Verb(len(verbText)) {
			if (verbs[v] > 0) != (Op{Verb: v}).Speaks(kind) {
				t.Errorf("%s: random bytes gave %d times %q", kind, verbs[v], v)
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
	items, b := 0, newBudget(tame)
	for _, o := range tame.Ops {
		b.add(o)
		items += o.N
	}
	if tame.Uses(Panics) || items > TameItems || b.total() > TameTimers || len(tame.Ops) > TameOps {
		t.Fatalf("%d items and %d timers are not tame:\n%s", items, b.total(), tame)
	}
	if tame.Uses(Puts) && !tame.Config.Background && items > tame.roomForPuts() {
		t.Fatalf("%d items could fill the queue:\n%s", items, tame)
	}
}

// endless has bytes for ever, of operations that do not fit.
type endless struct{ n int }

func (s *endless) Done() bool { return false }

func (s *endless) Byte() byte { s.n++; return 0xff }

func TestDecodeIsBounded(t *testing.T) {
	for _, kind := range Kinds {
		src := &endless{}
		Decode(kind, src)
		if most := 40 * MaxOps; src.n > most {
			t.Errorf("%s: read %d bytes, want at most %d", kind, src.n, most)
		}
	}
}

func TestDecodeNothing(t *testing.T) {
	for _, kind := range Kinds {
		if p := decode(kind, nil); p.Validate() != nil || len(p.Ops) > 0 {
			t.Errorf("no bytes are no program of kind %s:\n%s", kind, p)
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
	p, err := Parse("test", []byte(header+strings.ReplaceAll(ops, "|", "\n")+"\n"), Names{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
