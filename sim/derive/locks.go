package derive

import (
	"reflect"
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// A component can be a lock, or many, by the names of its methods: Lock and Unlock, RLock and RUnlock, TryLockKey and
// UnlockKey. What such a call has locked stays so when it has returned, and only the lane that has it unlocks it: to
// unlock what one does not have is a fault of the caller, of which the process may die. So it is with an Add without
// arguments and its Done, as groups with a limit have them.

// mostHeld is how many locks all lanes have together at most.
const mostHeld = 32

// notLocked is what a call answers that would unlock what its lane does not have: it is not made.
const notLocked = "not locked"

// hold is a lock that a lane has.
type hold struct {
	lane byte   // 0: of none
	of   string // its locker, and the arguments
}

// locker is the name of the method that locks what one of this name locks or unlocks, "" if it does neither.
func locker(name string) (of string, unlocks bool) {
	of = strings.Replace(name, "UnLock", "Unlock", 1)
	if before, after, ok := strings.Cut(of, "Unlock"); ok {
		return before + "Lock" + after, true
	}
	of = strings.TrimPrefix(of, "Try")
	switch {
	case name == "Done":
		return "Add", true
	case strings.HasPrefix(of, "Lock"), strings.HasPrefix(of, "RLock"), strings.HasPrefix(of, "Add"):
		return of, false
	}
	return "", false
}

// pairs finds the methods that unlock what another locks, with the same arguments after a context.
func (d *Derived) pairs() {
	parameters := func(m *method) (list []reflect.Type) {
		for i := range m.typ.NumIn() {
			if t := m.typ.In(i); t != contextType {
				list = append(list, t)
			}
		}
		return list
	}
	for v := range d.methods {
		of, unlocks := locker(d.methods[v].name)
		if typ := d.methods[v].typ; !unlocks || typ == nil || typ.NumIn() >= kind.MaxArgs ||
			typ.NumIn() > 0 && of == "Add" {
			continue
		}
		for w := range d.methods {
			m := &d.methods[w]
			base, un := locker(m.name)
			if un || m.typ == nil || m.typ.NumIn() > kind.MaxArgs {
				continue
			}
			if base != "" && strings.HasPrefix(base, of) && reflect.DeepEqual(parameters(m), parameters(&d.methods[v])) {
				m.locks, d.methods[v].unlocks = of, of
			}
		}
	}
}

// held is what a call locks or unlocks: of one of a lock's methods, by its arguments.
func (m *method) held(o kind.Op) string {
	text := m.locks + m.unlocks
	for n, slot := range m.slots {
		if n >= m.typ.NumIn() || m.typ.In(n) != contextType {
			text += words(slot[o.Args[n]], " ", ",", "")
		}
	}
	return text
}

// locked notes that a lane has what a call has locked, unless that answers false or an error.
//
//go:norace
func (i *instance) locked(l *kind.Lane, of string, out []reflect.Value) {
	if n := len(out); n > 0 {
		switch last := out[n-1]; {
		case last.Kind() == reflect.Bool && !last.Bool(), last.Type() == errorType && !last.IsNil():
			return
		}
	}
	rt.Lend()
	for n := range i.holds {
		if h := &i.holds[n]; h.lane == 0 {
			h.lane, h.of = l.Letter, of
			return
		}
	}
}

// unlocks reports whether a lane has what a call unlocks, and takes it away.
//
//go:norace
func (i *instance) unlocks(l *kind.Lane, of string) bool {
	for n := range i.holds {
		if h := &i.holds[n]; h.lane == l.Letter && h.of == of {
			h.lane = 0
			return true
		}
	}
	return false
}

// toUnlock lists the arguments with which a lane unlocks what it has locked.
func (d *draft) toUnlock(of string, lane byte) (list []kind.Args) {
	for _, o := range d.p.Ops {
		m := &d.d.methods[o.Verb]
		switch {
		case o.Lane != lane:
		case m.locks == of:
			var args kind.Args
			n := 0
			for i := range m.typ.NumIn() {
				if m.typ.In(i) != contextType {
					args[n] = o.Args[i]
					n++
				}
			}
			list = append(list, args)
		case m.unlocks == of:
			if i := slices.Index(list, o.Args); i >= 0 {
				list = slices.Delete(list, i, i+1)
			}
		}
	}
	return list
}
