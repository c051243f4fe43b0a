package derive

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// Subject is the component that a constructor makes. It returns a value of the derived
// type.
func (d *Derived) Subject(name string, construct func(*Env) reflect.Value) kind.Subject {
	s := kind.Subject{Name: name, Kind: d.Kind, Clockless: !d.Clocked, Waives: d.waives()}
	reach := newReach(len(d.methods))
	d.reaches[name] = reach
	s.New = func(_ kind.Config, env kind.Env) kind.Instance {
		i := newInstance(d, env)
		i.reach = reach
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
	reach     *reach          // nil: nobody asks

	ctx     context.Context // that cancel ends
	cancel  context.CancelFunc
	cancels bool          // it is to be ended
	gate    chan struct{} // where callbacks wait
	handles [handleLanes][handles]reflect.Value

	met  [maxObjects]unsafe.Pointer // objects that calls answered
	nmet int

	holds [mostHeld]hold

	lent  []reflect.Value // and is not given back
	nlent int

	cleanups []func()
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

// Do makes a call, and makes a text of what it answers. A panic is an answer: whether it is one
// that the component may give, the reference says.
func (i *instance) Do(l *kind.Lane, o kind.Op, e *kind.Event) {
	m := &i.d.methods[o.Verb]
	i.enter()
	defer i.leave()
	if m.own != nil {
		if m.uses != nil {
			defer i.reach.leave(o.Verb, i.reach.enter(o.Verb))
		}
		m.own(i, l, o, e)
		i.reach.back(o.Verb)
		return
	}
	if m.unlocks != "" && !i.unlocks(l, m.held(o)) {
		e.Text = notLocked
		return
	}
	out := i.invoke(l, m, o, e, i.calls[o.Verb], i.receiver)
	if m.locks != "" && !strings.HasPrefix(e.Text, "panics: ") {
		i.locked(l, m.held(o), out)
	}
}

// invoke calls a method of a receiver, and returns what it answers.
func (i *instance) invoke(l *kind.Lane, m *method, o kind.Op, e *kind.Event, fn, receiver reflect.Value) (
	out []reflect.Value) {
	defer i.panics(e)
	in, c := make([]reflect.Value, 0, 1+m.typ.NumIn()), &call{i, l}
	if m.of == nil { // else the handle is its first argument
		in = append(in, receiver)
	}
	said := m.takesContext
	for n, slot := range m.slots {
		for _, v := range slot[o.Args[n]] {
			arg := v.make(c)
			if !arg.IsValid() {
				e.Text = noHandle
				return nil
			}
			in, said = append(in, arg), said || strings.Contains(v.word, waiting)
		}
	}
	if said {
		rt.At("", i) // the call begins now; a deadline, or for which release a callback waits, was said before
	}
	if fn.Type().NumIn() < len(in) { // of an interface: bound to what it is a method of
		in = in[1:]
	}
	defer i.reach.leave(o.Verb, i.reach.enter(o.Verb))
	if m.typ.IsVariadic() {
		out = fn.CallSlice(in)
	} else {
		out = fn.Call(in)
	}
	i.reach.back(o.Verb)
	if m.keeps {
		i.keep(l, out)
	}
	if o.Verb == i.d.Ignored {
		return out
	}
	shown := out
	if m.see.IsValid() {
		shown = m.see.Call(out)
	}
	e.Text = i.text(shown)
	return out
}

// text is what a call answered.
func (i *instance) text(out []reflect.Value) string {
	if len(out) == 0 {
		return ""
	}
	p := printer{b: make([]byte, 0, 32), zero: i.zero, i: i}
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

// end calls the closers that the program has not called.
func (d *Derived) end(_ kind.Config, ops []kind.Op) []kind.Op {
	var list []kind.Op
	add := func(v kind.Verb, times int) {
		if v > 0 {
			list = append(list, slices.Repeat([]kind.Op{{Verb: v, Lane: kind.LabLane}}, times)...)
		}
	}
	add(d.verb("release"), 1)
	list = append(list, d.later()...)
	add(d.verb("give-back"), lenders)
	if d.opts.End != nil {
		add(d.verb("end"), 1)
		return append(list, d.later()...)
	}
	for _, v := range d.closers {
		if !slices.ContainsFunc(ops, func(o kind.Op) bool { return o.Verb == v }) {
			add(v, 1)
		}
	}
	add(d.verb("close-all"), 1)
	return append(list, d.later()...)
}

// later moves the clock past what the component waits for.
func (d *Derived) later() []kind.Op {
	at := slices.Concat(d.Seen, d.turns)
	if len(at) == 0 {
		return nil
	}
	most, least := slices.Max(at), slices.Min(at)
	return []kind.Op{kind.Move(min(2*most, 100*least, kind.MaxMove))}
}
