package weave

import (
	"cmp"
	"slices"
	"strings"
)

// An edit puts text in place of the bytes [lo, hi) of a source.
type edit struct {
	lo, hi int
	kind   editKind
	seq    int
	text   string
}

// editKind orders the edits of one place: what ends an expression, what begins one,
// what stands for one.
type editKind int

const (
	closing editKind = iota
	opening
	replacing
)

// edits gathers the edits of a source from the inside to the outside: what is added
// later goes around what was added before.
type edits struct {
	src  []byte
	list []edit
	seq  int
}

func (e *edits) add(lo, hi int, kind editKind, text string) {
	e.seq++
	e.list = append(e.list, edit{lo, hi, kind, e.seq, text})
}

// before puts text at the beginning of what starts at off.
func (e *edits) before(off int, text string) { e.add(off, off, opening, text) }

// after puts text at the end of what ends at off.
func (e *edits) after(off int, text string) { e.add(off, off, closing, text) }

// replace puts text in place of [lo, hi), where no edits are.
func (e *edits) replace(lo, hi int, text string) { e.add(lo, hi, replacing, text) }

// within reports whether an edit belongs to what stands in [lo, hi).
func (d edit) within(lo, hi int) bool {
	switch d.kind {
	case closing:
		return lo < d.lo && d.lo <= hi
	case opening:
		return lo <= d.lo && d.lo < hi
	}
	return lo <= d.lo && d.hi <= hi
}

// text is what stands in [lo, hi), edited.
func (e *edits) text(lo, hi int) string {
	var in []edit
	for _, d := range e.list {
		if d.within(lo, hi) {
			in = append(in, d)
		}
	}
	slices.SortFunc(in, func(a, b edit) int {
		if c := cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.kind, b.kind)); c != 0 {
			return c
		}
		if a.kind == opening {
			return cmp.Compare(b.seq, a.seq)
		}
		return cmp.Compare(a.seq, b.seq)
	})
	var b strings.Builder
	for _, d := range in {
		b.Write(e.src[lo:d.lo])
		b.WriteString(d.text)
		lo = d.hi
	}
	b.Write(e.src[lo:hi])
	return b.String()
}

// take is text, for a new place: the edits are gone from the old one.
func (e *edits) take(lo, hi int) string {
	text := e.text(lo, hi)
	e.list = slices.DeleteFunc(e.list, func(d edit) bool { return d.within(lo, hi) })
	return text
}

// newlines is what must stay of [lo, hi) for the lines that follow to keep their numbers.
func (e *edits) newlines(lo, hi int) string {
	return strings.Repeat("\n", strings.Count(string(e.src[lo:hi]), "\n"))
}
