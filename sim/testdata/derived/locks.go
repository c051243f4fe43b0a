package derived

import "sync"

// Locks are locks by name, there as long as somebody has one or waits for it. Hasty ones forget who waits.
type Locks struct {
	mu    sync.Mutex
	of    map[string]*named
	hasty bool
}

type named struct {
	sync.Mutex
	users int
}

func (l *Locks) Lock(name string) {
	l.mu.Lock()
	n := l.named(name)
	n.users++
	l.mu.Unlock()
	n.Lock()
}

func (l *Locks) named(name string) *named {
	if l.of[name] == nil {
		l.of[name] = &named{}
	}
	return l.of[name]
}

func (l *Locks) TryLock(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.named(name)
	if !n.TryLock() {
		return false
	}
	n.users++
	return true
}

func (l *Locks) Unlock(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.of[name]
	if n.users--; n.users == 0 || l.hasty {
		delete(l.of, name)
	}
	n.Unlock()
}

// Limited is a group in which only so many are at work at once.
type Limited struct {
	sync.WaitGroup
	room chan struct{}
}

func (l *Limited) Add() {
	l.room <- struct{}{}
	l.WaitGroup.Add(1)
}

func (l *Limited) Done() {
	<-l.room
	l.WaitGroup.Done()
}
