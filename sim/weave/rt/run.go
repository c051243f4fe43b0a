package rt

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"
)

// Limits of one run.
const (
	maxGoroutines = 1 << 14
	maxLog        = 1 << 15
	maxTimedLog   = 1 << 18
	// unfair stands for Config.Unfair: a spin loop must not keep the others from ending it.
	unfair = 2000
)

// Chooser chooses. It is called by whichever goroutine has the turn, and must be written
// like this package if it is to run under the race detector: functions marked norace,
// no append, no copy, no map.
type Chooser interface {
	// Next returns the index in p.Enabled of the goroutine that goes on.
	Next(p *Point) int
	// Value returns the index in p.Alts of an alternative that is not a goroutine: the
	// ready case of a select, an order of a map, what a pool returns.
	Value(p *Point) int
}

// Point is a moment at which there is a choice.
type Point struct {
	G       *G     // whose point it is
	Site    string // file and line, and what is done there
	What    string
	Enabled []*G  // those who can go on, in the order in which they were started
	Alts    []int // instead, with Value: the alternatives
	Self    int   // the index of G in Enabled, -1 if it cannot go on
	Yields  bool  // G gives way of its own accord
	Default int   // the index that makes no difference: G goes on, or else who comes next
}

// Decision is a choice that was made.
type Decision struct {
	G      *G
	Nth    int // of G's points, from 1
	Site   string
	What   string
	To     *G   // who goes on, or nil with
	Alt    int  // which alternative
	N      int  // how many there were
	Forced bool // G could not go on, or gave way
	Plain  bool // it was the default
}

// G is a goroutine of a run.
type G struct {
	wake   chan struct{}
	cases  [maxCases]Case
	ncases int
	gone   bool    // the goroutine has ended, and this can be used again
	edge   [2]byte // addresses for the race detector
	Status
}

// Status is what a goroutine is and does at present.
type Status struct {
	Name     string // its spawn path: the name of a lane, or its parent's path and its number among the children
	Index    int    // in the order of starting, from 0
	Points   int    // passed so far
	children int
	run      int // points since it got the turn

	stream, drawn uint64 // of its random numbers, and how many it drew
	met           int    // addresses that it met first

	state   waitKind
	ptr     unsafe.Pointer // the object or channel waited for
	site    string
	what    string
	queued  int64 // when it began to wait, for what is first come first served
	until   int64 // state asleep: when it may go on
	level   int   // state idle: the higher, the later it goes on
	granted bool  // what it waits for is there
	given   bool  // and was handed over

	slot   unsafe.Pointer // a value on its way: the sender's
	tmp    any            // a channel that stands in for an unbuffered one
	chosen int            // the case of a select that was handed over
	commit int            // the case of a select, from 1, that it must take

	cond      unsafe.Pointer // the condition that it waits for, since
	condSince int64
	signalled bool

	born   string // where it was started
	waits  int64  // when the wait for time began that moves saw last
	rounds int    // how many such waits
	helper bool   // the program did not start it, so it is not left behind
	over   bool   // its function has returned
	ending bool   // it was told to
}

// Config configures a run.
type Config struct {
	Chooser Chooser
	Steps   int   // after so many points the run is stopped; 0 stands for 20,000
	Epoch   int64 // package time begins here, in nanoseconds since 1970
	// Sticky leaves a tick that was sent in its channel across Stop and Reset, as timers of
	// package time did before Go 1.23 and those of a clock.Mock do.
	Sticky bool
	// Timed makes time a choice of the schedule: see moves.go. At most Early times it moves on
	// although somebody could go on, and then by no more than Ahead.
	// What has Spun is then what got nowhere for Spin points: nobody was started, ended,
	// sent, received or went on after waiting. Of one that got somewhere in Steps points nothing can be said.
	Timed bool
	Spin  int
	Early int
	Ahead time.Duration
	// Unfair is how many points a goroutine may pass while others could go on, before it counts
	// as giving way; 0 stands for 2,000.
	Unfair int
}

// Result is what is left of a run.
type Result struct {
	Log      []Decision // valid until the next run
	Points   int
	Left     []string // goroutines that had not ended when the main function had, and what they wait for
	Panic    string   // a goroutine panicked, and with that the run was over
	Stack    string
	Panicked string   // which goroutine
	Spun     bool     // the run was stopped by its step limit
	Full     bool     // the run was stopped since it had more of something than there is room for
	Deadlock string   // nobody could go on, not even the main function: who waits for what
	Stuck    []Waiter // the same, one by one
	// Spinning are, of a run that has Spun, those who passed most of its points.
	Spinning []Waiter
	Hurried  time.Duration // by how much time moved on, in a Timed run, while somebody could go on
	Timers   int           // how many timers were due and sleepers woken, in a Timed run
	// Uncontrolled is what the run came upon that no schedule decides, each with its place:
	// another process may go another way there.
	Uncontrolled []string
}

var (
	active bool // a run is under way
	s      state

	underWay atomic.Bool // the same, for Run itself
)

// state is the one run of the process.
type state struct {
	cfg     Config
	cur     *G
	gs      [maxGoroutines]*G
	n       int // goroutines so far
	live    [maxGoroutines]*G
	nlive   int   // those that have not ended, in the order of starting
	clock   int64 // counts everything
	points  int
	got     int // points when somebody got somewhere
	log     []Decision
	nlog    int
	p       Point
	enabled [maxGoroutines]*G
	alts    [maxCases]int
	dying   bool
	settles bool
	free    bool // the Chooser is not asked
	res     Result
	done    chan struct{}
	gen     int64
	now     int64
	timers  []*vtimer
	ntimers int
	moves   moves
	gaps    [maxGaps]string // what is Uncontrolled
	ngaps   int
}

// Run runs main, and all goroutines that it leads to, one at a time, until main returns
// or cannot go on; goroutines that are left are ended then, running what they deferred.
// One run at a time: Run panics if another is under way.
func Run(cfg Config, main func()) Result {
	start(cfg)
	g := newG("lab")
	go body(g, main)
	if cfg.Timed {
		startClock()
	}
	pass(g)
	<-s.done
	return stopped()
}

//go:norace
func start(cfg Config) {
	if !underWay.CompareAndSwap(false, true) {
		panic("batchlab: rt.Run while another is under way")
	}
	if cfg.Steps == 0 {
		cfg.Steps = 20_000
	}
	if cfg.Unfair == 0 {
		cfg.Unfair = unfair
	}
	if s.log == nil {
		s.log = make([]Decision, maxLog)
	}
	s.got = 0
	s.cfg, s.n, s.nlive, s.points, s.nlog, s.dying, s.settles, s.free = cfg, 0, 0, 0, 0, false, false, false
	s.res, s.done, s.now, s.ntimers, s.ngaps, met.n = Result{}, make(chan struct{}), cfg.Epoch, 0, 0, 0
	s.gen++
	s.clock, s.moves = 0, moves{early: cfg.Early}
	active = true
}

//go:norace
func stopped() Result {
	active = false
	raceAcquire(unsafe.Pointer(&s.gen))
	s.res.Log, s.res.Points = s.log[:s.nlog], s.points
	s.cur = nil
	if s.ngaps > 0 {
		s.res.Uncontrolled = make([]string, s.ngaps)
		for i := range s.ngaps {
			s.res.Uncontrolled[i] = s.gaps[i]
		}
	}
	defer underWay.Store(false)
	return s.res
}

//go:norace
func newG(name string) *G {
	if s.n == maxGoroutines {
		limit()
	}
	g := s.gs[s.n]
	if g == nil || !g.gone { // one that could not be ended keeps what it has
		g = &G{wake: make(chan struct{}, 1)}
		s.gs[s.n] = g
	}
	g.gone, g.Status = false, Status{Name: name, Index: s.n}
	s.n++
	s.live[s.nlive] = g
	s.nlive++
	s.got = s.points
	return g
}

// bury takes a goroutine that has ended from the living.
//
//go:norace
func bury(g *G) {
	s.got = s.points
	n := 0
	for i := range s.nlive {
		if o := s.live[i]; o != g {
			s.live[n] = o
			n++
		}
	}
	s.nlive = n
}

// body is a goroutine from its beginning to its end.
func body(g *G, f func()) {
	defer exit(g)
	defer caught(g)
	park(g)
	f()
	finish(g)
}

//go:norace
func finish(g *G) { g.over = true }

// caught ends the run if the goroutine panics. It is not part of exit, because what the
// panic says of itself may be the program's code, and reach a point.
//
//go:norace
func caught(g *G) {
	if r := recover(); r != nil && !s.dying {
		text, stack := fmt.Sprint(r), string(debug.Stack())
		s.res.Panic, s.res.Stack, s.res.Panicked = text, stack, g.Name
		end(g)
	} else if !g.over && !s.dying && g.Index == 0 {
		s.res.Panic = "the main function ended its goroutine"
	}
}

// exit passes the turn on for the last time.
//
//go:norace
func exit(g *G) {
	g.over, g.state = true, ended
	bury(g)
	var next *G
	if g.Index == 0 {
		end(g)
	}
	if !s.dying {
		g.Points++
		if next = s.choose(g, "", "end", false); next == nil && !s.dying {
			deadlock()
		}
	}
	if s.dying {
		next = anyLeft()
	}
	raceRelease(unsafe.Pointer(&s.gen))
	g.gone = true
	if next != nil {
		pass(next)
	} else {
		close(s.done)
	}
}

// end ends the run: whoever gets the turn from now on ends as well.
//
//go:norace
func end(g *G) {
	if !s.dying {
		s.res.Left = waiting(g)
		s.dying = true
	}
}

// deadlock ends a run in which nobody can go on, not even the main function.
//
//go:norace
func deadlock() {
	list := waiting(nil)
	s.res.Stuck = waiters()
	for i := range list {
		if i > 0 {
			s.res.Deadlock += "; "
		}
		s.res.Deadlock += list[i]
	}
	end(nil)
}

//go:norace
func anyLeft() *G {
	for i := range s.nlive {
		if g := s.live[i]; !g.over && !g.ending {
			g.ending = true
			return g
		}
	}
	return nil
}

// pass gives the turn to g, which is parked or about to be.
//
//go:norace
func pass(g *G) {
	raceDisable()
	s.cur = g
	g.wake <- struct{}{}
	raceEnable()
}

// park waits for the turn.
//
//go:norace
func park(g *G) {
	raceDisable()
	<-g.wake
	raceEnable()
	if s.dying {
		abandon(g)
		runtime.Goexit()
	}
}

// abandon takes back what was granted to a goroutine that will not come to take it.
//
//go:norace
func abandon(g *G) {
	switch {
	case g.state == forRead && g.granted:
		(*object)(g.ptr).readers--
	case g.state == forReaders:
		(*object)(g.ptr).owner = nil
	}
}

// fatal ends the run as package runtime ends a process: nobody can recover from it.
//
//go:norace
func fatal(text string) {
	if !s.dying {
		s.res.Panic, s.res.Stack = "fatal error: "+text, string(debug.Stack())
	}
	stop(s.cur)
}

// limit ends the run because there is no room for more of something.
//
//go:norace
func limit() {
	if !s.dying {
		s.res.Full = true
	}
	stop(s.cur)
}

// stop ends the run from within: the goroutine that has the turn, and all others.
//
//go:norace
func stop(g *G) {
	end(g)
	runtime.Goexit()
}

// Woven is a digest of the woven sources that this binary was built from, set by the
// linker; empty if there are none.
var Woven string
