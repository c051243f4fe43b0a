package subject

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
)

// TestLaws: every law has an id of its own, a text, and a kind that it binds.
func TestLaws(t *testing.T) {
	ids, texts := map[Law]bool{}, map[string]bool{}
	for _, g := range Guarantees {
		if g.Law == "" || g.Text == "" || len(g.Kinds) == 0 || ids[g.Law] || texts[g.Text] {
			t.Errorf("%+v is incomplete, or there twice", g)
		}
		ids[g.Law], texts[g.Text] = true, true
		for _, k := range g.Kinds {
			if !slices.Contains(Kinds, k) {
				t.Errorf("%s binds the unknown kind %q", g.Law, k)
			}
		}
		if g.Law.Text() != g.Text {
			t.Errorf("%s.Text() = %q, want %q", g.Law, g.Law.Text(), g.Text)
		}
		if l, err := ParseLaw(string(g.Law)); err != nil || l != g.Law {
			t.Errorf("ParseLaw(%s) = %q, %v", g.Law, l, err)
		}
	}
	for _, k := range Kinds {
		if !slices.ContainsFunc(Guarantees, func(g Guarantee) bool { return slices.Contains(g.Kinds, k) }) {
			t.Errorf("no law binds a %s", k)
		}
	}
}

func TestUnknownLaw(t *testing.T) {
	_, err := ParseLaw("B0-nothing")
	if err == nil || !strings.Contains(err.Error(), `unknown law "B0-nothing", want one of B1-exactly-once, `) {
		t.Fatalf("got %v", err)
	}
	for _, g := range Guarantees {
		if !strings.Contains(err.Error(), string(g.Law)) {
			t.Errorf("the error does not list %s: %v", g.Law, err)
		}
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), `"B0-nothing" is not in subject.Guarantees`) {
			t.Errorf("Text of an unknown law: %v", r)
		}
	}()
	_ = Law("B0-nothing").Text()
}

// Items, as they are spelled: a1, a2, a3, b1, a1', a3:k7, nil.
var (
	a1, a2, a3 = ItemID{Lane: 'a', N: 1}, ItemID{Lane: 'a', N: 2}, ItemID{Lane: 'a', N: 3}
	b1         = ItemID{Lane: 'b', N: 1}
	a1Derived  = ItemID{Lane: 'a', N: 1, Derived: true}
	a3Keyed    = ItemID{Lane: 'a', N: 3, Keyed: true, Key: 7}
	none       = ItemID{}
)

// TestEventText: the line of each kind of event.
func TestEventText(t *testing.T) {
	lane, handler, lab := Source{Lane: 'a'}, Source{Lane: HandlerLane}, Source{Lane: LabLane}
	many := make([]ItemID, 64)
	for i := range many {
		many[i] = ItemID{Lane: 'a', N: int32(i + 1)}
	}
	for _, c := range []struct {
		e    Event
		want string
	}{
		{Event{Source: lane, Verb: Put, Outcome: OK, Items: []ItemID{a1}}, "a put a1 -> ok"},
		{Event{Source: lane, Verb: Put, Outcome: OK, Items: []ItemID{a1, a3}}, "a put a1..a3 -> ok"},
		{Event{Source: lane, Verb: Put, Outcome: Waits, Items: []ItemID{none}}, "a put nil -> waits"},
		{Event{Source: lane, Verb: Put, Outcome: Skipped}, "a put -> skipped: the lane is busy"},
		{Event{Source: lane, Verb: Put, Outcome: Panics, Items: []ItemID{a3Keyed}}, "a put a3:k7 -> panics: closed"},
		{Event{Source: lane, Verb: Put, Outcome: Broke, Items: []ItemID{a1}, Note: "boom"}, "a put a1 -> panics (boom)"},
		{Event{Source: handler, Verb: Put, Outcome: OK, Items: []ItemID{a1Derived}}, "handler put a1' -> ok"},
		{Event{Source: lane, Verb: Trigger, Outcome: OK}, "a trigger -> ok"},
		{Event{Source: lab, Verb: Close, Outcome: OK}, "lab close -> ok"},
		{Event{Source: lane, Verb: Get, Outcome: Yes, Key: 1, Value: 2}, "a get k1 -> v2"},
		{Event{Source: lane, Verb: Get, Outcome: No, Key: 1}, "a get k1 -> none"},
		{Event{Source: lane, Verb: Set, Outcome: Yes, Key: 1, Value: 2}, "a set k1 v2 -> true"},
		{Event{Source: lane, Verb: Delete, Outcome: No, Key: 1}, "a delete k1 -> false"},
		{Event{Source: lane, Verb: Count, Outcome: OK, Value: 3}, "a count -> 3"},
		{Event{Source: handler, Verb: Begin, Items: []ItemID{a1, none, b1}}, "handler [a1 nil b1] begins"},
		{Event{Source: handler, Verb: End, Items: many[:8]}, "handler [a1 a2 a3 a4 a5 a6 a7 a8] ends"},
		{Event{Source: handler, Verb: End, Items: many}, "handler [a1 a2 a3 a4 a5 a6 a7 .. a64] (64) ends"},
		{Event{Source: handler, Verb: Begin}, "handler [] begins"},
		{Event{Source: handler, Verb: Changed, Items: []ItemID{a1}}, "handler [a1] slice changed"},
		{Event{Source: lab, Verb: Leaked, Note: "f in select"}, "lab goroutine left behind (f in select)"},
		{Event{Source: lab, Verb: Hung}, "lab hangs"},
		{Event{Source: lab, Verb: Race, Note: "f and g"}, "lab data race (f and g)"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestHandlerSource(t *testing.T) {
	for _, c := range []struct {
		batch      []ItemID
		background bool
		want       Source
		anonymous  bool
	}{
		{[]ItemID{a1, a2}, false, Source{Lane: HandlerLane}, false},
		{[]ItemID{a1, a2}, true, Source{Lane: HandlerLane, Head: a1}, false},
		{[]ItemID{none, a2}, true, Source{Lane: HandlerLane, Head: a2}, false},
		{[]ItemID{none, none}, true, Source{Lane: HandlerLane, Head: ItemID{N: 2}}, true},
		{[]ItemID{none, none}, false, Source{Lane: HandlerLane}, false},
	} {
		got := HandlerSource(c.batch, c.background)
		if got != c.want || got.Anonymous() != c.anonymous {
			t.Errorf("%v, background %v: got %+v, anonymous %v", c.batch, c.background, got, got.Anonymous())
		}
	}
}

// TestCompare: Compare puts the samples into this order, and is an order: of any
// two one comes first, and of any three there is no circle.
func TestCompare(t *testing.T) {
	background := func(id ItemID) Source { return Source{Lane: HandlerLane, Head: id} }
	nils := background(ItemID{N: 2})
	ordered := []Event{
		{At: 1, Source: Source{Lane: 'a'}, Verb: Put},
		{At: 1, Source: Source{Lane: 'b'}, Verb: Put},
		{At: 1, Source: Source{Lane: LabLane}, Verb: Close},
		{At: 1, Source: background(none), Verb: Begin},
		{At: 1, Source: nils, Verb: Begin},
		{At: 1, Source: nils, Verb: End},
		{At: 1, Source: background(ItemID{N: 3}), Verb: Begin},
		{At: 1, Source: background(a1), Verb: Begin},
		{At: 1, Source: background(a1Derived), Verb: Begin},
		{At: 1, Source: background(a2), Verb: Begin},
		{At: 1, Source: background(a3), Verb: Begin},
		{At: 1, Source: background(a3Keyed), Verb: Begin},
		{At: 1, Source: background(b1), Verb: Begin},
		{At: 2, Source: Source{Lane: 'a'}, Verb: Put},
		{At: time.Hour, Source: Source{Lane: 'a'}, Verb: Put},
	}
	sign := func(n int) int { return min(max(n, -1), 1) }
	for i, a := range ordered {
		for j, b := range ordered {
			if got, want := sign(a.Compare(b)), sign(i-j); got != want {
				t.Errorf("%v compared with %v is %d, want %d", a, b, got, want)
			}
		}
	}
	// Events of one source at one instant have no order of their own: their order is kept.
	x, y := Event{Source: background(a1), Verb: End}, Event{Source: background(a1), Verb: Begin}
	if x.Compare(y) != 0 {
		t.Error("two events of one source are put in order")
	}
}

// TestSame: a note is no part of a line, everything else is.
func TestSame(t *testing.T) {
	e := Event{Step: 1, At: 2, Source: Source{Lane: 'a'}, Verb: Set, Outcome: Yes, Key: 3, Value: 4, Items: []ItemID{a1}, Note: "x"}
	for i, change := range []func(*Event){
		func(e *Event) { e.Note = "y" },
		func(e *Event) { e.Step++ },
		func(e *Event) { e.At++ },
		func(e *Event) { e.Source.Lane++ },
		func(e *Event) { e.Verb++ },
		func(e *Event) { e.Outcome++ },
		func(e *Event) { e.Key++ },
		func(e *Event) { e.Value++ },
		func(e *Event) { e.Items = []ItemID{a2} },
	} {
		o := e
		change(&o)
		if same := e.Same(o); same != (i == 0) {
			t.Errorf("%+v and %+v: Same is %v", e, o, same)
		}
	}
}

func TestSubjectValidate(t *testing.T) {
	batcher := func(BatcherConfig, clock.Clock, func([]*Item)) Batcher { return nil }
	table := func(MapConfig, clock.Clock) Map { return nil }
	for _, c := range []struct {
		s    Subject
		want string // "" if valid
	}{
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher}, ""},
		{Subject{Name: "x", Kind: KindDedupBatcher, NewBatcher: batcher}, ""},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table}, ""},
		{Subject{Kind: KindBatcher, NewBatcher: batcher}, `subject: a subject has no name (kind "batcher")`},
		{Subject{Name: "x", Kind: "queue"}, `subject x: unknown kind "queue", want one of [batcher dedup dedup-batcher]`},
		{Subject{Name: "x", Kind: KindDedup}, "subject x: kind dedup needs NewMap and nothing else"},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table, NewBatcher: batcher}, "kind dedup needs NewMap"},
		{Subject{Name: "x", Kind: KindBatcher}, "kind batcher needs NewBatcher and nothing else"},
		{Subject{Name: "x", Kind: KindDedupBatcher, NewMap: table, NewBatcher: batcher}, "kind dedup-batcher needs NewBatcher"},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, LawsOnly: true, Lingers: true}, ""},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, Waives: []Law{Leak, Order}}, ""},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, Waives: []Law{Leak, "B1"}}, `subject x: waives "B1", want one of B1-exactly-once, B2-order,`},
		{Subject{Name: "x", Kind: KindDedup, NewMap: table, Waives: []Law{Order}}, "subject x: waives B2-order, a law that kind dedup does not have"},
		{Subject{Name: "x", Kind: KindBatcher, NewBatcher: batcher, Lingers: true}, "subject x: only a subject that is LawsOnly can linger"},
	} {
		err := c.s.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestMapConfig: the periods of BASELINE: a tenth of a bucket but not under 100ms,
// half a bucket, all buckets.
func TestMapConfig(t *testing.T) {
	for _, c := range []struct {
		MapConfig
		refresh, cleanup, window time.Duration
	}{
		{MapConfig{time.Second, 3}, 100 * time.Millisecond, 500 * time.Millisecond, 3 * time.Second},
		{MapConfig{10 * time.Second, 2}, time.Second, 5 * time.Second, 20 * time.Second},
		{MapConfig{2, 1}, 100 * time.Millisecond, 1, 2},
	} {
		if c.Refresh() != c.refresh || c.Cleanup() != c.cleanup || c.Window() != c.window {
			t.Errorf("%+v: refresh %v, cleanup %v, window %v", c.MapConfig, c.Refresh(), c.Cleanup(), c.Window())
		}
	}
}
