package timeline

import (
	"slices"
	"strings"
)

// waits takes in who had not ended, and marks what a reader has to know of that.
func (b *builder) waits() {
	for _, w := range b.rec.Stuck {
		if w.Timed || w.Site == "" && w.By == "" {
			continue
		}
		is := Wait{Who: Clean(w.Name), What: Clean(strings.TrimPrefix(w.What, "waits ")), Site: w.Site, By: Clean(w.By),
			BySite: w.BySite, Born: w.Born, Row: -1}
		if c, ok := b.columns[w.Name]; ok && b.last[c] >= 0 && b.r.Rows[b.last[c]].Kind == Waits {
			is.Row = b.last[c]
			b.stays(&is)
		}
		b.r.Waits = append(b.r.Waits, is)
	}
}

// stays marks where somebody waits for ever, and where what he waits for was locked, or who was there last.
func (b *builder) stays(w *Wait) {
	r := &b.r.Rows[w.Row]
	r.Note = "waits for ever"
	for _, o := range r.Objects {
		if h, ok := b.holder[o]; ok && h.Column != r.Column {
			if i := b.lastAt(o, func(x *Row) bool { return x.Column == h.Column && x.Lock > 0 }); i >= 0 {
				b.r.Rows[i].Note = "it is never unlocked: " + w.Who + " waits for it"
			}
			continue
		}
		is := "nobody else was there"
		if i := b.lastAt(o, func(x *Row) bool { return x.Column != r.Column && x.Site != r.Site }); i >= 0 {
			x := &b.r.Rows[i]
			is = "last " + b.r.Columns[x.Column].Name + ", " + x.Site + " " + x.Text
		} else if b.lastAt(o, func(x *Row) bool { return x.Column != r.Column }) >= 0 {
			is = "nobody was there but to wait"
		}
		w.Last = append(w.Last, b.r.Objects[o].Name+": "+is)
	}
}

// lastAt is the last row of an object that is like this, -1 if there is none.
func (b *builder) lastAt(o int, like func(*Row) bool) int {
	for i := len(b.r.Rows) - 1; i >= 0; i-- {
		if r := &b.r.Rows[i]; slices.Contains(r.Objects, o) && like(r) {
			return i
		}
	}
	return -1
}
