package stress

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"runtime/pprof"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/pprof/profile"
	"go.uber.org/goleak"

	"batchlab/impls/spec"
)

const (
	watchPeriod = 5 * time.Millisecond
	// afterCancel is the watchdog's limit once the run has been interrupted.
	afterCancel = 10 * time.Second
)

// A phase is what a pass is doing, and the law that is broken if it never ends.
type phase struct {
	what string
	law  spec.Law
}

// pass is what every pass has: somewhere to report to, and a way to be watched.
type pass struct {
	found *findings
	stop  atomic.Bool // producers put no more
	phase atomic.Pointer[phase]
	moves func() int64 // grows while anything happens; safe from another goroutine
}

func (p *pass) enter(what string, law spec.Law) { p.phase.Store(&phase{what, law}) }

// watch runs work in a goroutine of its own, follows memory and progress, and then
// looks for goroutines left behind. It reports false if it had to give up; then
// work's goroutines are still there.
func (p *pass) watch(ctx context.Context, limit time.Duration, m *meter, work func()) bool {
	p.enter("beginning", spec.Progress)
	before := goleak.IgnoreCurrent()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer p.catch("the subject")
		work()
	}()
	if !p.wait(ctx, limit, m, done) {
		return false
	}
	if err := goleak.Find(before); err != nil {
		p.found.add(spec.Leak, "%s", firstLeak(err))
	}
	return true
}

func (p *pass) wait(ctx context.Context, limit time.Duration, m *meter, done <-chan struct{}) bool {
	tick := time.NewTicker(watchPeriod)
	defer tick.Stop()
	cancel := ctx.Done()
	last, since := int64(-1), time.Now()
	for {
		select {
		case <-done:
			m.tick()
			return true
		case <-cancel:
			cancel = nil
			p.stop.Store(true)
			limit = min(limit, afterCancel)
		case <-tick.C:
		}
		m.tick()
		if n := p.moves(); n != last {
			last, since = n, time.Now()
		} else if time.Since(since) > limit {
			p.stop.Store(true)
			ph := p.phase.Load()
			p.found.add(ph.law, "nothing happened for %v while %s; %s", limit, ph.what, stacks())
			return false
		}
	}
}

// catch turns a panic on one of the lab's goroutines into a breach.
func (p *pass) catch(who string) {
	if v := recover(); v != nil {
		p.found.add(spec.NoPanic, "%s panicked: %s", who, short(fmt.Sprint(v), 200))
	}
}

// firstLeak is the first goroutine of goleak's report, without its stack.
func firstLeak(err error) string {
	const end = " of the stack"
	s, _, found := strings.Cut(err.Error(), end)
	if found {
		s += end
	}
	return short(strings.ReplaceAll(s, "\n", " "), 300)
}

// stacks tells where the lab's and the subject's goroutines are: the commonest
// stacks first, a few functions each.
func stacks() string {
	const groups, frames = 5, 5
	var b bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&b, 0) // to a bytes.Buffer, which does not fail
	p, err := profile.Parse(&b)
	if err != nil {
		return "no stacks: " + err.Error()
	}
	slices.SortStableFunc(p.Sample, func(a, b *profile.Sample) int { return cmp.Compare(b.Value[0], a.Value[0]) })
	var out []string
	for _, g := range p.Sample {
		var names []string
		for _, l := range g.Location {
			for _, line := range l.Line {
				names = append(names, line.Function.Name)
			}
		}
		whole := strings.Join(names, " < ")
		if len(out) < groups && strings.Contains(whole, "batchlab") && !strings.Contains(whole, "stress.(*pass).wait") &&
			!strings.Contains(whole, "testing.(*T).Run") {
			out = append(out, fmt.Sprintf("%d in %s", g.Value[0], strings.Join(names[:min(frames, len(names))], " < ")))
		}
	}
	return "goroutines: " + strings.Join(out, "; ")
}

func short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}
