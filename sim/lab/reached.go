package lab

import (
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/sched"
	"batchlab/sim/weave/rt"
)

// Reached is what runs reached in the source: points, by file.go:12, and pairs of them, at which two goroutines did
// something to one object that does not commute.
type Reached struct {
	Runs   int
	Points map[string]int     // in so many runs
	Pairs  map[string]*Orders // by both points, with a blank in between
}

// Orders is in how many runs the first point of a pair came before the second, and after it.
type Orders [2]int

// NewReached is nothing reached.
func NewReached() *Reached { return &Reached{Points: map[string]int{}, Pairs: map[string]*Orders{}} }

// Add takes in what others have reached.
func (r *Reached) Add(o *Reached) {
	r.Runs += o.Runs
	for site, n := range o.Points {
		r.Points[site] += n
	}
	for pair, n := range o.Pairs {
		at := r.pair(pair)
		at[0], at[1] = at[0]+n[0], at[1]+n[1]
	}
}

func (r *Reached) pair(pair string) *Orders {
	if r.Pairs[pair] == nil {
		r.Pairs[pair] = new(Orders)
	}
	return r.Pairs[pair]
}

// mostFired is how many timers may fire in a program that is asked what it reaches: thousands reach no more than
// some.
const mostFired = 500

// Reach runs a program on a subject, whose code must be woven in this process: under so many schedules if operations
// run together, else once.
func (r *Reached) Reach(p *program.Program, s kind.Subject, seed uint64, schedules int) error {
	if !engine.Applies(p, s) || p.Wild() || p.Timers() > mostFired {
		return nil
	}
	name := "portfolio"
	if !p.Concurrent() {
		name, schedules = "sequential", 1
	}
	strategy, err := sched.New(name, seed)
	if err != nil {
		return err
	}
	defer rt.Keep()()
	for range schedules {
		if !strategy.Begin() {
			break
		}
		x, err := engine.TracedBy(p, s, strategy)
		if wild(err) { // it is more than the scheduler takes
			return nil
		} else if err != nil {
			return err
		}
		r.run(x.Trace, x.Seen.Accesses, p.Concurrent())
	}
	return nil
}

// shared are what is done to objects such that who comes first may matter. What follows from that, as an unlock does
// from its lock, is not among it.
var shared = effects("touched loaded locked readLocked tryLocked tryFailed onceTaken added doneOne groupWaited " +
	"condEnlisted signals channelUsed channelSeen poolUsed mapRanged")

// effects are those of some operations of package rt.
func effects(names string) map[string]rt.Effect {
	does := map[string]rt.Effect{}
	for _, row := range rt.Effects {
		does[row.Name] = row.Does
	}
	of := map[string]rt.Effect{}
	for _, name := range strings.Fields(names) {
		of[name] = does[name]
	}
	return of
}

// visitor is who did what where to an object, and when at last.
type visitor struct {
	who, site string
	does      rt.Effect
	last      int64
}

// run takes in what a run tells, of pairs only where operations run together: elsewhere the program says who comes
// first. Who had not begun when another did something could not have come before it.
func (r *Reached) run(trace []rt.Passed, accesses []rt.Accessed, together bool) {
	r.Runs++
	sites, born := map[string]bool{}, map[string]int64{}
	for i := range trace {
		p := &trace[i]
		if sites[p.Site] = true; strings.HasPrefix(p.What, "go ") {
			born[p.What[3:]] = p.Seq
		}
	}
	objects, pairs := map[int][]visitor{}, map[string][2]bool{}
	for i := range accesses {
		a := &accesses[i]
		sites[a.Site] = true
		does, ok := shared[a.Does]
		if !ok || !together || !isPlace(a.Site) {
			continue
		}
		known := false
		list := objects[a.Object]
		for j := range list {
			v := &list[j]
			if v.who == a.G {
				if v.site == a.Site && v.does == does {
					known, v.last = true, a.Seq
				}
				continue
			}
			if v.site != a.Site && !rt.Commute(v.does, does) && born[a.G] < v.last {
				first, second, order := v.site, a.Site, 0
				if second < first {
					first, second, order = second, first, 1
				}
				was := pairs[first+" "+second]
				was[order] = true
				pairs[first+" "+second] = was
			}
		}
		if !known {
			objects[a.Object] = append(list, visitor{a.G, a.Site, does, a.Seq})
		}
	}
	for site := range sites {
		if isPlace(site) {
			r.Points[site]++
		}
	}
	for pair, orders := range pairs {
		at := r.pair(pair)
		for i, seen := range orders {
			if seen {
				at[i]++
			}
		}
	}
}

// isPlace reports whether a site is one of a file, and no name of the lab's.
func isPlace(site string) bool { return strings.Contains(site, ".go:") }
