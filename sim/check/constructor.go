package check

import (
	"reflect"
	"runtime"
	"strings"

	"batchlab/sim/derive"
)

// constructor makes a component.
type constructor struct {
	name string // of the component
	full string // of the function, with the path of its package
	file string // where it is
	line int
	make func(*derive.Env) reflect.Value
}

// constructorOf is a constructor with the name of its function: newRing makes a ring.
func constructorOf[T any](f func(*derive.Env) T, otherwise string) constructor {
	c := constructor{name: otherwise, make: func(e *derive.Env) reflect.Value {
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
