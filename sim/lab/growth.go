package lab

import (
	"runtime"
	"runtime/metrics"
)

// What a subject leaves behind stays in the process: nothing can end a goroutine that waits
// in a bubble which is over, nor free what it holds. A worker that has gathered so much costs
// more with every program, for the collector and for whoever reads stacks, and is replaced.
const (
	mostGoroutines = 100      // left behind
	mostHeap       = 64 << 20 // bytes, twice: what is kept once is a cache
)

// growth watches what a process keeps from program to program.
type growth struct {
	read    func() (goroutines int, heap uint64) // heap: alive when the last collection was made
	collect func()

	began, now int            // goroutines: when it began, and after the last run
	left       map[string]int // of these, by subject
	heap       uint64         // when it began, or rose
	rises      int            // times that the heap was mostHeap above what it had been
}

func newGrowth(read func() (int, uint64), collect func()) *growth {
	g := &growth{read: read, collect: collect, left: map[string]int{}}
	g.began, g.heap = g.kept()
	g.now = g.began
	return g
}

// kept is what is there when nothing runs.
func (g *growth) kept() (goroutines int, heap uint64) {
	g.collect()
	return g.read()
}

func readGrowth() (goroutines int, heap uint64) {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return runtime.NumGoroutine(), s[0].Value.Uint64()
}

// ran takes down what a run of a subject has left.
func (g *growth) ran(title string) {
	now, _ := g.read()
	g.left[title] += now - g.now
	g.now = now
}

// grown says what has grown too much, and of which subject, or "". That the heap was large in
// the middle of a run says nothing, so it is looked at again when there is none; and each
// subject runs again to see which of them keeps the most.
func (g *growth) grown(titles []string, again func(i int)) string {
	if g.now-g.began > mostGoroutines {
		return "goroutines of " + largest(titles, func(i int) int { return g.left[titles[i]] })
	}
	if _, heap := g.read(); heap < g.heap+mostHeap {
		return ""
	}
	_, heap := g.kept()
	if heap < g.heap+mostHeap {
		return ""
	}
	if g.heap, g.rises = heap, g.rises+1; g.rises < 2 {
		return ""
	}
	return "heap of " + largest(titles, func(i int) int {
		_, before := g.kept()
		again(i)
		_, after := g.kept()
		return int(after) - int(before)
	})
}

// largest is the title of which there is most: the only one, if there is one.
func largest(titles []string, of func(i int) int) string {
	if len(titles) == 1 {
		return titles[0]
	}
	best, most := 0, of(0)
	for i := 1; i < len(titles); i++ {
		if n := of(i); n > most {
			best, most = i, n
		}
	}
	return titles[best]
}
