package timeline

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"batchlab/sim/weave/rt"
)

func itoa(n int) string { return strconv.Itoa(n) }

// does is what an access is to a person.
type does struct {
	sort string // of the object
	lock int    // see Row
	text string // of a row of its own, if it is no point
}

// accesses are those that are shown, by the names that package rt has for them.
var accesses = map[string]does{
	"locked":       {"lock", 1, ""},
	"lockAwaited":  {"lock", 0, ""},
	"tryFailed":    {"lock", 0, ""},
	"readLocked":   {"lock", 1, ""},
	"readQueued":   {"lock", 0, ""},
	"unlocked":     {"lock", -1, "unlock"},
	"readUnlocked": {"lock", -1, "read unlock"},
	"onceTaken":    {"once", 1, ""},
	"onceGiven":    {"once", -1, "once is done"},
	"added":        {"group", 0, ""},
	"doneOne":      {"group", 0, "group done"},
	"doneLast":     {"group", 0, "group done"},
	"groupWaited":  {"group", 0, ""},
	"condEnlisted": {"condition", 0, "cond wait"},
	"signals":      {"condition", 0, ""},
	"channelUsed":  {"channel", 0, ""},
	"poolUsed":     {"pool", 0, ""},
	"mapRanged":    {"map", 0, ""},
	"touched":      {"memory", 0, ""},
	"timeSeen":     {"memory", 0, ""}, // a clock's
	"loaded":       {"memory", 0, ""},
}

// access puts an access into the row that it belongs to, or into one of its own.
func (b *builder) access(a rt.Accessed) {
	c, ok := b.columns[a.G]
	if !ok {
		return
	}
	last := b.lastOf(c)
	waited := last != nil && last.Kind == Waits && last.Site == a.Site
	on := Row{Kind: GoesOn, Column: c, Text: "goes on with", Site: a.Site, seq: a.Seq}
	if waited {
		on.was = strings.TrimSuffix(last.Text, ": waits")
	}
	if a.Does == "granted" && waited {
		r := on
		if len(last.Objects) == 1 { // of more, those of a select, it says by itself which
			r.Objects = last.Objects
		}
		reads := strings.HasPrefix(last.Text, "read lock")
		b.add(r)
		b.letsGo(a, c, true)
		if len(r.Objects) == 1 && reads {
			b.lock(&b.r.Rows[len(b.r.Rows)-1], 1)
		}
		return
	}
	d, ok := accesses[a.Does]
	if a.Does == "granted" {
		b.letsGo(a, c, false)
	}
	if !ok {
		return
	}
	if asked := b.asked[c]; asked.Site == a.Site && asked.seq == 0 && d.sort == "memory" {
		b.asked[c] = Row{Site: a.Site, seq: int64(a.Object)}
		return
	}
	switch {
	case waited:
		b.add(on)
	case d.text != "":
		b.add(Row{Kind: Point, Column: c, Text: d.text, Site: a.Site, seq: a.Seq})
	case last == nil || last.Site != a.Site || last.Kind != Point && last.Kind != GoesOn:
		return
	}
	r := b.lastOf(c)
	o := b.object(a.Object, d.sort, r)
	if verb, _, ok := strings.Cut(r.Text, " "); ok && d.sort == "memory" {
		r.Text = verb
	}
	if !slices.Contains(r.Objects, o) {
		r.Objects = append(slices.Clip(r.Objects), o)
	}
	if a.Closed {
		r.By = "which " + cmp.Or(b.closers[o], "is closed")
	} else if r.Text == "close" {
		b.closers[o] = b.r.Columns[c].Name + " closed at " + r.Site
	}
	if d.sort == "channel" {
		b.flows(a, b.last[c], o)
	}
	if was := a.Was.String(); was != "" {
		r.Value = "was " + was
		if a.Does == "loaded" {
			r.Value = "is " + was
		}
	}
	if d.lock != 0 {
		r.Objects = []int{o}
		b.lock(r, d.lock)
	}
}

// answered gives the last row of a column its object, if it is the operation that the goroutine had come to before
// its arguments.
func (b *builder) answered(c int) {
	last, asked := b.lastOf(c), b.asked[c]
	if last == nil || asked.seq == 0 || last.Site != asked.Site || last.Kind != Point || len(last.Objects) > 0 {
		return
	}
	if verb, _, ok := strings.Cut(last.Text, " "); ok {
		last.Objects = []int{b.object(int(asked.seq), "memory", last)}
		last.Text = verb
		delete(b.asked, c)
	}
}

// nameSelected finds what the channels of selects are called, by their cases.
func (b *builder) nameSelected(list []rt.Accessed) {
	for _, a := range list {
		if a.Case == 0 {
			continue
		}
		if list := b.source.cases(a.Site); len(list) >= a.Case {
			b.cases[a.Object] = cmp.Or(b.cases[a.Object], list[a.Case-1].name)
		}
	}
}

// lock takes in who has a lock from here on, or has no more.
func (b *builder) lock(r *Row, n int) {
	o := r.Objects[0]
	r.Lock = n
	if n > 0 {
		b.holder[o] = *r
		b.holds[r.Column] = append(b.holding(r.Column), o)
		return
	}
	b.release(o, r.Column)
}

// release takes in that a goroutine has a lock no more. Another that reads may still have it.
func (b *builder) release(o, c int) {
	if i := slices.Index(b.holds[c], o); i >= 0 {
		b.holds[c] = slices.Delete(b.holding(c), i, i+1)
	}
	if h, ok := b.holder[o]; !ok || h.Column != c {
		return
	}
	delete(b.holder, o)
	has := func(c int) bool { return slices.Contains(b.holds[c], o) }
	if slices.ContainsFunc(slices.Collect(maps.Keys(b.holds)), has) {
		b.holder[o] = b.r.Rows[b.lastAt(o, func(x *Row) bool { return x.Lock > 0 && has(x.Column) })]
	}
}

// object is the index of an object, by its number in the run.
func (b *builder) object(number int, sort string, r *Row) int {
	if i, ok := b.objects[number]; ok {
		return i
	}
	name := cmp.Or(b.cases[number], b.source.operand(r.Site, sort))
	if t := b.source.operand(r.Site, "timer"); r.isTimers() && name == "" && t != "" {
		name = t + ".C"
	}
	if _, touched, ok := strings.Cut(r.Text, " "); ok && sort == "memory" { // load q.head
		name = touched
	}
	o := b.newObject(name, sort)
	if b.objects[number] = o; sort == "channel" {
		b.r.Objects[o].Made = b.source.made(r.Site, name)
	}
	return o
}

func (b *builder) newObject(name, sort string) int {
	if name = Clean(name); name == "" {
		name = "a " + sort
	}
	b.bases = append(b.bases, name)
	b.r.Objects = append(b.r.Objects, Object{Name: name, Sort: sort})
	return len(b.bases) - 1
}

// namesakes is how many objects of its sort have the name of one.
func (b *builder) namesakes(o int) (n int) {
	for i, name := range b.bases {
		if name == b.bases[o] && b.r.Objects[i].Sort == b.r.Objects[o].Sort {
			n++
		}
	}
	return n
}

// tellApart numbers objects of one name and sort.
func (b *builder) tellApart() {
	of := map[[2]string][]int{}
	for i, name := range b.bases {
		is := [2]string{name, b.r.Objects[i].Sort}
		of[is] = append(of[is], i)
	}
	for _, list := range of {
		for n, i := range list {
			if len(list) > 1 {
				b.r.Objects[i].Name += " (" + ordinal(n+1) + ")"
			}
		}
	}
}

// ordinal is 1st, 2nd, 3rd, 4th.
func ordinal(n int) string {
	if i := n % 10; i < 4 && n/10%10 != 1 {
		return itoa(n) + [...]string{"th", "st", "nd", "rd"}[i]
	}
	return itoa(n) + "th"
}

// named gives a row of a plain access its object, which is known by its name only.
func (b *builder) named(r *Row) {
	verb, name, ok := strings.Cut(r.Text, " ")
	if !ok || verb != "read" && verb != "write" || name == "lock" || name == "unlock" {
		return
	}
	r.Text, name = verb, b.source.whole(r.Site, name)
	o := slices.Index(b.r.Objects, Object{Name: Clean(name), Sort: "variable"})
	if o < 0 {
		o = b.newObject(name, "variable")
	}
	r.Objects = []int{o}
}
