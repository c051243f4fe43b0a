package program

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"batchlab/sim/kind"
)

// together begins the line of an operation that runs together with the one before.
const together = "&"

// fault is what is wrong with an operation, "" if nothing.
func fault(k *kind.Kind, o Op) string {
	if !k.Has(o.Verb) {
		return "unknown operation"
	}
	op := &k.Ops[o.Verb]
	if op.Lane && (o.Lane < 'a' || o.Lane > 'z') {
		return fmt.Sprintf("%s needs a lane, a to z", op.Name)
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.There(o.Args) {
			if msg := argFault(op, i, o.Args); msg != "" {
				return msg
			}
		}
	}
	return ""
}

// argFault is what is wrong with the i-th argument.
func argFault(op *kind.Operation, i int, args kind.Args) string {
	p, v := &op.Params[i], args[i]
	switch p.Form {
	case kind.Choice:
		if v < 0 || int(v) >= len(p.Words) {
			return "unknown operation"
		}
	case kind.Duration:
		if v < p.Min || v > p.Max {
			return fmt.Sprintf("a duration must be %v to %v, got %v", time.Duration(p.Min), time.Duration(p.Max),
				time.Duration(v))
		}
	case kind.Count:
		switch {
		case op.Hidden(i):
			if v < 0 || v > p.Max {
				return fmt.Sprintf("a range has at most %d %ss", p.Max+1, p.Name)
			}
		case v < p.Min:
			return fmt.Sprintf("a %s needs at least one %s, got %d", op.Name, p.Unit, v)
		case v > p.Max:
			return fmt.Sprintf("a %s takes at most %d %ss, got %d", op.Name, p.Max, p.Unit, v)
		}
	case kind.Named:
		last := v
		if p.More > 0 {
			last += args[p.More]
		}
		if p.Nil && v == kind.NilArg {
			return ""
		}
		if v < p.Min || last > p.Max {
			return fmt.Sprintf("keys and values go from %d to %d", p.Min, p.Max)
		}
	}
	return ""
}

// amount is how many things an operation does one after another, if that is what its
// arguments say: items that it hands over, names of a range. 0 for all others.
func amount(k *kind.Kind, o Op) int {
	n := 0
	op := &k.Ops[o.Verb]
	for i := range op.Params {
		switch {
		case op.Params[i].Form != kind.Count:
		case !op.Hidden(i):
			n += int(o.Args[i])
		case o.Args[i] > 0:
			n += int(o.Args[i]) + 1
		}
	}
	return n
}

// unit is what an amount is of.
func unit(k *kind.Kind, o Op) string {
	for _, p := range k.Ops[o.Verb].Params {
		if p.Form == kind.Count {
			return cmp.Or(p.Unit, p.Name)
		}
	}
	return ""
}

// mayMark reports whether the operation can be in a group: what the lab tells callbacks
// is not something that happens to a subject at some moment.
func mayMark(k *kind.Kind, o Op) bool { return o.Verb == kind.Advance || k.IsCall(o) }

// markFault is what is wrong with the mark of an operation that follows others.
func markFault(k *kind.Kind, before []Op, o Op) string {
	const only = "only calls of lanes and moves of the clock run together, "
	switch {
	case !o.And:
		return ""
	case len(before) == 0:
		return "the first operation has none before it to run together with"
	case !mayMark(k, o):
		return only + "not " + k.Ops[o.Verb].Name
	case !mayMark(k, before[len(before)-1]):
		return only + "the operation before it is " + k.Ops[before[len(before)-1].Verb].Name
	}
	return ""
}

// OpText is the operation as a line of a seed file.
func OpText(k *kind.Kind, o Op) string {
	var b strings.Builder
	if o.And {
		b.WriteString(together + " ")
	}
	op := &k.Ops[o.Verb]
	switch {
	case o.Verb == kind.Advance:
		return b.String() + "+" + DurationText(o.Moved())
	case o.Lane == kind.LabLane:
		b.WriteString("lab ")
	case op.Lane:
		b.WriteByte(o.Lane)
		b.WriteByte(' ')
	}
	b.WriteString(op.Name)
	for i := range op.Params {
		if text := argText(op, i, o.Args); text != "" {
			b.WriteString(" " + text)
		}
	}
	return b.String()
}

// argText spells the i-th argument, "" if it is left out.
func argText(op *kind.Operation, i int, args kind.Args) string {
	p, v := &op.Params[i], args[i]
	switch {
	case !p.There(args) || op.Hidden(i) || p.Left && v == p.Default:
		return ""
	case p.Form == kind.Duration:
		return DurationText(time.Duration(v))
	case p.Form == kind.Choice:
		return p.Words[v].Text
	case p.Nil && v == kind.NilArg:
		return "nil"
	case p.More > 0 && args[p.More] > 0:
		return fmt.Sprintf("%c%d..%c%d", p.Letter, v, p.Letter, v+args[p.More])
	}
	return fmt.Sprintf("%c%d", p.Letter, v)
}
