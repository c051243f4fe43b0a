package lab

import (
	"sync"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
	"batchlab/impls/spec/dedup"
	"batchlab/sim/kind"
	"batchlab/sim/weave/rt"
)

// blockingQueue is a bounded queue behind the contract of a map, for the sake of calls
// that wait for each other: Set puts the key and waits for room, Delete takes what is
// first, whatever its key, and waits for something to be there. Close wakes all.
type blockingQueue struct {
	mu     sync.Mutex
	room   *sync.Cond
	some   *sync.Cond
	list   []int
	most   int
	closed bool
	blind  bool // the fault: it looks for room before it locks, and does not look again
}

func newBlockingQueue(most int, blind bool) *blockingQueue {
	q := &blockingQueue{most: most, blind: blind}
	q.room, q.some = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *blockingQueue) lock()   { rt.MutexLock("lock", &q.mu) }
func (q *blockingQueue) unlock() { rt.MutexUnlock("unlock", &q.mu) }

func (q *blockingQueue) Set(key, _ int) bool {
	q.lock()
	defer q.unlock()
	for len(q.list) >= q.most && !q.closed {
		rt.CondWait("wait", q.room)
	}
	if q.blind {
		q.unlock()
		q.lock()
	}
	if q.closed {
		return false
	}
	q.list = append(q.list, key)
	rt.CondBroadcast("broadcast", q.some)
	return true
}

func (q *blockingQueue) Delete(int) bool {
	q.lock()
	defer q.unlock()
	for len(q.list) == 0 && !q.closed {
		rt.CondWait("wait", q.some)
	}
	if len(q.list) == 0 {
		return false
	}
	q.list = q.list[1:]
	rt.CondBroadcast("broadcast", q.room)
	return true
}

func (q *blockingQueue) Get(int) (int, bool) {
	q.lock()
	defer q.unlock()
	if len(q.list) == 0 {
		return 0, false
	}
	return q.list[0], true
}

func (q *blockingQueue) Count() int {
	q.lock()
	defer q.unlock()
	return len(q.list)
}

func (q *blockingQueue) Close() {
	q.lock()
	defer q.unlock()
	q.closed = true
	rt.CondBroadcast("broadcast", q.room)
	rt.CondBroadcast("broadcast", q.some)
}

// queue is the queue as a subject. It keeps none of the laws that are about keys.
func queue(blind bool) kind.Subject {
	name := map[bool]string{false: "queue", true: "queue-blind"}[blind]
	return dedup.Subject(spec.Subject{
		Name: name, Kind: spec.KindDedup, Clockless: true, LawsOnly: true,
		Waives: []spec.Law{
			spec.OneWinner, spec.Value, spec.Lifetime, spec.Expiry,
			spec.DeleteLaw, spec.CountLaw, spec.ClosedMap, spec.Progress,
		},
		NewMap: func(spec.MapConfig, clock.Clock) spec.Map { return newBlockingQueue(1, blind) },
	})
}
