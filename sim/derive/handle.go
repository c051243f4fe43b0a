package derive

import (
	"fmt"
	"reflect"

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
		if !isHandle(v.Type()) || v.IsNil() || lane >= handleLanes {
			continue
		}
		list := &i.handles[lane]
		for n := range list {
			if !list[n].IsValid() {
				list[n] = v
				break
			}
		}
	}
}

// isHandle reports whether a value of a type can be used by later operations: a channel, or a function
// whose arguments need not be guessed.
func isHandle(t reflect.Type) bool {
	return t.Kind() == reflect.Chan || t.Kind() == reflect.Func && t.NumIn() == 0
}

// use adds an operation on a handle of the given kind.
func (d *Derived) use(name string, does func(i *instance, h reflect.Value, e *kind.Event), fits func(reflect.Type) bool) {
	var texts []string
	for lane := range handleLanes {
		for n := range handles {
			texts = append(texts, fmt.Sprintf("%c%d", 'a'+lane, n+1))
		}
	}
	op := kind.Operation{Name: name, Lane: true, Params: []kind.Param{{Name: "handle", Form: kind.Choice, Words: kind.Words(texts...)}}}
	d.own(op, func(i *instance, _ *kind.Lane, o kind.Op, e *kind.Event) {
		h := i.handles[o.Args[0]/handles][o.Args[0]%handles]
		if !h.IsValid() || !fits(h.Type()) {
			e.Text = "no handle"
			return
		}
		defer i.panics(e)
		does(i, h, e)
	})
	d.methods[len(d.methods)-1].uses = true
	d.drawn()
}

// using adds the operations that the handles need which the methods return.
func (d *Derived) using() {
	var calls, receives, sends bool
	for v := range d.methods {
		if m := &d.methods[v]; m.index >= 0 {
			for n := range m.typ.NumOut() {
				t := m.typ.Out(n)
				calls = calls || t.Kind() == reflect.Func && isHandle(t)
				receives = receives || t.Kind() == reflect.Chan && t.ChanDir() != reflect.SendDir
				sends = sends || t.Kind() == reflect.Chan && t.ChanDir() != reflect.RecvDir
				if isHandle(t) {
					m.gives++
				}
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
		},
			func(t reflect.Type) bool { return t.Kind() == reflect.Chan && t.ChanDir() != reflect.RecvDir })
		d.use("close", func(i *instance, h reflect.Value, e *kind.Event) { rt.CloseValue("close", h) },
			func(t reflect.Type) bool { return t.Kind() == reflect.Chan && t.ChanDir() != reflect.RecvDir })
	}
}
