package timeline

import (
	"slices"

	"batchlab/sim/weave/rt"
)

// circle says in a sentence how goroutines wait for each other, "" if none do as far as the run shows.
func (b *builder) circle() string {
	var to []int // of each wait, the one of who could end it, -1 if that is not known
	var says []string
	for i := range b.r.Waits {
		c, text := b.waitsFor(&b.r.Waits[i])
		to = append(to, slices.IndexFunc(b.r.Waits, func(w Wait) bool { return c >= 0 && w.Who == b.r.Columns[c].Name }))
		says = append(says, text)
	}
	for first := range to {
		text := ""
		for i, n := first, 0; i >= 0 && n < len(to); n++ {
			text += "; " + says[i]
			if i = to[i]; i == first && n == 0 {
				return text[len("; "):]
			} else if i == first {
				return "These wait for each other: " + text[len("; "):]
			}
		}
	}
	return ""
}

// waitsFor is the column of the only goroutine that could end a wait, as far as the run shows, and says so; -1 if there
// is none, or more than one.
func (b *builder) waitsFor(w *Wait) (who int, says string) {
	if w.Row < 0 || len(b.r.Rows[w.Row].Objects) != 1 {
		return -1, ""
	}
	r := &b.r.Rows[w.Row]
	o := r.Objects[0]
	name := " " + b.r.Objects[o].Name
	if h, ok := b.holder[o]; ok && h.Column == r.Column {
		return h.Column, w.Who + " waits for itself to unlock" + name + ", which it locked at " + h.Site
	} else if ok {
		by := b.r.Columns[h.Column].Name
		return h.Column, w.Who + " waits for " + by + " to unlock" + name + ", which " + by + " locked at " + h.Site
	}
	e := b.source.ender(r, b.bases[o], b.r.Objects[o].Sort)
	ends := b.source.ends(r, r.Site, b.bases[o], b.r.Objects[o].Sort)
	who, at := -1, ""
	for i := range b.r.Rows {
		x := &b.r.Rows[i]
		site := x.Site
		n := slices.IndexFunc(ends, func(e end) bool { return e.point == x.Site })
		if n >= 0 {
			site = ends[n].site
		} else if !slices.Contains(x.Objects, o) || !b.source.isEnd(x, e) {
			continue
		}
		if x.Column < 0 || x.Column == r.Column || !b.lives(x.Column) {
			continue
		} else if who >= 0 && who != x.Column {
			return -1, ""
		}
		who, at = x.Column, site
	}
	if who < 0 || e.do == "" {
		return -1, ""
	}
	by := b.r.Columns[who].Name
	return who, w.Who + " waits for " + by + " to " + e.do + name +
		" (only " + by + " came to " + at + ", where that is done)"
}

// lives reports whether a goroutine had not ended when all was over.
func (b *builder) lives(c int) bool {
	return slices.ContainsFunc(b.rec.Stuck, func(w rt.Waiter) bool { return Clean(w.Name) == b.r.Columns[c].Name })
}
