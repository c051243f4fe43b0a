package program

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
)

// TestRoundTrip: the text of a program is the program, for programs of all kinds.
func TestRoundTrip(t *testing.T) {
	const programs = 1000
	for _, k := range kinds {
		t.Run(k.Name, func(t *testing.T) {
			for i := range programs {
				p := Generate(rand.New(rand.NewPCG(7, uint64(i))), k, 60)
				if i%4 == 0 {
					p = GenerateConcurrent(rand.New(rand.NewPCG(7, uint64(i))), k)
				}
				p.Comment = []string{"One line.", "", "Another."}
				if i%2 == 0 {
					p.Expect = []Expect{{string(k.Laws[0].ID), []string{"baseline"}}, {"G1-leak", []string{"optimized", "baseline"}}}
					p.Shows = []string{"a get k1 -> v1  # here"}
					p.Schedule = []Decision{{"a/1", 3, "map.go:10  lock # here", "lab", -1}, {"b", 1, "", "", 2}}
				}
				q, err := Parse("x", []byte(p.String()), known)
				if err != nil {
					t.Fatalf("%v in\n%s", err, p)
				}
				if !reflect.DeepEqual(p, q) {
					t.Fatalf("printed and read again,\n%s\nis\n%s", p, q)
				}
			}
		})
	}
}

func TestDurationText(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{1, "1ns"}, {1500, "1.5µs"}, {10 * time.Millisecond, "10ms"}, {time.Second - 1, "999.999999ms"},
		{time.Minute, "1m"}, {90 * time.Second, "1m30s"}, {10 * time.Minute, "10m"}, {time.Hour, "1h"},
		{time.Hour + time.Second, "1h0m1s"}, {70 * time.Minute, "1h10m"}, {100 * time.Hour, "100h"}, {0, "0s"}, {-time.Minute, "-1m"},
	} {
		if got := DurationText(c.d); got != c.want {
			t.Errorf("%d: got %s, want %s", c.d, got, c.want)
		}
		if d, err := time.ParseDuration(c.want); err != nil || d != c.d {
			t.Errorf("%s is read as %v, %v", c.want, d, err)
		}
	}
}

// TestDrain: what act 2 does after each kind of program.
func TestDrain(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{plain + "a put\n", "[handler returns release +10ms lab close]"},
		{plain + "handler takes 1s\nhandler takes 5ms\n", "[handler returns release +1.01s lab close]"},
		{plain + "handler blocks\n", "[handler returns release +10ms lab close]"},
		{keyed + "a close\n", "[handler returns release +10ms lab close]"},
		{table + "a set k1 v1\n", "[+4s lab count lab close]"},
		{opentb + "config: bucket=10s buckets=2\n", "[+30s lab count lab close]"},
		{opentb + "config: bucket=2ns buckets=1\n", "[+4ns lab count lab close]"},
	} {
		p, err := Parse("x", []byte(c.text), known)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := fmt.Sprint(texts(p.Kind, p.Drain())); got != c.want {
			t.Errorf("act 2 of\n%s\nis  %s\nwant %s", p, got, c.want)
		}
	}
}

// TestBudget: the estimate of the timers that fire is what Validate refuses by, and
// what is left of it is how far time may still move.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		p     Program
		total int64
		room  time.Duration // with a limit of 100 timers
	}{
		{Program{Kind: batcher.Kind, Config: batching(1, 10*time.Millisecond, false)}, 1, 990 * time.Millisecond},
		{Program{Kind: batcher.Kind, Config: batching(1, kind.MaxMove, false)}, 1, kind.MaxMove},
		{Program{Kind: dedup.Kind, Config: tabling(time.Second, 3)}, 40 + 8, 26 * 100 * time.Millisecond},
	} {
		b := newBudget(&c.p)
		if b.total() != c.total || b.room(100) != c.room {
			t.Errorf("%s: total %d, room %v; want %d, %v", ConfigText(c.p.Kind, c.p.Config), b.total(), b.room(100), c.total, c.room)
		}
		if b.room(c.total) != 0 {
			t.Errorf("room without a timer left: %v", b.room(c.total))
		}
		b.add(kind.Move(c.room))
		if n := b.total(); n > 100 {
			t.Errorf("after using all room %d timers fire", n)
		}
	}
}

// TestVerbs: every operation is spelled, and the kinds of the case study are what their
// names say: one has a map's calls, two a batcher's.
func TestVerbs(t *testing.T) {
	for _, k := range kinds {
		if err := k.Validate(); err != nil {
			t.Error(err)
		}
		for v, op := range k.Ops {
			if got, ok := k.Op(op.Name); op.Name == "" || !ok || got != kind.Verb(v) {
				t.Errorf("operation %d of %s is spelled %q, which is found as %d, %v", v, k.Name, op.Name, got, ok)
			}
		}
		_, get := k.Op("get")
		if _, put := k.Op("put"); get != (k == dedup.Kind) || put != (k != dedup.Kind) {
			t.Errorf("%s: get %v, put %v", k.Name, get, put)
		}
	}
}

func texts(k *kind.Kind, ops []Op) []string {
	var list []string
	for _, o := range ops {
		list = append(list, OpText(k, o))
	}
	return list
}
