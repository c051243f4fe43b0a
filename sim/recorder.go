package sim

import (
	"strings"
	"sync"
	"time"

	"batchlab/sim/model"
	"batchlab/sim/subject"
)

// recorder collects the events of a run. Goroutines add in whatever order they are
// in; what leaves it is canonical.
type recorder struct {
	mu   sync.Mutex // never held while waiting: a bubble cannot see through it
	step int
	cur  []subject.Event
	all  []subject.Event
}

func (r *recorder) begin(step int) {
	r.mu.Lock()
	r.step = step
	r.mu.Unlock()
}

func (r *recorder) current() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.step
}

func (r *recorder) add(e subject.Event) {
	r.mu.Lock()
	e.Step = r.step
	r.cur = append(r.cur, e)
	r.mu.Unlock()
}

// end ends the step and returns its events.
func (r *recorder) end() []subject.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := model.Canonical(r.cur)
	n := len(r.all)
	if n == 0 {
		r.all = make([]subject.Event, 0, 128) // most programs show about as many
	}
	r.all = append(r.all, events...)
	r.cur = r.cur[:0]
	return r.all[n:len(r.all):len(r.all)]
}

// leaks records goroutines that were left when everything was closed. If a call is
// stuck they are only its companions, and the call is the find.
func (r *recorder) leaks(left []string, at time.Duration, stuck bool) {
	r.end()
	if len(left) == 0 || stuck {
		return
	}
	r.all = append(r.all, subject.Event{Step: r.step, At: at, Source: subject.Source{Lane: subject.LabLane}, Verb: subject.Leaked, Note: strings.Join(left, "; ")})
}
