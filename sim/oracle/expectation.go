package oracle

import (
	"math"
	"slices"

	"batchlab/sim/kind"
)

// Expectation is what a trace has to be like, thing by thing, to be as one that was observed.
type Expectation struct {
	Observed
	kind   *kind.Kind
	places map[place][]kind.Event
	before map[int]int // how many events there are before a step
}

// place is whose events, in which step. Events of one place happen in their order; those of
// handlers that cannot be told apart are in order verb by verb, and those on the component's own goroutines in none.
type place struct {
	step   int
	source kind.Source
	verb   kind.Verb
}

func placeOf(e kind.Event) place {
	at := place{step: e.Step, source: e.Source}
	if e.Source.Anonymous() {
		at.verb = e.Verb
	}
	return at
}

// takes reports whether an event is the next of its place, of those that were not met yet.
func (w Expectation) takes(met map[place][]int, e kind.Event) bool {
	at := placeOf(e)
	for n, want := range w.places[at] {
		switch {
		case e.Thread == 0 && n < len(met[at]) || slices.Contains(met[at], n):
		case w.kind.Alike(want, e):
			met[at] = append(met[at], n)
			return true
		case e.Thread == 0:
			return false
		}
	}
	return false
}

// Expect makes an expectation of what was observed.
func Expect(k *kind.Kind, o Observed) Expectation {
	w := Expectation{Observed: o, kind: k, places: map[place][]kind.Event{}, before: map[int]int{}}
	for i, e := range o.Events {
		w.places[placeOf(e)] = append(w.places[placeOf(e)], e)
		if _, ok := w.before[e.Step]; !ok {
			w.before[e.Step] = i
		}
	}
	return w
}

// UpTo returns after how many choices it was clear that a coarse schedule does not lead to what
// is expected. No schedule that begins with the same choices does either. It is math.MaxInt if
// that was never clear.
func (w Expectation) UpTo(r *kind.Run, got Precedence, choices, moves []int) int {
	first := math.MaxInt
	if i := w.refuses(r, got); i >= 0 {
		first = choices[i]
	}
	for i, made := range moves { // a move of the clock that should have come after a call
		row := w.Order.row(clockLane, i)
		if row != nil && !covers(got.row(clockLane, i), row) {
			return min(first, made)
		}
	}
	return first
}

// refuses returns the first event of a trace that the expected one does not have there: it
// has another, or none, or had more in an earlier step, or it had a call end before this
// one began that has not. It is -1 if there is none.
func (w Expectation) refuses(r *kind.Run, got Precedence) int {
	met, step, earlier := map[place][]int{}, 0, 0
	calls := make([]int, len(w.Order.lanes))
	for i, e := range r.Events {
		if w.kind.Sight(e.Verb) != "" {
			continue
		}
		if e.Step != step {
			step = e.Step
			if before, ok := w.before[step]; ok && earlier < before {
				return i
			}
		}
		if !w.takes(met, e) {
			return i
		}
		earlier++
		if !isAct(w.kind, e) {
			continue
		}
		lane := laneIndex(w.Order.lanes, e.Source.Lane)
		row := w.Order.row(lane, calls[lane])
		if row != nil && !covers(got.row(lane, calls[lane]), row) {
			return i
		}
		calls[lane]++
	}
	return -1
}
