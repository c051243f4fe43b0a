package derive

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/benbjohnson/clock"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// Env is what a constructor is given. Who uses package time needs nothing of it.
type Env struct {
	env kind.Env
	i   *instance
}

// Clock is the clock of the program, for a component that takes one; of a nil Env, which a test without
// the lab may have, the real one.
func (e *Env) Clock() clock.Clock {
	if e == nil {
		return clock.New()
	}
	e.i.clocked()
	return e.env.Clock()
}

// Subject is the component that a constructor makes. It returns a value of the derived
// type.
func (d *Derived) Subject(name string, construct func(*Env) reflect.Value) kind.Subject {
	s := kind.Subject{Name: name, Kind: d.Kind, Clockless: !d.Clocked, Waives: d.waives()}
	s.New = func(_ kind.Config, env kind.Env) kind.Instance {
		i := newInstance(d, env)
		i.bind(construct(&Env{env: env, i: i}))
		return i
	}
	return s
}

// waives are the laws that the component is not taken to promise: goroutines may outlive one that
// nothing ends.
func (d *Derived) waives() []kind.LawID {
	list := slices.Clone(d.opts.Waives)
	if !d.Closes() {
		list = append(list, kind.Leak)
	}
	return slices.DeleteFunc(list, func(l kind.LawID) bool { return slices.Contains(d.opts.Promises, l) })
}

// Model is the subject that the option's model is: its calls are made one at a time, as if each had
// ended before the next began.
func (d *Derived) Model() *kind.Subject {
	if d.opts.Model == nil {
		return nil
	}
	s := kind.Subject{Name: "model", Kind: d.Kind, Clockless: !d.Clocked, OneAtATime: true}
	s.New = func(_ kind.Config, env kind.Env) kind.Instance {
		i := newInstance(d, env)
		i.ordered = true
		i.bind(reflect.ValueOf(d.opts.Model()))
		return i
	}
	return &s
}

func (i *instance) bind(component reflect.Value) {
	if isNil(component) {
		panic(Nil)
	}
	i.component, i.receiver = component, component
	if component.Kind() == reflect.Interface {
		i.receiver = component.Elem()
	}
	i.calls = i.d.functions(i.receiver.Type())
}

// functions are the methods of a type as functions of the receiver and the arguments, which cost less
// to call than methods of a value.
func (d *Derived) functions(t reflect.Type) []reflect.Value {
	if list, ok := d.bound[t]; ok {
		return list
	}
	list := make([]reflect.Value, len(d.methods))
	for n := range d.methods {
		if m := &d.methods[n]; m.index >= 0 {
			of, _ := t.MethodByName(m.name)
			list[n] = of.Func
		}
	}
	d.bound[t] = list
	return list
}

// Nil is what making an instance panics with if the constructor returns nil.
const Nil = "batchlab: the constructor returns nil"

// instance is a component at work.
type instance struct {
	d         *Derived
	env       kind.Env
	component reflect.Value   // of the derived type
	receiver  reflect.Value   // of its own
	calls     []reflect.Value // of each verb: a function of the receiver and the arguments
	zero      time.Time       // when the program began
	ordered   bool            // its calls are made one at a time, and are to be seen as ordered
	edge      byte            // for the race detector: what orders them
	inside    int             // calls under way

	ctx     context.Context // that cancel ends
	cancel  context.CancelFunc
	gate    chan struct{} // where callbacks wait
	handles [handleLanes][handles]reflect.Value
}

func newInstance(d *Derived, env kind.Env) *instance {
	i := &instance{d: d, env: env, gate: make(chan struct{})}
	if i.zero = rt.TimeNow("~"); d.Clocked {
		i.zero = env.Clock().Now()
	}
	i.ctx, i.cancel = context.WithCancel(context.Background())
	return i
}

// enter and leave are around each call.
//
//go:norace
func (i *instance) enter() {
	i.inside++
	if i.ordered {
		rt.Acquire(unsafe.Pointer(&i.edge))
	}
}

//go:norace
func (i *instance) leave() {
	i.inside--
	if i.ordered {
		rt.Release(unsafe.Pointer(&i.edge))
	}
}

//go:norace
func (i *instance) clocked() { i.d.Asked = true }

// Do makes a call, and makes a text of what it answers. A panic is an answer: whether it is one
// that the component may give, the reference says.
func (i *instance) Do(l *kind.Lane, o kind.Op, e *kind.Event) {
	m := &i.d.methods[o.Verb]
	i.enter()
	defer i.leave()
	if m.own != nil {
		m.own(i, l, o, e)
		return
	}
	defer i.panics(e)
	in, c := make([]reflect.Value, 1, 1+m.typ.NumIn()), &call{i, l}
	in[0] = i.receiver
	for n, slot := range m.slots {
		for _, v := range slot[o.Args[n]] {
			in = append(in, v.make(c))
		}
	}
	if m.takesContext {
		rt.At("", i) // the call begins now, and a deadline was said before
	}
	var out []reflect.Value
	if m.typ.IsVariadic() {
		out = i.calls[o.Verb].CallSlice(in)
	} else {
		out = i.calls[o.Verb].Call(in)
	}
	if m.gives > 0 {
		i.keep(l, out)
	}
	if m.see.IsValid() {
		out = m.see.Call(out)
	}
	e.Text = i.text(out)
}

// text is what a call answered.
func (i *instance) text(out []reflect.Value) string {
	if len(out) == 0 {
		return ""
	}
	p := printer{b: make([]byte, 0, 32), zero: i.zero}
	for n, v := range out {
		if n > 0 {
			p.b = append(p.b, ' ')
		}
		p.value(v, 0)
	}
	return string(p.b)
}

// panics takes a panic for an answer, but not one that says that the process dies.
func (i *instance) panics(e *kind.Event) {
	v := recover()
	switch v := v.(type) {
	case nil:
	case string:
		e.Text = "panics: " + oneLine(v)
	case error:
		e.Text = "panics: " + oneLine(strings.TrimPrefix(v.Error(), "runtime error: "))
	default:
		p := printer{zero: i.zero}
		p.value(reflect.ValueOf(v), 0)
		e.Text = "panics: " + oneLine(string(p.b))
	}
}

// Invariance is the law that an invariant states.
const Invariance kind.LawID = "I1-invariant"

// notices are what happens besides calls.
var notices = []kind.Notice{
	{Text: "notes"}, {Text: "invariant broken:", Law: Invariance}, {Text: "called", Owned: true},
	{Text: "calls", Owned: true}, {Text: "ends", Owned: true},
}

const (
	noted = kind.FirstNotice + iota
	broken
	called
	saw
	returned
)

// additions are the operations that options make.
func (d *Derived) additions() {
	if slices.ContainsFunc(d.methods, func(m method) bool { return m.takesContext }) {
		d.cancelling()
		d.drawn()
	}
	if d.Calls {
		d.releasing()
		d.drawn()
	}
	d.using()
	if d.opts.Invariant != nil {
		d.own(kind.Operation{Name: "invariant"}, func(i *instance, _ *kind.Lane, _ kind.Op, _ *kind.Event) {
			if i.inside > 1 { // besides this one some call waits, and may hold what the invariant needs
				return
			}
			if err := d.opts.Invariant(i.component.Interface()); err != nil {
				i.env.Note(kind.Event{Source: kind.Source{Lane: kind.LabLane}, Verb: broken, Text: oneLine(err.Error())})
			}
		})
	}
	if d.opts.End != nil {
		d.own(kind.Operation{Name: "end", Lane: true}, func(i *instance, _ *kind.Lane, _ kind.Op, e *kind.Event) {
			defer i.panics(e)
			d.opts.End(i.component.Interface())
		})
	}
}

// own adds an operation that is not a method.
func (d *Derived) own(op kind.Operation, do func(*instance, *kind.Lane, kind.Op, *kind.Event)) {
	op.Spelled = true
	d.methods, d.Kind.Ops = append(d.methods, method{name: op.Name, index: -1, own: do}), append(d.Kind.Ops, op)
}

// drawn has the operation that was added last be drawn into programs.
func (d *Derived) drawn() { d.methods[len(d.methods)-1].drawn = true }

// verb is an operation of the lab's own, 0 if there is none.
func (d *Derived) verb(name string) kind.Verb {
	for v := range d.methods {
		if d.methods[v].own != nil && d.methods[v].name == name {
			return kind.Verb(v)
		}
	}
	return 0
}

// Note makes something part of what is seen of the component, besides what it answers.
func (e *Env) Note(parts ...any) {
	if e == nil {
		return
	}
	p := printer{zero: e.i.zero}
	for n, part := range parts {
		if n > 0 {
			p.b = append(p.b, ' ')
		}
		if s, ok := part.(string); ok {
			p.b = append(p.b, oneLine(s)...)
			continue
		}
		p.value(reflect.ValueOf(part), 0)
	}
	e.env.Note(kind.Event{Source: kind.Source{Lane: kind.HandlerLane}, Verb: noted, Text: string(p.b)})
}

// end calls the closers that the program has not called.
func (d *Derived) end(_ kind.Config, ops []kind.Op) []kind.Op {
	var list []kind.Op
	if v := d.verb("release"); v > 0 {
		list = append(list, kind.Op{Verb: v, Lane: kind.LabLane})
	}
	list = append(list, d.later()...)
	if d.opts.End != nil {
		return append(append(list, kind.Op{Verb: d.verb("end"), Lane: kind.LabLane}), d.later()...)
	}
	for _, v := range d.closers {
		called := false
		for _, o := range ops {
			called = called || o.Verb == v
		}
		if !called {
			list = append(list, kind.Op{Verb: v, Lane: kind.LabLane})
		}
	}
	return append(list, d.later()...)
}

// later moves the clock past what the component waits for.
func (d *Derived) later() []kind.Op {
	if len(d.Seen) == 0 {
		return nil
	}
	most, least := slices.Max(d.Seen), slices.Min(d.Seen)
	return []kind.Op{kind.Move(min(2*most, 100*least, kind.MaxMove))}
}
