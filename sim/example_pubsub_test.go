package sim_test

import (
	"slices"
	"sync"
	"testing"

	"batchlab/sim"
)

// Topic gives what is published to all who have subscribed.
type Topic struct {
	mu   sync.Mutex
	subs []*Subscription
}

// Subscription is one of them, until it is cancelled.
type Subscription struct {
	C     chan string
	topic *Topic
	done  chan struct{}
}

func (t *Topic) Subscribe() *Subscription {
	s := &Subscription{make(chan string), t, make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = append(t.subs, s)
	return s
}

func (t *Topic) Publish(v string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.subs {
		select {
		case s.C <- v:
		case <-s.done: // bug: without this line
		}
	}
}

func (s *Subscription) Cancel() {
	close(s.done)
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	i := slices.Index(s.topic.subs, s)
	s.topic.subs = slices.Delete(s.topic.subs, i, i+1)
}

// Publish and subscribe: a body, as a test has one, under many schedules. Nobody may wait for ever.
func ExampleExplore_pubsub() {
	var t *testing.T // in a file of yours: func TestCancel(t *testing.T)
	sim.Explore(t, func(t *sim.T) {
		topic := &Topic{}
		s := topic.Subscribe()
		go topic.Publish("news")
		s.Cancel()
	})
	// With the bug it says, among other things:
	//
	//	| test                        | test/1                      |
	//	|-----------------------------|-----------------------------|
	//	|   example_pubsub.go:26 lock |                             |
	//	|   :27 unlock                |                             |
	//	|   :56 go test/1             |                             |
	//	|   :44 close                 |                             |
	//	|   switch                    |                             |
	//	|                             |   example_pubsub.go:33 lock |
	//	|                             |   :36 select: waits         |
	//	|   :45 lock: waits           |                             |
}
