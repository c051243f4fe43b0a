package model_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/impls/spec"
	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/impls/spec/model"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// TestFollowGroups: the model allows each history of groups that it gives itself, told
// beforehand or not, and none in which one line is wrong.
func TestFollowGroups(t *testing.T) {
	const programs = 40
	for _, k := range []*kind.Kind{batcher.Kind, dedupbatcher.Kind} {
		t.Run(k.Name, func(t *testing.T) {
			followed, refused := 0, 0
			for i := range uint64(programs) {
				rng := rand.New(rand.NewPCG(11, i))
				p := program.GenerateConcurrent(rng, k)
				history := walk(p, rng)
				if len(history) == 0 {
					continue
				}
				followed++
				takesItsOwn(t, p, history)
				at := rng.IntN(len(history))
				for name, wrong := range disturb(history, at) {
					if bad, _ := allows(t, p, wrong, nil); bad != 0 {
						refused++
					} else if name == "too late" || name == "of another" {
						t.Fatalf("%q %s is allowed in\n%s", k.Text(history[at]), name, p)
					}
				}
			}
			if followed < programs*9/10 || refused < followed*4 {
				t.Errorf("of %d programs %d were followed, and %d wrong histories refused", programs, followed, refused)
			}
		})
	}
}

// TestGroups: what may be seen of a group and what not. A line is "LANE OUTCOME" for a
// call, or a batch.
func TestGroups(t *testing.T) {
	const fore, back = "size=2 timeout=10ms mode=foreground", "size=2 timeout=10ms mode=background"
	for _, c := range []struct {
		name, config, ops string // the last group is the one that is asked for
		seen              string // alternatives to be allowed, between '/'
		not               string // and to be refused
	}{
		{"one of two orders", fore, "a put|& b put", "a ok, b ok, [a1 b1] / a ok, b ok, [b1 a1]",
			"a ok, b ok / a ok, b ok, [a1], [b1]"},
		{"a trigger beside a put", fore, "a put|& b trigger", "a ok, b ok, [a1] / a ok, b ok", "a ok, b waits"},
		{"a lane keeps its order", fore, "a put|& a trigger", "a ok, a ok, [a1] / a ok, a ok", "a ok, a waits"},
		{"a put beside Close", fore, "a put|& b close", "a ok, b ok, [a1] / a panics: closed, b ok",
			"a ok, b ok / a panics: closed, b ok, [a1]"},
		{"a burst beside Close", fore, "a put x3|& b close",
			"a ok 3, b ok, [a1 a2], [a3] / a panics: closed 2, b ok, [a1] / a panics: closed 3, b " +
				"ok, [a1 a2] / a panics: closed, b ok",
			"a panics: closed 3, b ok, [a1], [a2]"},
		{"a trigger beside Close", fore, "a put|b trigger|& c close", "b ok, c ok, [a1]", "b waits, c ok, [a1]"},
		{"two Closes", fore, "a close|& b close", "a ok, b ok", "a ok, b waits"},
		{"time beside a put", fore, "+10ms|& a put", "a ok, [a1] / a ok", ""},
		{"time that is not enough", fore, "+9ms|& a put", "a ok", "a ok, [a1]"},
		{"a batch beside the timer", fore, "a put|+10ms|& b put", "b ok, [a1] / b ok, [a1 b1]",
			"b ok / b ok, [a1], [b1]"},
		{"a handler that blocks holds what comes", fore, "handler blocks|a put x2|& b trigger|& b put",
			"a ok 2, b waits, b skipped, [a1 a2> / a ok 2, b ok, b ok, [a1 a2>", "a ok 2, b waits, [a1 a2>"},
		{"what never returns", fore, "handler blocks|a put x2|b trigger|& b put", "b waits, b skipped",
			"b waits, b ok / b waits"},
		{"a handler that takes its time", back, "handler takes 5ms|a put x2|& +5ms",
			"a ok 2, [a1 a2] / a ok 2, [a1 a2>", "a ok 2"},
		{"handlers that put", back, "handler puts|a put|& b put", "a ok, b ok, [a1 b1>'] / a ok, b ok, [b1 a1>']",
			"a ok, b ok, [a1 b1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, batcher.Kind, c.config, c.ops)
			groups := kind.Groups(p.Ops)
			for i, list := range []string{c.seen, c.not} {
				for lines := range strings.SplitSeq(list, " / ") {
					if lines == "" {
						continue
					}
					f := after(t, p, groups[:len(groups)-1])
					last := groups[len(groups)-1]
					seen := groupEvents(last, lines, f, strings.HasSuffix(c.config, "background"))
					if got := f.Step(last, seen); got != (i == 0) || f.Err() != nil {
						t.Errorf("%s: allowed %v (%v), of\n%s", lines, got, f.Err(), list)
					}
				}
			}
		})
	}
}

var outcomes = map[string]kind.Outcome{
	"ok": kind.OK, "waits": kind.Waits, "skipped": kind.Skipped, "panics: closed": kind.Refused,
}

// groupEvents reads what was seen: "a ok 3" for a call that came to a lane's third item, "[a1 a2]"
// for a handler that begins and ends, "[a1>" for one that begins, "[a1>']" for one that
// puts in between.
func groupEvents(ops []kind.Op, lines string, f *model.Follower, background bool) []kind.Event {
	at := f.Now()
	verbs := map[byte][]kind.Op{}
	for _, o := range ops {
		at += o.Moved()
		verbs[o.Lane] = append(verbs[o.Lane], o)
	}
	var events []kind.Event
	add := func(e kind.Event) {
		e.Step, e.At = f.Steps()+1, at
		events = append(events, e)
	}
	for line := range strings.SplitSeq(lines, ", ") {
		if line[0] == '[' {
			var items []kind.Item
			for id := range strings.FieldsSeq(strings.TrimRight(line[1:], "'>]")) {
				items = append(items, kind.Item{Lane: id[0], N: int32(id[1] - '0')})
			}
			src := kind.HandlerSource(items, background)
			add(kind.Event{Source: src, Verb: spec.Begin, Items: items})
			if strings.Contains(line, "'") {
				own := spec.Offspring(items[0])
				add(kind.Event{Source: src, Verb: spec.Put, Outcome: kind.OK, Items: kind.Span(own, own)})
			}
			if strings.HasSuffix(line, "]") {
				add(kind.Event{Source: src, Verb: spec.End, Items: items})
			}
			continue
		}
		lane := line[0]
		o := verbs[lane][0]
		verbs[lane] = verbs[lane][1:]
		out := outcomes[strings.TrimRight(line[2:], " 23")]
		e := kind.Event{Source: kind.Source{Lane: lane}, Verb: o.Verb, Outcome: out}
		if o.Verb == spec.Put && out != kind.Skipped {
			first, last := kind.Item{Lane: lane, N: 1}, kind.Item{Lane: lane, N: 1}
			if n := line[len(line)-1]; n == '2' || n == '3' {
				last.N = int32(n - '0')
			}
			e.Items = kind.Span(first, last)
		}
		add(e)
	}
	return kind.Canonical(events)
}

// TestGroupKeys: of equal items put together one is dropped, by a batcher that then
// delivers the other, whatever Close does.
func TestGroupKeys(t *testing.T) {
	p := parse(t, dedupbatcher.Kind, "size=1 timeout=1s mode=foreground", "a put k1|& b put k1|& c close")
	id := func(lane byte) kind.Item { return kind.Item{Lane: lane, N: 1, Keyed: true, Key: 1} }
	put := func(lane byte, out kind.Outcome) kind.Event {
		return kind.Event{Step: 1, Source: kind.Source{Lane: lane}, Verb: spec.Put, Outcome: out, Items: []kind.Item{id(lane)}}
	}
	closed := kind.Event{Step: 1, Source: kind.Source{Lane: 'c'}, Verb: spec.Close, Outcome: kind.OK}
	batch := func(v kind.Verb, lane byte) kind.Event {
		return kind.Event{Step: 1, Source: kind.Source{Lane: kind.HandlerLane}, Verb: v, Items: []kind.Item{id(lane)}}
	}
	handled := func(lane byte) []kind.Event {
		return []kind.Event{batch(spec.Begin, lane), batch(spec.End, lane)}
	}
	for _, c := range []struct {
		name string
		a, b kind.Outcome
		got  string // who is delivered
		want bool
	}{
		{"a is first", kind.OK, kind.OK, "a", true},
		{"b is first", kind.OK, kind.OK, "b", true},
		{"both are delivered", kind.OK, kind.OK, "ab", false},
		{"both are dropped", kind.OK, kind.OK, "", false},
		{"a is turned away", kind.Refused, kind.OK, "b", true},
		{"both are turned away", kind.Refused, kind.Refused, "", true},
		{"a is turned away, and b dropped for it", kind.Refused, kind.OK, "", true}, // what the laws say of it is another matter
	} {
		seen := []kind.Event{put('a', c.a), put('b', c.b), closed}
		for i := range len(c.got) {
			seen = append(seen, handled(c.got[i])...)
		}
		f := follow(p, nil)
		if got := f.Step(p.Ops, seen); got != c.want || f.Err() != nil {
			t.Errorf("%s: allowed %v (%v), want %v", c.name, got, f.Err(), c.want)
		}
	}
}

// TestGroupLate: where the clock moves beside it, a worker may start its timer at any
// place where the clock stops, so that a later batch leaves later, and no later than that.
func TestGroupLate(t *testing.T) {
	p := parse(t, batcher.Kind, "size=2 timeout=10ms mode=foreground", "+4ms|b trigger|& +3ms|a put|+9ms|+1ns|+1ms")
	groups := kind.Groups(p.Ops)
	f := after(t, p, groups[:3])
	// The trigger came at +4ms or at +7ms: the batch leaves at +14ms or at +17ms.
	when := map[bool]int{}
	for _, out := range f.Outcomes(groups[3], 10) {
		when[slices.ContainsFunc(out, func(e kind.Event) bool { return e.Verb == spec.Begin })]++
	}
	if when[true] == 0 || when[false] == 0 {
		t.Errorf("until +16ms the batch leaves in %d of the outcomes and stays in %d, want both", when[true], when[false])
	}
	f.Step(groups[3], nil)
	f.Step(groups[4], nil)
	outs := f.Outcomes(groups[5], 10)
	if len(outs) != 1 || len(outs[0]) != 2 {
		t.Errorf("at +17ms: %v, want the batch to leave", outs)
	}
}

// TestGroupOfMap: maps are judged otherwise, and asking is a mistake.
func TestGroupOfMap(t *testing.T) {
	p := parse(t, dedup.Kind, "bucket=1s buckets=1", "a count|& b count")
	defer func() {
		if recover() == nil {
			t.Error("a map's group is followed")
		}
	}()
	follow(p, nil).Step(p.Ops, nil)
}
