package rt

import (
	"context"
	"slices"
	"testing"
)

// counter takes the default, and keeps from how many it could choose at each place.
type counter struct{ at []string }

//go:norace
func (c *counter) Next(p *Point) int {
	c.at = append(c.at, text(p.Site, len(p.Enabled)))
	return p.Default
}

//go:norace
func (*counter) Value(*Point) int { return 0 }

// TestStill: whatever lets another go on is seen at the next point, also when code does it
// that is not woven, while a goroutine passes points at which nobody else can.
func TestStill(t *testing.T) {
	if RaceEnabled {
		t.Skip("the choices are kept in sight of the detector")
	}
	var (
		flag    bool
		room    = make(chan int, 1)
		none    = make(chan int)
		shut    = make(chan int)
		out     = make(chan int)
		ctx, no = context.WithCancel(t.Context())
	)
	receive := func(ch chan int) func() { return func() { recv(ch) } }
	for _, c := range []struct {
		name      string
		wait, act func()
		want      int
	}{
		{"nothing", receive(make(chan int)), func() {}, 0},
		{"a flag", func() { Await(&flag, "flag") }, func() { flag = true }, 2},
		{"a value, not woven", receive(room), func() { room <- 1 }, 2},
		{"a close, not woven", receive(shut), func() { close(shut) }, 2},
		{"a context", func() { <-From("done", ctx.Done()) }, no, 2},
		{"a value served", receive(none), func() { send(none, 1) }, 2},
		{"a value for a select", func() {
			sel := Select("x", false, OnRecv(out))
			<-Recv(sel, 0, out)
		}, func() { send(out, 1) }, 2},
		{"a new goroutine", receive(make(chan int)), func() { goes(func() {}) }, 2},
	} {
		chooser := &counter{}
		Run(Config{Chooser: chooser}, func() {
			goes(c.wait)
			Idle(1)
			x := 0
			At("before", &x) // alone
			At("before", &x)
			c.act()
			At("after", &x)
		})
		seen := slices.Contains(chooser.at, "after 2")
		if seen != (c.want == 2) || slices.Contains(chooser.at, "before 2") {
			t.Errorf("%s: choices %q", c.name, chooser.at)
		}
	}
}
