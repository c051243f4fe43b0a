package stress

import (
	"fmt"
	"sync"

	"batchlab/impls/spec"
)

// MemoryBreach is the Breach.What of a bound on memory that was exceeded. It is
// no law: a subject may be correct and wasteful.
const MemoryBreach = "memory"

// A Breach is one thing that a cell found wrong, with how often and how it showed first.
type Breach struct {
	What   string `json:"what"` // the id of a law, or MemoryBreach
	Count  int    `json:"count"`
	Detail string `json:"detail"`
}

// findings collects breaches from many goroutines. Once sealed it takes no more:
// a pass that was given up leaves goroutines behind which still talk.
type findings struct {
	mu     sync.Mutex
	sealed bool
	list   []Breach
}

func (f *findings) add(law spec.Law, format string, args ...any) {
	f.addCount(string(law), 1, format, args...)
}

func (f *findings) addCount(what string, count int, format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sealed || count == 0 {
		return
	}
	for i := range f.list {
		if f.list[i].What == what {
			f.list[i].Count += count
			return
		}
	}
	f.list = append(f.list, Breach{What: what, Count: count, Detail: fmt.Sprintf(format, args...)})
}

func (f *findings) has(law spec.Law) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.list {
		if b.What == string(law) {
			return true
		}
	}
	return false
}

func (f *findings) seal() []Breach {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sealed = true
	return f.list
}
