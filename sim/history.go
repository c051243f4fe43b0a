package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"batchlab/sim/subject"
)

// History is what happened when a program ran on a subject: its events, step by
// step, in canonical order within each step.
type History struct {
	Subject string // kind/name
	Events  []subject.Event
}

// String is the canonical text, one event a line:
//
//	+10ms    handler [a1 a2] begins    #3
//
// The time is virtual and counts from the beginning of the program; #3 is the
// operation during which it happened.
func (h History) String() string {
	var b strings.Builder
	for _, e := range h.Events {
		b.WriteString(Line(e) + "\n")
	}
	return b.String()
}

// Line is an event as a line of a history.
func Line(e subject.Event) string {
	return fmt.Sprintf("%-12s %-50s #%d", "+"+e.At.String(), e.String(), e.Step)
}

// Digest identifies the history: two runs that agree on it agree on every line.
func (h History) Digest() string { return digest(h.Events) }

// digest leaves notes out: they hold what is not the same everywhere.
func digest(events []subject.Event) string {
	sum := sha256.New()
	for _, e := range events {
		e.Note = ""
		sum.Write([]byte(Line(e) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Step returns the events of one step.
func (h History) Step(step int) []subject.Event {
	lo := 0
	for lo < len(h.Events) && h.Events[lo].Step < step {
		lo++
	}
	hi := lo
	for hi < len(h.Events) && h.Events[hi].Step == step {
		hi++
	}
	return h.Events[lo:hi:hi]
}

// until returns the events up to and including a step.
func (h History) until(step int) []subject.Event {
	n := 0
	for n < len(h.Events) && h.Events[n].Step <= step {
		n++
	}
	return h.Events[:n]
}
