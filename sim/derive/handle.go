package derive

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// Handles: functions and channels that come back. Later operations call them, receive from them, send
// and close. A handle is known by who got it: a1 is the first of lane a.
//
//	a Subscribe
//	b Publish 1
//	a receive a1

// handles are how many of each lane can be named, and lanes that can have some.
const (
	handles     = 2
	handleLanes = 3
)

// keep keeps what can be used later of what a call answered. Each lane has a place of its own.
func (i *instance) keep(l *kind.Lane, out []reflect.Value) {
	lane := int(l.Letter - 'a')
	for _, v := range out {
		for n := 0; v.Kind() == reflect.Slice && i.d.disposes(v.Type().Elem()) && n < v.Len(); n++ {
			i.lend(v.Index(n))
		}
		if !i.d.isHandle(v.Type()) || v.IsNil() {
			continue
		}
		if i.d.disposes(v.Type()) {
			i.lend(v)
		}
		if lane >= handleLanes {
			continue
		}
		i.put(lane, v)
	}
}

// put and handle are where handles go and come from. One that goes from hand to hand is handed over for the race
// detector, too.
//
//go:norace
func (i *instance) put(lane int, v reflect.Value) {
	for n := range i.handles[lane] {
		if h := &i.handles[lane][n]; !h.IsValid() {
			*h = v
			rt.Release(unsafe.Pointer(h))
			return
		}
	}
}

//go:norace
func (i *instance) handle(at int64) reflect.Value {
	h := &i.handles[at/handles][at%handles]
	rt.Acquire(unsafe.Pointer(h))
	return *h
}

// objects are the types that come back from some method and are taken by another, and that nobody else
// can make: a connection of a pool, the channel of a subscription.
func objects(t reflect.Type, o Options) map[reflect.Type]bool {
	given, list := map[reflect.Type]bool{}, map[reflect.Type]bool{}
	each := func(f func(m reflect.Type)) {
		for _, i := range callable(t) {
			if o.calls(t.Method(i).Name) {
				f(signature(t, i))
			}
		}
	}
	each(func(m reflect.Type) {
		for n := range m.NumOut() {
			p := m.Out(n)
			made := p.Kind() == reflect.Pointer && !isData(p.Elem(), false, 0) || p.Kind() == reflect.Chan
			if made && o.Values[p] == nil {
				given[p] = true
			}
		}
	})
	each(func(m reflect.Type) {
		for n := range m.NumIn() {
			for p := range given {
				if in := m.In(n); isObject(p, in) {
					list[in] = true
				}
			}
		}
	})
	return list
}

// isObject reports whether something of a type is what a parameter takes: a channel may be one that is only received
// from there.
func isObject(t, in reflect.Type) bool {
	return t == in || t.Kind() == reflect.Chan && in.Kind() == reflect.Chan && t.AssignableTo(in)
}

// handleWords name the handles: a1 is the first of lane a.
func handleWords() (texts []string) {
	for lane := range handleLanes {
		for n := range handles {
			texts = append(texts, fmt.Sprintf("%c%d", 'a'+lane, n+1))
		}
	}
	return texts
}

// handed are the objects that a lane has got, as arguments; one that it has not makes the call impossible.
func handed(t reflect.Type) (list []value) {
	for at, word := range handleWords() {
		list = append(list, value{word, func(c *call) reflect.Value {
			if h := c.handle(int64(at)); h.IsValid() && isObject(h.Type(), t) {
				return h
			}
			return reflect.Value{}
		}})
	}
	return list
}

// isHandle reports whether a value of a type can be used by later operations: a channel, a function
// whose arguments need not be guessed, or what another method takes.
func (d *Derived) isHandle(t reflect.Type) bool {
	return d.objects[t] || d.used[t] || t.Kind() == reflect.Chan || t.Kind() == reflect.Func && t.NumIn() == 0
}

// noHandle is what an operation answers whose handle is not there: it is no call of the component.
const noHandle = "no handle"

// untimely reports whether an operation found no handle, of a lane that was calling beside it: whether the component
// had handed it over by then, nobody promises. See also overlooked.
func (d *Derived) untimely(r *kind.Run) bool {
	if d.overlooked(r) {
		return true
	}
	for _, e := range r.Events {
		if e.Text != noHandle {
			continue
		}
		for _, g := range kind.Parts(r.Ops) {
			if g.Step <= e.Step && e.Step <= g.Last && d.late(e, g.Ops) {
				return true
			}
		}
	}
	return false
}

// late reports whether what an event is of, in a group, takes a handle of another lane of the group.
func (d *Derived) late(e kind.Event, group []kind.Op) bool {
	for _, o := range group {
		if o.Lane != e.Source.Lane || o.Verb != e.Verb {
			continue
		}
		for _, beside := range group {
			if beside.Lane != o.Lane && d.uses(o, beside.Lane) {
				return true
			}
		}
	}
	return false
}

// uses reports whether an operation takes a handle of a lane.
func (d *Derived) uses(o kind.Op, lane byte) bool {
	m := &d.methods[o.Verb]
	if m.uses != nil && o.Args[0]/handles == int64(lane-'a') {
		return true
	}
	for n, slot := range m.slots {
		for _, v := range slot[o.Args[n]] {
			if v.word[0] == lane && slices.Contains(handleWords(), v.word) {
				return true
			}
		}
	}
	return false
}

// use adds an operation on a handle of the given kind.
func (d *Derived) use(name string, does func(i *instance, h reflect.Value, e *kind.Event),
	fits func(reflect.Type) bool) {
	op := kind.Operation{Name: name, Lane: true, Params: []kind.Param{
		{Name: "handle", Form: kind.Choice, Words: kind.Words(handleWords()...)},
	}}
	d.own(op, func(i *instance, _ *kind.Lane, o kind.Op, e *kind.Event) {
		h := i.handle(o.Args[0])
		if !h.IsValid() || !fits(h.Type()) {
			e.Text = noHandle
			return
		}
		defer i.panics(e)
		does(i, h, e)
	})
	d.methods[len(d.methods)-1].uses = fits
	d.drawn()
}

// using adds the operations that the handles need which the methods return.
func (d *Derived) using() {
	var calls, receives, sends bool
	for v := range d.methods {
		if m := &d.methods[v]; m.index >= 0 {
			for n := range m.typ.NumOut() {
				t := m.typ.Out(n)
				calls = calls || t.Kind() == reflect.Func && d.isHandle(t)
				receives = receives || t.Kind() == reflect.Chan && t.ChanDir() != reflect.SendDir
				sends = sends || d.isSender(t)
				if d.isHandle(t) {
					m.gives = append(m.gives, t)
				}
				m.keeps = m.keeps || d.isHandle(t) || t.Kind() == reflect.Slice && d.disposes(t.Elem())
			}
		}
	}
	if calls {
		d.use("call", func(i *instance, h reflect.Value, e *kind.Event) { e.Text = i.text(h.Call(nil)) },
			func(t reflect.Type) bool { return t.Kind() == reflect.Func })
	}
	if receives {
		d.use("receive", func(i *instance, h reflect.Value, e *kind.Event) {
			v, ok := rt.Receive("receive", h)
			if e.Text = "closed"; ok {
				e.Text = i.text([]reflect.Value{v})
			}
		}, func(t reflect.Type) bool { return t.Kind() == reflect.Chan && t.ChanDir() != reflect.SendDir })
	}
	if sends {
		d.use("send", func(i *instance, h reflect.Value, e *kind.Event) {
			rt.SendValue("send", h, reflect.Zero(h.Type().Elem()))
		}, d.isSender)
	}
	if sends && len(d.closers) == 0 && d.opts.End == nil { // else that closes it
		d.use("close", func(i *instance, h reflect.Value, e *kind.Event) { rt.CloseValue("close", h) }, d.isSender)
	}
}

// isSender reports whether a type is a channel that callers send on and close: not one that they hand back for that.
func (d *Derived) isSender(t reflect.Type) bool {
	if t.Kind() != reflect.Chan || t.ChanDir() == reflect.RecvDir {
		return false
	}
	for in := range d.objects {
		if isObject(t, in) {
			return false
		}
	}
	return true
}
