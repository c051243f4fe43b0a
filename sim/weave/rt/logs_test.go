package rt

import (
	"io"
	"log"
	"log/slog"
	"reflect"
	"sync"
	"testing"
	"unsafe"
)

// TestLockIn: a logger's lock is found wherever it is, and no other is.
func TestLockIn(t *testing.T) {
	logger := log.New(io.Discard, "", 0)
	type mine struct {
		sync.Mutex
		*log.Logger
	}
	for name, c := range map[string]struct {
		of  any
		has bool
	}{
		"log.Logger": {logger, true}, "one embedded": {mine{Logger: logger}, true}, "the default one": {slog.Default(), false},
		"text": {slog.New(slog.NewTextHandler(io.Discard, nil)), true}, "a lock of one's own": {&struct{ sync.Mutex }{}, false},
		"a handler": {slog.NewJSONHandler(io.Discard, nil).WithGroup("g"), true}, "nothing": {nil, false},
	} {
		if p := lockIn(reflect.ValueOf(c.of), deepest); (p != nil) != c.has || p != nil && heldForReal(p) {
			t.Errorf("%s: found %v", name, p != nil)
		}
	}
	var mu sync.Mutex
	mu.Lock()
	if p := lockIn(reflect.ValueOf(struct{ l *log.Logger }{logger}), deepest); p == nil || !heldForReal(unsafe.Pointer(&mu)) {
		t.Error("a lock that is held counts as free")
	}
}
