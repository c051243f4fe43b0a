package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// CampaignOptions says what a campaign is to do. The zero value of a field means
// what its comment says.
type CampaignOptions struct {
	Seed     uint64        // of everything
	Programs int           // how many per kind; 0: until Duration is over
	Duration time.Duration // when to stop; 0: when Programs are done
	Ops      int           // operations per program; 0: 40
	Kinds    []string      // nil: every kind that the lab has subjects of
	Workers  int           // how many units at a time; 0: as many as the lab's Queue is wide, 1 if it has none
	First    bool          // stop at the first find that is not a fault of the specification
	// Progress, if not nil, hears how many programs are done.
	Progress func(done int)
}

// Find is a violation that a campaign met, with the program as it was generated.
type Find struct {
	Program   *program.Program `json:"-"`
	Violation oracle.Violation
	Specified bool // the specification has this fault itself
	Repeats   bool // running it again shows the same
	Index     int  // of the program in its kind's campaign
}

// Campaign is what a campaign did and found.
type Campaign struct {
	Seed        uint64
	Tally       map[string]*Tally // by kind
	Finds       []Find            // the earliest of each law, subject, and whether it is Specified
	Interrupted bool
}

// stretch is how many programs a unit has: few, so that all who do them end together. Of a long campaign they are many:
// a unit of about a second costs a cluster little.
func (o CampaignOptions) stretch() int {
	if o.Programs >= 100_000 || o.Programs == 0 && o.Duration >= time.Minute {
		return 1000
	}
	return 100
}

// Campaign generates programs and checks them on all subjects, a stretch of them a unit, in child
// processes that say what they are about to do before they do it: a child that dies or hangs
// costs one program and becomes a find. It needs a lab with Spawn, or a Queue. When the context
// ends, the campaign ends with what it has. What comes of it does not depend on how many did it.
func (l *Lab) Campaign(ctx context.Context, o CampaignOptions) (*Campaign, error) {
	if l.Spawn == nil && l.Queue == nil {
		return nil, &kind.LabError{Msg: "a campaign runs in child processes, and this lab has none"}
	}
	c := &campaigner{lab: l, o: o}
	c.o.Ops = cmp.Or(o.Ops, 40)
	for _, k := range l.Kinds() {
		if o.Kinds == nil || slices.Contains(o.Kinds, k.Name) {
			c.kinds = append(c.kinds, k)
		}
	}
	if len(c.kinds) == 0 {
		return nil, &kind.LabError{Msg: fmt.Sprintf("no subjects of the kinds %v", o.Kinds)}
	}
	limited := ctx
	if o.Duration > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, o.Duration)
		defer cancel()
	}
	queue, width := l.Queue, o.Workers
	if queue == nil {
		width = max(width, 1)
		pool := NewPool(width, func(string) *Lab {
			return &Lab{T: l.T, Subjects: l.Subjects, Spawn: l.Spawn, Weave: l.Weave}
		})
		defer pool.Close()
		queue = pool
	} else if width == 0 {
		width = queue.Width()
	}
	err := Each(limited, width, c.units(), func(p *piece) error {
		r, err := queue.Do(limited, p.unit)
		var up *GivenUp
		if errors.As(err, &up) { // one unit that nobody does is no reason to stop
			r.Part, err = &Part{Tally: undone(up.Error())}, nil
		}
		c.count(p, r.Part)
		if limited.Err() != nil { // the time is up
			err = nil
		}
		return err
	})
	result := c.merged()
	result.Interrupted = ctx.Err() != nil
	return result, err
}

// campaigner hands out stretches and gathers what comes back.
type campaigner struct {
	lab    *Lab
	o      CampaignOptions
	kinds  []*kind.Kind
	pieces []*piece    // handed out, in their order
	found  atomic.Bool // a find that is not a fault of the specification

	mu   sync.Mutex
	done int
}

// piece is a unit of a campaign, and what came of it, nil if nothing did.
type piece struct {
	kind *kind.Kind
	unit Unit
	part *Part
}

// units are the units of a campaign, of each kind in its turn.
func (c *campaigner) units() iter.Seq[*piece] {
	return func(yield func(*piece) bool) {
		length := c.o.stretch()
		for from := 0; c.o.Programs == 0 || from < c.o.Programs; from += length {
			to := from + length
			if c.o.Programs > 0 {
				to = min(to, c.o.Programs)
			}
			for _, k := range c.kinds {
				p := &piece{kind: k, unit: Unit{Subjects: titles(c.lab.Of(k)),
					Campaign: &Stretch{Seed: c.o.Seed, From: from, To: to, Ops: c.o.Ops, Repeat: 16}}}
				c.pieces = append(c.pieces, p)
				if c.o.First && c.found.Load() || !yield(p) {
					return
				}
			}
		}
	}
}

// count takes what came of a piece.
func (c *campaigner) count(p *piece, part *Part) {
	if part == nil {
		return
	}
	p.part = part
	if slices.ContainsFunc(part.Finds, own) {
		c.found.Store(true)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += part.Tally.Programs
	if c.o.Progress != nil {
		c.o.Progress(c.done)
	}
}

// own reports whether a find is not a fault of the specification.
func own(f Find) bool { return !f.Specified }

// merged is what came of all pieces, in their order, whoever was first to be done. Of a campaign that is to stop at the
// first find, what was begun beside it does not count.
func (c *campaigner) merged() *Campaign {
	result := &Campaign{Seed: c.o.Seed, Tally: map[string]*Tally{}}
	for _, k := range c.kinds {
		result.Tally[k.Name] = newTally()
	}
	for _, p := range c.pieces {
		if p.part == nil {
			continue
		}
		result.Tally[p.kind.Name].add(p.part.Tally)
		for _, f := range p.part.Finds {
			f.Program = ProgramOf(c.o.Seed, p.kind, f.Index, c.o.Ops)
			result.Finds = earliest(result.Finds, f)
		}
		if c.o.First && slices.ContainsFunc(p.part.Finds, own) {
			break
		}
	}
	slices.SortFunc(result.Finds, func(a, b Find) int {
		return cmp.Or(cmp.Compare(a.Violation.Subject, b.Violation.Subject),
			cmp.Compare(a.Violation.Law, b.Violation.Law), cmp.Compare(a.Index, b.Index))
	})
	return result
}

// earliest keeps the earliest find of each law and subject, and beside one that the specification
// has itself the earliest that it has not: the one must not hide the other.
func earliest(list []Find, f Find) []Find {
	for i, g := range list {
		if g.Violation.Law == f.Violation.Law && g.Violation.Subject == f.Violation.Subject && g.Specified == f.Specified {
			if f.Index < g.Index {
				list[i] = f
			}
			return list
		}
	}
	return append(list, f)
}
