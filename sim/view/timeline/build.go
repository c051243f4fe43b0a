package timeline

import (
	"slices"
	"strings"
	"time"

	"batchlab/sim/weave/rt"
)

// Recording is what a run wrote down.
type Recording struct {
	Name  string // of the subject
	Trace []rt.Passed
	Seen  rt.Seen
	Stuck []rt.Waiter
	Extra []rt.Passed // calls of which the trace does not tell, for nobody runs beside them
	Lanes bool        // names of one letter are lanes
	Open  Event

	File string // in which, and at which line, the component is made; "" if that is not known
	Line int
}

// Event is what a run is shown for: an answer of a lane, or what happens besides, at a place in the order of all.
type Event struct {
	G    string // "": whose that is is not known
	Site string // "": it may be anywhere
	Seq  int64  // 0: there is none
	Note string
	Over bool // what others do after it has nothing to do with it
}

// builder makes the rows of a run.
type builder struct {
	r       Run
	rec     *Recording
	columns map[string]int
	objects map[int]int
	last    []int          // of each column: its last row, -1 if it has none
	asked   map[int]Row    // of each column: the operation that it has come to, before its arguments
	holder  map[int]Row    // of each object that is a lock: who took it, and where
	holds   map[int][]int  // of each column
	bases   []string       // of each object: its name in the source, which another may have as well
	closers map[int]string // who closed an object that is a channel, and where
	cases   map[int]string // what a select has, by the number of the channel
	grants  map[int]int    // the row in which a goroutine was let go on, by its number as an object
	buffers map[int]*flow  // of objects that are channels with a buffer
	early   bool           // time is moved though somebody could go on
	alive   map[int]bool   // columns of who had not ended
	source  *sources
}

// run makes a run of what it wrote down.
func (s *sources) run(rec *Recording) Run {
	b := &builder{rec: rec, r: Run{Name: Clean(rec.Name), Open: -1}, columns: map[string]int{}, objects: map[int]int{},
		holder: map[int]Row{}, holds: map[int][]int{}, cases: map[int]string{}, closers: map[int]string{},
		asked: map[int]Row{}, grants: map[int]int{}, buffers: map[int]*flow{}, source: s}
	trace := slices.Concat(rec.Extra, rec.Trace)
	slices.SortStableFunc(trace, func(a, b rt.Passed) int { return int(a.Seq - b.Seq) })
	accesses := b.placed(trace)
	if rec.File != "" {
		s.also(rec.File, rec.Line)
	}
	b.addColumns(trace)
	b.nameSelected(accesses)
	for _, p := range trace {
		for len(accesses) > 0 && accesses[0].Seq < p.Seq {
			b.access(accesses[0])
			accesses = accesses[1:]
		}
		b.passed(p)
	}
	for _, a := range accesses {
		b.access(a)
	}
	for n := len(b.r.Rows); n > 0 && b.r.Rows[n-1].Kind == Elapses; n-- { // nobody does anything any more
		b.r.Rows = b.r.Rows[:n-1]
	}
	for c := range b.r.Columns {
		b.answered(c)
	}
	for i := range b.r.Rows {
		s.use(b.r.Rows[i].Site)
	}
	b.meets()
	b.tellApart()
	b.waits()
	b.r.circle = b.circle()
	b.open()
	return b.r
}

// placed gives what was written down the sites that it has here, which are others where two files have one name.
func (b *builder) placed(trace []rt.Passed) (accesses []rt.Accessed) {
	var sites []string
	for i := range b.rec.Seen.Places {
		sites = append(sites, b.source.add(&b.rec.Seen.Places[i]))
	}
	for i := range trace {
		if at := trace[i].Place; at > 0 {
			trace[i].Site = sites[at-1]
		}
	}
	accesses = slices.Clone(b.rec.Seen.Accesses)
	if n := len(b.rec.Trace); n >= rt.MostTraced { // to what is beyond there are no rows
		last := b.rec.Trace[n-1].Seq
		accesses = slices.DeleteFunc(accesses, func(a rt.Accessed) bool { return a.Seq > last })
	}
	for i := range accesses {
		if at := accesses[i].Place; at > 0 {
			accesses[i].Site = sites[at-1]
		}
	}
	return accesses
}

// own are the lab's goroutines.
var own = map[string]bool{"lab": true, "closer": true}

// addColumns makes a column for each goroutine, with those that it starts behind it.
func (b *builder) addColumns(trace []rt.Passed) {
	var names []string
	see := func(name string) {
		if _, ok := b.columns[name]; !ok && name != "clock" && !own[name] {
			b.columns[name] = 0
			names = append(names, name)
		}
	}
	born := map[string]string{}
	for _, p := range trace {
		see(p.G)
		if child, ok := strings.CutPrefix(p.What, "go "); ok && p.Site != "" {
			see(child)
			born[child] = p.Site
		}
	}
	for _, w := range b.rec.Stuck {
		if !w.Timed && w.Site != "" {
			see(w.Name)
			born[w.Name] = w.Born
		}
	}
	slices.SortFunc(names, compareNames)
	for i, name := range names {
		b.columns[name] = i
		b.r.Columns = append(b.r.Columns, Column{Clean(name), born[name], b.rec.Lanes && len(name) == 1})
		b.last = append(b.last, -1)
	}
}

// compareNames orders spawn paths: those that the program did not start first.
func compareNames(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	return slices.CompareFunc(as, bs, func(x, y string) int {
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		return strings.Compare(x, y)
	})
}

// passed adds the row of an entry of the trace.
func (b *builder) passed(p rt.Passed) {
	r := Row{Kind: Point, Text: Clean(p.What), Site: p.Site, seq: p.Seq}
	if p.G == "clock" && p.Site == "" && p.To == "" && p.Alt == 0 {
		b.elapses(r)
		return
	}
	c, ok := b.columns[p.G]
	if !ok {
		return
	}
	r.Column = c
	last := b.lastOf(c)
	switch {
	case p.To != "":
		to, ok := b.columns[p.To]
		if !ok { // time goes on, or the lab
			b.early = true
			return
		}
		r.Past = last != nil && last.Site == r.Site && (last.Lock < 0 || isStart(last))
		r.Kind, r.To, r.Text, r.Holds = Switch, to, "", b.holding(c)
	case p.Alt > 0:
		r.Kind, r.Text = Choice, r.Text+": choice "+itoa(p.Alt)
	case p.What == "touch": // the operation follows its arguments, and only here says on what
		b.asked[c] = Row{Site: p.Site}
		return
	case p.What == "go": // the point after it
		return
	case p.Waits:
		r.Kind = Waits
		if last != nil && last.Kind == Point && last.Site == r.Site && last.Text == r.Text && b.last[c] == len(b.r.Rows)-1 {
			r.Objects = last.Objects
			locks := last.Lock > 0 // and waits for those who read
			if b.r.Rows = b.r.Rows[:b.last[c]]; locks {
				b.release(r.Objects[0], c)
			}
		} else if i := b.enlisted(c); i >= 0 && r.Text == "cond wait" {
			r.Objects = b.r.Rows[i].Objects
		}
		r.Text, r.By, r.Holds = r.Text+": waits", b.heldBy(r), b.holding(c)
	case p.Site != "":
		if b.isDone(c, r) {
			return
		}
		if b.named(&r); p.Now > 0 {
			r.Value = "it is +" + time.Duration(p.Now).String()
		}
	case strings.HasPrefix(p.What, "-> "):
		r.Kind, r.Text = Answer, strings.TrimPrefix(r.Text, "-> ")
	case strings.HasPrefix(p.What, "  "):
		r.Kind, r.Text = Notice, strings.TrimSpace(r.Text)
	default:
		r.Kind = Call
	}
	b.add(r)
}

// isStart reports whether a row starts a goroutine.
func isStart(r *Row) bool { return r.Kind == Point && strings.HasPrefix(r.Text, "go ") }

func (b *builder) add(r Row) {
	if r.Column >= 0 {
		b.answered(r.Column)
	}
	b.r.Rows = append(b.r.Rows, r)
	if r.Column >= 0 {
		b.last[r.Column] = len(b.r.Rows) - 1
	}
}

// lastOf is the last row of a column, nil if there is none.
func (b *builder) lastOf(c int) *Row {
	if i := b.last[c]; i >= 0 && i < len(b.r.Rows) {
		return &b.r.Rows[i]
	}
	return nil
}

// isNow begins what a clock says that moves on by itself.
const isNow = "time is "

// elapses adds a row of time: when it moves on alone that is told once.
func (b *builder) elapses(r Row) {
	r.Kind, r.Column, r.early, b.early = Elapses, -1, b.early, false
	if n := len(b.r.Rows); n > 0 && strings.HasPrefix(r.Text, isNow) && strings.HasPrefix(b.r.Rows[n-1].Text, isNow) {
		b.r.Rows = b.r.Rows[:n-1]
	}
	b.add(r)
}

// enlisted is the row at which a goroutine began to wait for a condition, before it unlocked; -1 if there is none.
func (b *builder) enlisted(c int) int {
	for i := len(b.r.Rows) - 1; i >= 0; i-- {
		if r := &b.r.Rows[i]; r.Column == c && r.Text == "cond wait" {
			return i
		}
	}
	return -1
}

// isDone reports whether a point comes after what it is a point of, as that of an unlock does, which has a row.
func (b *builder) isDone(c int, r Row) bool {
	for i := len(b.r.Rows) - 1; i >= 0; i-- {
		if o := &b.r.Rows[i]; o.Column == c && o.Kind != Switch {
			return o.Lock < 0 && o.Site == r.Site && strings.HasSuffix(r.Text, "unlock")
		}
	}
	return false
}

// heldBy says who has what somebody waits for.
func (b *builder) heldBy(r Row) string {
	if len(r.Objects) != 1 {
		return ""
	}
	h, ok := b.holder[r.Objects[0]]
	if !ok {
		return ""
	}
	who := b.r.Columns[h.Column].Name
	if h.Column == r.Column {
		who = "itself"
	}
	return "held by " + who + " since " + h.Site
}

func (b *builder) holding(c int) []int { return slices.Clone(b.holds[c]) }
