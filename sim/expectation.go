package sim

import (
	"math"

	"batchlab/sim/subject"
)

// expectation is what a trace has to be like, thing by thing, to be as one that was observed.
type expectation struct {
	observed
	places map[place][]subject.Event
	before map[int]int // how many events there are before a step
}

// place is whose events, in which step. Events of one place happen in their order; those of
// handlers that cannot be told apart are in order verb by verb.
type place struct {
	step   int
	source subject.Source
	verb   subject.Verb
}

func placeOf(e subject.Event) place {
	at := place{step: e.Step, source: e.Source}
	if e.Source.Anonymous() {
		at.verb = e.Verb
	}
	return at
}

func expect(o observed) expectation {
	w := expectation{observed: o, places: map[place][]subject.Event{}, before: map[int]int{}}
	for i, e := range o.events {
		w.places[placeOf(e)] = append(w.places[placeOf(e)], e)
		if _, ok := w.before[e.Step]; !ok {
			w.before[e.Step] = i
		}
	}
	return w
}

// upTo returns how many choices a coarse schedule had made when it was first seen that it
// does not lead to what is expected: none that makes the same choices so far does. If that
// is never seen, it is the greatest number there is.
func (w expectation) upTo(x explored, got precedence) int {
	first := math.MaxInt
	if i := w.refuses(x, got); i >= 0 {
		first = x.choices[i]
	}
	for i, made := range x.moves { // a move of the clock that should have come after a call
		row := w.order.row(clockLane, i)
		if row != nil && !covers(got.row(clockLane, i), row) {
			return min(first, made)
		}
	}
	return first
}

// refuses returns the first event of a trace that the expected one does not have there: it
// has another, or none, or had more in an earlier step, or it had a call end before this
// one began that has not. It is -1 if there is none.
func (w expectation) refuses(x explored, got precedence) int {
	met, step, earlier := map[place]int{}, 0, 0
	calls := make([]int, len(w.order.lanes))
	for i, e := range x.Events {
		if sightLaw(e.Verb) != "" {
			continue
		}
		if e.Step != step {
			step = e.Step
			if before, ok := w.before[step]; ok && earlier < before {
				return i
			}
		}
		at := placeOf(e)
		if n := met[at]; n >= len(w.places[at]) || !w.places[at][n].Same(e) {
			return i
		}
		met[at]++
		earlier++
		if !isAct(e) {
			continue
		}
		lane := laneIndex(w.order.lanes, e.Source.Lane)
		row := w.order.row(lane, calls[lane])
		if row != nil && !covers(got.row(lane, calls[lane]), row) {
			return i
		}
		calls[lane]++
	}
	return -1
}
