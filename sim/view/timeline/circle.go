package timeline

import "slices"

// mostInCircle is of how many that wait it is looked whether they wait for each other.
const mostInCircle = 30

// circle says in a sentence how goroutines wait for each other, "" if none do as far as the run shows.
func (b *builder) circle() string {
	if len(b.r.Waits) > mostInCircle {
		return ""
	}
	b.alive = map[int]bool{}
	for _, w := range b.rec.Stuck {
		if c, ok := b.columns[w.Name]; ok {
			b.alive[c] = true
		}
	}
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
	who, at := b.only(r, func(x *Row) string {
		if i := slices.IndexFunc(ends, func(e end) bool { return e.point == x.Site }); i >= 0 {
			return ends[i].site
		} else if slices.Contains(x.Objects, o) && b.source.isEnd(x, e) {
			return x.Site
		}
		return ""
	})
	came := "came to " + at + ", where that is done)"
	if who == nobody {
		who, at = b.only(r, func(x *Row) string {
			of := b.source.within(x.Site)
			i := slices.IndexFunc(ends, func(e end) bool { return of != "" && of == b.source.within(e.site) })
			if i < 0 {
				return ""
			}
			return ends[i].site
		})
		came = "came into the function in which that is done, at " + at + ")"
	}
	if who < 0 || e.do == "" {
		return -1, ""
	}
	by := b.r.Columns[who].Name
	return who, w.Who + " waits for " + by + " to " + e.do + name + " (only " + by + " " + came
}

// Instead of a column: there is none, or more than one.
const (
	nobody  = -1
	several = -2
)

// only is the only goroutine that has not ended, beside that of a row, of which some row is at a site.
func (b *builder) only(r *Row, site func(*Row) string) (who int, at string) {
	who = nobody
	for i := range b.r.Rows {
		x := &b.r.Rows[i]
		if x.Column < 0 || x.Column == r.Column || !b.alive[x.Column] {
			continue
		}
		if is := site(x); is == "" {
			continue
		} else if who != nobody && who != x.Column {
			return several, ""
		} else {
			who, at = x.Column, is
		}
	}
	return who, at
}
