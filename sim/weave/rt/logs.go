package rt

import (
	"reflect"
	"sync"
	"unsafe"
)

// Unlocked passes a value on when the lock is free that a logger is about to take, of package log or log/slog: its
// holder may be in the midst of a writer that is woven. A logger that is nil stands for the value.
func Unlocked[T any](site string, logger any, v T) T {
	if active {
		awaitLogger(site, loggerOr(logger, v))
	}
	return v
}

func loggerOr(logger, v any) any {
	if logger == nil {
		return v
	}
	return logger
}

// Logs is Unlocked up to Logged: what is logged may be woven too, and let others go on before the lock is taken.
func Logs[T any](site string, logger any, v T) T {
	if active {
		logs(site, loggerOr(logger, v))
	}
	return v
}

// Logged says that the logger has returned.
//
//go:norace
func Logged() {
	if active && !stray() {
		s.cur.logger = nil
	}
}

//go:norace
func logs(site string, logger any) { s.cur.logger = awaitLogger(site, logger) }

//go:norace
func awaitLogger(site string, logger any) unsafe.Pointer {
	p := lockIn(reflect.ValueOf(logger), deepest)
	if p == nil || !heldForReal(p) {
		return p
	}
	hold()
	g := s.cur
	g.state, g.ptr = forReal, p
	wait(g, site, "lock")
	visitFixed(Everything, opUnknown)
	return p
}

// barred reports whether a goroutine is about to take a logger's lock that another has.
//
//go:norace
func (g *G) barred() bool { return g.logger != nil && !g.writes && heldForReal(g.logger) }

// heldForReal reports whether somebody holds the sync.Mutex at an address, which nobody has told of.
//
//go:norace
func heldForReal(p unsafe.Pointer) bool { return *(*int32)(p)&1 != 0 }

// deepest is how far below a logger its lock may be, in steps.
const deepest = 10

var mutexType = reflect.TypeFor[sync.Mutex]()

// lockIn is where a logger has its lock, nil if it is none.
func lockIn(v reflect.Value, depth int) unsafe.Pointer {
	if depth == 0 || !v.IsValid() {
		return nil
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return lockIn(v.Elem(), depth-1)
	case reflect.Struct:
		if v.Type() == mutexType && v.CanAddr() {
			return unsafe.Pointer(v.UnsafeAddr())
		}
		for i := range v.NumField() {
			f := v.Field(i)
			t := f.Type()
			if t.Kind() == reflect.Pointer {
				t = t.Elem()
			}
			if !ofLogger(t) && !(t == mutexType && ofLogger(v.Type())) {
				continue
			}
			if p := lockIn(f, depth-1); p != nil {
				return p
			}
		}
	}
	return nil
}

func ofLogger(t reflect.Type) bool { return t.PkgPath() == "log" || t.PkgPath() == "log/slog" }
