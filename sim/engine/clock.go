package engine

import (
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/sim/weave/rt"
)

// mockClock is a clock.Mock whose timers are fired by the lab alone.
//
// Mock.Timer, and After and Sleep with it, fires whatever else is due on the
// goroutine that asks for a timer. Inside a bubble that goroutine then sleeps and
// wakes at the same instant as the lab, in random order, and the barrier between two
// timers is gone. AfterFunc does not do that, so a timer here is an AfterFunc with a
// channel. Like the Mock's own, and unlike those of package time since Go 1.23, a
// tick that was sent stays in the channel across Stop and Reset.
type mockClock struct{ *clock.Mock }

func newMockClock(epoch time.Duration) mockClock {
	m := clock.NewMock()
	m.Set(time.Unix(0, int64(epoch)))
	return mockClock{m}
}

func (m mockClock) Timer(d time.Duration) *clock.Timer {
	if d <= 0 {
		return m.Mock.Timer(d)
	}
	ch := make(chan time.Time, 1)
	t := m.AfterFunc(d, func() {
		select {
		case ch <- m.Now():
		default: // nobody took the last tick; package time drops this one too
		}
	})
	t.C = ch
	return t
}

func (m mockClock) After(d time.Duration) <-chan time.Time { return m.Timer(d).C }

// Sleep waits where the scheduler knows of it: this file is not woven.
func (m mockClock) Sleep(d time.Duration) { <-rt.From("sleep", m.After(d)) }
