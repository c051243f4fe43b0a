package kind

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notice is something that happens besides calls.
type Notice struct {
	Text string
	Law  LawID // the law that it breaks by happening, "" if none
	// Owned says that the Text of its events begins with what a lane handed over: a1 is the first of
	// lane a.
	Owned bool
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
	Text    string  `json:",omitempty"` // what the call answered, or what was noted, if that is a text
	Note    string  // of Broke, Leaked, Crash, Hung, Race: what was seen. Not compared.
	// Thread tells apart in a run the goroutines that are no lanes: what happens on two of them is in no order that
	// anybody has promised. Not compared; 0 if that is not known.
	Thread int32 `json:"-"`
}

// Same reports whether two events are the same line of a history.
//
//go:norace
func (e *Event) Same(o *Event) bool {
	return e.Step == o.Step && e.At == o.At && e.Source == o.Source && e.Verb == o.Verb && e.Outcome == o.Outcome &&
		e.Arg == o.Arg && e.Val == o.Val && e.Text == o.Text && slices.Equal(e.Items, o.Items)
}

// Alike is Same as far as what happens later cannot change it: if Over numbers objects, their numbers are left
// out.
func (k *Kind) Alike(a, b Event) bool {
	if k.Over != nil && a.Text != b.Text {
		a.Text, b.Text = unnumbered(a.Text), unnumbered(b.Text)
	}
	return a.Same(&b)
}

// unnumbered is a text without the digits behind each '#'.
func unnumbered(text string) string {
	parts := strings.Split(text, "#")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.TrimLeft(parts[i], "0123456789")
	}
	return strings.Join(parts, "#")
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
	if c := cmp.Compare(e.At, o.At); c != 0 {
		return c
	}
	if c := e.Source.Compare(o.Source); c != 0 || !e.Source.Anonymous() {
		return c
	}
	return cmp.Or(int(e.Verb)-int(o.Verb), strings.Compare(e.Text, o.Text))
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
	text := e.Source.String() + " " + k.Call(e)
	if answer := k.Answer(e); answer != "" {
		text += " -> " + answer
	}
	if e.Note != "" {
		text += " (" + e.Note + ")"
	}
	return text
}

// Call is what happened, without who did it and what came of it.
func (k *Kind) Call(e Event) string {
	switch {
	case k.Has(e.Verb):
		var b strings.Builder
		b.WriteString(k.Ops[e.Verb].Name)
		k.Ops[e.Verb].writeArgs(&b, e)
		return b.String()
	case e.Verb == Crash:
		return itemList(e.Items) + " " + labText[Crash]
	case e.Verb > Crash:
		return labText[e.Verb]
	case int(e.Verb-FirstNotice) < len(k.Notices) && e.Text != "":
		return k.Notices[e.Verb-FirstNotice].Text + " " + e.Text
	case int(e.Verb-FirstNotice) < len(k.Notices):
		return itemList(e.Items) + " " + k.Notices[e.Verb-FirstNotice].Text
	}
	return fmt.Sprintf("(unknown event %d)", e.Verb)
}

// Answer is what came of a call, "" of what is none.
func (k *Kind) Answer(e Event) string {
	if k.Has(e.Verb) {
		return k.Ops[e.Verb].answer(&e)
	}
	e.Text = "" // of a notice that is what happened
	return (*Operation)(nil).answer(&e)
}

// Owner is the lane whose callback something happens to, 0 if that is not known, or it is a call.
func (k *Kind) Owner(e Event) byte {
	n := int(e.Verb) - int(FirstNotice)
	if n < 0 || n >= len(k.Notices) || !k.Notices[n].Owned || len(e.Text) < 2 || e.Text[0] < 'a' || e.Text[0] > 'z' {
		return 0
	}
	return e.Text[0]
}

// Told is Call, but for callbacks that have an owner: they come first.
//
//	a1 called 7
func (k *Kind) Told(e Event) string {
	if k.Owner(e) == 0 {
		return k.Call(e)
	}
	name, rest, _ := strings.Cut(e.Text, " ")
	return strings.TrimSpace(name + " " + k.Notices[e.Verb-FirstNotice].Text + " " + rest)
}

// Cause is who makes which call, or what happens besides calls, whatever is handed over.
func (k *Kind) Cause(e Event) string {
	what := ""
	switch {
	case k.Has(e.Verb):
		what = " " + k.Call(e)
	case e.Verb >= Crash:
		what = " " + labText[e.Verb]
	case int(e.Verb-FirstNotice) < len(k.Notices):
		what = " " + k.Notices[e.Verb-FirstNotice].Text
	}
	return e.Source.String() + what
}

// answer spells what came of a call.
func (o *Operation) answer(e *Event) string {
	if o != nil && o.Answer != nil {
		if text := o.Answer(e); text != "" {
			return text
		}
	}
	if e.Text != "" {
		return e.Text
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
	if o.Spelled {
		var words []string
		for i := range o.Params {
			words = append(words, o.Params[i].Words[e.Arg>>(wordBits*i)&(MostWords-1)].Text)
		}
		fmt.Fprintf(b, "(%s)", strings.Join(words, ", "))
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

// wordBits are the bits that a word of a Spelled operation takes in the Arg of its events, and
// MostWords is how many words such a Choice may have.
const (
	wordBits  = 31 / MaxArgs
	MostWords = 1 << wordBits
)

// Label says on an event which call it is of: the names among its arguments, or its words.
//
//go:norace
func (k *Kind) Label(o Op, e *Event) {
	e.Verb = o.Verb
	n := 0
	op := &k.Ops[o.Verb]
	if op.Hands {
		return
	}
	if op.Spelled {
		for i := range op.Params {
			e.Arg |= int32(o.Args[i]) << (wordBits * i)
		}
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
	end := "]"
	if n := len(items); n > shown {
		items, end = items[:shown-1], fmt.Sprintf(" .. %s] (%d)", items[n-1], n)
	}
	words := make([]string, len(items))
	for i, id := range items {
		words[i] = id.String()
	}
	return "[" + strings.Join(words, " ") + end
}
