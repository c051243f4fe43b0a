package program

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// TestRanges: an operation on a range of names is one line, and as many calls as names.
func TestRanges(t *testing.T) {
	for _, c := range []struct {
		text  string
		back  string // "" as it was
		want  Op
		calls int64
	}{
		{"a set k1..k600 v1", "", call('a', spec.Set, 1, 1, 599), 600},
		{"a get k1..k3", "", call('a', spec.Get, 1, 2), 3},
		{"b delete k5..k6", "", call('b', spec.Delete, 5, 1), 2},
		{"a set k0..k1 v0", "", call('a', spec.Set, 0, 0, 1), 2},
		{"a get k999998..k999999", "", call('a', spec.Get, spec.MaxKey-1, 1), 2},
		{"a set k0..k199999 v999999", "", call('a', spec.Set, 0, spec.MaxKey, MaxItems-1), MaxItems},
		{"a get k01..k002", "a get k1..k2", call('a', spec.Get, 1, 1), 2},
		{"a get k7", "", call('a', spec.Get, 7), 1},
	} {
		p := ops(t, table, c.text)
		if o := p.Ops[0]; o != c.want || dedup.Kind.Range(o) != c.calls {
			t.Errorf("%s: got %+v of %d calls, want %+v of %d", c.text, o, dedup.Kind.Range(o), c.want, c.calls)
		}
		if c.back == "" {
			c.back = c.text
		}
		if got := picture(p); got != c.back {
			t.Errorf("%s is printed as %s", c.text, got)
		}
	}
	if got, want := dedup.Kind.Nth(call('a', spec.Set, 5, 7, 9), 9), call('a', spec.Set, 14, 7); got != want {
		t.Errorf("the last of ten calls is %+v, want %+v", got, want)
	}
}

// TestRangeErrors: what is wrong with a range is said at the name that is wrong.
func TestRangeErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{table + "a get k5..k1\n", `x:5:7: "k5..k1" goes from a name to a later one, want for example k1..k9`},
		{table + "a get k5..k5\n", `x:5:7: "k5..k5" goes from a name to a later one, want for example k1..k9`},
		{table + "a get k1..\n", `x:5:11: "" is not a name, want k0 to k999999`},
		{table + "a get ..k1\n", `x:5:7: "" is not a name, want k0 to k999999`},
		{table + "a get k1..v3\n", `x:5:11: "v3" is not a name, want k0 to k999999`},
		{table + "a get k1..k2..k3\n", `x:5:11: "k2..k3" is not a name, want k0 to k999999`},
		{table + "  a set  v1..k3 v1\n", `x:5:10: "v1" is not a name, want k0 to k999999`},
		{table + "a set k1..k1000000 v1\n", `x:5:11: "k1000000" is not a name, want k0 to k999999`},
		{table + "a set k1..k3 v1..v3\n", `x:5:14: "v1..v3" is not a name, want v0 to v999999`},
		{table + "a set k1..k3\n", `x:5:3: set needs a value, for example v1`},
		{table + "a get k1..k3 v1\n", `x:5:14: "v1" is more than "a get k1..k3" takes`},
		{table + "a count k1..k3\n", `x:5:9: "k1..k3" is more than "a count" takes`},
		{table + "a set k0..k200000 v1\n", `x:5:1: a program sets at most 200000 keys`},
		{table + "a set k1..k150000 v1\na get k1..k50001\n", `x:6:1: a program gets at most 200000 keys`},
		{keyed + "a put k1..k3\n", `x:5:7: "k1..k3" is not a name, want k0 to k999999`},
	} {
		_, err := Parse("x", []byte(c.text), known)
		if _, ok := errors.AsType[*SyntaxError](err); !ok || err.Error() != c.want {
			t.Errorf("%q: got  %v\nwant %s", c.text[len(table):], err, c.want)
		}
	}
	for _, c := range []struct {
		o    Op
		want string
	}{
		{call('a', spec.Get, 1, -1), "operation 1: a range has at most 1000000 keys"},
		{call('a', spec.Get, 1, spec.MaxKey), "operation 1: keys and values go from 0 to 999999"},
		{call('a', spec.Get, 2, spec.MaxKey-1), "operation 1: keys and values go from 0 to 999999"},
	} {
		p := &Program{Kind: dedup.Kind, Config: tabling(2, 1), Ops: []Op{c.o}}
		if err := p.Validate(); err == nil || err.Error() != c.want {
			t.Errorf("%+v: got %v, want %s", c.o, err, c.want)
		}
	}
}

// TestRangesAreDrawn: a program of a map in about forty has ranges, of a few names and of
// many, and together no more than a tame program may have.
func TestRangesAreDrawn(t *testing.T) {
	with, few, many, most := 0, 0, 0, int64(0)
	for i := range 2 * drawn {
		p := draw(dedup.Kind, i)
		in, total := false, 0
		for _, o := range p.Ops {
			total += amount(dedup.Kind, o)
			switch n := dedup.Kind.Range(o); {
			case n > 512:
				many++
				fallthrough
			case n > 1:
				in = true
				most = max(most, n)
				if n < 9 {
					few++
				}
			}
		}
		if in {
			with++
		}
		if total > TameItems {
			t.Fatalf("%d names in ranges:\n%s", total, p)
		}
	}
	if with < 2*drawn/80 || with > 2*drawn/30 {
		t.Errorf("%d of %d programs have ranges, want about one of %d", with, 2*drawn, rangeOdds)
	}
	if few < 20 || many < 20 || most > maxNames {
		t.Errorf("%d ranges are of less than 9 names, %d of more than 512; the longest has %d", few, many, most)
	}
	for _, k := range kinds {
		for i := range drawn {
			p := GenerateConcurrent(rand.New(rand.NewPCG(3, uint64(i))), k)
			if has(p, func(o Op) bool { return k.Range(o) > 1 }) {
				t.Fatalf("a range where calls run together, which nobody explores:\n%s", p)
			}
		}
	}
}

// TestExtremesAreDrawn: the least and the greatest name, as keys and as values, are met in
// every kind that has names; so they are where operations run together.
func TestExtremesAreDrawn(t *testing.T) {
	for _, k := range kinds[1:] {
		met, small := map[string]int{}, map[string]int{}
		for i := range drawn {
			countExtremes(draw(k, i), met)
			countExtremes(GenerateConcurrent(rand.New(rand.NewPCG(3, uint64(i))), k), small)
		}
		want := []string{"key 0", "key 999998", "key 999999"}
		if k == dedup.Kind {
			want = append(want, "value 0", "value 999998", "value 999999")
		}
		for _, name := range want {
			if met[name] < drawn/40 || small[name] < drawn/200 {
				t.Errorf("%s: %s is met in %d programs and in %d where operations run together, of %d", k.Name, name, met[name], small[name], drawn)
			}
		}
	}
}

// countExtremes counts which extreme names a program has.
func countExtremes(p *Program, met map[string]int) {
	seen := map[string]bool{}
	for _, o := range p.Ops {
		for i, q := range p.Kind.Ops[o.Verb].Params {
			if v := o.Args[i]; q.Form == kind.Named && q.NoName == "" && (v == q.Min || v >= q.Max-1) {
				seen[fmt.Sprintf("%s %d", q.Name, v)] = true
			}
		}
	}
	for s := range seen {
		met[s]++
	}
}

// TestDecodeRanges: any bytes make ranges now and then, and ranges can be made of bytes.
func TestDecodeRanges(t *testing.T) {
	rng, ranges := rand.New(rand.NewPCG(3, 5)), 0
	for range 1000 {
		for _, o := range decode(dedup.Kind, random(rng)).Ops {
			if dedup.Kind.Range(o) > 1 {
				ranges++
			}
		}
	}
	if ranges < 50 {
		t.Errorf("random bytes gave %d ranges", ranges)
	}
	checkRoundTrip(t, ops(t, table, "a set k0..k600 v1|& b get k7..k8|a delete k997999..k999999"))
	long := ops(t, table, "a set k5..k5000 v1")
	if got, want := picture(decode(dedup.Kind, encode(long))), fmt.Sprintf("a set k5..k%d v1", 5+maxRange); got != want {
		t.Errorf("a range of more names than bytes make is %s, want %s", got, want)
	}
}

// TestShrinkRanges: a range gets as short as it may, and begins where names begin.
func TestShrinkRanges(t *testing.T) {
	gets := func(p *Program) (n int64) {
		for _, o := range p.Ops {
			if o.Verb == spec.Get {
				n += p.Kind.Range(o)
			}
		}
		return n
	}
	for _, c := range []struct {
		name, text, want string
		fails            func(*Program) bool
	}{
		{"not needed", "b set k17..k300 v4|+3s|a count", "a set k1 v1", func(p *Program) bool { return has(p, func(o Op) bool { return o.Verb == spec.Set }) }},
		{"a length that must stay", "a get k1|b get k17..k700|a count", "a get k1..k513", func(p *Program) bool { return gets(p) > 512 }},
		{
			"two that meet", "a set k100..k600 v9|b get k250..k380", "a set k1 v1|a get k1",
			func(p *Program) bool { return meet(p) > 0 },
		},
		{
			"two that meet in three names", "a set k100..k600 v9|+1s|b get k250..k380", "a set k1..k3 v1|a get k1..k3",
			func(p *Program) bool { return meet(p) > 2 },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, calls := ops(t, table, c.text), 0
			q := Shrink(p, func(q *Program) bool { calls++; return c.fails(q) }, 2000)
			if got := picture(q); got != c.want || !c.fails(q) || q.Validate() != nil {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if calls > 200 {
				t.Errorf("%d calls were needed", calls)
			}
		})
	}
}

// meet is how many names the first set and the first get have in common.
func meet(p *Program) int64 {
	var set, get Op
	for _, o := range p.Ops {
		switch o.Verb {
		case spec.Set:
			set = o
		case spec.Get:
			get = o
		}
	}
	if set.Lane == 0 || get.Lane == 0 {
		return 0
	}
	return min(set.Args[0]+p.Kind.Range(set), get.Args[0]+p.Kind.Range(get)) - max(set.Args[0], get.Args[0])
}

// TestTameRanges: what is too much of a range is cut off.
func TestTameRanges(t *testing.T) {
	for _, c := range []struct{ ops, want string }{
		{"a set k1..k2000 v1", "a set k1..k2000 v1"},
		{"a set k1..k2001 v1", "a set k1..k2000 v1"},
		{"a set k1..k1990 v1|b get k5..k50|b delete k7..k8|b get k1", "a set k1..k1990 v1|b get k5..k14|b delete k7|b get k1"},
	} {
		tame := ops(t, table, c.ops).Tame()
		if got := picture(tame); got != c.want || !reflect.DeepEqual(tame.Tame(), tame) {
			t.Errorf("%s: tame is\n%s, want\n%s", c.ops, got, c.want)
		}
	}
}
