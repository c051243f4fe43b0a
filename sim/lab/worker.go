package lab

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// A worker is a child process that runs what its parent tells it to, and writes
// what it is about to do before it does it. If it dies or hangs, the parent knows
// where.

// job is a line on a worker's standard input: a program to run on the first subject, or one of these.
type job struct {
	Unit
	Conform *Conform // to run in both worlds
}

// note is a line that a worker writes.
type note struct {
	Step        int          `json:",omitempty"` // a step has settled, with these
	Events      []kind.Event `json:",omitempty"`
	Dying       *kind.Event  `json:",omitempty"` // a handler is about to panic
	Hung        string       `json:",omitempty"` // it does not end: where
	Stopped     *stop        `json:",omitempty"` // the bubble can go no further
	Program     int          `json:",omitempty"` // of a campaign: in this one, counted from 1, there was the Err
	Apart       int          `json:",omitempty"` // of a campaign: this one has to run elsewhere, On this subject or on all
	On          string       `json:",omitempty"`
	Found       *Find        `json:",omitempty"` // without its program
	Done        *Tally       `json:",omitempty"` // the job is over, or
	Rest        int          `json:",omitempty"` // of a campaign: it goes on with this one, counted from 1,
	Grown       string       `json:",omitempty"` // and in another worker, for this has grown in this one
	Schedules   int          `json:",omitempty"` // of an exploration: so many are done
	Exploration *Exploration `json:",omitempty"` // it is over
	Conformed   *Conformed   `json:",omitempty"`
	Hunted      *Hunted      `json:",omitempty"`
	Alive       bool         `json:",omitempty"` // there is nothing to say, and work goes on
	Err         string       `json:",omitempty"` // the lab could not do the job
	Unfit       string       `json:",omitempty"` // of a campaign: nothing can be judged, and why
}

// Tally counts what a campaign did, for subjects of one kind.
type Tally struct {
	Programs  int
	Runs      int // programs times subjects
	Ops       int
	Branched  int     // runs in which the model had a choice
	Repeated  int     // runs done twice
	Unjudged  int     // runs that the model could not follow
	Virtual   float64 // seconds
	Verbs     map[string]int
	Specified map[string]int // law in subject: faults that the specification has itself
	Replaced  map[string]int // workers, by what had grown in them from program to program, and of which subject
	Undone    map[string]int // runs that the lab could not do, by why
	Met       Met            `json:",omitempty"` // up to where the model had a choice
}

func newTally() *Tally {
	return &Tally{Verbs: map[string]int{}, Specified: map[string]int{}, Replaced: map[string]int{},
		Undone: map[string]int{}, Met: Met{}}
}

// workerFile is the descriptor on which a worker writes notes.
const workerFile = 3

// Work serves jobs until its input ends, then exits the process: it does not return.
// A command calls it from a test that testing.Main runs; a test calls it when it
// finds itself started as a worker.
func Work(t *testing.T, subjects []kind.Subject) {
	w := &worker{t: t, subjects: subjects, out: bufio.NewWriter(os.NewFile(workerFile, "notes")),
		place: os.NewFile(placeFile, "place")}
	w.growth = newGrowth(readGrowth, runtime.GC)
	go w.watch()
	dec := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var j job
		if err := dec.Decode(&j); err == io.EOF {
			os.Exit(0)
		} else if err != nil {
			os.Exit(4)
		}
		w.do(j)
	}
}

type worker struct {
	t        *testing.T
	subjects []kind.Subject
	growth   *growth
	memory   engine.Memory
	judged   judged
	place    *os.File

	mu    sync.Mutex
	out   *bufio.Writer
	beats atomic.Int64 // goes up whenever something is done
	busy  atomic.Bool
}

// write writes a note so that it is out before anything else happens.
func (w *worker) write(n note) {
	w.beats.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if errors.Join(json.NewEncoder(w.out).Encode(n), w.out.Flush()) != nil { // the parent is gone
		os.Exit(4)
	}
}

func (w *worker) do(j job) {
	w.busy.Store(true)
	defer w.busy.Store(false)
	n, err := w.done(j)
	if err != nil {
		n = note{Err: err.Error()}
	}
	w.write(n)
}

// done does a job, and returns the last note of it.
func (w *worker) done(j job) (note, error) {
	list, err := j.named("worker", w.subjects)
	switch {
	case err != nil:
		return note{}, err
	case j.Campaign != nil:
		return w.campaign(*j.Campaign, list), nil
	case j.Conform != nil:
		return w.conform(*j.Conform, list)
	case j.Hunt != nil:
		return w.hunt(list[0], *j.Hunt)
	}
	p, err := program.Parse("program", []byte(j.Program), program.Names{Kinds: kindsOf(w.subjects), AnyLaw: true})
	switch {
	case err != nil:
		return note{}, err
	case j.Search != nil:
		return w.explore(p, list[0], *j.Search)
	}
	h := engine.Hooks{
		Step:  func(step int, events []kind.Event) { w.write(note{Step: step, Events: events}) },
		Dying: func(e kind.Event) { w.write(note{Dying: &e}) },
	}
	if _, err := engine.Bubble(w.t, p, list[0], h); err != nil {
		return note{}, err
	}
	return note{Done: &Tally{}, Grown: w.grown(p, list)}, nil
}

// grown says what this process keeps too much of, or "".
func (w *worker) grown(p *program.Program, subjects []kind.Subject) string {
	if len(subjects) == 0 {
		return ""
	}
	names := titles(subjects)
	w.growth.ran(names[len(names)-1]) // what is new since the last one ran
	return w.growth.grown(names, func(i int) {
		if engine.Applies(p, subjects[i]) {
			_, _ = engine.Bubble(w.t, p, subjects[i], engine.Hooks{}) // what it does has been seen
		}
	})
}
