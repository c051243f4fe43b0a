package lab

import (
	"slices"

	"batchlab/sim/kind"
)

// Situations are those in which a call is met, by their index in a row of Met. A call may be in several; alone is one
// in none of the others.
var Situations = [...]string{"alone", "waits", "beside a call", "while time moves", "after the end", "panics"}

const (
	alone = iota
	waits
	besideCall
	timeMoves
	afterEnd
	panics
)

// Met counts the calls that clients made: of a subject, by its title, each operation in each situation.
type Met map[string]map[string]*[len(Situations)]int

func (m Met) row(subject, operation string) *[len(Situations)]int {
	rows := m[subject]
	if rows == nil {
		rows = map[string]*[len(Situations)]int{}
		m[subject] = rows
	}
	row := rows[operation]
	if row == nil {
		row = new([len(Situations)]int)
		rows[operation] = row
	}
	return row
}

// Of is how often a subject's operation was met in a situation.
func (m Met) Of(subject, operation string, situation int) int {
	if row := m[subject][operation]; row != nil {
		return row[situation]
	}
	return 0
}

// Add takes in what another has counted.
func (m Met) Add(o Met) {
	for subject, rows := range o {
		for operation, counts := range rows {
			row := m.row(subject, operation)
			for i, n := range counts {
				row[i] += n
			}
		}
	}
}

// metCall is a call, from when to when it went on: in the run's count of what happens, and in virtual time.
type metCall struct {
	first, last *kind.Event
	from, to    int64
	beside      bool // another client's call
}

// count takes in the calls of a run before a step, of all steps if that is 0, but for those that the lab makes itself
// when all is over.
func (m Met) count(r *kind.Run, until int) {
	calls := metCalls(r, until)
	ended, last := kind.NoSeq, kind.Op{}
	if n := len(r.Ops); n > 0 { // the lab closes
		last = r.Ops[n-1]
	}
	for i := range calls {
		c := &calls[i]
		if r.Kind.Ends(c.first.Verb) || last.Lane == kind.LabLane && last.Verb == c.first.Verb {
			ended = min(ended, c.to)
		}
		for j := 0; j < len(calls) && c.from < c.to; j++ { // most are over at once
			if o := &calls[j]; o.from < c.to && c.from < o.to && o.first.Source != c.first.Source {
				c.beside, o.beside = true, true
			}
		}
	}
	var rows [kind.FirstNotice]*[len(Situations)]int
	for i := range calls {
		c := &calls[i]
		row := rows[c.first.Verb]
		if row == nil {
			row = m.row(r.Traits.Title, r.Kind.Ops[c.first.Verb].Name)
			rows[c.first.Verb] = row
		}
		is := [len(Situations)]bool{
			waits:      c.first.Outcome == kind.Waits,
			besideCall: c.beside,
			timeMoves:  c.first.At != c.last.At && !r.Stamped || c.from < c.to && r.Began != nil && c.moved(r.Clock),
			afterEnd:   c.from > ended,
			panics:     c.last.Outcome == kind.Refused || c.last.Outcome == kind.Broke,
		}
		is[alone] = is == [len(Situations)]bool{}
		for s, yes := range is {
			if yes {
				row[s]++
			}
		}
	}
}

// moved reports whether the clock does while the call goes on.
func (c *metCall) moved(clock []kind.Instant) bool {
	return slices.ContainsFunc(clock, func(i kind.Instant) bool { return c.from < i.Seq && i.Seq < c.to })
}

// metCalls are the calls of a run. One that waits has two events, and one that never ends has no last.
func metCalls(r *kind.Run, until int) []metCall {
	calls := make([]metCall, 0, len(r.Events))
	open := map[kind.Source]int{}
	for i := range r.Events {
		e := &r.Events[i]
		if until > 0 && e.Step >= until {
			break
		}
		if !r.Kind.IsAnswered(*e) || e.Outcome == kind.Skipped || e.Source.Lane == kind.LabLane {
			continue
		}
		from, to := int64(i), int64(i)
		if r.Began != nil {
			from, to = r.Began[i], r.Ended[i]
		}
		if at, ok := open[e.Source]; ok && e.Outcome != kind.Waits {
			calls[at].last, calls[at].to = e, to
			delete(open, e.Source)
			continue
		}
		if e.Outcome == kind.Waits {
			to, open[e.Source] = kind.NoSeq, len(calls)
		}
		calls = append(calls, metCall{first: e, last: e, from: from, to: to})
	}
	return calls
}
