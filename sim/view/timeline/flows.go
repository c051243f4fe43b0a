package timeline

import (
	"fmt"
	"slices"

	"batchlab/sim/weave/rt"
)

// flow is what comes through a channel with a buffer: each row with how many values there were before it.
type flow struct {
	rows []passage
	room int
}

type passage struct {
	row, before int
	sends       bool
}

// letsGo takes in that somebody lets a goroutine go on, or goes on since somebody let him.
func (b *builder) letsGo(a rt.Accessed, c int, goesOn bool) {
	last := b.last[c]
	if !goesOn {
		if last >= 0 && b.r.Rows[last].Site == a.Site {
			b.grants[a.Object] = last
			if r := &b.r.Rows[last]; r.wakes() && r.By == "" {
				r.By = somebody
			}
		}
		return
	}
	by, ok := b.grants[a.Object]
	if !ok {
		return
	}
	delete(b.grants, a.Object)
	giver, taker := &b.r.Rows[by], &b.r.Rows[last]
	switch does := giver.does(); {
	case giver.wakes():
		if giver.By == somebody {
			giver.By = "wakes "
		} else {
			giver.By += ", "
		}
		giver.By += b.r.Columns[c].Name
		taker.By = "woken by " + b.r.at(by)
	case does == "send":
		b.met(by, last)
	case does == "receive":
		b.met(last, by)
	}
}

// somebody is whom a signal wakes as long as it is not known who that is.
const somebody = "wakes somebody"

// wakes reports whether a row is a signal.
func (r *Row) wakes() bool { return r.Text == "signal" || r.Text == "broadcast" }

// met says in two rows that what one sends the other receives.
func (b *builder) met(sends, receives int) {
	b.r.Rows[sends].By, b.r.Rows[receives].By = "to "+b.r.at(receives), "from "+b.r.at(sends)
}

// flows takes in that a row is of a channel with a buffer; again when more is known of it, as that others were served
// before it.
func (b *builder) flows(a rt.Accessed, row, o int) {
	r := &b.r.Rows[row]
	if a.Case > 0 {
		if cases := b.source.cases(a.Site); a.Case <= len(cases) {
			r.op = map[bool]string{false: "receive", true: "send"}[cases[a.Case-1].sends]
		}
	}
	what := r.does()
	if a.Room == 0 || a.Closed || what != "send" && what != "receive" {
		return
	}
	row = b.latest(row, a.Seq)
	f := b.buffers[o]
	if f == nil {
		f = &flow{room: a.Room}
		b.buffers[o] = f
	}
	if n := len(f.rows); n > 0 && f.rows[n-1].row == row {
		f.rows = f.rows[:n-1]
	}
	f.rows = append(f.rows, passage{row, a.Len, what == "send"})
}

// latest puts a row behind those of others who were served first, and returns where it is.
func (b *builder) latest(row int, seq int64) int {
	last := len(b.r.Rows) - 1
	if row == last {
		return row
	}
	r := b.r.Rows[row]
	r.seq = seq
	b.r.Rows = append(slices.Delete(b.r.Rows, row, row+1), r)
	moved := func(i int) int {
		switch {
		case i == row:
			return last
		case i > row:
			return i - 1
		}
		return i
	}
	for c, i := range b.last {
		b.last[c] = moved(i)
	}
	for g, i := range b.grants {
		b.grants[g] = moved(i)
	}
	for _, f := range b.buffers {
		k := len(f.rows)
		for ; k > 0 && f.rows[k-1].row > row; k-- {
			f.rows[k-1].row--
		}
		if k > 0 && f.rows[k-1].row == row {
			f.rows = append(slices.Delete(f.rows, k-1, k), passage{row: last})
		}
	}
	return last
}

// meets completes what rows say of others.
func (b *builder) meets() {
	for i := range b.r.Rows {
		if r := &b.r.Rows[i]; r.wakes() && r.By == "" && !b.rec.isCut() {
			r.By = "wakes nobody"
		}
	}
	for _, f := range b.buffers {
		f.meet(b)
	}
}

// meet pairs, of a channel with a buffer, the first that is sent with the first that is received, and so on, as far as
// nobody else had his hand in it; and says how many are left there.
func (f *flow) meet(b *builder) {
	var sent []int
	for _, p := range f.rows {
		r := &b.r.Rows[p.row]
		switch {
		case r.Kind == Waits:
			if p.sends && len(r.Objects) == 1 {
				r.Value = fmt.Sprintf("%d of %d in it", p.before, f.room)
			}
			continue
		case p.before != len(sent) || !p.sends && len(sent) == 0: // values come from elsewhere, as from a timer
			return
		case p.sends:
			sent = append(sent, p.row)
		default:
			b.met(sent[0], p.row)
			sent = sent[1:]
		}
		r.Value = fmt.Sprintf("then %d of %d in it", len(sent), f.room)
	}
	for _, row := range sent {
		if !b.rec.isCut() {
			b.r.Rows[row].By = "never received"
		}
	}
}
