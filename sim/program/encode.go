package program

import (
	"encoding/binary"
	"slices"
	"time"
)

// Encode returns bytes from which Decode makes p.Bare() again, but for its schedule,
// if p is valid and holds nothing that its text would not show.
func Encode(p *Program) []byte {
	e := &encoder{c: p.Config, kind: p.Kind}
	e.config()
	for _, o := range p.Ops {
		e.op(o)
	}
	return e.out
}

type encoder struct {
	c    Config
	kind string
	out  []byte
}

func (e *encoder) byte(b byte)     { e.out = append(e.out, b) }
func (e *encoder) number(n uint64) { e.out = binary.AppendUvarint(e.out, n) }

func (e *encoder) config() {
	c := e.c
	form := epochRaw
	switch c.Epoch {
	case 0:
		form = epochZero
	case year2026:
		form = epoch2026
	}
	first := byte(form << 1)
	if c.Background {
		first |= 1
	}
	e.byte(first)
	if form == epochRaw {
		e.number(uint64(c.Epoch + MaxEpoch))
	}
	if HasBatcher(e.kind) {
		e.number(uint64(c.Size - 1))
		e.spelled(0, c.Timeout)
	}
	if e.kind == KindDedup {
		e.number(uint64(c.Buckets - 1))
		e.spelled(0, c.Bucket)
	}
}

// spelled writes a duration in the largest unit of which it is a multiple. The
// forms begin at the given byte.
func (e *encoder) spelled(forms int, d time.Duration) {
	i := len(units) - 1
	for d%units[i] != 0 {
		i--
	}
	e.byte(byte(forms + i))
	e.number(uint64(d/units[i]) - 1)
}

func (e *encoder) duration(d time.Duration) {
	list := marks(e.c, e.kind)
	for i, m := range list {
		for off := range time.Duration(3) {
			if m+off-1 == d {
				e.byte(byte(3*i) + byte(off))
				return
			}
		}
	}
	e.spelled(3*len(list), d)
}

func (e *encoder) op(o Op) {
	table := opcodes(e.kind)
	code := slices.Index(table[:], o.Verb)
	far := o.isCall() && o.Lane-'a' >= nearLanes
	high := 0
	switch {
	case far && o.And:
		high = farTogether
	case far:
		high = farLane
	case o.isCall():
		high = int(o.Lane - 'a')
	case o.Verb == Handler:
		high = int(o.Mode)
	}
	if o.And && !far {
		high += nearTogether
	}
	e.byte(byte(code | high<<3))
	if far {
		e.byte(o.Lane - 'a')
	}
	switch {
	case o.Verb == Advance, o.Verb == Handler && o.Mode == Takes:
		e.duration(o.D)
	case o.Verb == Put:
		e.put(o)
	case o.Verb == Get, o.Verb == Set, o.Verb == Delete:
		e.number(uint64(o.Key))
		if o.Verb == Set {
			e.number(uint64(o.Value))
		}
	}
}

func (e *encoder) put(o Op) {
	form := rawCount
	for i, n := range counts(e.c.Size) {
		if n == o.N {
			form = i
			break
		}
	}
	first := byte(form)
	if o.Nil {
		first |= nilItems
	}
	e.byte(first)
	if form == rawCount {
		e.number(uint64(o.N) - 1)
	}
	if e.kind == KindDedupBatcher {
		e.number(uint64(o.Key))
	}
}
