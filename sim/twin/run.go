package twin

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Run does in the woven twin of this test binary what the twin's Serve does, and puts into
// t what it says. It returns when that is done. Call it from the test's goroutine.
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
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	p, err := start(t, c, b, "")
	if err != nil {
		t.Fatalf("batchlab: %s does not start: %v", b.exe, err)
	}
	defer cover(t, c)
	defer p.end()
	p.listen(t, interrupts)
}

// running counts the calls that are under way: tests may run side by side.
var running atomic.Int64

// listen puts what the twin says into t, until it is done or dead.
func (p *process) listen(t testing.TB, interrupts <-chan os.Signal) {
	t.Helper()
	running.Add(1)
	defer running.Add(-1)
	w := watch{last: time.Now()}
	if all, last := left(t); all > 0 {
		w.end = w.last.Add(all - last)
	}
	tick := time.NewTicker(aliveEvery)
	defer tick.Stop()
	for {
		select {
		case n, ok := <-p.notes:
			switch w.see(n); {
			case (!ok || n.Is == "done") && w.interrupted:
				p.end()
				w.quit(t)
			case !ok:
				t.Fatalf("batchlab: %s%s", p.death(w), w.program())
			case n.Is == "log":
				t.Log(n.Text)
			case n.Is == "error", n.Is == "fatal":
				t.Error(n.Text)
			case n.Is == "done" && w.fatal:
				t.FailNow()
			case n.Is == "done":
				return
			}
		case <-tick.C:
			if why := w.silent(time.Now()); why != "" {
				t.Fatalf("batchlab: %s%s", p.stuck(why, p.woven), w.program())
			}
		case <-interrupts:
			w.interrupted = true
			p.interrupt()
		}
	}
}

// quit ends this process after an interrupt, when all calls that are under way have told
// what was found so far.
func (w *watch) quit(t testing.TB) {
	if testing.Verbose() { // then the log is out already
		w.told = nil
	}
	text := strings.ReplaceAll(strings.Join(append(w.told, "batchlab: interrupted"+w.program()), "\n"), "\n", "\n    ")
	fmt.Printf("--- FAIL: %s\n    %s\n", t.Name(), text)
	if running.Add(-1) > 0 {
		select {}
	}
	os.Exit(1)
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
	what := fmt.Sprintf("the woven twin ended (%v)", p.cmd.ProcessState)
	if !w.began {
		what += fmt.Sprintf(" before it came to call %s", p.call)
	}
	text := p.tail.String()
	for _, begins := range []string{"panic: ", "fatal error: ", "runtime: "} {
		if i := strings.Index("\n"+text, "\n"+begins); i >= 0 {
			text = text[i:]
			break
		}
	}
	if code := p.cmd.ProcessState.ExitCode(); code >= 0 && code != 2 && strings.TrimSpace(text) == "" {
		what += ": something calls os.Exit, which nothing outlives: have it return"
	}
	const most = 60
	if lines := strings.SplitN(strings.TrimSpace(text), "\n", most+1); lines[0] != "" {
		what += ":\n" + strings.Join(lines[:min(len(lines), most)], "\n")
	}
	return what
}
