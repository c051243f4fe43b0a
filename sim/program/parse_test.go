package program

import (
	"slices"
	"strings"
	"testing"
	"time"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// known is what the tests allow seed files to speak of.
var known = Names{
	Kinds:    kinds,
	Subjects: func(string) []string { return []string{"baseline", "optimized"} },
}

// Headers of three lines and a blank one: operations begin at line 5.
const (
	plain  = "batchlab: 1\nsubject: batcher\nconfig: size=2 timeout=10ms mode=foreground\n\n"
	table  = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3\n\n"
	keyed  = "batchlab: 1\nsubject: dedup-batcher\nconfig: size=2 timeout=10ms mode=background\n\n"
	opened = "batchlab: 1\nsubject: batcher\n" // a config: line is still to come
	opentb = "batchlab: 1\nsubject: dedup\n"
)

// TestParseAccepts: spellings, and what the printed program has in their place.
func TestParseAccepts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"time", plain + "+1s-1ns\n", "+999.999999ms"},
		{"time", plain + "+1m+1s+1ms\n", "+1m1.001s"},
		{"time", plain + "+60s\n", "+1m"},
		{"time", table + "+60m\n", "+1h"},
		{"time", table + "+3610s\n", "+1h0m10s"},
		{"time", plain + "+0.5us\n", "+500ns"},
		{"put", plain + "a put x1\n", "a put"},
		{"put", plain + "z  put\tx65 # more than a queue\n", "z put x65"},
		{"put", plain + "a put nil x3\n", "a put nil x3"},
		{"put", keyed + "a put k7 x2\n", "a put k7 x2"},
		{"put", keyed + "a put k0\n", "a put"},
		{"put", keyed + "a put nil\n", "a put nil"},
		{"map", table + "a set k01 v0\n", "a set k1 v0"},
		{"map", table + "a delete k999999\n", "a delete k999999"},
		{"map", table + "a count#comment\n", "a count"},
		{"handler", plain + "handler takes 1s-1ns\n", "handler takes 999.999999ms"},
		{"handler", plain + "  handler   puts\n", "handler puts"},
		{"handler", plain + "release\n", "release"},
		{"CRLF", strings.ReplaceAll(plain+"a trigger\n", "\n", "\r\n"), "a trigger"},
		{"no newline at the end", plain + "a close", "a close"},
		{"comments anywhere", plain + "# one\na put # two\n  # three\n", "a put"},
		{"wide runes in comments", "# ä€𝄞\n" + plain + "a put\n", "a put"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse("x.seed", []byte(c.text), known)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Ops) != 1 || OpText(p.Kind, p.Ops[0]) != c.want {
				t.Errorf("%q: got %v, want %s", c.text, p.Ops, c.want)
			}
		})
	}
}

func TestEpochForms(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		back string
	}{
		{"0s", 0, "0s"},
		{"-10s", -10 * time.Second, "-10s"},
		{"1h30m", 90 * time.Minute, "1h30m"},
		{"1970-01-01T00:00:01Z", time.Second, "1s"},
		{"1969-12-31T23:59:59.999999999Z", -1, "-1ns"},
		{"2000-01-01T01:00:00+01:00", 946684800 * time.Second, "2000-01-01T00:00:00Z"},
		{"2026-01-02T15:04:05.5Z", 1767366245500 * time.Millisecond, "2026-01-02T15:04:05.5Z"},
		{"17520h", 17520 * time.Hour, "1972-01-01T00:00:00Z"},
		{"-1752000h", -kind.MaxEpoch, "1770-02-18T00:00:00Z"},
		{"1752000h", kind.MaxEpoch, "2169-11-13T00:00:00Z"},
	} {
		p, err := Parse("x.seed", []byte(opentb+"config: bucket=1s buckets=1 epoch="+c.text+"\n"), known)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Config.Epoch != c.want || !strings.Contains(p.String(), "epoch="+c.back+"\n") {
			t.Errorf("epoch=%s: got %d in\n%swant %d, %s", c.text, p.Config.Epoch, p, c.want, c.back)
		}
	}
}

func TestHeader(t *testing.T) {
	const text = `# The first line.
#
#  The second.
batchlab: 1 # of one
subject: batcher
# not kept
config:  epoch=5s mode=background timeout=1s size=3
expect:  violation B1-exactly-once in baseline, optimized # known
expect:  violation B2-order in baseline
shows:   handler [a1] begins   #2
shows:   +10ms
schedule: lab/1 3  batcher.go:169 select -> #2
schedule:  a  7 ->  lab/1+2

a put # not kept either
& b put
 & +1ms # nor this
`
	p, err := Parse("x.seed", []byte(text), known)
	if err != nil {
		t.Fatal(err)
	}
	const want = `# The first line.
#
# The second.
batchlab: 1
subject: batcher
config:  size=3 timeout=1s mode=background epoch=5s
expect:  violation B1-exactly-once in baseline, optimized
expect:  violation B2-order in baseline
shows:   handler [a1] begins   #2
shows:   +10ms
schedule: lab/1 3 batcher.go:169 select -> #2
schedule: a 7 -> lab/1+2

a put
& b put
& +1ms
`
	if got := p.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if bare := p.Bare(); bare.Comment != nil || bare.Expect != nil || bare.Shows != nil || len(bare.Schedule) != 2 || len(bare.Ops) != 3 {
		t.Errorf("Bare = %+v", bare)
	}
}

// TestAnyNames: where names are not known, laws and subjects may be called anything.
func TestAnyNames(t *testing.T) {
	p, err := Parse("x", []byte(plain[:len(plain)-1]+"expect: violation X9 in who\n"), anybody)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Expect{"X9", []string{"who"}}); len(p.Expect) != 1 || p.Expect[0].String() != want.String() {
		t.Errorf("Expect = %v, want %v", p.Expect, want)
	}
}

// TestValidate: what Parse cannot say but a generator or a decoder might.
func TestValidate(t *testing.T) {
	ok := batching(2, time.Millisecond, false)
	for _, c := range []struct {
		p    Program
		want string // "" if valid
	}{
		{Program{Kind: batcher.Kind, Config: ok}, ""},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{puts('a', 1)}}, ""},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{puts('a', 0)}}, "operation 1: a put needs at least one item, got 0"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{call('a', spec.Close), {Verb: spec.Close}}}, "operation 2: close needs a lane, a to z"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{call(kind.LabLane, spec.Close)}}, "operation 1: close needs a lane"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{{Verb: kind.Verb(len(batcher.Kind.Ops))}}}, "operation 1: unknown operation"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{handler(spec.Panics+1, 0)}}, "operation 1: unknown operation"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: []Op{{Verb: kind.Advance}}}, "operation 1: a duration must be 1ns to"},
		{Program{Kind: batcher.Kind, Config: ok, Ops: make([]Op, MaxOps+1)}, "operation 10001: a program has at most"},
		{Program{Kind: batcher.Kind}, "config: size must be 1 to 1000, got 0"},
		{Program{Kind: dedup.Kind, Config: tabling(1, 0)}, "config: bucket must be"},
		{Program{Kind: dedup.Kind, Config: tabling(2, 0)}, "config: buckets must be"},
		{Program{Kind: dedup.Kind, Config: tabling(2, 1), Ops: []Op{call('a', spec.Get, -1)}}, "operation 1: keys and values go from 0"},
		{Program{Kind: dedup.Kind, Config: tabling(2, 1), Ops: []Op{call('a', spec.Set, 0, spec.MaxKey+1)}}, "operation 1: keys and values go from 0"},
	} {
		err := c.p.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("Validate of %v: got %v, want %q", c.p.Ops[:min(len(c.p.Ops), 2)], err, c.want)
		}
	}
}

func TestLanes(t *testing.T) {
	p, err := Parse("x", []byte(plain+"c put\n+1ms\na put\nhandler blocks\nc close\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Lanes(); !slices.Equal(got, []byte("ac")) {
		t.Errorf("Lanes = %q, want ac", got)
	}
	if !uses(p, spec.Blocks) || uses(p, spec.Panics) {
		t.Error("Uses: want blocks and not panics")
	}
}
