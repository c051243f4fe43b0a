package program

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// The third spelling of a program is a row of choices, for a fuzzer to make: which
// setting, which operation, whose, how many, how long. It is made so that another choice
// is another program and seldom another one altogether. Durations and counts choose
// among boundaries, where faults live, or are spelled out.
//
// How choices are made of bytes is the Source's business, and Encode tells a Sink which
// choices lead to a program. The order of the choices has no version: bytes are for one
// fuzzing session, and what it finds is kept as text.

// Source is where Decode takes choices from. Past its end all are 0.
type Source interface {
	Choice(n int) int          // one of n things: 0 to n-1
	Number(most uint64) uint64 // 0 to most
	Done() bool                // nothing is left
}

// Sink takes the choices that a Source is to give.
type Sink interface {
	Choice(i, n int)
	Number(v, most uint64)
}

// Decode makes a program for a kind of subject of any choices at all. The program
// passes Validate; an operation that would not fit into its limits is dropped.
func Decode(k *kind.Kind, src Source) *Program {
	d := &decoder{src: src, p: &Program{Kind: k}, table: opTable(k)}
	d.config()
	d.marks = marksOf(k, d.p.Config)
	budget, items := newBudget(d.p), 0
	// Dropped operations count as well, or choices without end would be taken to the end.
	for range MaxOps {
		if src.Done() {
			break
		}
		o := d.op()
		next := *budget
		if items+amount(k, o) > MaxItems || fault(k, o) != "" || next.add(o) > MaxTimers {
			continue
		}
		*budget = next
		items += amount(k, o)
		o.And = o.And && markFault(k, d.p.Ops, o) == ""
		d.p.Ops = append(d.p.Ops, o)
	}
	return d.p
}

// opTable lists the operations; what stands there twice is met twice as often.
func opTable(k *kind.Kind) []kind.Verb {
	var list []kind.Verb
	for v := range k.Ops {
		list = append(list, kind.Verb(v))
	}
	for v, op := range k.Ops {
		if op.Always || v == int(kind.Advance) {
			list = append(list, kind.Verb(v))
		}
	}
	return list
}

// The forms of an epoch.
const (
	epochZero = iota
	epoch2026
	epochRaw
	epochForms
)

const year2026 = 1_767_225_600 * time.Second

// units spell durations that are no boundary: a unit, and how many of it.
var units = [...]time.Duration{1, time.Microsecond, time.Millisecond, 10 * time.Millisecond, time.Second, time.Minute,
	time.Hour}

// A lane and whether its operation runs together with the one before it are one choice of
// lanes: near ones are met often, and those beyond them need a choice of their own.
const (
	nearLanes = 4
	nearForms = 7 * nearLanes // of each lane seven, the last of which is together
	farForms  = 4             // the last of which is together
)

// marksOf are the boundaries of settings: a duration stands for itself, 1ns less and 1ns
// more.
func marksOf(k *kind.Kind, c Config) []time.Duration {
	var list []time.Duration
	if k.Marks != nil {
		list = k.Marks(c)
	}
	for i, s := range k.Settings {
		if s.Form == kind.Duration {
			list = append(list, c.D(i), 2*c.D(i), c.D(i)/2, c.D(i)/10)
		}
	}
	list = slices.DeleteFunc(append(list, 100*time.Millisecond, time.Second, time.Minute, time.Hour),
		func(d time.Duration) bool { return d < 1 })
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), 60)]
}

// counts are how many things an operation hands over, by the settings that are its unit.
func counts(k *kind.Kind, c Config) []int64 {
	list := []int64{1, 1, 1, 1, 2, 3, 5}
	for i, s := range k.Settings {
		if n := c.Values[i]; s.Form == kind.Count && s.Unit {
			list = append(list, n-1, n, n+1, 2*n, 3*n, 64*n-1, 64*n, 64*n+1)
		}
	}
	return list
}

// plainNames is how many names are spelled by one choice of nameForms.
const (
	plainNames = 250
	nameForms  = 256
	nilForm    = plainNames
	rangeForm  = plainNames + 1
	rawForm    = plainNames + 2
)

type decoder struct {
	src   Source
	p     *Program
	table []kind.Verb
	marks []time.Duration
}

func (d *decoder) config() {
	c := &d.p.Config
	switch d.src.Choice(epochForms) {
	case epoch2026:
		c.Epoch = year2026
	case epochRaw:
		c.Epoch = time.Duration(d.src.Number(2*uint64(kind.MaxEpoch))) - kind.MaxEpoch
	}
	for i := range d.p.Kind.Settings {
		s := &d.p.Kind.Settings[i]
		switch s.Form {
		case kind.Choice:
			c.Values[i] = int64(d.src.Choice(len(s.Words)))
		case kind.Count:
			c.Values[i] = s.Min + int64(d.src.Number(uint64(s.Max-s.Min)))
		default:
			c.Values[i] = max(int64(d.spelled(d.src.Choice(len(units)), time.Duration(s.Max))), s.Min)
		}
	}
	for d.p.Kind.Lighter != nil && (d.p.configFault() != "" || newBudget(d.p).total() > MaxTimers) {
		d.p.Config = d.p.Kind.Lighter(d.p.Config) // act 2 alone would fire too many
	}
}

// spelled reads a duration as a number of the unit.
func (d *decoder) spelled(unit int, most time.Duration) time.Duration {
	u := min(units[unit], most)
	return u * time.Duration(1+d.src.Number(uint64(most/u)-1))
}

// duration reads a mark and the nanosecond beside it, or a duration spelled out.
func (d *decoder) duration(most time.Duration) time.Duration {
	form := d.src.Choice(3*len(d.marks) + len(units))
	if m := form / 3; m < len(d.marks) {
		return min(max(d.marks[m]+time.Duration(form%3)-1, 1), most)
	}
	return d.spelled(form-3*len(d.marks), most)
}

func (d *decoder) op() Op {
	o := Op{Verb: d.table[d.src.Choice(len(d.table))]}
	op := &d.p.Kind.Ops[o.Verb]
	switch {
	case op.Lane:
		form := d.src.Choice(nearForms + farForms)
		if form < nearForms {
			o.Lane, o.And = 'a'+byte(form%nearLanes), form/nearLanes == nearForms/nearLanes-1
		} else {
			o.And = form == nearForms+farForms-1
			o.Lane = 'a' + byte(d.src.Choice(26))
		}
	case o.Verb == kind.Advance:
		o.And = d.src.Choice(8) == 7
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.There(o.Args) && !op.Hidden(i) {
			d.arg(p, i, &o.Args)
		}
	}
	return o
}

func (d *decoder) arg(p *kind.Param, i int, args *kind.Args) {
	switch p.Form {
	case kind.Duration:
		args[i] = int64(d.duration(time.Duration(p.Max)))
	case kind.Choice:
		args[i] = int64(d.src.Choice(len(p.Words)))
	case kind.Count:
		list := counts(d.p.Kind, d.p.Config)
		if form := d.src.Choice(len(list) + 1); form < len(list) {
			args[i] = max(p.Min, min(list[form], p.Max))
		} else {
			args[i] = p.Min + int64(d.src.Number(uint64(p.Max-p.Min)))
		}
	default:
		d.name(p, i, args)
	}
}

func (d *decoder) name(p *kind.Param, i int, args *kind.Args) {
	form := d.src.Choice(nameForms)
	raw := func(most int64) int64 { return int64(d.src.Number(uint64(most))) }
	switch {
	case p.NoName != "" && form >= nilForm, p.Nil && form == nilForm:
		args[i] = kind.NilArg
	case p.NoName != "":
		args[i] = p.Default
	case p.More > 0 && form == rangeForm:
		args[i] = p.Min + raw(p.Max-p.Min)
		args[p.More] = min(raw(maxRange), p.Max-args[i])
	case form >= plainNames:
		args[i] = p.Min + raw(p.Max-p.Min)
	default:
		args[i] = min(p.Min+int64(form), p.Max)
	}
}

// maxRange is how many names a fuzzer lets follow the first of a range.
const maxRange = 2000
