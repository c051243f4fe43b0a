package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far long work is: a bar on a terminal, elsewhere a plain line
// now and then.
type progress struct {
	mu         sync.Mutex
	w          io.Writer
	what, unit string
	total      int // 0 if only time limits the work
	bar        *progressbar.ProgressBar
	said       time.Time
	fleet      string // how those are who do it on other machines
}

var lineEvery = 5 * time.Second

func newProgress(w io.Writer, what, unit string, total int) *progress {
	p := &progress{w: w, what: what, unit: unit, total: total, said: time.Now()}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bars := cmp.Or(total, -1) // a spinner
		p.bar = progressbar.NewOptions(bars, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	return p
}

// set says how much is done.
func (p *progress) set(done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.bar != nil:
		_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
	case time.Since(p.said) < lineEvery:
	case p.total > 0:
		fmt.Fprintf(p.w, "%s: %d of %d %s%s\n", p.what, done, p.total, p.unit, p.fleet)
		p.said = time.Now()
	default:
		fmt.Fprintf(p.w, "%s: %d %s done%s\n", p.what, done, p.unit, p.fleet)
		p.said = time.Now()
	}
}

// beside says how a fleet is.
func (p *progress) beside(fleet string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fleet = "; " + fleet; p.bar != nil {
		p.bar.Describe(p.what + p.fleet)
	}
}

// of says how much is done, and how much there is to do, where that shows late; it also tells the end.
func (p *progress) of(done, total int) {
	p.mu.Lock()
	if p.bar != nil && total != p.total {
		p.bar.ChangeMax(total)
	}
	if p.total = total; done == total {
		p.said = time.Time{}
	}
	p.mu.Unlock()
	p.set(done)
}

// end takes the bar away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
