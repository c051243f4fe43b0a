package twin

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Run does in the woven twin of this test binary what the twin's Serve does, and puts into
// t what it says. It returns when that is done.
func Run(t testing.TB) {
	t.Helper()
	if _, ok := t.(*testing.B); ok {
		t.Fatal("batchlab: a benchmark is not run in a woven binary: call this from a test")
	}
	c := thisCall(t)
	b, err := theTwin()
	if err != nil {
		t.Fatalf("batchlab: %v", err)
	}
	t.Log("batchlab: " + b.summary())
	p, err := start(t, c, b)
	if err != nil {
		t.Fatalf("batchlab: %s does not start: %v", b.exe, err)
	}
	defer p.end()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	p.listen(t, interrupts)
}

// listen puts what the twin says into t, until it is done or dead.
func (p *process) listen(t testing.TB, interrupts <-chan os.Signal) {
	t.Helper()
	w := watch{last: time.Now()}
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case n, ok := <-p.notes:
			if !ok {
				t.Fatalf("batchlab: %s%s", p.death(w), w.program())
			}
			w.see(n)
			switch n.Is {
			case "log":
				t.Log(n.Text)
			case "error":
				t.Error(n.Text)
			case "fatal":
				t.Error(n.Text)
				w.fatal = true
			case "done":
				if w.fatal {
					t.FailNow()
				}
				return
			}
		case <-tick.C:
			if why := w.silent(time.Now()); why != "" {
				t.Fatalf("batchlab: %s%s", p.stuck(why), w.program())
			}
		case <-interrupts:
			p.interrupt()
			w.interrupted = true
		}
	}
}

// program is what was under way, as the end of a message.
func (w *watch) program() string {
	if w.beat == "" {
		return ""
	}
	return "\nUnder way was\n\n" + strings.TrimRight(w.beat, "\n")
}

// death says of what the twin has died.
func (p *process) death(w watch) string {
	p.wait()
	text := p.tail.String()
	what := fmt.Sprintf("the woven twin ended with %v", p.cmd.ProcessState)
	switch {
	case w.interrupted:
		return "interrupted"
	case !w.began:
		what = fmt.Sprintf("the woven twin ended (%v) before it came to this call, %s", p.cmd.ProcessState, p.call)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			what = strings.TrimSpace(line)
			break
		}
	}
	if text = strings.TrimSpace(text); text != "" {
		what += "\nIts last words:\n" + text
	}
	return what
}
