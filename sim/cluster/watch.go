package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"batchlab/sim/fleet"
)

// How often workers say that they are there, and after how long without that they are not.
const (
	beatEvery = time.Second
	goneAfter = 4 * beatEvery
)

// beat is a worker's word that it is there.
type beat struct {
	Worker  string
	Running int
}

// census is which workers there are.
type census struct {
	mu    sync.Mutex
	beats map[string]beat
	at    map[string]time.Time
}

func (c *census) heard(b beat) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.beats == nil {
		c.beats, c.at = map[string]beat{}, map[string]time.Time{}
	}
	c.beats[b.Worker], c.at[b.Worker] = b, time.Now()
}

func (c *census) count() (f fleet.Fleet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, at := range c.at {
		if time.Since(at) > goneAfter {
			delete(c.at, name)
			continue
		}
		f.Workers++
		f.Running += c.beats[name].Running
	}
	return f
}

// watch tells how the fleet is, and looks for what was lost.
func (s *submitter) watch(ctx context.Context) {
	alone := 0
	for i := 1; pause(ctx, beatEvery) == nil; i++ {
		f := s.fleet.count()
		s.mu.Lock()
		f.Waiting = max(len(s.open)-f.Running, 0)
		s.mu.Unlock()
		s.say(fleet.Answer{Fleet: &f})
		if alone++; f.Workers > 0 || f.Waiting == 0 {
			alone = 0
		}
		if alone%30 == 5 {
			s.say(fleet.Answer{News: "no worker is there: start one with batchlab worker --cluster, and this address"})
		}
		if i%3 == 0 {
			s.reconcile(ctx)
		}
	}
}

// reconcile looks after the units of which nothing came though the server does not have them any more. What a server
// had not written when it was killed is lost to it: the unit is published again. What was not passed on is fetched.
func (s *submitter) reconcile(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	s.mu.Lock()
	missing := maps.Clone(s.open)
	s.mu.Unlock()
	if len(missing) == 0 {
		return
	}
	info, err := s.units.Info(ctx, jetstream.WithSubjectFilter(unitSubject+s.job+".>"))
	if err != nil {
		return // the next time
	}
	for subject := range info.State.Subjects {
		delete(missing, number(subject))
	}
	for id, o := range missing {
		m, err := s.results.GetLastMsgForSubject(ctx, resultSubject+s.job+"."+strconv.Itoa(id))
		switch {
		case err == nil:
			s.came(ctx, id, m.Header, m.Data)
		case errors.Is(err, jetstream.ErrMsgNotFound):
			s.say(fleet.Answer{News: fmt.Sprintf("%s: the server has lost it, and gets it again", o.name)})
			_ = s.publish(ctx, o.message) // else the next time
		}
	}
}
