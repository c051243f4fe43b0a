package view

import (
	"slices"

	"batchlab/sim/kind"
)

// Scenario draws what was called and what came of it: a column for each lane, in the order of
// the program; calls of a group stand beside each other, whichever came first. Of the run's
// operations the first so many are the program's, the others its end.
//
//	| a            | b             |
//	|--------------|---------------|
//	| Push(1) true |               |
//	| Pop() 1 true | Push(2) true  |
//	|              | Pop() 0 false |  <- want: 2 true
//
// The event whose line is marked has the note beside it.
func Scenario(r *kind.Run, ops int, marked, note string) string {
	events := r.History()
	lanes := columns(r, ops, events, marked)
	t := &grid{}
	for _, l := range lanes {
		t.head = append(t.head, laneTitle(l))
	}
	for _, g := range r.Groups() {
		s := section{grid: t, lanes: lanes, below: make([]int, len(lanes)), first: len(t.rows)}
		for i, o := range g.Ops {
			if o.Moved() > 0 && g.Step+i <= ops {
				s.put(0, "+"+o.Moved().String(), "")
			}
		}
		for _, e := range events {
			switch {
			case e.Step < g.Step || e.Step > g.Last || !slices.Contains(lanes, e.Source.Lane):
			case marked != "" && r.Kind.Trimmed(e) == marked:
				s.put(e.Source.Lane, cell(r.Kind, e), note)
			default:
				s.put(e.Source.Lane, cell(r.Kind, e), "")
			}
		}
		if at := r.Fatal(); g.Step <= at && at <= g.Last && g.Step <= ops {
			s.cutShort(r, g, events)
		}
	}
	return t.String()
}

// cutShort puts the call of each lane that had not ended, or had not begun, when the run did.
func (s *section) cutShort(r *kind.Run, g kind.Part, events []kind.Event) {
	for _, l := range s.lanes {
		calls := slices.DeleteFunc(slices.Clone(g.Ops), func(o kind.Op) bool { return o.Lane != l || !r.Kind.IsCall(o) })
		for _, e := range events {
			if e.Step >= g.Step && e.Step <= g.Last && e.Source.Lane == l && r.Kind.IsAnswered(e) && len(calls) > 0 {
				calls = calls[1:]
			}
		}
		if len(calls) > 0 {
			var e kind.Event
			r.Kind.Label(calls[0], &e)
			s.put(l, r.Kind.Call(e)+" not ended", "")
		}
	}
}

// section is the rows of one group.
type section struct {
	*grid
	lanes []byte
	below []int // of each column, its next row in the group
	first int
}

func (s *section) put(lane byte, text, beside string) {
	i := slices.Index(s.lanes, lane)
	row := s.first + s.below[i]
	s.below[i]++
	if row == len(s.rows) {
		s.rows = append(s.rows, make([]string, len(s.lanes)+1))
	}
	s.rows[row][i] = text
	if beside != "" {
		s.rows[row][len(s.lanes)] = beside
	}
}

// columns are the lanes that a run needs: those of the program, the clock (0) if it moves in
// it, the callbacks, and the lab's own at the end, if that is what is marked.
func columns(r *kind.Run, ops int, events []kind.Event, marked string) []byte {
	var lanes []byte
	for _, o := range r.Ops[:ops] {
		if (o.Lane != 0 || o.Moved() > 0) && !slices.Contains(lanes, o.Lane) {
			lanes = append(lanes, o.Lane)
		}
	}
	slices.SortFunc(lanes, func(a, b byte) int { return int(a-1) - int(b-1) }) // the clock last
	for _, special := range []byte{kind.HandlerLane, kind.LabLane} {
		if slices.ContainsFunc(events, func(e kind.Event) bool {
			return e.Source.Lane == special && (special != kind.LabLane || r.Kind.Trimmed(e) == marked)
		}) {
			lanes = append(lanes, special)
		}
	}
	return lanes
}

func laneTitle(l byte) string {
	switch l {
	case 0:
		return "time"
	case kind.HandlerLane:
		return "callbacks"
	case kind.LabLane:
		return "the end"
	}
	return string(l)
}

// cell is an event without what the table says already: who, when, and in which step.
func cell(k *kind.Kind, e kind.Event) string {
	text := k.Call(e)
	if answer := k.Answer(e); answer != "" && answer != kind.OK.String() {
		text += " " + answer
	}
	if e.Note != "" {
		text += ": " + e.Note
	}
	return text
}
