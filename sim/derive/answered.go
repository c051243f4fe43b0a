package derive

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// What a call answers may have methods itself: what a pool lends, a subscription, a task. They are operations, too,
// of a handle.
//
//	a Acquire
//	a Lease.Value a1
//	a Lease.Release a1
//
// What has a method by which it is given back is lent: until then one lane uses it, and then nobody. What was not
// given back when all is over the lab gives back before it calls the closers, for they may wait for it. What has
// closers is closed after the component.

// How many methods of one type are operations at most, and operations in all, the lab's own left out.
const (
	mostAnswered = 10
	mostOps      = int(kind.FirstNotice) - 12
)

// givers are how methods begin by which something is given back.
var givers = []string{"Release", "Free", "GiveBack", "PutBack", "Return", "Destroy", "Unlock", "RUnlock"}

// spelling are methods that package fmt and its like call.
var spelling = []string{"String", "GoString", "Format", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"}

// Spells reports whether a method is one that package fmt and its like call, by its name.
func Spells(method string) bool { return slices.Contains(spelling, method) }

// answered adds the methods of what the component's methods answer, as far as they can be called.
func (d *Derived) answered() {
	for _, t := range d.answers() {
		n := 0
		for _, i := range callable(t) {
			name := shortName(t) + "." + t.Method(i).Name
			if !d.opts.calls(name) || Spells(t.Method(i).Name) || n == mostAnswered ||
				len(d.methods) == mostOps {
				continue
			}
			if err := d.methodOf(t, i, name); err != nil {
				continue // it cannot be called
			}
			n++
		}
	}
}

// isAnswered reports whether a name is that of a method of what some method answers.
func (d *Derived) isAnswered(name string) bool {
	of, method, _ := strings.Cut(name, ".")
	return slices.ContainsFunc(d.answers(), func(t reflect.Type) bool {
		_, ok := t.MethodByName(method)
		return ok && shortName(t) == of
	})
}

// answers are the types that methods answer with and that have methods worth calling.
func (d *Derived) answers() (list []reflect.Type) {
	for _, i := range callable(d.typ) {
		if !d.opts.calls(d.typ.Method(i).Name) {
			continue
		}
		m := signature(d.typ, i)
		for n := range m.NumOut() {
			t := m.Out(n)
			if t.Kind() == reflect.Slice {
				t = t.Elem()
			}
			if d.hasMethods(t) && !slices.ContainsFunc(list, func(o reflect.Type) bool { return shortName(o) == shortName(t) }) {
				list = append(list, t)
			}
		}
	}
	return list
}

// hasMethods reports whether a type is one whose methods are worth calling: neither the component's own, nor an error,
// nor one of the standard library's, nor data that is shown whole.
func (d *Derived) hasMethods(t reflect.Type) bool {
	named := t
	if t.Kind() == reflect.Pointer {
		named = t.Elem()
	}
	root, _, _ := strings.Cut(named.PkgPath(), "/")
	own, _, _ := strings.Cut(deref(d.typ).PkgPath(), "/")
	return t != d.typ && t.NumMethod() > 0 && (t.Kind() == reflect.Pointer && !isData(named, false, 0) ||
		t.Kind() == reflect.Interface) && (strings.Contains(root, ".") || root == own) && !t.Implements(errorType)
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// shortName is the name of a type without its package and what it is of.
func shortName(t reflect.Type) string {
	name, _, _ := strings.Cut(deref(t).Name(), "[")
	return name
}

// methodOf adds an operation for a method of what a call answered.
func (d *Derived) methodOf(t reflect.Type, i int, name string) error {
	m := t.Method(i)
	c := method{name: name, index: -1, typ: signature(t, i), of: t, uses: func(o reflect.Type) bool { return o == t },
		drawn: true}
	c.closes = isCloser(m.Name, c.typ)
	c.returns = slices.ContainsFunc(givers, func(with string) bool { return strings.HasPrefix(m.Name, with) })
	op := kind.Operation{Name: name, Lane: true, Spelled: true, Looks: looks(m.Name, c.typ)}
	if err := d.drawnFrom(&c, &op); err != nil {
		return err
	}
	c.own = func(in *instance, l *kind.Lane, o kind.Op, e *kind.Event) {
		h := in.handle(o.Args[0])
		if !h.IsValid() || h.Type() != t {
			e.Text = noHandle
			return
		}
		if c.returns || c.closes {
			in.returned(h)
		}
		fn := m.Func
		if !fn.IsValid() { // of an interface
			fn = h.Method(i)
		}
		in.invoke(l, &c, o, e, fn, h)
	}
	if c.returns && c.typ.NumIn() == 0 && d.lent[t] == nil {
		d.lent[t] = []int{i}
	}
	if c.closes {
		d.ended[t] = append(d.ended[t], i)
	}
	d.used[t] = true
	d.methods, d.Kind.Ops = append(d.methods, c), append(d.Kind.Ops, op)
	return nil
}

// usable are those of some handles that a lane can use for an operation: what is lent is used by one lane at a
// time, and no more when it is given back; and what was closed is neither closed again nor used later.
func (d *draft) usable(m *method, list []int64, lane byte) []int64 {
	if m.of == nil {
		return list
	}
	lent := d.d.lent[m.of] != nil
	return slices.DeleteFunc(list, func(h int64) bool {
		for at, o := range d.p.Ops {
			u := &d.d.methods[o.Verb]
			if u.of != m.of || o.Args[0] != h {
				continue
			}
			earlier := d.group < 0 || at < d.group
			if lent && (u.returns || !earlier && o.Lane != lane) || u.closes && (m.closes || earlier) {
				return true
			}
		}
		return false
	})
}

// lenders is how often what was lent is given back when all is over: who waits for something has it then.
const lenders = 3

func (d *Derived) disposes(t reflect.Type) bool { return d.lent[t] != nil || d.ended[t] != nil }

// lend remembers what a call has lent, and returned that it was given back.
//
//go:norace
func (i *instance) lend(h reflect.Value) {
	if i.nlent == len(i.lent) {
		more := make([]reflect.Value, 2*i.nlent+8)
		for n := range i.nlent {
			more[n] = i.lent[n]
		}
		i.lent = more
	}
	i.lent[i.nlent] = h
	i.nlent++
	rt.Release(unsafe.Pointer(&i.nlent)) // it goes from hand to hand
}

//go:norace
func (i *instance) returned(h reflect.Value) {
	for n := range i.nlent {
		if i.lent[n].Interface() == h.Interface() {
			i.nlent--
			i.lent[n] = i.lent[i.nlent]
			return
		}
	}
}

// last takes out what was answered last of the types that have some methods, and is not valid if there is nothing.
//
//go:norace
func (i *instance) last(with map[reflect.Type][]int) reflect.Value {
	rt.Acquire(unsafe.Pointer(&i.nlent))
	for n := i.nlent - 1; n >= 0; n-- {
		if h := i.lent[n]; with[h.Type()] != nil {
			i.nlent--
			i.lent[n] = i.lent[i.nlent]
			return h
		}
	}
	return reflect.Value{}
}

// dispose calls those methods of what was answered, and neither given back nor closed.
func (i *instance) dispose(by map[reflect.Type][]int) {
	for h := i.last(by); h.IsValid(); h = i.last(by) {
		for _, n := range by[h.Type()] {
			f := h.Method(n)
			f.Call([]reflect.Value{reflect.ValueOf(context.Background())}[:f.Type().NumIn()])
		}
	}
}

// disposing adds an operation that does so.
func (d *Derived) disposing(name string, by map[reflect.Type][]int) {
	if len(by) > 0 {
		d.own(kind.Operation{Name: name, Lane: true}, func(i *instance, _ *kind.Lane, _ kind.Op, _ *kind.Event) {
			defer func() { _ = recover() }() // nobody has made these calls
			i.dispose(by)
		})
	}
}
