package stress

import (
	"fmt"
	"slices"
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
	waited bool // in vain, for items of an earlier pass: see judge
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
	f.list = counted(f.list, Breach{what, count, fmt.Sprintf(format, args...)})
}

// counted adds a breach to a list, which has one of each What.
func counted(list []Breach, b Breach) []Breach {
	i := slices.IndexFunc(list, func(o Breach) bool { return o.What == b.What })
	if i < 0 {
		return append(list, b)
	}
	list[i].Count += b.Count
	return list
}

func (f *findings) has(law spec.Law) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.list, func(b Breach) bool { return b.What == string(law) })
}

func (f *findings) seal() []Breach {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sealed = true
	return f.list
}
