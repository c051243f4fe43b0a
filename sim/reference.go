package sim

import "batchlab/sim/subject"

// A reference says what may happen: of one program, on which outcomes it can end, and with
// which orders of its calls. A trace is right if its reference has a trace with the same
// outcome whose order extends that of the trace: calls that overlapped may have come in
// either order, and calls of which one had ended before the other began may not.
//
// What is found out about a program is kept for all of its schedules.
type reference interface {
	// name is how reports call it.
	name() string
	// shows looks for an outcome with an order that extends the observed one.
	shows(o observed) (answer, error)
	// law is the law that an outcome breaks which it does not have.
	law() subject.Law
}

// answer is what a reference has to say of an outcome.
type answer struct {
	shown   bool
	whole   bool            // if not shown: it was looked for everywhere
	nearest []subject.Event // if not shown: of the outcomes seen, the one that agrees longest
}

// shown keeps outcomes, each with the orders in which it was seen.
type shown map[uint64][]precedence

// has reports whether an outcome was seen with an order that extends the observed one.
func (s shown) has(o observed) bool {
	for _, order := range s[o.digest] {
		if order.extends(o.order) {
			return true
		}
	}
	return false
}

// add adds an outcome. An order that another extends tells nothing new.
func (s shown) add(o observed) {
	if !s.has(o) {
		o.order.ended = nil
		s[o.digest] = append(s[o.digest], o.order)
	}
}
