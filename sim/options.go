package sim

import (
	"fmt"
	"reflect"
	"time"

	"batchlab/sim/derive"
	"batchlab/sim/kind"
)

// Option says what a type does not say of itself. Options that speak of a method that does not
// exist fail the test.
type Option func(*derive.Options)

// options are what several options say together.
func options(opts []Option) (o derive.Options) {
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// The laws that hold for everything, for Promises and Waives.
const (
	Leak     = kind.Leak     // no goroutine outlives what ends the component
	Progress = kind.Progress // nothing waits for ever
	NoPanic  = kind.NoPanic  // no goroutine panics
	NoRace   = kind.NoRace   // no data race, with -race
)

// Values are what arguments of type T are drawn from, the simplest first.
func Values[T any](values ...T) Option {
	return func(o *derive.Options) {
		var list []reflect.Value
		for i := range values {
			list = append(list, reflect.ValueOf(&values[i]).Elem())
		}
		if len(list) == 0 {
			o.Wrong = fmt.Sprintf("Values[%v]() lists none: name one value at least", reflect.TypeFor[T]())
			return
		}
		if o.Values == nil {
			o.Values = map[reflect.Type][]reflect.Value{}
		}
		o.Values[reflect.TypeFor[T]()] = list
	}
}

// Arg is what one parameter of a method is drawn from, counted from 1: Arg("Set", 1, "k1", "k2").
func Arg(method string, parameter int, values ...any) Option {
	return func(o *derive.Options) {
		a := derive.Arg{Method: method, Index: parameter}
		for _, v := range values {
			a.Values = append(a.Values, reflect.ValueOf(v))
		}
		if len(values) == 0 {
			o.Wrong = fmt.Sprintf("Arg(%q, %d) lists no value: name one at least", method, parameter)
			return
		}
		o.Args = append(o.Args, a)
	}
}

// Without leaves methods out.
func Without(methods ...string) Option {
	return func(o *derive.Options) { o.Without = append(o.Without, methods...) }
}

// Only calls no other methods than these.
func Only(methods ...string) Option {
	return func(o *derive.Options) { o.Only = append(o.Only, methods...) }
}

// OneLane has one goroutine alone call these methods, as the producer of a queue that has only one.
func OneLane(methods ...string) Option {
	return func(o *derive.Options) { o.OneLane = append(o.OneLane, methods) }
}

// Once has each of these methods called once at most.
func Once(methods ...string) Option {
	return func(o *derive.Options) { o.Once = append(o.Once, methods...) }
}

// Last has nothing called after these methods: beside them, but not when they have returned.
func Last(methods ...string) Option {
	return func(o *derive.Options) { o.Last = append(o.Last, methods...) }
}

// End is called when all is over, in place of Close, Stop, Shutdown and Wait.
func End[T any](end func(T)) Option {
	return func(o *derive.Options) {
		o.End = func(component any) { end(component.(T)) }
		o.Of = append(o.Of, derive.Of{Option: "End", Type: reflect.TypeFor[T]()})
	}
}

// Invariant is asked when all is quiet: an error breaks it.
func Invariant[T any](holds func(T) error) Option {
	return func(o *derive.Options) {
		o.Invariant = func(component any) error { return holds(component.(T)) }
		o.Of = append(o.Of, derive.Of{Option: "Invariant", Type: reflect.TypeFor[T]()})
	}
}

// See makes of what a method answers what is to be compared: a function that takes all its results:
// See("Get", func(v int, err error) any { return err == nil }).
func See(method string, see any) Option {
	return func(o *derive.Options) {
		if o.See == nil {
			o.See = map[string]reflect.Value{}
		}
		if see == nil || reflect.TypeOf(see).Kind() != reflect.Func {
			o.Wrong = fmt.Sprintf("See(%q) needs a function of what the method answers, got %v", method, see)
			return
		}
		o.See[method] = reflect.ValueOf(see)
	}
}

// Model is a component that is right when its calls are made one at a time, such as a slice
// behind the same methods: Linearizable then asks it, and not the component itself.
func Model[T any](model func() T) Option {
	return func(o *derive.Options) {
		o.Model = func() any { return model() }
		o.Of = append(o.Of, derive.Of{Option: "Model", Type: reflect.TypeFor[T]()})
	}
}

// Promises are laws that hold although they are not taken for granted: Leak of a component
// that nothing ends, Progress of one whose calls wait for others.
func Promises(laws ...kind.LawID) Option {
	return func(o *derive.Options) { o.Promises = append(o.Promises, laws...) }
}

// Waives are laws that the component does not promise. A breach of one hides nothing else.
func Waives(laws ...kind.LawID) Option {
	return func(o *derive.Options) { o.Waives = append(o.Waives, laws...) }
}

// Lanes is how many goroutines call at most, Calls how many calls of each run beside those of the
// others, and Preemptions up to how many all schedules of a program are taken, if they are not too
// many. They are 3, 3 and any number otherwise: then as many are taken as stand for all.
func Lanes(n int) Option { return positive("Lanes", n, 26, func(o *derive.Options) { o.Lanes = n }) }

// Calls: see Lanes.
func Calls(n int) Option { return positive("Calls", n, 8, func(o *derive.Options) { o.Calls = n }) }

// Preemptions: see Lanes.
func Preemptions(n int) Option {
	return positive("Preemptions", n, 3, func(o *derive.Options) { o.Preemptions = n })
}

// Budget is for how long programs are tried at most.
func Budget(d time.Duration) Option {
	if d <= 0 {
		return func(o *derive.Options) { o.Wrong = fmt.Sprintf("Budget(%v) is to be more than 0", d) }
	}
	return func(o *derive.Options) { o.Budget = d }
}

func positive(name string, n, most int, set Option) Option {
	if n < 1 || n > most {
		return func(o *derive.Options) { o.Wrong = fmt.Sprintf("%s(%v) is to be from 1 to %v", name, n, most) }
	}
	return set
}
