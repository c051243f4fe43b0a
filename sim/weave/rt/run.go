package rt

import (
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

// Config configures a run.
type Config struct {
	Chooser Chooser
	Steps   int   // after so many points the run is stopped; 0 stands for 20,000
	Epoch   int64 // package time begins here, in nanoseconds since 1970
	// Sticky leaves a tick that was sent in its channel across Stop and Reset, as timers of
	// package time did before Go 1.23 and those of a clock.Mock do.
	Sticky bool
	Trace  bool // write down which points are passed
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
	Plain  Plains // what plain accesses are
}

// Result is what is left of a run.
type Result struct {
	Log      []Decision // valid until the next run
	Points   int
	Now      int64    // when it was over, on its own time
	Left     []string // goroutines that had not ended when the main function had, and what they wait for
	Panic    string   // a goroutine panicked, and with that the run was over
	Stack    string
	Panicked string // which goroutine
	Woken    bool   // and it had slept, or a timer had started it
	Spun     bool   // the run was stopped by its step limit
	Full     bool   // the run was stopped since it had more of something than there is room for
	// Stale is where the run, which is Full then, came to a lock that is held by nobody of it.
	Stale    string
	Deadlock string   // nobody could go on, not even the main function: who waits for what
	Stuck    []Waiter // the same, one by one
	// Spinning are, of a run that has Spun, those who passed most of its points.
	Spinning []Waiter
	Hurried  time.Duration // by how much time moved on, in a Timed run, while somebody could go on
	Rushed   Rushed        // the sleep of a test that was over most before others could go on
	Timers   int           // how many timers were due and sleepers woken, in a Timed run
	// Uncontrolled is what the run came upon that no schedule decides, each with its place:
	// another process may go another way there.
	Uncontrolled []string
	Trace        []Passed // if it was asked for: what all goroutines did, in order
	Seen         Seen     // of a run with a Trace
	// Durations are the first that timers were set to, or that goroutines slept, without repetition.
	Durations []time.Duration
	Room      uint // the largest buffer of a channel that is not too large to be filled
}

// Rushed is a sleep, where it is, and by how much time moved on while others could go on when it was over.
type Rushed struct {
	Site string
	By   time.Duration
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
	senders int   // how many wait to send, or did and have not had the turn since
	nlive   int   // those that have not ended, in the order of starting
	objects int   // so far
	clock   int64 // counts everything
	points  int
	check   int // the points from which on count has to look
	got     int // points when somebody got somewhere
	log     []Decision
	nlog    int
	p       Point
	enabled [maxGoroutines]*G
	still   still
	alts    [maxCases]int
	dying   bool
	settles bool
	free    bool // the Chooser is not asked
	res     Result
	gen     int64
	now     int64
	timers  []*vtimer
	ntimers int
	moves   moves
	exam    exam
	gaps    [maxGaps]string // what is Uncontrolled
	ngaps   int
	traced  []Passed // nil: the run is not traced
	ntraced int
	unseen  bool // see Unseen
	watched bool // the Chooser is a Watcher, or the run is traced
	seen    seenSoFar
	step    int64
	plains  int // accesses so far
	plainly int // points when a goroutine was last suspected to wait for one
	nplaces int

	durations  [maxDurations]time.Duration // see Result
	ndurations int
}

// Run runs main, and all goroutines that it leads to, one at a time, until main returns
// or cannot go on; goroutines that are left are ended then, running what they deferred.
// One run at a time: Run panics if another is under way.
func Run(cfg Config, main func()) Result {
	start(cfg)
	carry(func() {
		g := newG("lab")
		control(g, true)
		launch(g, main)
		if cfg.Timed {
			startClock()
		}
		pass(g)
	})
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
	s.cfg, s.n, s.nlive, s.senders, s.objects, s.points, s.nlog = cfg, 0, 0, 0, 0, 0, 0
	s.still.on, s.still.restless, s.still.n, s.still.idle = false, 0, 0, [maxLevel + 1]int{}
	s.dying, s.settles, s.free = false, false, false
	s.res, s.now, s.ntimers, s.ngaps, met.n = Result{}, cfg.Epoch, 0, 0, 0
	s.traced, s.ntraced, s.unseen, s.seen = nil, 0, false, seenSoFar{}
	if cfg.Trace {
		s.traced = make([]Passed, 64)
	}
	s.ndurations = 0
	s.got, s.exam, s.check = 0, exam{}, 0
	s.gen++
	s.clock, s.moves = 0, moves{early: cfg.Early}
	s.step, s.plains, s.plainly, s.nplaces = s.gen<<stepBits, 0, 0, 0
	settleStrays()
	active, plainly = true, cfg.Plain != Unheard
	watch(cfg.Chooser)
}

//go:norace
func stopped() Result {
	active, plainly = false, false
	raceAcquire(unsafe.Pointer(&s.gen))
	s.res.Log, s.res.Points, s.res.Trace = s.log[:s.nlog], s.points, s.traced[:s.ntraced]
	s.res.Now, s.res.Seen = s.now, s.seen.all()
	s.cur = nil
	if s.ngaps > 0 {
		s.res.Uncontrolled = make([]string, s.ngaps)
		for i := range s.ngaps {
			s.res.Uncontrolled[i] = s.gaps[i]
		}
	}
	if s.ndurations > 0 {
		s.res.Durations = make([]time.Duration, s.ndurations)
		for i := range s.ndurations {
			s.res.Durations[i] = s.durations[i]
		}
	}
	defer underWay.Store(false)
	return s.res
}

// end ends the run: whoever gets the turn from now on ends as well.
//
//go:norace
func end(g *G) {
	if !s.dying {
		visitFixed(Everything, opRunEnded)
		s.res.Left = waiting(g)
		s.dying, record.on, s.check = true, false, 0
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
