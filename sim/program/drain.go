package program

import "time"

// LabLane is the lane of the calls in act 2, which no program can name.
const LabLane = '}'

// Act2Map is how far act 2 moves time for a map: past the end of every entry.
func Act2Map(c Config) time.Duration {
	return c.Bucket*time.Duration(c.Buckets) + c.Bucket
}

// Drain returns act 2 of the program. Act 1 checks that nothing bad happens; act 2
// stops the input, lets handlers return, moves time past every deadline and
// closes. After that nothing may be left: what a subject owes it must have paid.
//
// For a map whose operations run together time stands still: its ticks would be most of
// each of many runs, and what expires is seen in sequential programs.
func (p *Program) Drain() []Op {
	var ops []Op
	if HasBatcher(p.Kind) {
		d := p.Config.Timeout
		for _, o := range p.Ops {
			if o.Verb == Handler && o.Mode == Takes {
				d = max(d, o.D+p.Config.Timeout)
			}
		}
		ops = append(ops, Op{Verb: Handler, Mode: Returns}, Op{Verb: Release}, Op{Verb: Advance, D: d})
	} else {
		if !p.Concurrent() {
			ops = append(ops, Op{Verb: Advance, D: Act2Map(p.Config)})
		}
		ops = append(ops, Op{Verb: Count, Lane: LabLane})
	}
	return append(ops, Op{Verb: Close, Lane: LabLane})
}
