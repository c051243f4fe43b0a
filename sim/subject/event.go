package subject

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ItemID names an item by what put it: the lane, and the how-manieth item of the
// lane it is. The zero ItemID is the nil item.
//
//	a3     the third item of lane a
//	a3:k7  the same in a dedup batcher, where items have keys
//	a3'    put by the handler of the batch that a3 heads
type ItemID struct {
	Lane    byte
	N       int32
	Derived bool
	Keyed   bool
	Key     int32
}

// Span is how an event names a run of items: by its first and, if another, its last.
func Span(first, last ItemID) []ItemID {
	if first == last {
		return []ItemID{first}
	}
	return []ItemID{first, last}
}

func (id ItemID) String() string {
	if id == (ItemID{}) {
		return "nil"
	}
	s := fmt.Sprintf("%c%d", id.Lane, id.N)
	if id.Derived {
		s += "'"
	}
	if id.Keyed {
		s += fmt.Sprintf(":k%d", id.Key)
	}
	return s
}

// Source is who an event happens to: a lane, or a handler. In the foreground all
// handlers are one source, for their order is part of the behaviour. In the
// background each is its own, named by the first item of its batch that is not nil:
// the order of events in two of them at one instant is nobody's promise.
type Source struct {
	Lane byte   // 'a' to 'z', LabLane, or HandlerLane
	Head ItemID // with HandlerLane in the background; of a batch of nils, N is its length
}

// HandlerSource is the source of the events in the handler of a batch.
func HandlerSource(batch []ItemID, background bool) Source {
	s := Source{Lane: HandlerLane}
	if !background {
		return s
	}
	for _, id := range batch {
		if id != (ItemID{}) {
			s.Head = id
			return s
		}
	}
	s.Head.N = int32(len(batch))
	return s
}

// Anonymous reports whether several handlers can be this source at once: those of
// batches of nils are not to be told apart.
func (s Source) Anonymous() bool { return s.Head.Lane == 0 && s.Head.N > 0 }

const (
	// HandlerLane is the lane of a Source that is a handler.
	HandlerLane = '~'
	// LabLane is the lane on which the lab itself closes what a program left open.
	LabLane = '}'
)

func (s Source) String() string {
	switch s.Lane {
	case HandlerLane:
		return "handler"
	case LabLane:
		return "lab"
	}
	return string(rune(s.Lane))
}

// Compare orders sources: lanes by letter, then the lab, then handlers.
func (s Source) Compare(o Source) int {
	if s.Lane != o.Lane {
		return int(s.Lane) - int(o.Lane)
	}
	a, b := s.Head, o.Head
	switch {
	case a.Lane != b.Lane:
		return int(a.Lane) - int(b.Lane)
	case a.N != b.N:
		return int(a.N - b.N)
	case a.Derived != b.Derived && b.Derived:
		return -1
	case a.Derived != b.Derived:
		return 1
	}
	return int(a.Key - b.Key)
}

// Verb is what happened.
type Verb uint8

// The verbs. Put, Trigger, Close, Get, Set, Delete and Count are calls of a
// lane, and Put also of a handler; the rest belong to handlers and to the lab.
const (
	Put Verb = iota + 1
	Trigger
	Close
	Get
	Set
	Delete
	Count
	Begin   // a handler is given a batch
	End     // a handler returns
	Changed // a handler's slice was written while it belonged to the handler
	Crash   // a panic in a handler ended the program
	Leaked  // a goroutine was left when everything was closed
	Hung    // nothing moves, and not because all wait for the lab
	Race    // two goroutines touched the same memory without synchronization
)

var verbText = [...]string{
	Put: "put", Trigger: "trigger", Close: "close", Get: "get", Set: "set", Delete: "delete", Count: "count",
	Begin: "begins", End: "ends", Changed: "slice changed", Crash: "panics, the program crashes", Leaked: "goroutine left behind", Hung: "hangs", Race: "data race",
}

func (v Verb) String() string { return verbText[v] }

// Outcome is how a call ended, or that it has not.
type Outcome uint8

// The outcomes. Waits says that the call has not returned when its step is over;
// its end comes in a later step. Skipped says that the call was not made since
// the lane was still in an earlier one.
const (
	OK Outcome = iota + 1
	Waits
	Skipped
	Yes
	No
	Panics // a Put after Close, as it should
	Broke  // any other panic
)

var outcomeText = [...]string{
	OK: "ok", Waits: "waits", Skipped: "skipped: the lane is busy", Yes: "true", No: "false",
	Panics: "panics: closed", Broke: "panics",
}

func (o Outcome) String() string { return outcomeText[o] }

// Event is one line of a history: what a client of a subject can observe.
type Event struct {
	Step    int           // the operation of the program during which it happened, from 1
	At      time.Duration // virtual time since the program began
	Source  Source
	Verb    Verb
	Outcome Outcome  // of calls
	Key     int32    // of map calls
	Value   int32    // what Get found, what Set stored, what Count counted
	Items   []ItemID // a batch; of a put, its first and, if another, its last item
	Note    string   // of Broke, Leaked, Crash, Hung, Race: what was seen. Not compared.
}

// Same reports whether two events are the same line of a history.
func (e Event) Same(o Event) bool {
	return e.Step == o.Step && e.At == o.At && e.Source == o.Source && e.Verb == o.Verb && e.Outcome == o.Outcome &&
		e.Key == o.Key && e.Value == o.Value && slices.Equal(e.Items, o.Items)
}

// Compare is the canonical order of the events of one step: by time, then by
// source. The order within a source is kept, so sort stably.
func (e Event) Compare(o Event) int {
	if e.At != o.At {
		if e.At < o.At {
			return -1
		}
		return 1
	}
	if c := e.Source.Compare(o.Source); c != 0 || !e.Source.Anonymous() {
		return c
	}
	return int(e.Verb) - int(o.Verb)
}

// String is the event as a line of a history, without its step and time.
func (e Event) String() string {
	var b strings.Builder
	b.WriteString(e.Source.String())
	switch e.Verb {
	case Put:
		b.WriteString(" put")
		for i, id := range e.Items {
			b.WriteString([]string{" ", ".."}[i] + id.String())
		}
	case Get, Delete:
		fmt.Fprintf(&b, " %s k%d", e.Verb, e.Key)
	case Set:
		fmt.Fprintf(&b, " set k%d v%d", e.Key, e.Value)
	case Begin, End, Changed, Crash:
		fmt.Fprintf(&b, " %s %s", itemList(e.Items), e.Verb)
	default:
		b.WriteString(" " + e.Verb.String())
	}
	switch {
	case e.Verb == Get && e.Outcome == Yes:
		fmt.Fprintf(&b, " -> v%d", e.Value)
	case e.Verb == Get && e.Outcome == No:
		b.WriteString(" -> none")
	case e.Verb == Count && e.Outcome == OK:
		fmt.Fprintf(&b, " -> %d", e.Value)
	case e.Outcome != 0:
		b.WriteString(" -> " + e.Outcome.String())
	}
	if e.Note != "" {
		b.WriteString(" (" + e.Note + ")")
	}
	return b.String()
}

// itemList spells a batch, long ones by their ends: [a1 a2 a3 .. a64] (64).
func itemList(items []ItemID) string {
	const shown = 8
	var b strings.Builder
	b.WriteByte('[')
	for i, id := range items {
		if len(items) > shown && i == shown-1 {
			fmt.Fprintf(&b, " .. %s] (%d)", items[len(items)-1], len(items))
			return b.String()
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(id.String())
	}
	b.WriteByte(']')
	return b.String()
}
