package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// memory sees to it that no group of processes takes more than it may. The kernel's own limits are a process's, and
// count what is reserved: the race detector reserves terabytes.
type memory struct {
	most   int64 // MiB
	mu     sync.Mutex
	groups map[int]context.CancelCauseFunc
}

func newMemory(most int64) (*memory, error) {
	m := &memory{most: most, groups: map[int]context.CancelCauseFunc{}}
	if most == 0 {
		return m, nil
	}
	if used, err := resident(); err != nil || len(used) == 0 {
		return nil, errors.New("what processes take cannot be read in /proc: --memory 0 has units without that limit")
	}
	return m, nil
}

// limit has a group stopped if it takes too much, until the function that it returns is called.
func (m *memory) limit(group int, stop context.CancelCauseFunc) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.groups[group] = stop
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.groups, group)
	}
}

func (m *memory) watch(ctx context.Context) {
	for m.most > 0 && pause(ctx, 500*time.Millisecond) == nil {
		used, err := resident()
		if err != nil { // the next time
			continue
		}
		m.mu.Lock()
		for group, stop := range m.groups {
			if used[group] > m.most<<20 {
				stop(fmt.Errorf("it takes more than %d MiB", m.most))
			}
		}
		m.mu.Unlock()
	}
}

// resident is how many bytes of memory the groups of processes have, by number.
func resident() (map[int]int64, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	used := map[int]int64{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil { // it is over
			continue
		}
		// After the name, in parentheses, which may hold anything: state, parent, group, ..., pages.
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
		if len(fields) < 22 {
			continue
		}
		group, e1 := strconv.Atoi(string(fields[2]))
		pages, e2 := strconv.ParseInt(string(fields[21]), 10, 64)
		if e1 == nil && e2 == nil {
			used[group] += pages * int64(os.Getpagesize())
		}
	}
	return used, err
}
