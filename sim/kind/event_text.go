package kind

import (
	"fmt"
	"strings"
)

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
