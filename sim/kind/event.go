package kind

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notice is something that happens besides calls.
type Notice struct {
	Text string
	Law  LawID // the law that it breaks by happening, "" if none
}

// FirstNotice is the verb of a kind's first notice, what happens besides calls.
const FirstNotice Verb = 64

// The notices of the lab itself.
const (
	Crash  Verb = 128 + iota // a panic in a callback ended the program
	Leaked                   // a goroutine was left when everything was closed
	Hung                     // nothing moves, and not because all wait for the lab
	Race                     // two goroutines touched the same memory without synchronization
)

var labText = map[Verb]string{
	Crash: "panics, the program crashes", Leaked: "goroutine left behind", Hung: "hangs", Race: "data race",
}

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
	Refused // it panicked, as it is meant to
	Broke   // any other panic
)

var outcomeText = [...]string{
	OK: "ok", Waits: "waits", Skipped: "skipped: the lane is busy", Yes: "true", No: "false",
	Refused: "panics: closed", Broke: "panics",
}

func (o Outcome) String() string { return outcomeText[o] }

// Event is one line of a history: what a client of a subject can observe.
type Event struct {
	Step    int           // the operation of the program during which it happened, from 1
	At      time.Duration // virtual time since the program began
	Source  Source
	Verb    Verb
	Outcome Outcome // of calls
	Arg     int32   // the first name among the call's arguments
	Val     int32   // the second, or the number that the call answered
	Items   []Item  // what was handed over; of a call, its first and, if another, its last item
	Note    string  // of Broke, Leaked, Crash, Hung, Race: what was seen. Not compared.
}

// Same reports whether two events are the same line of a history.
//
//go:norace
func (e *Event) Same(o *Event) bool {
	return e.Step == o.Step && e.At == o.At && e.Source == o.Source && e.Verb == o.Verb && e.Outcome == o.Outcome &&
		e.Arg == o.Arg && e.Val == o.Val && slices.Equal(e.Items, o.Items)
}

// Agree counts the leading events that two lists have in common. Nobody writes to them any
// more, and the race detector need not look.
//
//go:norace
func Agree(a, b []Event) int {
	n := 0
	for n < len(a) && n < len(b) && a[n].Same(&b[n]) {
		n++
	}
	return n
}

// Compare is the canonical order of the events of one step: by time, then by
// source. The order within a source is kept, so sort stably.
func (e *Event) Compare(o *Event) int {
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

// Canonical sorts the events of one step, keeping the order within a source.
func Canonical(events []Event) []Event {
	for i := range events[min(1, len(events)):] {
		if events[i].Compare(&events[i+1]) > 0 { // few are not in order already
			slices.SortStableFunc(events, func(a, b Event) int { return a.Compare(&b) })
			break
		}
	}
	return events
}

// Line is the event as a line of a history:
//
//	+10ms    handler [a1 a2] begins    #3
//
// The time is virtual and counts from the beginning of the program; #3 is the
// operation during which it happened.
func (k *Kind) Line(e Event) string {
	return fmt.Sprintf("%-12s %-50s #%d", "+"+e.At.String(), k.Text(e), e.Step)
}

// Trimmed is a line without what only fills it.
func (k *Kind) Trimmed(e Event) string { return strings.TrimRight(k.Line(e), " ") }

// Text is the event as a line of a history, without its step and time.
func (k *Kind) Text(e Event) string {
	var b strings.Builder
	b.WriteString(e.Source.String())
	var op *Operation
	switch {
	case k.Has(e.Verb):
		op = &k.Ops[e.Verb]
		b.WriteString(" " + op.Name)
		op.writeArgs(&b, e)
	case e.Verb == Crash:
		fmt.Fprintf(&b, " %s %s", itemList(e.Items), labText[Crash])
	case e.Verb > Crash:
		b.WriteString(" " + labText[e.Verb])
	case int(e.Verb-FirstNotice) < len(k.Notices):
		fmt.Fprintf(&b, " %s %s", itemList(e.Items), k.Notices[e.Verb-FirstNotice].Text)
	default:
		fmt.Fprintf(&b, " (unknown event %d)", e.Verb)
	}
	if answer := op.answer(&e); answer != "" {
		b.WriteString(" -> " + answer)
	}
	if e.Note != "" {
		b.WriteString(" (" + e.Note + ")")
	}
	return b.String()
}

// answer spells what came of a call.
func (o *Operation) answer(e *Event) string {
	if o != nil && o.Answer != nil {
		if text := o.Answer(e); text != "" {
			return text
		}
	}
	if e.Outcome == 0 {
		return ""
	}
	return e.Outcome.String()
}

// writeArgs spells the arguments of a call: the items that it hands over, or its names.
func (o *Operation) writeArgs(b *strings.Builder, e Event) {
	if o.Hands {
		for i, id := range e.Items {
			b.WriteString([]string{" ", ".."}[i] + id.String())
		}
		return
	}
	for i, p := range o.names() {
		fmt.Fprintf(b, " %c%d", p.Letter, [...]int32{e.Arg, e.Val}[i])
	}
}

// names are the first two arguments that are names.
func (o *Operation) names() []Param {
	var list []Param
	for _, p := range o.Params {
		if p.Form == Named && p.Letter != 0 && len(list) < 2 {
			list = append(list, p)
		}
	}
	return list
}

// Label says on an event which call it is of: the names among its arguments.
//
//go:norace
func (k *Kind) Label(o Op, e *Event) {
	e.Verb = o.Verb
	n := 0
	op := &k.Ops[o.Verb]
	if op.Hands {
		return
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.Form != Named || p.Letter == 0 || n > 1 {
			continue
		}
		if n == 0 {
			e.Arg = int32(o.Args[i])
		} else {
			e.Val = int32(o.Args[i])
		}
		n++
	}
}

// itemList spells items, long lists by their ends: [a1 a2 a3 .. a64] (64).
func itemList(items []Item) string {
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
