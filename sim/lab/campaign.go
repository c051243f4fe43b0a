package lab

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
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
	Workers  int           // child processes; 0: 1
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

// stretchLength is how many programs a worker gets at a time.
const stretchLength = 100

// Campaign generates programs and checks them on all subjects, in child processes
// that say what they are about to do before they do it: a child that dies or hangs
// costs one program and becomes a find. It needs a lab with Spawn. When the context
// ends, the campaign ends with what it has.
func (l *Lab) Campaign(ctx context.Context, o CampaignOptions) (*Campaign, error) {
	if l.Spawn == nil {
		return nil, &kind.LabError{Msg: "a campaign runs in child processes, and this lab has none"}
	}
	c := &campaigner{lab: l, o: o, result: &Campaign{Seed: o.Seed, Tally: map[string]*Tally{}}, next: map[string]int{}}
	c.o.Ops, c.o.Workers = cmp.Or(o.Ops, 40), cmp.Or(o.Workers, 1)
	for _, k := range l.Kinds() {
		if o.Kinds == nil || slices.Contains(o.Kinds, k.Name) {
			c.kinds = append(c.kinds, k)
			c.result.Tally[k.Name] = newTally()
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
	var wg sync.WaitGroup
	for range c.o.Workers {
		wg.Go(func() { c.work(limited) })
	}
	wg.Wait()
	c.result.Interrupted = ctx.Err() != nil
	slices.SortFunc(c.result.Finds, func(a, b Find) int {
		return cmp.Or(cmp.Compare(a.Violation.Subject, b.Violation.Subject),
			cmp.Compare(a.Violation.Law, b.Violation.Law), cmp.Compare(a.Index, b.Index))
	})
	return c.result, c.err
}

// campaigner hands out stretches and gathers what comes back.
type campaigner struct {
	lab   *Lab
	o     CampaignOptions
	kinds []*kind.Kind

	mu     sync.Mutex
	next   map[string]int // per kind, the first program not yet handed out
	turn   int
	done   int
	result *Campaign
	err    error
}

// take hands out the next stretch, or nil when there is nothing left to do.
func (c *campaigner) take() *stretch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil || c.o.First && slices.ContainsFunc(c.result.Finds, func(f Find) bool { return !f.Specified }) {
		return nil
	}
	for range c.kinds {
		k := c.kinds[c.turn%len(c.kinds)]
		c.turn++
		from := c.next[k.Name]
		to := from + stretchLength
		if c.o.Programs > 0 {
			to = min(to, c.o.Programs)
		}
		if from < to {
			c.next[k.Name] = to
			return &stretch{kind: k, Seed: c.o.Seed, From: from, To: to, Ops: c.o.Ops, Repeat: 16}
		}
	}
	return nil
}

// work lets one child after another do stretches, and a lab what no child can do.
func (c *campaigner) work(ctx context.Context) {
	var w *child
	apart := &Lab{T: c.lab.T, Subjects: c.lab.Subjects, Spawn: c.lab.Spawn, Weave: c.lab.Weave}
	defer apart.Close()
	defer func() {
		if w != nil {
			w.end()
		}
	}()
	for ctx.Err() == nil {
		st := c.take()
		if st == nil {
			return
		}
		for st.From < st.To && ctx.Err() == nil && !c.failed() {
			if w == nil {
				var err error
				if w, err = startChild(c.lab.Spawn()); err != nil {
					c.fail(err)
					return
				}
			}
			if !c.do(ctx, w, apart, st) {
				w.end()
				w = nil
			}
		}
	}
}

// failed reports whether the campaign has an error, with which it ends.
func (c *campaigner) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err != nil
}

func (c *campaigner) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

// do has a child do a stretch. It reports whether the child can go on; if not, the
// stretch begins after the program that the child did not survive.
func (c *campaigner) do(ctx context.Context, w *child, lab *Lab, st *stretch) bool {
	stop := context.AfterFunc(ctx, func() { w.cmd.Process.Kill() })
	defer stop()
	j := job{Campaign: st, Subjects: titles(c.lab.Of(st.kind))}
	err := w.place.Truncate(0)
	if err == nil {
		err = w.send(j)
	}
	if err != nil {
		return ctx.Err() == nil && c.dead(w, lab, st, 0, "", 0, err)
	}
	var apart []run
	whole := 0 // of these, how many are on all subjects
	defer func() {
		for _, r := range apart {
			c.tryApart(ctx, lab, st, r)
		}
	}()
	for {
		n, err := w.next()
		last, on := place(w.place) // what the child was about to do, if that is the last note
		if n.Program > 0 {
			last = n.Program
		}
		switch {
		case err != nil && ctx.Err() != nil: // the time is up
			c.count(newTally(), max(last-1-st.From-whole, 0), st.kind.Name)
			return false
		case n.Stopped != nil && last > 0 && !slices.Contains(st.Stopping, j.Subjects[on]):
			st.Stopping, apart = append(st.Stopping, j.Subjects[on]), nil // and all is done again
			return false
		case err != nil || n.Hung != "" || n.Stopped != nil:
			return c.dead(w, lab, st, last, j.Subjects[on], whole, err)
		case n.Err != "" && last == 0:
			c.fail(&kind.LabError{Msg: n.Err})
			return false
		case n.Err != "": // one program that the lab cannot do is no reason to stop
			c.count(undone(n.Err), last-st.From-whole, st.kind.Name)
			st.From = last
			return false
		case n.Unfit != "":
			c.fail(&kind.LabError{Msg: strings.TrimPrefix(n.Unfit, "batchlab: ")})
			return false
		case n.Apart > 0:
			apart = append(apart, run{n.Apart - 1, n.On})
			if n.On == "" {
				whole++
			}
		case n.Found != nil:
			n.Found.Program = ProgramOf(st.Seed, st.kind, n.Found.Index, st.Ops)
			c.keep(*n.Found)
		case n.Done != nil && n.Rest > 0: // the worker has grown, and another goes on
			n.Done.Replaced = map[string]int{n.Grown: 1}
			c.count(n.Done, n.Done.Programs, st.kind.Name)
			st.From = n.Rest - 1
			return false
		case n.Done != nil:
			c.count(n.Done, n.Done.Programs, st.kind.Name)
			st.From = st.To
			return true
		}
	}
}

// keep keeps the earliest find of each law and subject, and beside one that the specification
// has itself the earliest that it has not: the one must not hide the other.
func (c *campaigner) keep(f Find) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, g := range c.result.Finds {
		if g.Violation.Law == f.Violation.Law && g.Violation.Subject == f.Violation.Subject && g.Specified == f.Specified {
			if f.Index < g.Index {
				c.result.Finds[i] = f
			}
			return
		}
	}
	c.result.Finds = append(c.result.Finds, f)
}

// count adds what a child did. A child that did not finish has told only how many
// programs it had begun.
func (c *campaigner) count(t *Tally, programs int, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := c.result.Tally[name]
	t.Programs = programs
	sum.add(t)
	c.done += programs
	if c.o.Progress != nil {
		c.o.Progress(c.done)
	}
}
