package derive

import (
	"context"
	"reflect"
	"testing"

	"batchlab/sim/kind"
)

// TestLocker: which method unlocks what another locks is in their names.
func TestLocker(t *testing.T) {
	for name, want := range map[string]string{
		"Lock": "Lock", "TryLock": "Lock", "RLock": "RLock", "LockKey": "LockKey", "AddContext": "AddContext",
		"Unlock": "Lock, un", "UnLockKey": "LockKey, un", "RUnlock": "RLock, un", "Done": "Add, un",
		"Block": "", "Clock": "", "Get": "",
	} {
		of, unlocks := locker(name)
		if got := of + map[bool]string{true: ", un"}[unlocks]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestUnlocksItsOwn: of programs drawn, a lane unlocks only what it has locked, and some do.
func TestUnlocksItsOwn(t *testing.T) {
	type locks interface {
		Lock(ctx context.Context, key string)
		TryLock(key string) bool
		Unlock(key string)
		Done(key string) // with an argument it is no end of an Add
		Add(key string)
	}
	d, err := New(reflect.TypeFor[locks](), Options{})
	if err != nil {
		t.Fatal(err)
	}
	un, _ := d.Kind.Op("Unlock")
	if done, _ := d.Kind.Op("Done"); d.methods[un].unlocks != "Lock" || d.methods[done].unlocks != "" {
		t.Fatalf("%+v, %+v", d.methods[un], d.methods[done])
	}
	unlocked, source := 0, d.Programs(1)
	for range 300 {
		p := source.Next()
		has := map[byte]map[string]int{}
		for _, o := range p.Ops {
			m := &d.methods[o.Verb]
			if has[o.Lane] == nil {
				has[o.Lane] = map[string]int{}
			}
			switch {
			case m.locks != "":
				has[o.Lane][m.held(o)]++
			case m.unlocks != "":
				unlocked++
				if has[o.Lane][m.held(o)]--; has[o.Lane][m.held(o)] < 0 {
					t.Fatalf("%c unlocks %q in\n%s", o.Lane, m.held(o), p)
				}
			}
		}
	}
	if unlocked < 10 {
		t.Errorf("%d calls unlock something", unlocked)
	}
}

// TestNotLocked: a call that would unlock what its lane does not have is not made.
func TestNotLocked(t *testing.T) {
	i, l := &instance{}, &kind.Lane{Letter: 'a'}
	if i.unlocks(l, "Lock a") {
		t.Error("nothing is locked")
	}
	i.locked(l, "Lock a", []reflect.Value{reflect.ValueOf(false)})
	if i.unlocks(l, "Lock a") {
		t.Error("it was not locked")
	}
	i.locked(l, "Lock a", nil)
	if i.unlocks(&kind.Lane{Letter: 'b'}, "Lock a") || i.unlocks(l, "Lock b") || !i.unlocks(l, "Lock a") || i.unlocks(l, "Lock a") {
		t.Error("it is a's, once")
	}
}
