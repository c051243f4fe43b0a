package model

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// walkGroups draws a history that the model allows, group by group. It is nil if the
// model cannot be followed.
func walkGroups(p *program.Program, rng *rand.Rand) []subject.Event {
	f := Follow(p, nil)
	var history []subject.Event
	for _, g := range program.Groups(allOps(p)) {
		outs := f.GroupOutcomes(g, 50)
		if f.Err() != nil || len(outs) == 0 {
			return nil
		}
		seen := outs[rng.IntN(len(outs))]
		if !f.StepGroup(g, seen) {
			return nil
		}
		history = append(history, seen...)
	}
	return history
}

// allowsGroups follows a history to its end and returns the first step of the group that
// cannot be, or 0.
func allowsGroups(t *testing.T, p *program.Program, history, known []subject.Event) int {
	t.Helper()
	f := Follow(p, known)
	step := 1
	for _, g := range program.Groups(allOps(p)) {
		var seen []subject.Event
		for _, e := range history {
			if e.Step == step {
				seen = append(seen, e)
			}
		}
		ok := f.StepGroup(g, seen)
		if f.Err() != nil {
			t.Fatal(f.Err())
		}
		if !ok {
			return step
		}
		step += len(g)
	}
	return 0
}

// TestFollowGroups: the model allows each history of groups that it gives itself, told
// beforehand or not, and none in which one line is wrong.
func TestFollowGroups(t *testing.T) {
	const programs = 40
	for _, kind := range []string{program.KindBatcher, program.KindDedupBatcher} {
		t.Run(kind, func(t *testing.T) {
			followed, refused := 0, 0
			for i := range uint64(programs) {
				rng := rand.New(rand.NewPCG(11, i))
				p := program.GenerateConcurrent(rng, kind)
				history := walkGroups(p, rng)
				if len(history) == 0 {
					continue
				}
				followed++
				for _, known := range [][]subject.Event{nil, history} {
					if bad := allowsGroups(t, p, history, known); bad != 0 {
						t.Fatalf("step %d of its own history is refused in\n%s\n%v", bad, p, history)
					}
				}
				at := rng.IntN(len(history))
				for name, wrong := range disturb(history, at) {
					if bad := allowsGroups(t, p, wrong, nil); bad != 0 {
						refused++
					} else if name == "too late" || name == "of another" {
						t.Fatalf("%q %s is allowed in\n%s", history[at], name, p)
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
		{"one of two orders", fore, "a put|& b put", "a ok, b ok, [a1 b1] / a ok, b ok, [b1 a1]", "a ok, b ok / a ok, b ok, [a1], [b1]"},
		{"a trigger beside a put", fore, "a put|& b trigger", "a ok, b ok, [a1] / a ok, b ok", "a ok, b waits"},
		{"a lane keeps its order", fore, "a put|& a trigger", "a ok, a ok, [a1] / a ok, a ok", "a ok, a waits"},
		{"a put beside Close", fore, "a put|& b close", "a ok, b ok, [a1] / a panics: closed, b ok", "a ok, b ok / a panics: closed, b ok, [a1]"},
		{"a burst beside Close", fore, "a put x3|& b close", "a ok 3, b ok, [a1 a2], [a3] / a panics: closed 2, b ok, [a1] / a panics: closed 3, b ok, [a1 a2] / a panics: closed, b ok", "a panics: closed 3, b ok, [a1], [a2]"},
		{"a trigger beside Close", fore, "a put|b trigger|& c close", "b ok, c ok, [a1]", "b waits, c ok, [a1]"},
		{"two Closes", fore, "a close|& b close", "a ok, b ok", "a ok, b waits"},
		{"time beside a put", fore, "+10ms|& a put", "a ok, [a1] / a ok", ""},
		{"time that is not enough", fore, "+9ms|& a put", "a ok", "a ok, [a1]"},
		{"a batch beside the timer", fore, "a put|+10ms|& b put", "b ok, [a1] / b ok, [a1 b1]", "b ok / b ok, [a1], [b1]"},
		{"a handler that blocks holds what comes", fore, "handler blocks|a put x2|& b trigger|& b put", "a ok 2, b waits, b skipped, [a1 a2> / a ok 2, b ok, b ok, [a1 a2>", "a ok 2, b waits, [a1 a2>"},
		{"what never returns", fore, "handler blocks|a put x2|b trigger|& b put", "b waits, b skipped", "b waits, b ok / b waits"},
		{"a handler that takes its time", back, "handler takes 5ms|a put x2|& +5ms", "a ok 2, [a1 a2] / a ok 2, [a1 a2>", "a ok 2"},
		{"handlers that put", back, "handler puts|a put|& b put", "a ok, b ok, [a1 b1>'] / a ok, b ok, [b1 a1>']", "a ok, b ok, [a1 b1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, program.KindBatcher, c.config, c.ops)
			groups := program.Groups(p.Ops)
			for i, list := range []string{c.seen, c.not} {
				for lines := range strings.SplitSeq(list, " / ") {
					if lines == "" {
						continue
					}
					f := Follow(p, nil)
					for _, g := range groups[:len(groups)-1] {
						f.StepGroup(g, f.GroupOutcomes(g, 1)[0])
					}
					last := groups[len(groups)-1]
					seen := groupEvents(last, lines, f, strings.HasSuffix(c.config, "background"))
					if got := f.StepGroup(last, seen); got != (i == 0) || f.Err() != nil {
						t.Errorf("%s: allowed %v (%v), of\n%s", lines, got, f.Err(), list)
					}
				}
			}
		})
	}
}

// groupEvents reads what was seen: "a ok 3" for a call that came to a lane's third item, "[a1 a2]"
// for a handler that begins and ends, "[a1>" for one that begins, "[a1>']" for one that
// puts in between.
func groupEvents(ops []program.Op, lines string, f *Follower, background bool) []subject.Event {
	at := f.now
	verbs := map[byte][]program.Op{}
	for _, o := range ops {
		at += o.D
		verbs[o.Lane] = append(verbs[o.Lane], o)
	}
	var events []subject.Event
	add := func(e subject.Event) {
		e.Step, e.At = f.step+1, at
		events = append(events, e)
	}
	for line := range strings.SplitSeq(lines, ", ") {
		if line[0] == '[' {
			var items []subject.ItemID
			for id := range strings.FieldsSeq(strings.TrimRight(line[1:], "'>]")) {
				items = append(items, subject.ItemID{Lane: id[0], N: int32(id[1] - '0')})
			}
			src := subject.HandlerSource(items, background)
			add(subject.Event{Source: src, Verb: subject.Begin, Items: items})
			if strings.Contains(line, "'") {
				own := Offspring(items[0])
				add(subject.Event{Source: src, Verb: subject.Put, Outcome: subject.OK, Items: subject.Span(own, own)})
			}
			if strings.HasSuffix(line, "]") {
				add(subject.Event{Source: src, Verb: subject.End, Items: items})
			}
			continue
		}
		lane := line[0]
		o := verbs[lane][0]
		verbs[lane] = verbs[lane][1:]
		out := map[string]subject.Outcome{"ok": subject.OK, "waits": subject.Waits, "skipped": subject.Skipped, "panics: closed": subject.Panics}[strings.TrimRight(line[2:], " 23")]
		e := subject.Event{Source: subject.Source{Lane: lane}, Verb: callVerb(o.Verb), Outcome: out}
		if o.Verb == program.Put && out != subject.Skipped {
			first, last := subject.ItemID{Lane: lane, N: 1}, subject.ItemID{Lane: lane, N: 1}
			if n := line[len(line)-1]; n == '2' || n == '3' {
				last.N = int32(n - '0')
			}
			e.Items = subject.Span(first, last)
		}
		add(e)
	}
	return Canonical(events)
}

// TestGroupKeys: of equal items put together one is dropped, by a batcher that then
// delivers the other, whatever Close does.
func TestGroupKeys(t *testing.T) {
	p := parse(t, program.KindDedupBatcher, "size=1 timeout=1s mode=foreground", "a put k1|& b put k1|& c close")
	id := func(lane byte) subject.ItemID { return subject.ItemID{Lane: lane, N: 1, Keyed: true, Key: 1} }
	put := func(lane byte, out subject.Outcome) subject.Event {
		return subject.Event{Step: 1, Source: subject.Source{Lane: lane}, Verb: subject.Put, Outcome: out, Items: []subject.ItemID{id(lane)}}
	}
	closed := subject.Event{Step: 1, Source: subject.Source{Lane: 'c'}, Verb: subject.Close, Outcome: subject.OK}
	batch := func(v subject.Verb, lane byte) subject.Event {
		return subject.Event{Step: 1, Source: subject.Source{Lane: subject.HandlerLane}, Verb: v, Items: []subject.ItemID{id(lane)}}
	}
	handled := func(lane byte) []subject.Event {
		return []subject.Event{batch(subject.Begin, lane), batch(subject.End, lane)}
	}
	for _, c := range []struct {
		name string
		a, b subject.Outcome
		got  string // who is delivered
		want bool
	}{
		{"a is first", subject.OK, subject.OK, "a", true},
		{"b is first", subject.OK, subject.OK, "b", true},
		{"both are delivered", subject.OK, subject.OK, "ab", false},
		{"both are dropped", subject.OK, subject.OK, "", false},
		{"a is turned away", subject.Panics, subject.OK, "b", true},
		{"both are turned away", subject.Panics, subject.Panics, "", true},
		{"a is turned away, and b dropped for it", subject.Panics, subject.OK, "", true}, // what the laws say of it is another matter
	} {
		seen := []subject.Event{put('a', c.a), put('b', c.b), closed}
		for i := range len(c.got) {
			seen = append(seen, handled(c.got[i])...)
		}
		f := Follow(p, nil)
		if got := f.StepGroup(p.Ops, seen); got != c.want || f.Err() != nil {
			t.Errorf("%s: allowed %v (%v), want %v", c.name, got, f.Err(), c.want)
		}
	}
}

// TestGroupLate: where the clock moves beside it, a worker may start its timer at any
// place where the clock stops, so that a later batch leaves later, and no later than that.
func TestGroupLate(t *testing.T) {
	p := parse(t, program.KindBatcher, "size=2 timeout=10ms mode=foreground", "+4ms|b trigger|& +3ms|a put|+9ms|+1ns|+1ms")
	groups := program.Groups(p.Ops)
	f := Follow(p, nil)
	for _, g := range groups[:3] {
		f.StepGroup(g, f.GroupOutcomes(g, 1)[0])
	}
	// The trigger came at +4ms or at +7ms: the batch leaves at +14ms or at +17ms.
	when := map[bool]int{}
	for _, out := range f.GroupOutcomes(groups[3], 10) {
		when[slices.ContainsFunc(out, func(e subject.Event) bool { return e.Verb == subject.Begin })]++
	}
	if when[true] == 0 || when[false] == 0 {
		t.Errorf("until +16ms the batch leaves in %d of the outcomes and stays in %d, want both", when[true], when[false])
	}
	f.StepGroup(groups[3], nil)
	f.StepGroup(groups[4], nil)
	outs := f.GroupOutcomes(groups[5], 10)
	if len(outs) != 1 || len(outs[0]) != 2 {
		t.Errorf("at +17ms: %v, want the batch to leave", outs)
	}
}

// TestGroupOfMap: maps are judged otherwise, and asking is a mistake.
func TestGroupOfMap(t *testing.T) {
	p := parse(t, program.KindDedup, "bucket=1s buckets=1", "a count|& b count")
	defer func() {
		if recover() == nil {
			t.Error("a map's group is followed")
		}
	}()
	Follow(p, nil).StepGroup(p.Ops, nil)
}
