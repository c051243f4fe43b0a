package timeline

import (
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/weave/rt"
)

// isCut reports whether more was done than is written down: then nobody knows what was not done.
func (r *Recording) isCut() bool {
	return len(r.Trace) >= rt.MostTraced || len(r.Seen.Accesses) >= rt.MostAccesses
}

// waits takes in who had not ended, and marks what a reader has to know of that.
func (b *builder) waits() {
	for _, w := range b.rec.Stuck {
		if w.Timed || w.Site == "" && w.By == "" {
			continue
		}
		is := Wait{Who: Clean(w.Name), What: Clean(strings.TrimPrefix(w.What, "waits ")), Site: w.Site, By: Clean(w.By),
			BySite: w.BySite, Born: w.Born, Row: -1}
		if c, ok := b.columns[w.Name]; ok && b.last[c] >= 0 && b.r.Rows[b.last[c]].Kind == Waits && !b.rec.isCut() {
			is.Row = b.last[c]
			is.Site = b.r.Rows[is.Row].Site
			b.stays(&is)
		}
		b.r.Waits = append(b.r.Waits, is)
	}
}

// stays marks where somebody waits for ever, and says of each thing that it waits for what nobody did.
func (b *builder) stays(w *Wait) {
	r := &b.r.Rows[w.Row]
	r.Note = forEver
	for _, o := range r.Objects {
		text := ""
		if h, ok := b.holder[o]; ok {
			text = b.kept(w, o, h)
		} else {
			text = b.missed(r, o)
		}
		if text != "" {
			w.Last = append(w.Last, b.r.Objects[o].Name+text)
		}
	}
	if text := b.since(w.Row); text != "" && !strings.Contains(r.Text, "lock") {
		w.Last = append(w.Last, text)
	}
}

// kept marks where a lock was locked that somebody waits for, and says where it could be unlocked.
func (b *builder) kept(w *Wait, o int, by Row) string {
	if i := b.lastAt(o, func(x *Row) bool { return x.Column == by.Column && x.Lock > 0 }); i >= 0 {
		b.r.Rows[i].Note = "it is never unlocked: " + w.Who + " waits for it"
	}
	r, text := &b.r.Rows[w.Row], ""
	if !strings.HasSuffix(r.By, " since "+by.Site) {
		text = " is held at last by " + b.r.Columns[by.Column].Name + " since " + by.Site + ", and"
	}
	return strings.TrimSuffix(text+b.couldEnd(r, o, by.Site, " could be unlocked at ", ""), ", and")
}

// missed says what no goroutine did, or none did any more, to something that somebody waits for.
func (b *builder) missed(r *Row, o int) string {
	e, made, did := b.source.ender(r, b.bases[o], b.r.Objects[o].Sort), b.r.Objects[o].Made, ""
	text := ": no goroutine " + e.did
	last := b.lastAt(o, func(x *Row) bool { return x.Column != r.Column && (x.Site != r.Site || x.Kind != Waits) })
	if i := b.lastAt(o, func(x *Row) bool { return x.Column != r.Column && b.source.isEnd(x, e) }); i >= 0 {
		did = b.r.Rows[i].Site
		by := ""
		if x := &b.r.Rows[i]; x.By != "" {
			by = " (" + x.By + ")"
		}
		if text = ": after " + b.r.at(i) + by + ", " + text[2:]; i == last || b.r.Rows[last].Kind == GoesOn {
			last = -1
		}
	}
	if b.lastAt(o, (*Row).isTimers) >= 0 {
		text = ": its timer does not fire any more"
	}
	if made != "" {
		text = ", made at " + made + text
	}
	if n := b.namesakes(o); n > 1 {
		text = fmt.Sprintf(", one of %d called %s%s", n, b.bases[o], text)
	}
	text += b.couldEnd(r, o, r.Site, "; that could be done at ", did)
	if last >= 0 {
		text += "; last there was " + b.r.at(last) + ", " + b.then(last)
	}
	return text + b.without(o)
}

// without names goroutines that have ended without a Done of a group which others that were started where they were
// have called.
func (b *builder) without(o int) (text string) {
	done, born := map[int]bool{}, map[string]bool{}
	for _, x := range b.r.Rows {
		if x.Text == "group done" && slices.Contains(x.Objects, o) {
			done[x.Column], born[b.r.Columns[x.Column].Born] = true, true
		}
	}
	for c, col := range b.r.Columns {
		stuck := slices.ContainsFunc(b.rec.Stuck, func(w rt.Waiter) bool { return w.Name == col.Name })
		if i := b.last[c]; col.Born != "" && born[col.Born] && !done[c] && !stuck && i >= 0 {
			text += "; " + col.Name + " ended at " + b.r.Rows[i].Site + " without one"
		}
	}
	return text
}

// then is what is done in a row; of one that waits, with what its goroutine went on.
func (b *builder) then(i int) string {
	r := &b.r.Rows[i]
	if r.Kind != Waits {
		return r.Text
	}
	for _, x := range b.r.Rows[i+1:] {
		if x.Column == r.Column && x.Kind == GoesOn && len(x.Objects) == 1 {
			return "where it waited and went on with " + b.r.Objects[x.Objects[0]].Name
		} else if x.Column == r.Column {
			break
		}
	}
	return "where it waits"
}

// mostSince is how many are named who had a lock and let others wait: of more nobody learns which it was.
const mostSince = 3

// since says who had, after a goroutine began to wait, the lock that it had unlocked last, since when it only looked,
// and did nothing to what it waits for: with that lock one looks whether to wait, and changes what others wait for.
func (b *builder) since(at int) string {
	lock, r := -1, &b.r.Rows[at]
	for i := at - 1; i >= 0 && lock < 0; i-- {
		if x := &b.r.Rows[i]; x.Column == r.Column && x.Kind != Switch && !looks[x.Text] {
			if x.Lock >= 0 || b.r.Objects[x.Objects[0]].Sort != "lock" {
				return ""
			}
			lock = x.Objects[0]
		}
	}
	var list []string
	for i := at + 1; i < len(b.r.Rows) && lock >= 0; i++ {
		if x := &b.r.Rows[i]; x.Lock > 0 && x.Objects[0] == lock {
			to, ends := b.section(i, r.Objects)
			if by := b.r.Columns[x.Column].Name + " (" + x.Site + to + ")"; !ends && !slices.Contains(list, by) {
				list = append(list, by)
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	return b.r.Objects[lock].Name + ", which it unlocked before it waited, was then locked by " +
		strings.Join(list[max(0, len(list)-mostSince):], ", by ") + ": nothing was done there to end its wait"
}

// section is up to where a goroutine has a lock that it takes in a row, and whether it does something to one of some
// things before it takes it again.
func (b *builder) section(at int, things []int) (to string, does bool) {
	r := &b.r.Rows[at]
	for _, x := range b.r.Rows[at+1:] {
		switch {
		case x.Column != r.Column:
		case x.Lock > 0 && x.Objects[0] == r.Objects[0]:
			return to, does
		case x.Lock < 0 && x.Objects[0] == r.Objects[0]:
			to = " to " + x.Site
		default:
			does = does || slices.ContainsFunc(x.Objects, func(o int) bool { return slices.Contains(things, o) })
		}
	}
	return to, does
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

// couldEnd names the lines that could end a wait, as from a site, without one that is named already.
func (b *builder) couldEnd(r *Row, o int, site, before, named string) string {
	var list, unseen []string
	for _, e := range b.source.ends(r, site, b.bases[o], b.r.Objects[o].Sort) {
		switch {
		case e.site == named:
		case slices.ContainsFunc(b.r.Rows, func(x Row) bool { return x.Site == e.point }):
			list = append(list, e.site)
		default:
			unseen = append(unseen, e.site)
		}
	}
	if len(unseen) > 0 {
		list = append(list, strings.Join(unseen, ", ")+", where no goroutine came")
	}
	if len(list) == 0 {
		return ""
	}
	return before + strings.Join(list, ", or at ")
}
