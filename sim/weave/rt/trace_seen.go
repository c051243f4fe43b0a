package rt

import (
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"
)

// Seen is what a traced run tells besides the points: what was done to which object, and where the
// points are.
type Seen struct {
	Accesses []Accessed
	Places   []Place
}

// MostAccesses is how many Accesses there are at most, the first ones.
const MostAccesses = 2 * MostTraced

// Accessed is what a goroutine did to an object.
type Accessed struct {
	G      string
	Site   string
	Does   string // the Name of a row of Effects
	Object int    // the same for the same object, in each process
	Case   int    // of a select: the case, from 1; else 0
	Closed bool   // it is a channel that is closed and empty
	Len    int    // how many values a channel has, of
	Room   int    // so many at most
	Was    Value  // of an atomic, before this
	Seq    int64  // see Seq
	Place  int    // where Site is, of Places, from 1
}

// Place is where a site is. Of two files of one name that have points at one line each has a place.
type Place struct {
	Site string
	hash uintptr // of the first of
	pcs  [mostDeep]uintptr
}

// mostDeep is how far a point may be below the program's own function, and that of a test.
const mostDeep = 32

// near is how far a point may be below the function in whose file it is.
const near = 10

// Function returns the function that a site is in, and the path of its file as the compiler has it; "" if
// that is not known.
func (p *Place) Function() (name, file string) {
	base, _, _ := strings.Cut(p.Site, ":")
	for all := runtime.CallersFrames(p.pcs[:]); ; {
		f, more := all.Next()
		if filepath.Base(f.File) == base {
			return f.Function, f.File
		}
		if !more {
			return "", ""
		}
	}
}

// Test returns where a test was when it came there first, "" if that is not known.
func (p *Place) Test() (file string, line int) {
	for all := runtime.CallersFrames(p.pcs[:]); ; {
		f, more := all.Next()
		if strings.HasSuffix(f.File, "_test.go") {
			return f.File, f.Line
		}
		if !more {
			return "", 0
		}
	}
}

// seenSoFar is Seen while the run is under way.
type seenSoFar struct {
	accesses []Accessed
	places   []Place
	na, np   int
	nth      int   // see Accessed.Case
	was      Value // see Accessed.Was
}

//go:norace
func (t *seenSoFar) all() Seen { return Seen{t.accesses[:t.na], t.places[:t.np]} }

// traceAccess makes room as it is needed, as write does.
//
//go:norace
func traceAccess(object int, p unsafe.Pointer, o operation) {
	t := &s.seen
	if s.unseen || s.dying || s.cur.hushed || t.na == MostAccesses || s.cur.site == "" || quiet(s.cur.site) {
		return
	}
	if t.na == len(t.accesses) {
		old := t.accesses
		t.accesses = make([]Accessed, max(64, 2*len(old)))
		//lint:ignore S1001 copy is reported by the race detector from within the runtime
		for i := range old {
			t.accesses[i] = old[i]
		}
	}
	s.clock++
	a := Accessed{G: s.cur.Name, Site: s.cur.site, Does: Effects[o].Name, Object: object, Case: t.nth, Was: t.was,
		Seq: s.clock, Place: place(s.cur.site)}
	if o == opChannelUsed {
		h := (*header)(p)
		a.Closed, a.Len, a.Room = h.closed != 0 && h.count == 0, int(h.count), int(h.room)
	}
	t.accesses[t.na] = a
	t.na++
}

// place takes in where a site is when somebody is there first, and is its number.
//
//go:norace
func place(site string) int {
	t := &s.seen
	var pcs [near]uintptr
	hash := uintptr(runtime.Callers(2, pcs[:]))
	for _, pc := range pcs {
		hash = hash*31 + pc
	}
	for i := range t.np {
		if p := &t.places[i]; p.hash == hash && p.Site == site {
			return i + 1
		}
	}
	if t.np == len(t.places) {
		old := t.places
		t.places = make([]Place, max(16, 2*len(old)))
		//lint:ignore S1001 copy is reported by the race detector from within the runtime
		for i := range old {
			t.places[i] = old[i]
		}
	}
	p := &t.places[t.np]
	p.Site, p.hash = site, hash
	runtime.Callers(2, p.pcs[:])
	t.np++
	return t.np
}

// isAt says, for what is no point, where the goroutine is that has the turn.
//
//go:norace
func isAt(site string) {
	if s.traced == nil {
		return
	}
	if s.cur.hushed = quiet(site); !s.cur.hushed {
		s.cur.site = site
	}
}
