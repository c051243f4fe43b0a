package sched

import (
	"fmt"
	"math"
	"strings"

	"batchlab/sim/weave/rt"
)

// Strategy chooses schedules, one after another.
type Strategy interface {
	rt.Chooser
	// Begin prepares the next schedule, and reports whether there is one.
	Begin() bool
	// End takes in how the schedule went.
	End(rt.Result)
	// Covered says what n schedules without a violation mean, and no more.
	Covered(n int) string
}

// Plains is what plain accesses are to a strategy: what follows a schedule may choose at each.
func Plains(strategy Strategy) rt.Plains {
	switch strategy.(type) {
	case *Replay:
		return rt.Choices
	case *Coarse:
		return rt.Counted
	}
	return rt.Heeded
}

// Names lists the strategies that New knows.
var Names = []string{"sequential", "random", "pct2", "pct3", "urw", "surw", "dfs0", "dfs1", "dfs2", "dfs3",
	"por", "por0", "por1", "por2", "por3", "whole", "coarse", "portfolio", "feedback", "mixed", "mixed1", "mixed2",
	"mixed3"}

// New returns a strategy by its name.
func New(name string, seed uint64) (Strategy, error) {
	switch name {
	case "sequential":
		return &sequential{}, nil
	case "random":
		return &random{dice: dice{seed}}, nil
	case "pct2", "pct3":
		return newPCT(int(name[3]-'0'), seed), nil
	case "urw":
		return newURW(seed), nil
	case "dfs0", "dfs1", "dfs2", "dfs3":
		return NewDFS(int(name[3] - '0')), nil
	case "por":
		return NewPOR(-1), nil
	case "por0", "por1", "por2", "por3":
		return NewPOR(int(name[3] - '0')), nil
	case "whole":
		return NewWhole(seed, math.MaxInt), nil
	case "mixed":
		return NewMixed(-1, seed), nil
	case "mixed1", "mixed2", "mixed3":
		return NewMixed(int(name[5]-'0'), seed), nil
	case "surw":
		return newSURW(seed), nil
	case "coarse":
		return NewCoarse(nil), nil
	case "feedback":
		return newFeedback(seed), nil
	case "portfolio":
		return newPortfolio(seed), nil
	}
	return nil, fmt.Errorf("unknown strategy %q, want one of %s", name, strings.Join(Names, ", "))
}

// portfolio alternates: no strategy finds everything first.
type portfolio struct {
	list []Strategy
	now  Strategy
	runs int
}

func newPortfolio(seed uint64) *portfolio {
	return &portfolio{list: []Strategy{
		&random{dice: dice{seed}}, newPCT(2, seed+1), newPCT(3, seed+2), newURW(seed + 3),
	}}
}

func (p *portfolio) Begin() bool {
	p.now = p.list[p.runs%len(p.list)]
	p.runs++
	return p.now.Begin()
}

func (p *portfolio) End(r rt.Result) { p.now.End(r) }

func (p *portfolio) Covered(n int) string {
	return fmt.Sprintf("no violation in %d schedules (random, PCT d=2, PCT d=3 and URW in turn)", n)
}

//go:norace
func (p *portfolio) Next(pt *rt.Point) int { return p.now.Next(pt) }

//go:norace
func (p *portfolio) Value(pt *rt.Point) int { return p.now.Value(pt) }

// dice is a pseudo-random sequence: splitmix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, 2014).
type dice struct{ x uint64 }

//go:norace
func (d *dice) word() uint64 {
	d.x += 0x9e3779b97f4a7c15
	z := d.x
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1. The bias of the remainder is below 2^-32 for
// the small n there are.
//
//go:norace
func (d *dice) below(n int) int { return int(d.word() >> 1 % uint64(n)) }
