package timeline

import "strings"

// open finds the row that says what is wrong: the last before it was seen, of the goroutine that it is of, if that
// is known.
func (b *builder) open() {
	e := b.rec.Open
	if e.Seq == 0 {
		return
	}
	c, known := b.columns[e.G]
	others := -1 // where another was last, if it has done nothing itself
	for i := len(b.r.Rows) - 1; i >= 0; i-- {
		r := &b.r.Rows[i]
		says := r.Kind == Answer || r.Kind == Notice || r.Kind == Call
		its := known && r.Column == c && r.Kind != Switch || !known && (says || e.Site != "")
		if its && r.seq <= e.Seq && (e.Site == "" || e.Site == r.Site || strings.HasSuffix(r.Site, "/"+e.Site)) {
			b.opens(i, e)
			return
		}
		if others < 0 && r.Column >= 0 && r.Kind != Switch && r.seq <= e.Seq {
			others = i
		}
	}
	if e.Over && others >= 0 {
		b.opens(others, e)
	}
}

// opens marks the row that says what is wrong, and what led there.
func (b *builder) opens(i int, e Event) {
	r := &b.r.Rows[i]
	b.r.Open, b.r.Note, b.r.Over = i, Clean(e.Note), e.Over
	if r.Note == forEver && !e.Over {
		if e.Note != "" && e.Note != forEver {
			r.Note += ": " + b.r.Note
		}
		b.r.Open, b.r.Note = b.ended()
	}
	if r.Lock > 0 && e.Site != "" {
		name := b.r.Objects[r.Objects[0]].Name
		b.r.Mend = b.couldEnd(r, r.Objects[0], r.Site, name+" could be unlocked at ", "")
	}
	for ; i >= 0 && r.Column >= 0; i-- {
		x := &b.r.Rows[i]
		does, ok := map[string]string{"send": "sends on it", "close": "closes it"}[x.does()]
		if x.Column != r.Column || len(x.Objects) == 0 {
			continue
		}
		closing := func(o *Row) bool { return o != x && o.Text == "close" }
		if by := b.lastAt(x.Objects[0], closing); ok && by >= 0 && strings.HasPrefix(x.By, "which ") {
			b.r.Rows[by].Note = b.r.Columns[x.Column].Name + " " + does + " after this"
		}
		return
	}
}

// forEver is the note of a row after which its goroutine does nothing any more.
const forEver = "waits for ever"

// Names are those of goroutines, as far as one reads them.
func Names(list []string) string {
	if n := len(list) - 3; n > 1 {
		list = append(list[:3:3], itoa(n)+" more")
	}
	return strings.Join(list, ", ")
}

// ended is the row after which those wait that wait for ever, and nobody else did anything but what comes with time.
func (b *builder) ended() (row int, note string) {
	var who []string
	for _, w := range b.r.Waits {
		if row = max(row, w.Row); w.Row >= 0 {
			who = append(who, w.Who)
		}
	}
	for i := row + 1; i < len(b.r.Rows) && (b.r.Rows[i].Kind != Elapses || b.r.Rows[i].early); i++ {
		if b.r.Rows[i].Column >= 0 && b.r.Rows[i].Kind != Switch {
			row = i
		}
	}
	note = "from here on " + Names(who) + " wait for ever"
	if len(who) == 1 {
		note = "from here on " + who[0] + " waits for ever"
	}
	switch is := b.r.Rows[row].Note; {
	case len(who) == 1 && strings.HasPrefix(is, forEver):
		note = is
	case is != "" && is != forEver:
		note = is + "; " + note
	}
	return row, note
}
