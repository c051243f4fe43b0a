package derive

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// Callbacks: functions that are handed over. What they do their word says; that they are called, and
// with what, is part of what is seen. One is known by who handed it over: a1's is the first
// of lane a. Those that a lane calls itself, in its own call, follow one another; in which order they come
// beside those that another calls is nobody's promise; those that two goroutines of the component call may come in
// either order, if they do so on two of the original's as well.
//
//	f        returns at once
//	f=err1   returns another value
//	f:slow   takes some time
//	f:wait   returns when the operation release has come, since it was handed over
//	f:again  calls the component: a method that needs nothing, or else the first that can be called
//	f:Set    calls this method of it, each argument the simplest
//	f:panics panics
const slow = 10 * time.Millisecond

// waiting is in the word of a callback that waits.
const waiting = ":wait"

// panicking is a callback that panics.
const panicking = "f:panics"

// Panics reports whether a callback of a program panics.
func (d *Derived) Panics(p *program.Program) bool {
	return slices.ContainsFunc(p.Ops, func(o kind.Op) bool { return d.takes(o, panicking) })
}

// calm is, of a program in which callbacks panic, the same with callbacks that return, and without their calls.
func (d *Derived) calm(ops []kind.Op) [][]kind.Op {
	var returning, without []kind.Op
	cut := false // what began the group is not there
	for _, o := range ops {
		cut = cut && o.And
		if d.takes(o, panicking) {
			cut = cut || !o.And
		} else {
			rest := o
			rest.And = o.And && !cut
			without, cut = append(without, rest), false
		}
		for n, slot := range d.methods[o.Verb].slots {
			if slices.ContainsFunc(slot[o.Args[n]], func(v value) bool { return v.word == panicking }) {
				o.Args[n] = 0
			}
		}
		returning = append(returning, o)
	}
	return [][]kind.Op{returning, without}
}

// takes reports whether an operation has an argument of that word.
func (d *Derived) takes(o kind.Op, word string) bool {
	for n, slot := range d.methods[o.Verb].slots {
		if slices.ContainsFunc(slot[o.Args[n]], func(v value) bool { return v.word == word }) {
			return true
		}
	}
	return false
}

// callback is what a function does when it is called.
type callback struct {
	typ    reflect.Type
	result int // which of the values it returns
	does   string
	back   back // that it calls
}

// back is a call of the component by a callback.
type back struct {
	word string
	name string // of the method
	in   []value
}

// mostBacks is how many methods with arguments callbacks call.
const mostBacks = 2

func (d *Derived) callbacks(t reflect.Type, depth int) []value {
	var results [][]value
	for i := range t.NumOut() {
		list := d.within(t.Out(i), depth+1)
		if list == nil {
			return nil
		}
		results = append(results, list)
	}
	var list []value
	add := func(word string, c callback) {
		c.typ = t
		list = append(list, value{word, func(in *call) reflect.Value { return in.function(c, results) }})
	}
	add("f", callback{})
	if n := len(results); n > 0 { // the last tells most: an error, or whether there is something
		for i, v := range results[n-1][:min(len(results[n-1]), 3)] {
			if i > 0 {
				add("f="+v.word, callback{result: i})
			}
		}
	}
	add("f:slow", callback{does: "slow"})
	add("f"+waiting, callback{does: "wait"})
	backs := d.backs()
	for _, b := range backs[:min(1, len(backs))] {
		add(b.word, callback{does: "again", back: b})
	}
	add(panicking, callback{does: "panics"})
	for _, b := range backs[min(1, len(backs)):] {
		add(b.word, callback{does: "again", back: b})
	}
	d.Calls = true
	return list
}

// backs are the calls that a callback can make, if there is an original that says what comes of them: without
// a function or a context among the arguments.
func (d *Derived) backs() []back {
	var simple, others []back
	for _, i := range callable(d.typ) {
		m := d.typ.Method(i)
		t := signature(d.typ, i)
		if !d.opts.Original || !d.opts.calls(m.Name) || isCloser(m.Name, t) {
			continue
		}
		if b, ok := d.back(m.Name, t); ok && len(b.in) == 0 {
			simple = append(simple, b)
		} else if ok {
			others = append(others, b)
		}
	}
	list := append(simple[:min(1, len(simple))], others[:min(mostBacks, len(others))]...)
	if len(list) > 0 {
		list[0].word = "f:again"
	}
	return list
}

func (d *Derived) back(name string, t reflect.Type) (b back, ok bool) {
	b = back{word: "f:" + name, name: name}
	for i := range t.NumIn() {
		in := t.In(i)
		if t.IsVariadic() && i == t.NumIn()-1 {
			break
		}
		if in.Kind() == reflect.Func || in == contextType || d.objects[in] {
			return b, false
		}
		list, err := d.parameter(name, t, i)
		if err != nil || len(list) == 0 {
			return b, false
		}
		b.in = append(b.in, list[0])
	}
	return b, true
}

// function makes the function.
func (c *call) function(does callback, results [][]value) reflect.Value {
	i, name := c.instance, ""
	if c.lane != nil {
		c.lane.Serial++
		name = string(rune(c.lane.Letter)) + strconv.Itoa(int(c.lane.Serial))
	}
	gate := i.waitsAt()
	return reflect.MakeFunc(does.typ, func(in []reflect.Value) []reflect.Value {
		i.env.Between()
		if own() {
			rt.At("", i) // which of the component's goroutines calls first it does not decide
		}
		i.notify(called, name, in)
		switch does.does {
		case "slow":
			i.env.Sleep(slow)
		case "wait":
			if gate != nil && i.waitsAt() != nil {
				i.env.Wait(gate)
			}
		case "again":
			in := make([]reflect.Value, len(does.back.in))
			for n, v := range does.back.in {
				in[n] = v.make(&call{instance: i})
			}
			what := name + " " + does.back.name + words(does.back.in, "(", ",", ")")
			i.notify(saw, what, i.receiver.MethodByName(does.back.name).Call(in))
		case "panics":
			panic(kind.Dies)
		}
		if does.does == "slow" || does.does == "wait" {
			i.notify(returned, name, nil)
		}
		i.env.Between()
		out := make([]reflect.Value, len(results))
		for n, list := range results {
			which := 0
			if n == len(results)-1 {
				which = does.result
			}
			out[n] = list[which].make(&call{instance: i})
		}
		return out
	})
}

// own reports whether this is one of the component's goroutines.
//
//go:norace
func own() bool { return strings.Contains(rt.Self().Name, "/") }

// caller is whom something happens to if it happens to a callback now: a lane, or a goroutine of the
// component's own. When all is over, who of these goes first is the lab's choice, and its order nobody's.
//
//go:norace
func (i *instance) caller() (s kind.Source, thread int32) {
	s.Lane = kind.HandlerLane
	switch g := rt.Self(); {
	case len(g.Name) == 1:
		s.Head.Lane = g.Name[0]
	case own() && i.gate == nil:
		s.Head.N = 1
		fallthrough
	default:
		thread = int32(g.Index)
	}
	return s, thread
}

// notify records that something happened to a callback.
func (i *instance) notify(what kind.Verb, name string, values []reflect.Value) {
	p := printer{b: append(make([]byte, 0, 32), name...), zero: i.zero}
	for _, v := range values {
		p.b = append(p.b, ' ')
		p.value(v, 0)
	}
	source, thread := i.caller()
	i.env.Note(kind.Event{Source: source, Thread: thread, Verb: what, Text: string(p.b)})
}

// waitsAt is where callbacks wait that wait to be released: nil when all is over.
//
//go:norace
func (i *instance) waitsAt() chan struct{} { return i.gate }

// release lets the callbacks go on that wait, and, when all is over, all that are to come.
//
//go:norace
func (i *instance) release(forGood bool) {
	gate := i.gate
	if gate == nil {
		return
	}
	i.gate = nil
	if !forGood {
		i.gate = make(chan struct{})
	}
	rt.Close("release", gate)
}

func (d *Derived) releasing() {
	d.own(kind.Operation{Name: "release", Lane: true}, func(i *instance, l *kind.Lane, _ kind.Op, _ *kind.Event) {
		i.release(l.Letter == kind.LabLane)
	})
}
