package derive

import (
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
// given back when all is over the lab gives back before it calls the closers, for they may wait for it.

// How many methods of one type are operations at most, and operations in all, the lab's own left out.
const (
	mostAnswered = 10
	mostOps      = int(kind.FirstNotice) - 12
)

// givers are how methods begin by which something is given back.
var givers = []string{"Release", "Free", "GiveBack", "PutBack", "Return", "Destroy", "Unlock", "RUnlock"}

// formatting are methods that package fmt and its like call.
var formatting = []string{"String", "GoString", "Format", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"}

// answered adds the methods of what the component's methods answer, as far as they can be called.
func (d *Derived) answered() {
	for _, t := range d.answers() {
		n := 0
		for i := range t.NumMethod() {
			name := shortName(t) + "." + t.Method(i).Name
			if !d.opts.calls(name) || slices.Contains(formatting, t.Method(i).Name) || n == mostAnswered ||
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
	for i := range d.typ.NumMethod() {
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

// hasMethods reports whether a type is one whose methods are worth calling: neither the component's own, nor an error or
// one of the standard library's, nor data that is shown whole.
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
	c.returns = slices.ContainsFunc(givers, func(with string) bool { return strings.HasPrefix(m.Name, with) })
	op := kind.Operation{Name: name, Lane: true, Spelled: true, Looks: looks(m.Name, c.typ)}
	if err := d.drawnFrom(&c, &op); err != nil {
		return err
	}
	c.own = func(in *instance, l *kind.Lane, o kind.Op, e *kind.Event) {
		h := in.handles[o.Args[0]/handles][o.Args[0]%handles]
		if !h.IsValid() || h.Type() != t {
			e.Text = "no handle"
			return
		}
		if c.returns {
			in.returned(h)
		}
		fn := m.Func
		if !fn.IsValid() { // of an interface
			fn = h.Method(i)
		}
		in.invoke(l, &c, o, e, fn, h)
	}
	if c.returns {
		d.lent[t] = append(d.lent[t], i)
	}
	d.used[t] = true
	d.methods, d.Kind.Ops = append(d.methods, c), append(d.Kind.Ops, op)
	return nil
}

// usable are those of some handles that a lane can use for an operation: what is lent is used by one lane at a
// time, and no more when it is given back.
func (d *draft) usable(m *method, list []int64, lane byte) []int64 {
	if m.of == nil || d.d.lent[m.of] == nil {
		return list
	}
	return slices.DeleteFunc(list, func(h int64) bool {
		for at, o := range d.p.Ops {
			u := &d.d.methods[o.Verb]
			beside := d.group >= 0 && at >= d.group && o.Lane != lane
			if u.of == m.of && o.Args[0] == h && (u.returns || beside) {
				return true
			}
		}
		return false
	})
}

// lenders is how often what was lent is given back when all is over: who waits for something has it then.
const lenders = 3

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

// last takes out what was lent last, and is not valid if nothing is.
//
//go:norace
func (i *instance) last() (h reflect.Value) {
	rt.Acquire(unsafe.Pointer(&i.nlent))
	if i.nlent > 0 {
		i.nlent--
		h = i.lent[i.nlent]
	}
	return h
}

// giveBack gives back what was lent and is not given back, by the first method that needs no more than that.
func (i *instance) giveBack() {
	for h := i.last(); h.IsValid(); h = i.last() {
		for _, n := range i.d.lent[h.Type()] {
			if f := h.Method(n); f.Type().NumIn() == 0 {
				f.Call(nil)
				break
			}
		}
	}
}
