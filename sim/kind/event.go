package kind

import (
	"cmp"
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
