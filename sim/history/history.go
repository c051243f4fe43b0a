// Package history is what happened, to read and to compare: the canonical text of a run,
// its digest, and where two of them differ.
//
// A history is a run's events step by step, in canonical order within each step, so that two
// runs in which the same was observed have the same bytes. Notes, which may hold what is not the
// same everywhere, are shown, and not compared.
//
// The package judges nothing: two histories may differ and both be right.
package history

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"batchlab/sim/kind"
)

// History is what happened when a program ran on a subject: its events, step by
// step, in canonical order within each step.
type History struct {
	Kind    *kind.Kind
	Subject string // kind/name
	Events  []kind.Event
}

// Of is the history of a run.
func Of(r *kind.Run) History {
	return History{Kind: r.Kind, Subject: r.Traits.Title, Events: r.History()}
}

// Seen is what a run shows of the component, without what the lab alone sees.
func Seen(r *kind.Run) History {
	h := Of(r)
	h.Events = slices.DeleteFunc(slices.Clone(h.Events), func(e kind.Event) bool { return r.Kind.Sight(e.Verb) != "" })
	return h
}

// String is the canonical text, one event a line: see kind.Kind.Line.
func (h History) String() string {
	var b strings.Builder
	for _, e := range h.Events {
		b.WriteString(h.Kind.Line(e) + "\n")
	}
	return b.String()
}

// Line is the i-th event, and "nothing" beyond the last.
func (h History) Line(i int) string {
	if i >= len(h.Events) {
		return "nothing"
	}
	return h.Kind.Trimmed(h.Events[i])
}

// Until is the history up to and including a step.
func (h History) Until(step int) History {
	n := 0
	for n < len(h.Events) && h.Events[n].Step <= step {
		n++
	}
	h.Events = h.Events[:n]
	return h
}

// Digest identifies the history: two runs that agree on it agree on every line. It leaves
// notes out: they hold what is not the same everywhere.
func (h History) Digest() string {
	sum := sha256.New()
	for _, e := range h.Events {
		e.Note = ""
		sum.Write([]byte(h.Kind.Line(e) + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Step returns the events of one step.
func (h History) Step(step int) []kind.Event {
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

// Same reports whether two histories have the same events.
func Same(a, b History) bool { return len(a.Events) == len(b.Events) && Agree(a, b) == len(a.Events) }

// Agree counts the leading events that two histories have in common.
func Agree(a, b History) int { return kind.Agree(a.Events, b.Events) }
