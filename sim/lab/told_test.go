package lab

import (
	"strconv"
	"strings"
	"testing"

	"batchlab/impls/spec/dedup"
	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

const headOfMaps = "batchlab: 1\nsubject: dedup\nconfig: bucket=1s buckets=3\n\n"

// parse reads operations of a map, separated by '|'.
func parse(t *testing.T, ops string) *program.Program {
	t.Helper()
	text := headOfMaps + strings.ReplaceAll(ops, "|", "\n") + "\n"
	p, err := program.Parse("x", []byte(text), program.Names{Kinds: []*kind.Kind{dedup.Kind}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told is the history of a program at time 0, written down as it is printed, a line for
// each call.
func told(t *testing.T, p *program.Program, lines string) history.History {
	t.Helper()
	h := history.History{Kind: p.Kind, Subject: p.Kind.Name + "/x"}
	for line := range strings.Lines(lines) {
		what, step, _ := strings.Cut(strings.TrimSpace(line), " #")
		_, answer, _ := strings.Cut(what, " -> ")
		e := kind.Event{Outcome: map[string]kind.Outcome{"true": kind.Yes, "none": kind.No}[answer]}
		e.Step, _ = strconv.Atoi(step)
		o := p.Ops[e.Step-1]
		e.Source.Lane = o.Lane
		p.Kind.Label(o, &e)
		if v, ok := strings.CutPrefix(answer, "v"); ok {
			n, _ := strconv.Atoi(v)
			e.Outcome, e.Val = kind.Yes, int32(n)
		}
		if back := strings.Join(strings.Fields(p.Kind.Line(e)), " "); back != strings.TrimSpace(line) {
			t.Fatalf("%q was read as %q", line, back)
		}
		h.Events = append(h.Events, e)
	}
	return h
}
