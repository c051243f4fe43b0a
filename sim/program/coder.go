package program

import (
	"slices"
	"time"

	"batchlab/sim/kind"
)

// coder goes through the choices of a program: it sets what they say, or tells those that
// lead to what is set. What it reads it does not look at before.
type coder struct {
	src    Source // nil: choices are told
	sink   Sink
	kind   *kind.Kind
	table  []kind.Verb
	marks  []time.Duration
	counts []int64
}

// choice is one of n things: the i-th, if that is told.
func (c *coder) choice(i, n int) int {
	if c.src != nil {
		return c.src.Choice(n)
	}
	c.sink.Choice(i, n)
	return i
}

// number is a number from 0 to most: v, if that is told.
func (c *coder) number(v, most uint64) uint64 {
	if c.src != nil {
		return c.src.Number(most)
	}
	c.sink.Number(v, most)
	return v
}

// within sets a number that has a range.
func (c *coder) within(v *int64, lo, hi int64) {
	*v = lo + int64(c.number(uint64(*v-lo), uint64(hi-lo)))
}

func (c *coder) config(conf *Config) {
	form := epochRaw
	switch conf.Epoch {
	case 0:
		form = epochZero
	case year2026:
		form = epoch2026
	}
	switch c.choice(form, epochForms) {
	case epoch2026:
		conf.Epoch = year2026
	case epochRaw:
		conf.Epoch = time.Duration(c.number(uint64(conf.Epoch+kind.MaxEpoch), 2*uint64(kind.MaxEpoch))) - kind.MaxEpoch
	}
	for i := range c.kind.Settings {
		s, v := &c.kind.Settings[i], &conf.Values[i]
		switch s.Form {
		case kind.Choice:
			*v = int64(c.choice(int(*v), len(s.Words)))
		case kind.Count:
			c.within(v, s.Min, s.Max)
		default:
			*v = max(c.duration(*v, s.Max), s.Min)
		}
	}
}

// boundaries says what counts and durations are chosen among, from now on.
func (c *coder) boundaries(conf Config) {
	c.marks, c.counts = marksOf(c.kind, conf), counts(c.kind, conf)
}

// duration is a mark and the nanosecond beside it, or spelled out: so many of a unit.
func (c *coder) duration(d, most int64) int64 {
	form := c.choice(c.formOf(time.Duration(d), time.Duration(most)), 3*len(c.marks)+len(units))
	if m := form / 3; m < len(c.marks) {
		return min(max(int64(c.marks[m])+int64(form%3)-1, 1), most)
	}
	u := min(int64(units[form-3*len(c.marks)]), most)
	n := d / u
	c.within(&n, 1, most/u)
	return u * n
}

// formOf is how a duration is spelled: by a mark, else in the largest unit of which it is a
// multiple.
func (c *coder) formOf(d, most time.Duration) int {
	for i, m := range c.marks {
		if off := d - m + 1; off >= 0 && off < 3 {
			return 3*i + int(off)
		}
	}
	i := len(units) - 1
	for d%units[i] != 0 || units[i] > most {
		i--
	}
	return 3*len(c.marks) + i
}

func (c *coder) op(o *Op) {
	o.Verb = c.table[c.choice(slices.Index(c.table, o.Verb), len(c.table))]
	op := &c.kind.Ops[o.Verb]
	and := 0
	if o.And {
		and = 1
	}
	switch lane := int(o.Lane) - 'a'; {
	case op.Lane:
		form := nearForms + and*(farForms-1)
		if lane < nearLanes {
			form = lane + and*(nearForms-nearLanes)
		}
		if form = c.choice(form, nearForms+farForms); form < nearForms {
			o.Lane, o.And = 'a'+byte(form%nearLanes), form/nearLanes == nearForms/nearLanes-1
		} else {
			o.Lane, o.And = 'a'+byte(c.choice(lane, 26)), form == nearForms+farForms-1
		}
	case o.Verb == kind.Advance:
		o.And = c.choice(7*and, 8) == 7
	}
	for i := range op.Params {
		if p := &op.Params[i]; p.There(o.Args) && !op.Hidden(i) {
			c.arg(p, i, &o.Args)
		}
	}
}

func (c *coder) arg(p *kind.Param, i int, args *kind.Args) {
	v := &args[i]
	switch p.Form {
	case kind.Duration:
		*v = c.duration(*v, p.Max)
	case kind.Choice:
		*v = int64(c.choice(int(*v), len(p.Words)))
	case kind.Count:
		n := len(c.counts)
		form := slices.Index(c.counts, *v)
		if form < 0 {
			form = n
		}
		if form = c.choice(form, n+1); form < n {
			*v = max(p.Min, min(c.counts[form], p.Max))
		} else {
			c.within(v, p.Min, p.Max)
		}
	default:
		c.name(p, i, args)
	}
}

func (c *coder) name(p *kind.Param, i int, args *kind.Args) {
	v, form := &args[i], rawForm
	switch {
	case *v == kind.NilArg:
		form = nilForm
	case p.NoName != "":
		form = 0
	case p.More > 0 && args[p.More] > 0:
		form = rangeForm
	case *v-p.Min < plainNames:
		form = int(*v - p.Min)
	}
	form = c.choice(form, nameForms)
	switch {
	case p.NoName != "" && form >= nilForm, p.Nil && form == nilForm:
		*v = kind.NilArg
	case p.NoName != "":
		*v = p.Default
	case form < plainNames:
		*v = min(p.Min+int64(form), p.Max)
	default:
		c.within(v, p.Min, p.Max)
		if p.More > 0 && form == rangeForm {
			args[p.More] = min(args[p.More], maxRange)
			c.within(&args[p.More], 0, maxRange)
			args[p.More] = min(args[p.More], p.Max-*v)
		}
	}
}
