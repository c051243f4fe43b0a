package derived

import "sync"

// Bounded is a queue for one value. Takers and putters wait on one condition, so that it has to wake all;
// a hasty one wakes one, who may be of the wrong sort.
type Bounded struct {
	mu    sync.Mutex
	turn  *sync.Cond
	wake  func()
	value []int
}

// NewBounded returns an empty queue.
func NewBounded(hasty bool) *Bounded {
	b := &Bounded{}
	b.turn = sync.NewCond(&b.mu)
	if b.wake = b.turn.Broadcast; hasty {
		b.wake = b.turn.Signal
	}
	return b
}

// Put waits until the queue is empty.
func (b *Bounded) Put(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.value) == 1 {
		b.turn.Wait()
	}
	b.value = append(b.value, v)
	b.wake()
}

// Take waits until it is not.
func (b *Bounded) Take() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.value) == 0 {
		b.turn.Wait()
	}
	v := b.value[0]
	b.value = nil
	b.wake()
	return v
}

// Permits is a semaphore that is not fair: whoever comes first takes them, and who waits for many may wait long.
type Permits struct {
	mu   sync.Mutex
	turn *sync.Cond
	left int
}

// NewPermits returns two permits.
func NewPermits() *Permits {
	p := &Permits{left: 2}
	p.turn = sync.NewCond(&p.mu)
	return p
}

// AcquireOne takes a permit.
func (p *Permits) AcquireOne() { p.acquire(1) }

// AcquireBoth takes both.
func (p *Permits) AcquireBoth() { p.acquire(2) }

// ReleaseOne gives one back.
func (p *Permits) ReleaseOne() { p.release(1) }

// ReleaseBoth gives both back.
func (p *Permits) ReleaseBoth() { p.release(2) }

func (p *Permits) acquire(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.left < n {
		p.turn.Wait()
	}
	p.left -= n
}

func (p *Permits) release(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left = min(2, p.left+n)
	p.turn.Broadcast()
}

// Barrier lets two pass when both have come.
type Barrier struct {
	mu     sync.Mutex
	turn   *sync.Cond
	came   int
	passed int
}

// NewBarrier returns a barrier at which nobody is.
func NewBarrier() *Barrier {
	b := &Barrier{}
	b.turn = sync.NewCond(&b.mu)
	return b
}

// Await waits for another.
func (b *Barrier) Await() (first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.came++
	if b.came%2 == 0 {
		b.passed += 2
		b.turn.Broadcast()
		return false
	}
	for at := b.came; b.passed < at; {
		b.turn.Wait()
	}
	return true
}

// Meeting hands a value from one who gives to one who takes.
type Meeting struct{ values chan int }

// NewMeeting returns a meeting without anybody.
func NewMeeting() *Meeting { return &Meeting{make(chan int)} }

// Give waits for who takes.
func (m *Meeting) Give(v int) { m.values <- v }

// Take waits for who gives.
func (m *Meeting) Take() int { return <-m.values }
