package lab

import (
	"testing"
)

// process is one whose growth a test says.
type process struct {
	goroutines  int
	alive, heap uint64 // now, and when the last collection was made
}

func (p *process) growth() *growth {
	return newGrowth(func() (int, uint64) { return p.goroutines, p.heap }, func() { p.heap = p.alive })
}

// TestGrowth: what is kept from program to program is told, with its subject, before it is
// much; what is kept once, or only while a program runs, is not.
func TestGrowth(t *testing.T) {
	const programs, mb = 2000, 1 << 20
	for _, c := range []struct {
		name string
		run  func(p *process, i int, second bool) // what the two subjects do to the process
		want string
		by   int // when it is told at the latest
	}{
		{"nothing is kept", func(*process, int, bool) {}, "", 0},
		{"goroutines that end", func(p *process, i int, _ bool) { p.goroutines = i % 100 }, "", 0},
		{"a pool", func(p *process, i int, _ bool) { p.goroutines = min(i, 64) }, "", 0},
		{"goroutines of one", func(p *process, _ int, second bool) {
			if second {
				p.goroutines += 3
			}
		}, "goroutines of b", 70},
		{"a cache", func(p *process, _ int, _ bool) { p.alive, p.heap = 100*mb, 100*mb }, "", 0},
		{"programs that are large while they run", func(p *process, _ int, _ bool) { p.heap = 400 * mb }, "", 0},
		{"the heap of one", func(p *process, _ int, second bool) {
			if second {
				p.alive += mb
				p.heap = p.alive
			}
		}, "heap of b", 130},
		{"the heap of both", func(p *process, _ int, second bool) {
			p.alive += mb
			if !second {
				p.alive += mb
			}
			p.heap = p.alive
		}, "heap of a", 130},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &process{goroutines: 5}
			g := p.growth()
			titles := []string{"a", "b"}
			got, at := "", 0
			for at = 1; at <= programs && got == ""; at++ {
				for i, title := range titles {
					c.run(p, at, i == 1)
					g.ran(title)
				}
				got = g.grown(titles, func(i int) { c.run(p, at, i == 1) })
			}
			if got != c.want || got != "" && at > c.by {
				t.Errorf("after %d programs %q, want %q by %d", at, got, c.want, c.by)
			}
		})
	}
}
