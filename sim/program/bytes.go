package program

import (
	"slices"
	"time"
)

// The third spelling of a program is bytes, for a fuzzer to mutate. It is made so
// that a changed byte is a changed program and seldom another one altogether: a
// header for the configuration, then an operation a byte with what it needs behind
// it. Numbers are varints taken modulo their range. Durations and counts choose
// among the boundaries of the configuration, where faults live, or are spelled out.
//
// The format has no version: bytes are for one fuzzing session, and what it finds
// is kept as text.

// Source is where Decode takes bytes from. Past its end a Source gives zeros.
type Source interface {
	Byte() byte
	Done() bool // nothing is left
}

// Decode makes a program for a kind of subject of any bytes at all. The program
// passes Validate; an operation that would not fit into its limits is dropped. An
// unknown kind is a programmer's mistake and panics.
func Decode(kind string, src Source) *Program {
	if !slices.Contains(Kinds, kind) {
		panic("program: Decode: unknown kind " + kind)
	}
	d := &decoder{src: src, p: &Program{Kind: kind}}
	d.config()
	budget, items := newBudget(d.p), 0
	// Dropped operations count as well, or bytes without end would be read to the end.
	for range MaxOps {
		if src.Done() {
			break
		}
		o := d.op()
		next := *budget
		if items+o.N > MaxItems || next.add(o) > MaxTimers {
			continue
		}
		*budget = next
		items += o.N
		o.And = o.And && markFault(d.p.Ops, o) == ""
		d.p.Ops = append(d.p.Ops, o)
	}
	return d.p
}

// The first byte: bit 0 is the mode, the rest the form of the epoch.
const (
	epochZero = iota
	epoch2026
	epochRaw
	epochForms
)

const year2026 = 1_767_225_600 * time.Second

// units spell durations that are no boundary: a unit, and how many of it.
var units = [...]time.Duration{1, time.Microsecond, time.Millisecond, 10 * time.Millisecond, time.Second, time.Minute, time.Hour}

// opcodes are the operations of a kind by the low three bits of their byte. What
// stands there twice is met twice as often.
func opcodes(kind string) [8]Verb {
	if kind == KindDedup {
		return [8]Verb{Advance, Get, Set, Delete, Count, Close, Set, Advance}
	}
	return [8]Verb{Advance, Put, Trigger, Handler, Release, Close, Put, Advance}
}

// The high five bits are a handler's mode, or the lane: few lanes are met often, and
// those beyond them need a byte of their own. A few of them also say that the
// operation runs together with the one before it.
const (
	nearLanes    = 4
	nearTogether = 24 // and above, up to farLane
	farLane      = 28 // and above
	farTogether  = 30 // and above
)

// marks are the boundaries of a configuration: one that a duration names stands for
// itself, 1ns less and 1ns more.
func marks(c Config, kind string) [16]time.Duration {
	t, b := c.Timeout, c.Bucket
	if kind == KindDedup {
		window := b * time.Duration(c.Buckets)
		return [16]time.Duration{b, b / 2, 2 * b, 3 * b, window, window - b, window + b/2, window + b, b / 10, b / 4, 5 * b, 100 * time.Millisecond, 2 * window, time.Second, time.Minute, time.Hour}
	}
	return [16]time.Duration{t, t / 2, 2 * t, 3 * t, 10 * t, t / 10, t / 4, time.Nanosecond, time.Microsecond, time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond, time.Second, time.Minute, 61 * time.Second, time.Hour}
}

// counts are how many items a put may put; the last form spells the number out.
func counts(size int) [15]int {
	return [15]int{1, 1, 1, 1, 2, 3, 5, size - 1, size, size + 1, 2 * size, 3 * size, 64*size - 1, 64 * size, 64*size + 1}
}

const (
	rawCount = 15
	nilItems = 0xf0 // and above: the high four bits of a count say that the items are nil
)

type decoder struct {
	src Source
	p   *Program
}

// number reads a varint modulo limit.
func (d *decoder) number(limit uint64) uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := d.src.Byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	return n % limit
}

func (d *decoder) config() {
	c := &d.p.Config
	first := int(d.src.Byte())
	switch first >> 1 % epochForms {
	case epoch2026:
		c.Epoch = year2026
	case epochRaw:
		c.Epoch = time.Duration(d.number(2*uint64(MaxEpoch)+1)) - MaxEpoch
	}
	if HasBatcher(d.p.Kind) {
		c.Background = first&1 == 1
		c.Size = 1 + int(d.number(MaxSize))
		c.Timeout = d.spelled(d.src.Byte(), MaxTimeout)
	}
	if d.p.Kind == KindDedup {
		c.Buckets = 1 + int(d.number(MaxBuckets))
		c.Bucket = max(d.spelled(d.src.Byte(), min(MaxBucket, MaxWindow/time.Duration(c.Buckets))), 2)
	}
	for newBudget(d.p).total() > MaxTimers { // act 2 alone would fire too many
		c.Buckets, c.Timeout = (c.Buckets+1)/2, c.Timeout/2
	}
}

// spelled reads a duration as a number of the unit that the form means.
func (d *decoder) spelled(form byte, most time.Duration) time.Duration {
	unit := min(units[int(form)%len(units)], most)
	return unit * time.Duration(1+d.number(uint64(most/unit)))
}

// duration reads a mark and the nanosecond beside it, or a duration spelled out.
func (d *decoder) duration() time.Duration {
	form := d.src.Byte()
	list := marks(d.p.Config, d.p.Kind)
	if m := int(form) / 3; m < len(list) {
		return min(max(list[m]+time.Duration(form%3)-1, 1), MaxTimeout)
	}
	return d.spelled(form-byte(3*len(list)), MaxTimeout)
}

func (d *decoder) op() Op {
	code := d.src.Byte()
	o := Op{Verb: opcodes(d.p.Kind)[code&7]}
	high := code >> 3
	o.And = o.mayMark() && (high >= farTogether || high >= nearTogether && high < farLane)
	if o.isCall() {
		near := high % nearLanes
		if high >= farLane {
			near = d.src.Byte() % 26
		}
		o.Lane = 'a' + near
	}
	switch o.Verb {
	case Advance:
		o.D = d.duration()
	case Put:
		form := d.src.Byte()
		o.Nil = form >= nilItems
		if form &= 15; form == rawCount {
			o.N = 1 + int(d.number(MaxItems))
		} else {
			o.N = max(1, counts(d.p.Config.Size)[form])
		}
		if d.p.Kind == KindDedupBatcher {
			o.Key = int(d.number(MaxKey + 1))
		}
	case Get, Set, Delete:
		o.Key = int(d.number(MaxKey + 1))
		if o.Verb == Set {
			o.Value = int(d.number(MaxKey + 1))
		}
	case Handler:
		if o.Mode = Mode(int(high) % modes); o.Mode == Takes {
			o.D = d.duration()
		}
	}
	return o
}

func (o Op) isCall() bool { return o.Verb >= Put && o.Verb <= Count }
