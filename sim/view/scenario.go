package view

import (
	"cmp"
	"slices"

	"batchlab/sim/kind"
)

// Scenario draws what was called and what came of it: a column for each lane, in the order of
// the program; calls of a group stand beside each other, whichever came first. Callbacks stand below
// the call that was under way, if they are known to be the lane's, or else in a column of theirs.
// Of the run's operations the first so many are the program's, the others its end.
//
//	| a              | b             |
//	|----------------|---------------|
//	| Push(1) true   |               |
//	| Each(f) ok     | Push(2) true  |
//	|   a1 called 1  | Pop() 0 false |  <- want 2 true in b
//
// The event whose line is marked has the note beside it.
func Scenario(r *kind.Run, ops int, marked, note string) string {
	lanes := columns(r, ops, marked)
	t := &grid{}
	for _, l := range lanes {
		t.head = append(t.head, laneTitle(l))
	}
	for _, g := range kind.Parts(r.Ops) {
		s := section{grid: t, lanes: lanes, below: make([]int, len(lanes)), first: len(t.rows)}
		for i, o := range g.Ops {
			if o.Moved() > 0 && g.Step+i <= ops {
				s.put(0, "+"+o.Moved().String(), "")
			}
		}
		for i, l := range lanes {
			for _, e := range laneEvents(r, g, l) {
				text, beside := cell(r.Kind, e), ""
				if marked != "" && r.Kind.Trimmed(e) == marked {
					beside = note
				}
				if r.Kind.Owner(e) != 0 {
					text = "  " + text
				}
				s.put(lanes[i], text, beside)
			}
		}
		s.whose()
		if at := r.Fatal(); g.Step <= at && at <= g.Last && g.Step <= ops {
			s.cutShort(r, g, r.History())
		}
	}
	return t.String()
}

// laneEvents are the events of a lane in a group, in the order in which they began: what happens in a
// call stands behind it. When a call began that waits, nobody has recorded: what happened since the
// one before it did so in it.
func laneEvents(r *kind.Run, g kind.Part, lane byte) []kind.Event {
	if r.Began == nil {
		return slices.DeleteFunc(slices.Clone(r.Events), func(e kind.Event) bool {
			return e.Step < g.Step || e.Step > g.Last || laneOf(r.Kind, e) != lane
		})
	}
	type placed struct {
		kind.Event
		at int64
	}
	var list []placed
	ended := int64(0) // the lane's last call
	for i, e := range r.Events {
		if e.Step < g.Step || e.Step > g.Last || laneOf(r.Kind, e) != lane {
			continue
		}
		at := r.Began[i]
		switch {
		case e.Outcome == kind.Waits:
			at = ended + 1
		case r.Kind.Owner(e) == 0:
			ended = r.Ended[i]
		}
		list = append(list, placed{e, at})
	}
	slices.SortStableFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.at, b.at), int(r.Kind.Owner(a.Event))-int(r.Kind.Owner(b.Event)))
	})
	events := make([]kind.Event, len(list))
	for i, p := range list {
		events[i] = p.Event
	}
	return events
}

// laneOf is the column that an event belongs to.
func laneOf(k *kind.Kind, e kind.Event) byte {
	return cmp.Or(k.Owner(e), e.Source.Lane)
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
	noted int  // the row with a note, from 1
	lane  byte // whose cell that is of
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
		s.noted, s.lane = row+1, lane
	}
}

// whose says of which cell a note is, if there are several in its row.
func (s *section) whose() {
	if s.noted == 0 {
		return
	}
	row, cells := s.rows[s.noted-1], 0
	for _, text := range row[:len(s.lanes)] {
		if text != "" {
			cells++
		}
	}
	if cells > 1 {
		row[len(s.lanes)] += " in " + laneTitle(s.lane)
	}
}

// columns are the lanes that a run needs: those of the program, the clock (0) if it moves in
// it, the callbacks, and the calls at the end, if one of these is what is marked.
func columns(r *kind.Run, ops int, marked string) []byte {
	var lanes []byte
	for _, o := range r.Ops[:ops] {
		if (o.Lane != 0 || o.Moved() > 0) && !slices.Contains(lanes, o.Lane) {
			lanes = append(lanes, o.Lane)
		}
	}
	slices.SortFunc(lanes, func(a, b byte) int { return int(a-1) - int(b-1) }) // the clock last
	if slices.ContainsFunc(r.Events, func(e kind.Event) bool { return laneOf(r.Kind, e) == kind.HandlerLane }) {
		lanes = append(lanes, kind.HandlerLane)
	}
	if slices.ContainsFunc(r.Events, func(e kind.Event) bool {
		return e.Source.Lane == kind.LabLane && r.Kind.IsAnswered(e) && r.Kind.Trimmed(e) == marked
	}) {
		lanes = append(lanes, kind.LabLane)
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
	text := k.Told(e)
	if answer := k.Answer(e); answer != "" && answer != kind.OK.String() {
		text += " " + answer
	}
	if e.Note != "" && e.Outcome != kind.Waits { // for what, a table of its own says
		text += ": " + e.Note
	}
	return text
}
