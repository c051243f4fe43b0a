package judge

import (
	"cmp"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"batchlab/impls/spec"
	"batchlab/sim/kind"
)

// explainOrder says which call of a run that no order explains is the one to look at, and
// which law it breaks.
func (l *linear) explainOrder(ops []porcupine.Operation) (*kind.Breach, error) {
	ops, g, err := l.shortest(ops)
	if err != nil {
		return nil, err
	}
	law, err := l.law(ops, g)
	if err != nil {
		return nil, err
	}
	calls := callsOf(ops, g)
	for i := len(calls) - 1; i >= 0; i-- { // the last one that returned is the one that had to fit in
		want, err := l.instead(ops, calls[i])
		if err != nil {
			return nil, err
		}
		if want != nil {
			v := l.violation(calls[i], law, l.Kind.Trimmed(*want))
			v.More = l.beside(calls, calls[i])
			return v, nil
		}
	}
	last := calls[len(calls)-1]
	v := l.violation(last, law, "an order of the calls that explains their answers")
	v.Got = "none does: " + l.lines(calls)
	return v, nil
}

// shortest returns the operations up to the first group that cannot be explained, and
// that group. What is still under way at its end may have taken effect or not.
func (l *linear) shortest(ops []porcupine.Operation) ([]porcupine.Operation, int, error) {
	for g := range l.groups {
		if len(callsOf(ops, g)) == 0 {
			continue
		}
		prefix := upTo(ops, g, l.groups[g].end)
		if legal, err := l.legal(prefix, ""); err != nil || !legal {
			return prefix, g, err
		}
	}
	return ops, len(l.groups) - 1, nil // not reached: all the groups are not legal
}

func upTo(ops []porcupine.Operation, g int, end int64) []porcupine.Operation {
	var prefix []porcupine.Operation
	for _, op := range ops {
		in := op.Input.(input)
		if in.group > g {
			if in.what != aCall || op.Call > 2*end {
				continue
			}
			in.free = true
			op.Input, op.Return = in, 2*kind.NoSeq
		}
		prefix = append(prefix, op)
	}
	return prefix
}

// callsOf returns the calls of a group whose answers are known, as they returned.
func callsOf(ops []porcupine.Operation, g int) []porcupine.Operation {
	var calls []porcupine.Operation
	for _, op := range ops {
		if in := op.Input.(input); in.group == g && in.what == aCall && !in.free {
			calls = append(calls, op)
		}
	}
	slices.SortStableFunc(calls, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	return calls
}

// law names the one law without which there would be an order. The first that would
// do is named: two winners of one key are also a key that was lost in between.
func (l *linear) law(ops []porcupine.Operation, g int) (spec.Law, error) {
	for _, law := range []spec.Law{spec.CountLaw, spec.OneWinner, spec.Lifetime, spec.Value, spec.DeleteLaw, spec.Expiry} {
		legal, err := l.legal(ops, law)
		switch {
		case err != nil:
			return "", err
		case !legal:
			continue
		case law == spec.Lifetime && l.groups[g].stopped:
			return spec.ClosedMap, nil
		}
		return law, nil
	}
	return spec.Linearizable, nil
}

// instead looks for another answer of a call with which there would be an order.
func (l *linear) instead(ops []porcupine.Operation, call porcupine.Operation) (*kind.Event, error) {
	index := call.Input.(input).index
	for _, e := range l.answers(ops, call.Input.(input).event) {
		other := slices.Clone(ops)
		for i, op := range other {
			if in := op.Input.(input); in.what == aCall && in.index == index {
				in.event = e
				other[i].Input = in
			}
		}
		if legal, err := l.legal(other, ""); err != nil || legal {
			return &e, err
		}
	}
	return nil, nil
}

// answers are the other answers that a call could have had.
func (l *linear) answers(ops []porcupine.Operation, e kind.Event) []kind.Event {
	var list []kind.Event
	add := func(o kind.Outcome, v int32) {
		if o != e.Outcome || v != e.Val {
			c := e
			c.Outcome, c.Val = o, v
			list = append(list, c)
		}
	}
	switch e.Verb {
	case spec.Set, spec.Delete:
		add(kind.Yes, e.Val)
		add(kind.No, e.Val)
	case spec.Get:
		add(kind.No, 0)
	}
	n := int32(0)
	for _, op := range ops {
		if s := op.Input.(input).event; s.Verb == spec.Set {
			if n++; e.Verb == spec.Get && s.Arg == e.Arg {
				add(kind.Yes, s.Val)
			}
		}
	}
	for v := int32(0); e.Verb == spec.Count && v <= n; v++ {
		add(kind.OK, v)
	}
	return list
}

func (l *linear) violation(call porcupine.Operation, law spec.Law, want string) *kind.Breach {
	e := l.Events[call.Input.(input).index]
	b := l.at(l.index(&e), law)
	b.Want = want
	return b
}

// beside names the calls that overlap one, for among them the fault is.
func (l *linear) beside(calls []porcupine.Operation, call porcupine.Operation) string {
	var others []porcupine.Operation
	for _, c := range calls {
		if c.Input.(input).index != call.Input.(input).index && c.Call <= call.Return && call.Call <= c.Return {
			others = append(others, c)
		}
	}
	if len(others) == 0 {
		return ""
	}
	return ", while " + l.lines(others)
}

func (l *linear) lines(calls []porcupine.Operation) string {
	var lines []string
	for _, c := range calls {
		lines = append(lines, l.Kind.Text(l.Events[c.Input.(input).index]))
	}
	return strings.Join(lines, ", ")
}
