package rt

import "unsafe"

// waitKind is what a goroutine waits for.
type waitKind uint8

const (
	running    waitKind = iota // for its turn only
	forLock                    // ptr: the object, which must be free for a writer
	forRead                    // ptr: the object; granted, or free for readers
	forReaders                 // ptr: the object, whose writer it is: no reader must be left
	forGroup                   // ptr: the object, whose count must be zero
	forReal                    // ptr: a mutex that code which is not woven has locked
	forOnce                    // ptr: the object, whose function must have returned
	forSignal                  // of a condition
	toSend                     // ptr: the channel
	toReceive                  // ptr: the channel
	inSelect                   // cases
	asleep                     // until
	forFlag                    // ptr: a flag, which must be set
	idle                       // until nobody below its level can go on
	ticking                    // for a timer or a sleeper: see moves
	ended
)

var waitText = [...]string{
	running: "can go on", forLock: "waits for a lock", forRead: "waits for a read lock",
	forReaders: "waits for readers to unlock", forGroup: "waits for a group",
	forOnce: "waits for a once", forSignal: "waits to be signalled", toSend: "waits to send",
	toReceive: "waits to receive",
	inSelect:  "waits in a select", asleep: "sleeps", forFlag: "waits", idle: "waits until all is quiet",
	ticking: "lets time pass",
	ended:   "has ended",
}

// maxLevel is the highest level of idle.
const maxLevel = 2

// ready reports whether a goroutine can go on, unless it waits for quiet.
//
//go:norace
func ready(g *G) bool {
	if g.barred() {
		return false
	}
	switch g.state {
	case running:
		return true
	case forLock:
		return (*object)(g.ptr).owner == nil
	case forRead:
		return g.granted || (*object)(g.ptr).owner == nil
	case forReaders:
		return (*object)(g.ptr).readers == 0
	case forGroup:
		return g.granted || (*object)(g.ptr).count <= 0
	case forReal:
		return !heldForReal(g.ptr)
	case forOnce:
		return (*object)(g.ptr).owner == nil
	case forSignal:
		return g.signalled
	case toSend:
		return g.granted || sendable(g, g.ptr)
	case toReceive:
		return g.granted || !barren(g.ptr) && receivable(g, g.ptr)
	case inSelect:
		return g.granted || anyReady(g)
	case forFlag:
		return *(*bool)(g.ptr)
	case asleep:
		return s.now >= g.until
	case ticking:
		return s.moves.ready()
	}
	return false
}

//go:norace
func anyReady(g *G) bool {
	for i := range g.ncases {
		if caseReady(g, i) {
			return true
		}
	}
	return false
}

// waiting lists who has not ended and what they wait for, but for one of them.
//
//go:norace
func waiting(but *G) []string {
	n := 0
	for i := range s.n {
		if g := s.gs[i]; g != but && !g.over && !g.helper {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	n = 0
	for i := range s.n {
		if g := s.gs[i]; g != but && !g.over && !g.helper {
			list[n] = describe(g)
			n++
		}
	}
	return list
}

//go:norace
func describe(g *G) string {
	if ready(g) {
		return g.Name + " " + waitText[running] // it need not wait any more
	}
	text := g.Name + " " + g.waitsFor()
	if g.site != "" && g.state != running && g.state != idle {
		text += " at " + g.site
	}
	switch g.state {
	case forLock, forRead, forOnce:
		if o := (*object)(g.ptr).owner; o != nil {
			text += ", held by " + o.Name
		}
	case forReaders:
		if o := (*object)(g.ptr).reader; o != nil {
			text += ", last locked for reading by " + o.Name
		}
	}
	return text
}

//go:norace
func (g *G) waitsFor() string {
	if g.barred() {
		return waitText[forReal]
	}
	return waitText[g.state]
}

// Waiting lists the goroutines that wait, other than the caller, and what for.
//
//go:norace
func Waiting() []string { return waiting(s.cur) }

// Cycle describes goroutines that wait for each other's locks, if there are any: neither time nor a call that
// is still to come can help them.
//
//go:norace
func Cycle() string {
	for i := range s.n {
		g := s.gs[i]
		o, text := g, ""
		for range s.n {
			if o.over || o.state != forLock && o.state != forRead && o.state != forOnce {
				o = nil
				break
			}
			text += describe(o)
			of := (*object)(o.ptr)
			if o = of.owner; of.lent {
				o = nil
			}
			if o == nil || o == g {
				break
			}
			text += "; "
		}
		if o == g {
			return text
		}
	}
	return ""
}

// Lend says that the locks which the caller holds are to be unlocked by a call that is still to come, whoever makes it.
//
//go:norace
func Lend() {
	for i := range s.objects {
		if o := &table[i]; o.owner == s.cur {
			o.lent = true
		}
	}
}

// object is what is known of a lock, a group, a once or a pool: kept by its address.
type object struct {
	at       unsafe.Pointer
	owner    *G     // of a lock: the writer; of a once: who runs its function
	site     string // where it was locked
	lent     bool   // by a call that was to leave it locked: anybody may unlock it
	readers  int
	reader   *G // of a lock: who locked it last for reading, and where
	readSite string
	tried    bool // of a lock: somebody looks whether it is held
	count    int  // of a group
	pool     *shelf
	timer    *vtimer
}

const objects = 1 << 13

// The objects of a run are the first ones of the table, so that each run finds them in the
// cache. Where one is, places tells: the run's number, and the object's below it.
var (
	table  [objects]object
	places [objects]int64
)

// bit stands for the object among the locks that a goroutine holds; of the first ones only, and there are
// seldom more.
//
//go:norace
func (o *object) bit() uint64 {
	return 1 << ((uintptr(unsafe.Pointer(o)) - uintptr(unsafe.Pointer(&table))) / unsafe.Sizeof(*o))
}

// objectAt returns what is known of the object at an address. It keeps the object from
// being collected, so that no other takes its address during the run.
//
//go:norace
func objectAt(p unsafe.Pointer) *object {
	h := uintptr(p) >> 3
	h ^= h >> 9
	for i := range uintptr(objects) {
		place := &places[(h+i)%objects]
		if *place/objects != s.gen {
			*place = s.gen*objects + int64(s.objects)
			o := &table[s.objects]
			*o = object{at: p}
			s.objects++
			return o
		}
		if o := &table[*place%objects]; o.at == p {
			return o
		}
	}
	limit()
	return nil
}
