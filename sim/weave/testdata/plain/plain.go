// Package plain has plain accesses of each kind; what becomes of them stands in plain.woven.
package plain

import (
	"errors"
	"sync"
)

// Errors that are exported are known by their names.
var (
	ErrFull, errEmpty = errors.New("full"), errors.New("empty")
	Other             int
)

var total int

type list struct {
	mu    sync.Mutex
	n     int
	fixed [4]int
	items []int
	by    map[string]int
	next  *list
	hook  func() (int, error)
	err   error
	flag  bool
	at    struct{ x int }
}

func (l *list) reads() int {
	local := list{}
	local.n = l.n // a variable of its own is nobody else's
	if l.next != nil && l.next.at.x > len(l.fixed) {
		return l.items[l.n] + l.by["a"] + *(&l.n)
	}
	for _, v := range l.items[1:] {
		local.n += v
	}
	for range l.by {
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.by["b"]
	_, _ = v, ok
	return local.n + total
}

func (l *list) writes(p *int, v int) {
	l.n = v
	l.n = l.n + 1
	l.n++
	l.n += v
	*p = l.n
	l.flag = l.n == v
	l.items[0], l.items[1] = l.items[1], l.items[0]
	l.items = append(l.items, v)
	l.by["a"] = l.n
	l.by["a"]++
	delete(l.by, "a")
	l.fixed[v] = 1
	total = v
	if l.n = v; l.flag {
		l.err = nil
	}
}

func (l *list) calls() {
	l.n, l.err = l.hook()
	l.items[l.n] = l.reads()
	l.n += l.reads()
	l.flag = l.reads() > 0
	if l.n = l.reads(); l.flag {
		l.err = nil
	}
}

//go:nosplit
func (l *list) bare() int { return l.n }

// captured has variables that a literal on another goroutine writes, and others that nobody else reaches.
func captured(all []int) (total int) {
	n, own, once := 0, 0, all
	var at struct{ x int }
	done := make(chan bool)
	go func() {
		n++
		at.x = n
		done <- once == nil
	}()
	<-done
	func() { own++ }()
	defer func() { total += own }()
	for i := 0; i < len(all); i++ {
		go func() { done <- i > 0 }()
	}
	n, err := at.x, ErrFull
	return n + len(err.Error())
}
