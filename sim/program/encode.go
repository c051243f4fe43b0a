package program

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// Encode tells which choices Decode makes p.Bare() of again, but for its schedule and for
// ranges of more names than a fuzzer makes, if p is valid and holds nothing that its text
// would not show.
func Encode(p *Program, sink Sink) {
	e := &encoder{p: p, sink: sink, table: opTable(p.Kind), marks: marksOf(p.Kind, p.Config)}
	e.config()
	for _, o := range p.Ops {
		e.op(o)
	}
}

type encoder struct {
	p     *Program
	sink  Sink
	table []kind.Verb
	marks []time.Duration
}

func (e *encoder) config() {
	c := e.p.Config
	switch c.Epoch {
	case 0:
		e.sink.Choice(epochZero, epochForms)
	case year2026:
		e.sink.Choice(epoch2026, epochForms)
	default:
		e.sink.Choice(epochRaw, epochForms)
		e.sink.Number(uint64(c.Epoch+kind.MaxEpoch), 2*uint64(kind.MaxEpoch))
	}
	for i := range e.p.Kind.Settings {
		s := &e.p.Kind.Settings[i]
		switch s.Form {
		case kind.Choice:
			e.sink.Choice(c.N(i), len(s.Words))
		case kind.Count:
			e.sink.Number(uint64(c.Values[i]-s.Min), uint64(s.Max-s.Min))
		default:
			e.spelled(0, len(units), c.D(i), time.Duration(s.Max))
		}
	}
}

// spelled writes a duration in the largest unit of which it is a multiple. Of the forms
// the units are the last.
func (e *encoder) spelled(before, forms int, d, most time.Duration) {
	i := len(units) - 1
	for d%units[i] != 0 || units[i] > most {
		i--
	}
	e.sink.Choice(before+i, forms)
	e.sink.Number(uint64(d/units[i])-1, uint64(most/units[i])-1)
}

func (e *encoder) duration(d, most time.Duration) {
	forms := 3*len(e.marks) + len(units)
	for i, m := range e.marks {
		for off := range time.Duration(3) {
			if m+off-1 == d {
				e.sink.Choice(3*i+int(off), forms)
				return
			}
		}
	}
	e.spelled(3*len(e.marks), forms, d, most)
}

func (e *encoder) op(o Op) {
	e.sink.Choice(slices.Index(e.table, o.Verb), len(e.table))
	op := &e.p.Kind.Ops[o.Verb]
	and := 0
	if o.And {
		and = 1
	}
	switch lane := int(o.Lane) - 'a'; {
	case op.Lane && lane < nearLanes:
		e.sink.Choice(lane+and*(nearForms-nearLanes), nearForms+farForms)
	case op.Lane:
		e.sink.Choice(nearForms+and*(farForms-1), nearForms+farForms)
		e.sink.Choice(lane, 26)
	case o.Verb == kind.Advance:
		e.sink.Choice(7*and, 8)
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.There(o.Args) && !op.Hidden(i) {
			e.arg(p, i, o.Args)
		}
	}
}

func (e *encoder) arg(p *kind.Param, i int, args kind.Args) {
	v := args[i]
	switch p.Form {
	case kind.Duration:
		e.duration(time.Duration(v), time.Duration(p.Max))
	case kind.Choice:
		e.sink.Choice(int(v), len(p.Words))
	case kind.Count:
		list := counts(e.p.Kind, e.p.Config)
		if form := slices.Index(list, v); form >= 0 {
			e.sink.Choice(form, len(list)+1)
		} else {
			e.sink.Choice(len(list), len(list)+1)
			e.sink.Number(uint64(v-p.Min), uint64(p.Max-p.Min))
		}
	default:
		e.name(p, i, args)
	}
}

func (e *encoder) name(p *kind.Param, i int, args kind.Args) {
	v := args[i]
	switch {
	case v == kind.NilArg:
		e.sink.Choice(nilForm, nameForms)
	case p.NoName != "":
		e.sink.Choice(0, nameForms)
	case p.More > 0 && args[p.More] > 0:
		e.sink.Choice(rangeForm, nameForms)
		e.sink.Number(uint64(v-p.Min), uint64(p.Max-p.Min))
		e.sink.Number(min(uint64(args[p.More]), maxRange), maxRange)
	case v-p.Min < plainNames:
		e.sink.Choice(int(v-p.Min), nameForms)
	default:
		e.sink.Choice(rawForm, nameForms)
		e.sink.Number(uint64(v-p.Min), uint64(p.Max-p.Min))
	}
}
