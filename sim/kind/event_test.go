package kind

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Items, as they are spelled: a1, a2, a3, b1, a1', a3:k7, nil.
var (
	a1, a2, a3 = Item{Lane: 'a', N: 1}, Item{Lane: 'a', N: 2}, Item{Lane: 'a', N: 3}
	b1         = Item{Lane: 'b', N: 1}
	a1Derived  = Item{Lane: 'a', N: 1, Derived: true}
	a3Keyed    = Item{Lane: 'a', N: 3, Keyed: true, Key: 7}
	none       = Item{}
)

// TestEventText: what a kind's tables make of an event, and what the lab says itself.
func TestEventText(t *testing.T) {
	lane, handler, lab := Source{Lane: 'a'}, Source{Lane: HandlerLane}, Source{Lane: LabLane}
	many := make([]Item, 64)
	for i := range many {
		many[i] = Item{Lane: 'a', N: int32(i + 1)}
	}
	k := tiny()
	for _, c := range []struct {
		e    Event
		want string
	}{
		{Event{Source: lane, Verb: give, Outcome: OK, Items: []Item{a1}}, "a give a1 -> ok"},
		{Event{Source: lane, Verb: give, Outcome: OK, Items: []Item{a1, a3}}, "a give a1..a3 -> ok"},
		{Event{Source: lane, Verb: give, Outcome: Waits, Items: []Item{none}}, "a give nil -> waits"},
		{Event{Source: lane, Verb: give, Outcome: Skipped}, "a give -> skipped: the lane is busy"},
		{Event{Source: lane, Verb: give, Outcome: Refused, Items: []Item{a3Keyed}}, "a give a3:k7 -> panics: closed"},
		{Event{Source: lane, Verb: give, Outcome: Broke, Items: []Item{a1}, Note: "boom"}, "a give a1 -> panics (boom)"},
		{Event{Source: handler, Verb: give, Outcome: OK, Items: []Item{a1Derived}}, "handler give a1' -> ok"},
		{Event{Source: lane, Verb: swap, Outcome: Yes, Arg: 1, Val: 2}, "a swap k1 v2 -> true"},
		{Event{Source: lab, Verb: swap, Outcome: No}, "lab swap k0 v0 -> false"},
		{Event{Source: handler, Verb: FirstNotice, Items: []Item{a1, none, b1}}, "handler [a1 nil b1] rings"},
		{Event{Source: handler, Verb: FirstNotice, Items: many[:8]}, "handler [a1 a2 a3 a4 a5 a6 a7 a8] rings"},
		{Event{Source: handler, Verb: FirstNotice, Items: many}, "handler [a1 a2 a3 a4 a5 a6 a7 .. a64] (64) rings"},
		{Event{Source: handler, Verb: FirstNotice}, "handler [] rings"},
		{Event{Source: handler, Verb: FirstNotice, Text: "a1 twice"}, "handler rings a1 twice"},
		{Event{Source: lane, Verb: swap, Outcome: OK, Arg: 1, Val: 2, Text: "7 true"}, "a swap k1 v2 -> 7 true"},
		{Event{Source: handler, Verb: FirstNotice + 2}, "handler (unknown event 66)"},
		{Event{Source: handler, Verb: Crash, Items: []Item{a1}}, "handler [a1] panics, the program crashes"},
		{Event{Source: lab, Verb: Leaked, Note: "f in select"}, "lab goroutine left behind (f in select)"},
		{Event{Source: lab, Verb: Hung}, "lab hangs"},
		{Event{Source: lab, Verb: Race, Note: "f and g"}, "lab data race (f and g)"},
	} {
		if got := k.Text(c.e); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	e := Event{Step: 3, At: 10 * time.Millisecond, Source: lane, Verb: swap, Outcome: OK, Arg: 1, Val: 2}
	if got, want := k.Line(e), "+10ms        a swap k1 v2 -> ok                                 #3"; got != want || k.Trimmed(e) != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestAnswer: a kind's own words for what came of a call take the place of its outcome.
func TestAnswer(t *testing.T) {
	k := tiny()
	k.Ops[swap].Answer = func(e *Event) string {
		if e.Outcome == Yes {
			return "fits"
		}
		return ""
	}
	for out, want := range map[Outcome]string{Yes: "a swap k0 v0 -> fits", No: "a swap k0 v0 -> false", 0: "a swap k0 v0"} {
		if got := k.Text(Event{Source: Source{Lane: 'a'}, Verb: swap, Outcome: out}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestLabel: an event is named after its call.
func TestLabel(t *testing.T) {
	for _, c := range []struct {
		o    Op
		want Event
	}{
		{Op{Verb: swap, Lane: 'a', Args: Args{7, 9}}, Event{Verb: swap, Arg: 7, Val: 9}},
		{Op{Verb: give, Lane: 'a', Args: Args{3}}, Event{Verb: give}},
	} {
		var e Event
		if tiny().Label(c.o, &e); !e.Same(&c.want) {
			t.Errorf("%+v is shown as %+v, want %+v", c.o, e, c.want)
		}
	}
}

func TestHandlerSource(t *testing.T) {
	for _, c := range []struct {
		batch     []Item
		beside    bool
		want      Source
		anonymous bool
	}{
		{[]Item{a1, a2}, false, Source{Lane: HandlerLane}, false},
		{[]Item{a1, a2}, true, Source{Lane: HandlerLane, Head: a1}, false},
		{[]Item{none, a2}, true, Source{Lane: HandlerLane, Head: a2}, false},
		{[]Item{none, none}, true, Source{Lane: HandlerLane, Head: Item{N: 2}}, true},
		{[]Item{none, none}, false, Source{Lane: HandlerLane}, false},
	} {
		got := HandlerSource(c.batch, c.beside)
		if got != c.want || got.Anonymous() != c.anonymous {
			t.Errorf("%v, beside %v: got %+v, anonymous %v", c.batch, c.beside, got, got.Anonymous())
		}
	}
}

// TestCompare: Compare puts the samples into this order, and is an order: of any
// two one comes first, and of any three there is no circle.
func TestCompare(t *testing.T) {
	background := func(id Item) Source { return Source{Lane: HandlerLane, Head: id} }
	nils := background(Item{N: 2})
	begin, end := FirstNotice, FirstNotice+1
	ordered := []Event{
		{At: 1, Source: Source{Lane: 'a'}, Verb: give},
		{At: 1, Source: Source{Lane: 'b'}, Verb: give},
		{At: 1, Source: Source{Lane: LabLane}, Verb: swap},
		{At: 1, Source: background(none), Verb: begin},
		{At: 1, Source: nils, Verb: begin},
		{At: 1, Source: nils, Verb: end},
		{At: 1, Source: background(Item{N: 3}), Verb: begin},
		{At: 1, Source: background(a1), Verb: begin},
		{At: 1, Source: background(a1Derived), Verb: begin},
		{At: 1, Source: background(a2), Verb: begin},
		{At: 1, Source: background(a3), Verb: begin},
		{At: 1, Source: background(a3Keyed), Verb: begin},
		{At: 1, Source: background(b1), Verb: begin},
		{At: 2, Source: Source{Lane: 'a'}, Verb: give},
		{At: time.Hour, Source: Source{Lane: 'a'}, Verb: give},
	}
	sign := func(n int) int { return min(max(n, -1), 1) }
	for i, a := range ordered {
		for j, b := range ordered {
			if got, want := sign(a.Compare(&b)), sign(i-j); got != want {
				t.Errorf("%+v compared with %+v is %d, want %d", a, b, got, want)
			}
		}
	}
	// Events of one source at one instant have no order of their own: their order is kept.
	x, y := Event{Source: background(a1), Verb: end}, Event{Source: background(a1), Verb: begin}
	if x.Compare(&y) != 0 {
		t.Error("two events of one source are put in order")
	}
	if list := Canonical([]Event{ordered[3], x, y, ordered[0]}); list[0].Verb != end || list[1].Verb != begin || !list[2].Same(&ordered[0]) {
		t.Errorf("the canonical order is %+v", list)
	}
}

// TestSame: a note is no part of a line, everything else is.
func TestSame(t *testing.T) {
	e := Event{Step: 1, At: 2, Source: Source{Lane: 'a'}, Verb: swap, Outcome: Yes, Arg: 3, Val: 4, Items: []Item{a1}, Note: "x"}
	for i, change := range []func(*Event){
		func(e *Event) { e.Note = "y" },
		func(e *Event) { e.Step++ },
		func(e *Event) { e.At++ },
		func(e *Event) { e.Source.Lane++ },
		func(e *Event) { e.Verb++ },
		func(e *Event) { e.Outcome++ },
		func(e *Event) { e.Arg++ },
		func(e *Event) { e.Val++ },
		func(e *Event) { e.Items = []Item{a2} },
		func(e *Event) { e.Text = "y" },
	} {
		o := e
		change(&o)
		if same := e.Same(&o); same != (i == 0) {
			t.Errorf("%+v and %+v: Same is %v", e, o, same)
		}
	}
}

// TestCause: whose call it is, or what happens besides calls; not what came of it.
func TestCause(t *testing.T) {
	lane, handler, lab := Source{Lane: 'a'}, Source{Lane: HandlerLane}, Source{Lane: LabLane}
	k := tiny()
	for _, c := range []struct {
		e    Event
		want string
	}{
		{Event{Source: lane, Verb: swap, Outcome: Yes, Arg: 1, Val: 2}, "a swap k1 v2"},
		{Event{Source: lane, Verb: swap, Outcome: Waits, Arg: 1, Val: 2, Note: "at a.go:7"}, "a swap k1 v2"},
		{Event{Source: lane, Verb: give, Outcome: OK, Items: []Item{a1, a3}}, "a give a1..a3"},
		{Event{Source: handler, Verb: FirstNotice, Items: []Item{a1, b1}}, "handler rings"},
		{Event{Source: handler, Verb: FirstNotice + 2}, "handler"},
		{Event{Source: lab, Verb: Leaked, Note: "f in select"}, "lab goroutine left behind"},
		{Event{Source: handler, Verb: Crash, Items: []Item{a1}}, "handler panics, the program crashes"},
	} {
		if got := k.Cause(c.e); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestSpelled: an operation whose arguments are words shows them, and they are part of the line.
func TestSpelled(t *testing.T) {
	k := tiny()
	words := make([]string, MostWords)
	for i := range words {
		words[i] = "w" + strconv.Itoa(i)
	}
	choice := Param{Name: "what", Form: Choice, Words: Words(words...)}
	k.Ops[swap] = Operation{Name: "say", Lane: true, Spelled: true, Params: []Param{choice, choice, choice, choice}}
	if err := k.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, args := range []Args{{}, {1, 2, 3, 4}, {MostWords - 1, MostWords - 1, MostWords - 1, MostWords - 1}, {0, 0, 0, MostWords - 1}} {
		var e Event
		e.Source.Lane = 'a'
		k.Label(Op{Verb: swap, Lane: 'a', Args: args}, &e)
		if got, want := k.Text(e), fmt.Sprintf("a say(w%d, w%d, w%d, w%d)", args[0], args[1], args[2], args[3]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for want, change := range map[string]func(p *Param){
		`operation "say" is to show the words of "what", which is to be a Choice of at most`: func(p *Param) { p.Words = Words(append(words, "x")...) },
		`operation "say" is to show the words of "what"`:                                     func(p *Param) { *p = Param{Name: "what", Form: Duration, Max: 1} },
	} {
		k.Ops[swap].Params[2] = choice
		change(&k.Ops[swap].Params[2])
		if err := k.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestAlike: numbers that later events decide do not tell events apart, if that is what they are.
func TestAlike(t *testing.T) {
	k := tiny()
	a, b, c := Event{Text: "*conn#1 7"}, Event{Text: "*conn#12 7"}, Event{Text: "*conn#1 8"}
	if k.Alike(a, b) || k.Alike(a, c) || !k.Alike(a, a) {
		t.Error("nothing is numbered")
	}
	if k.Over = func([]Event) {}; !k.Alike(a, b) || k.Alike(a, c) {
		t.Error("objects are numbered")
	}
}
