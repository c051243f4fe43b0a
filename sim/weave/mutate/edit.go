package mutate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An edit puts text in place of the bytes [lo, hi) of a file.
type edit struct {
	lo, hi int
	text   string
}

// ordered are edits by place, of one place in the order in which they were made.
func ordered(edits []edit) []edit {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.lo, b.lo) })
	return edits
}

// apply returns an edited copy of a text.
func apply(text []byte, edits []edit) ([]byte, error) {
	var out []byte
	at := 0
	for _, e := range ordered(edits) {
		if e.lo < at || e.hi < e.lo || e.hi > len(text) {
			return nil, fmt.Errorf("the edits at %d and %d overlap", at, e.lo)
		}
		out = append(append(out, text[at:e.lo]...), e.text...)
		at = e.hi
	}
	out = append(out, text[at:]...)
	if slices.Equal(out, text) {
		return nil, fmt.Errorf("nothing was changed")
	}
	return out, nil
}

// hunks are the lines that the edits touch, and what becomes of them. Empty lines are
// left out: they are there only to keep the numbers of the others.
func hunks(text []byte, edits []edit) (before, after string) {
	edits = ordered(edits)
	for len(edits) > 0 {
		lo, hi := lines(text, edits[0])
		n := 1
		for n < len(edits) && edits[n].lo <= hi {
			_, hi = lines(text, edit{lo: edits[n].lo, hi: max(hi, edits[n].hi)})
			n++
		}
		before += full(string(text[lo:hi]))
		local := make([]edit, n)
		for i, e := range edits[:n] {
			local[i] = edit{e.lo - lo, e.hi - lo, e.text}
		}
		changed, err := apply(text[lo:hi], local)
		if err != nil {
			changed = []byte(err.Error())
		}
		after += full(string(changed))
		edits = edits[n:]
	}
	return before, after
}

// full are the lines of a text that are not empty.
func full(text string) (kept string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \t\n"); line != "" {
			kept += line + "\n"
		}
	}
	return kept
}

// lines widens a place to whole lines.
func lines(text []byte, e edit) (lo, hi int) {
	lo = strings.LastIndexByte(string(text[:e.lo]), '\n') + 1
	hi = len(text)
	if n := strings.IndexByte(string(text[e.hi:]), '\n'); n >= 0 {
		hi = e.hi + n
	}
	return lo, hi
}
