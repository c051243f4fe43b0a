package sim

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"batchlab/sim/derive"
)

// Env is what a constructor is given: a clock, for components that take one, and Note, for what
// is to be compared besides what calls answer. Who uses package time needs nothing of it.
type Env = derive.Env

// Equivalent puts a component under test that stands in for another: whatever it does of a
// program, under whatever schedule, the original can do. The programs are made from the type
// T, an interface or what both constructors return: its exported methods are the
// operations, and their arguments come from small domains.
//
//	func TestRing(t *testing.T) { sim.Equivalent(t, newLocked, newRing) }
//
// A difference fails the test with the shrunk program and a schedule; it is kept in testdata/sim,
// and run first the next time.
func Equivalent[T any](t testing.TB, original, candidate func(*Env) T, opts ...Option) {
	t.Helper()
	of, c := constructorOf(original, "original"), constructorOf(candidate, "candidate")
	if of.name == c.name {
		of.name += "-original"
	}
	check(t, reflect.TypeFor[T](), &of, c, opts)
}

// Linearizable puts a component under test that is its own specification: whatever it does of a
// program, under whatever schedule, it also does if its calls are made one at a time, in an
// order that agrees with which call had ended before which began.
//
//	func TestCache(t *testing.T) { sim.Linearizable(t, newCache) }
func Linearizable[T any](t testing.TB, construct func(*Env) T, opts ...Option) {
	t.Helper()
	check(t, reflect.TypeFor[T](), nil, constructorOf(construct, typeName(reflect.TypeFor[T]())), opts)
}

// typeName is what a component is called whose constructor has no name of its own.
func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if name, _, _ := strings.Cut(t.Name(), "["); name != "" {
		return strings.ToLower(name)
	}
	return "component"
}

// constructor makes a component.
type constructor struct {
	name string // of the component
	full string // of the function, with the path of its package
	file string // where it is
	line int
	make func(*Env) reflect.Value
}

// constructorOf is a constructor with the name of its function: newRing makes a ring.
func constructorOf[T any](f func(*Env) T, otherwise string) constructor {
	c := constructor{name: otherwise, make: func(e *Env) reflect.Value {
		v := f(e)
		return reflect.ValueOf(&v).Elem()
	}}
	if f == nil {
		c.make = nil
		return c
	}
	fn := runtime.FuncForPC(reflect.ValueOf(f).Pointer())
	full := fn.Name()
	c.full = full
	c.file, c.line = fn.FileLine(fn.Entry())
	name := full[strings.LastIndexAny(full, "./")+1:]
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	name = strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(name, "-fm"), "new"), "New"))
	if name != "" && !strings.HasPrefix(name, "func") && strings.Trim(name, "0123456789") != "" {
		c.name = name
	}
	return c
}
