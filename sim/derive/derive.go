package derive

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"batchlab/sim/kind"
)

// Derived is a kind that was made from a type.
type Derived struct {
	Kind    *kind.Kind
	Seen    []time.Duration // those that the component was seen to use
	Room    int             // the largest buffer of a channel that it was seen to use, if that can be filled
	Clocked bool            // constructors take the clock that they are given, and not package time
	Asked   bool            // some constructor has asked for it
	Calls   bool            // it takes functions

	Probing bool      // programs are run to see what the component uses
	Ignored kind.Verb // what this method answers is not looked at; 0: none

	turns   []time.Duration // see Turns
	opts    Options
	typ     reflect.Type
	methods []method // of each verb; that of the clock has no name
	closers []kind.Verb
	bound   map[reflect.Type][]reflect.Value // see functions

	objects map[reflect.Type]bool  // what some methods return and others take
	used    map[reflect.Type]bool  // what has methods that are operations
	lent    map[reflect.Type][]int // what has a method by which it is given back: that
	ended   map[reflect.Type][]int // what has closers: these
	reaches map[string]*reach      // by subject

	watched  [4]time.Duration
	nwatched int
}

// method is how an operation is called.
type method struct {
	name  string
	index int // among the type's methods; -1: an operation of the lab's own
	typ   reflect.Type
	slots [][][]value // of each argument of the operation, of each of its words: one value or several
	see   reflect.Value
	own   func(i *instance, l *kind.Lane, o kind.Op, e *kind.Event)

	closes, takesContext bool
	gives                []reflect.Type          // handles that it answers with
	keeps                bool                    // some of what it answers is kept
	uses                 func(reflect.Type) bool // which handles it is for
	of                   reflect.Type            // what a call answers: whose method it is
	returns              bool                    // that is given back
	lane                 int                     // the lane that alone calls it, from 1; 0: any
	once, last           bool
	locks, unlocks       string // of a lock: see locker
	drawn                bool   // into programs, though it is none of the methods
	apart                bool   // not called beside others
}

// New derives a kind from a type. The error names what is in the way, and what helps.
func New(t reflect.Type, o Options, seen ...time.Duration) (*Derived, error) {
	if t == nil {
		return nil, fmt.Errorf("nothing to call: give the constructors one type with methods, such as an interface")
	}
	if o.Wrong != "" {
		return nil, fmt.Errorf("%s", o.Wrong)
	}
	slices.Sort(seen)
	d := &Derived{opts: o, typ: t, Seen: slices.Compact(seen), methods: []method{{index: -1}},
		bound: map[reflect.Type][]reflect.Value{}, objects: objects(t, o), lent: map[reflect.Type][]int{},
		ended: map[reflect.Type][]int{}, used: map[reflect.Type]bool{}, reaches: map[string]*reach{}}
	d.Kind = &kind.Kind{
		Name: kindName(t), Ops: []kind.Operation{kind.Time}, Notices: slices.Clone(notices),
		TimePasses: true, Plain: true, Patient: !slices.Contains(o.Promises, kind.Progress),
	}
	d.Kind.Wakes, d.Kind.Undefined = Wakes, !o.Original
	d.Kind.Laws = []kind.Law{{ID: Wakes, Text: "no call waits for what is there", ByModel: true, Together: true}}
	if o.Invariant != nil {
		d.Kind.Laws = append(d.Kind.Laws, kind.Law{ID: Invariance, Text: "the invariant holds when all is quiet"})
		d.Kind.Notices[broken-kind.FirstNotice].Law = Invariance
	}
	d.Kind.Ops[0].Scene, d.Kind.Ops[0].Beside = 0, 0
	d.Kind.End, d.Kind.Marks, d.Kind.Over = d.end, d.marks, number
	d.Kind.Calm, d.Kind.Untimely = d.calm, d.untimely
	if err := d.known(); err != nil {
		return nil, err
	}
	var cannot []*unmade
	for _, i := range callable(t) {
		m := t.Method(i)
		if !m.IsExported() || !o.calls(m.Name) {
			continue
		}
		var u *unmade
		if err := d.method(i, m); errors.As(err, &u) {
			cannot = append(cannot, u)
		} else if err != nil {
			return nil, err
		}
	}
	if len(cannot) > 0 {
		return nil, unmadeOnes(cannot)
	}
	if len(d.methods) == 1 && len(callable(t)) > 0 {
		return nil, fmt.Errorf("%s has no method to call: Without and Only leave none of %s", t,
			strings.Join(methodNames(t), ", "))
	} else if len(d.methods) == 1 && t.NumMethod() > 0 {
		return nil, fmt.Errorf("%s has no method to call but those of what it embeds of package sync, which is not woven", t)
	} else if len(d.methods) == 1 {
		return nil, fmt.Errorf("%s has no method to call: give the constructors a type with exported methods, such as a "+
			"pointer or an interface", t)
	}
	d.order()
	d.pairs()
	d.answered()
	d.additions()
	if d.Calls {
		d.Seen = slices.Compact(slices.Sorted(slices.Values(append(d.Seen, slow))))
	}
	return d, d.Kind.Validate()
}

// known is an error if an option speaks of a method that does not exist.
func (d *Derived) known() error {
	for _, n := range d.opts.names() {
		if _, ok := d.typ.MethodByName(n[1]); !ok && !d.isAnswered(n[1]) {
			return fmt.Errorf("%s(%q): %s has no such method, it has %s", n[0], n[1], d.typ,
				strings.Join(methodNames(d.typ), ", "))
		}
	}
	for _, of := range d.opts.Of {
		if of.Type != d.typ {
			return fmt.Errorf("%s takes a function of a %s, and the component is a %s: write func(%s)", of.Option,
				of.Type, d.typ, d.typ)
		}
	}
	for _, law := range slices.Concat(d.opts.Promises, d.opts.Waives) {
		if _, ok := d.Kind.Law(law); !ok {
			return fmt.Errorf("there is no law %q: say sim.Leak, sim.Progress, sim.NoPanic or sim.NoRace", law)
		}
	}
	return nil
}

func methodNames(t reflect.Type) (list []string) {
	for _, i := range callable(t) {
		list = append(list, t.Method(i).Name)
	}
	return list
}

// kindName is a type as the name of a kind: a word without what separates in a seed file.
func kindName(t reflect.Type) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("#:,/=", r) || unicode.IsSpace(r):
			return '-'
		}
		return r
	}, t.String()), "*")
}

// signature is the type of a method without its receiver.
func signature(t reflect.Type, i int) reflect.Type {
	if t.Kind() == reflect.Interface {
		return t.Method(i).Type
	}
	return reflect.Zero(t).Method(i).Type()
}

// method adds an operation for a method.
func (d *Derived) method(i int, m reflect.Method) error {
	typ := signature(d.typ, i)
	c := method{name: m.Name, index: i, typ: typ, closes: isCloser(m.Name, typ)}
	c.once = c.closes || slices.Contains(d.opts.Once, m.Name)
	c.apart = !d.opts.Original && goesThrough(m.Name, typ)
	c.last = slices.Contains(d.opts.Last, m.Name)
	for lane, names := range d.opts.OneLane {
		if slices.Contains(names, m.Name) {
			c.lane = lane + 1
		}
	}
	if see, ok := d.opts.See[m.Name]; ok {
		if err := sees(m.Name, typ, see.Type()); err != nil {
			return err
		}
		c.see = see
	}
	op := kind.Operation{Name: m.Name, Lane: true, Spelled: true, Rare: c.closes,
		Ends: c.closes && m.Name != "Wait", Looks: looks(m.Name, typ)}
	for _, a := range d.opts.Args {
		if a.Method == m.Name && (a.Index < 1 || a.Index > typ.NumIn()) {
			return fmt.Errorf("Arg(%q, %d): the method has %d parameters, counted from 1", m.Name, a.Index, typ.NumIn())
		}
	}
	if err := d.drawnFrom(&c, &op); err != nil {
		return err
	}
	if c.closes {
		d.closers = append(d.closers, kind.Verb(len(d.methods)))
	}
	d.methods, d.Kind.Ops = append(d.methods, c), append(d.Kind.Ops, op)
	return nil
}

// drawnFrom says what the arguments of an operation are drawn from.
func (d *Derived) drawnFrom(c *method, op *kind.Operation) error {
	var parts [][]value
	if c.of != nil {
		parts = append(parts, handed(c.of))
	}
	for n := range c.typ.NumIn() {
		list, err := d.parameter(c.name, c.typ, n)
		if err != nil {
			return err
		}
		c.takesContext = c.takesContext || c.typ.In(n) == contextType
		parts = append(parts, list)
	}
	c.slots = slots(parts)
	for n, slot := range c.slots {
		texts := make([]string, len(slot))
		for w, tuple := range slot {
			texts[w] = words(tuple, "", ",", "")
		}
		op.Params = append(op.Params, kind.Param{
			Name: fmt.Sprintf("parameter %d", n+1), Form: kind.Choice, Words: kind.Words(texts...),
		})
	}
	return nil
}

// sees is an error if a function cannot take what a method answers.
func sees(name string, typ, see reflect.Type) error {
	fits := see.Kind() == reflect.Func && see.NumIn() == typ.NumOut() && see.NumOut() > 0 && !see.IsVariadic()
	for i := 0; fits && i < typ.NumOut(); i++ {
		fits = typ.Out(i).AssignableTo(see.In(i))
	}
	if fits {
		return nil
	}
	return fmt.Errorf("See(%q): it needs a function of what the method answers, %s, that returns what is to be "+
		"compared, got a %s", name, typ, see)
}

// order puts the closers into the order in which they are called at the end.
func (d *Derived) order() {
	slices.SortFunc(d.closers, func(a, b kind.Verb) int {
		return slices.Index(closerNames, d.methods[a].name) - slices.Index(closerNames, d.methods[b].name)
	})
	if len(d.closers) == 1 { // a Wait alone is an end, too
		d.Kind.Ops[d.closers[0]].Over = true
	}
}

// Closes reports whether the component is ended by a call.
func (d *Derived) Closes() bool { return len(d.closers) > 0 || d.opts.End != nil }

var contextType = reflect.TypeFor[context.Context]()

// marks are the durations at and around which the clock moves.
func (d *Derived) marks(kind.Config) []time.Duration {
	if len(d.Seen) == 0 {
		return []time.Duration{10 * time.Millisecond, time.Second}
	}
	return d.Seen
}
