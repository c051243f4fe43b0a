package twin

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// notesFile is the descriptor of the pipe on which a twin says what comes of its work.
const notesFile = 3

// note is one thing that a twin says.
type note struct {
	Is   string        // began, beat, alive, log, error, fatal, done
	Text string        `json:",omitempty"`
	CPU  time.Duration `json:",omitempty"` // used by the process so far
}

// aliveEvery is how often a twin says how much it has computed.
const aliveEvery = 500 * time.Millisecond

// Serve does the work of the call that the twin was started for, says so to the process that
// waits for it, and ends the test. It returns at once from any other call. Call it from
// the test's goroutine.
//
// In a woven binary that somebody else has started it does the work of every call, and reports
// to t.
func Serve(t testing.TB, work func(r *Reporter)) {
	t.Helper()
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if all, last := left(t); all > 0 {
		ctx, stop = context.WithTimeout(ctx, all-2*last)
		defer stop()
	}
	r := &Reporter{t: t, ctx: ctx, races: rt.RaceLog(os.Getenv(racesVariable))}
	if asked == (call{}) {
		work(r)
		return
	}
	if asked != thisCall(t) {
		return
	}
	go func() { // nobody is left to tell when the other end is gone
		io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	r.out = json.NewEncoder(os.NewFile(notesFile, "notes"))
	r.say(note{Is: "began"})
	go r.live()
	if plain {
		within(plainTime, func() { work(r) })
	} else {
		work(r)
	}
	r.end()
}

// Reporter takes what comes of the work in a twin. Its methods may be called from any
// goroutine, except Fatal, which ends the one that calls it.
type Reporter struct {
	t   testing.TB
	ctx context.Context
	mu  sync.Mutex
	out *json.Encoder // nil: t is told

	beat string
	at   time.Time

	races func() string
}

// Context is done when the work should end, say what it has found, and return: after an
// interrupt, or when little is left of the test's time.
func (r *Reporter) Context() context.Context { return r.ctx }

// Plain reports that nothing is controlled here, and what is found is not listened to: the
// work is done, a little of it, for the sake of the lines that it covers. It should keep no finds, and
// may take three seconds.
func (r *Reporter) Plain() bool { return plain }

// Log adds a text to the test's log.
func (r *Reporter) Log(text string) {
	r.t.Helper()
	if !r.say(note{Is: "log", Text: text}) {
		r.t.Log(text)
	}
}

// Error adds a text to the test's log, and has the test fail.
func (r *Reporter) Error(text string) {
	r.t.Helper()
	if !r.say(note{Is: "error", Text: text}) {
		r.t.Error(text)
	}
}

// Fatal is Error, and ends the work.
func (r *Reporter) Fatal(text string) {
	r.t.Helper()
	if !r.say(note{Is: "fatal", Text: text}) {
		r.t.Fatal(text)
	}
	r.end()
}

// Beat tells that work goes on. What is under way, a program and how it is found again, is
// told when the process dies over it, and "" is the same as before; a beat before each schedule costs next to nothing.
func (r *Reporter) Beat(underWay string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const often = 200 * time.Millisecond
	if now := time.Now(); r.out != nil && (underWay != r.beat || now.Sub(r.at) > often) {
		n := note{Is: "beat"}
		if underWay != r.beat {
			n.Text = underWay
		}
		r.beat, r.at = underWay, now
		r.out.Encode(n)
	}
}

// Races is what the race detector has reported since it was last asked, if it is on.
func (r *Reporter) Races() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.races()
}

// Again makes a command that comes to this call in a twin of its own, to whose notes nobody listens; nil if
// this process was not started for one.
func (r *Reporter) Again() func() *exec.Cmd {
	if r.out == nil {
		return nil
	}
	return func() *exec.Cmd {
		args := append(flags(), "-test.testlogfile=", "--")
		cmd := exec.Command(os.Args[0], append(args, flag.Args()...)...)
		cmd.Env = append(os.Environ(), callVariable+"="+asked.String())
		cmd.StdinPipe() // which is open until it has ended
		if nobody, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
			cmd.ExtraFiles = []*os.File{nobody}
		}
		return cmd
	}
}

// say writes a note, if that is where reports go.
func (r *Reporter) say(n note) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.out == nil {
		return false
	}
	r.out.Encode(n) // whoever does not listen any more ends this process: see Serve
	return true
}

// end tells that the work is done, and leaves the test to its cleanups.
func (r *Reporter) end() {
	r.say(note{Is: "done"})
	r.t.SkipNow()
}

// live tells again and again what the process has computed: one that waits computes nothing.
func (r *Reporter) live() {
	for {
		time.Sleep(aliveEvery)
		var u syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil {
			r.say(note{Is: "alive", CPU: time.Duration(u.Utime.Nano() + u.Stime.Nano())})
		}
	}
}
