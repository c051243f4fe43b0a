package sim

import (
	"bytes"
	"os"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"time"
)

// A bubble cannot see a wait on a sync.Mutex: it hangs without a word, and so does a
// loop that spins. The watchdog stands outside, in real time. It looks at the stacks
// when nothing has been done for a while: if no goroutine of the bubble can run, the
// hang is certain and is reported at once. If one can, it may only be slow, and gets
// as long as patience lasts.
const (
	watchEvery = 50 * time.Millisecond
	patience   = 20 * time.Second
)

// watch ends the process with a note when a job hangs.
func (w *worker) watch() {
	last, since, stuck := w.beats.Load(), time.Now(), 0
	for {
		time.Sleep(watchEvery)
		if judging.Load() && time.Since(since) > patience/4 { // a judgement ends by limits of its own
			w.write(note{Judging: true})
		}
		if now := w.beats.Load(); now != last || !w.busy.Load() {
			last, since, stuck = now, time.Now(), 0
			continue
		}
		where, canRun, handler := bubbleStacks()
		if stuck++; canRun || where == "" { // at work, in the bubble or on its history
			stuck = 0
		}
		switch {
		case stuck >= 2 && handler:
			w.write(note{Err: "a handler waits for time or for the lab, and another goroutine for a lock that is held meanwhile: a bubble cannot see through that: " + where})
			os.Exit(3)
		case stuck >= 2:
			w.write(note{Hung: where})
			os.Exit(3)
		case time.Since(since) > patience:
			w.write(note{Hung: "still running after " + patience.String() + ": " + where})
			os.Exit(3)
		}
	}
}

var (
	runnable = regexp.MustCompile(`^goroutine \d+ \[(running|runnable|syscall|preempted|copystack)`)
	state    = regexp.MustCompile(`^goroutine \d+ \[([^,\]]*)`)
)

// bubbleStacks says where the goroutines of bubbles wait that wait for a lock, whether
// any can run, and whether some handler waits for what only the lab can give. In that
// case the hang is the lab's: time cannot move while somebody waits for a mutex.
func bubbleStacks() (where string, canRun, handler bool) {
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	locks := map[string]bool{}
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		head, _, _ := bytes.Cut(stack, []byte("\n"))
		if !bytes.Contains(head, []byte("synctest bubble")) {
			continue
		}
		canRun = canRun || runnable.Match(head)
		if bytes.Contains(head, []byte("(durable)")) && bytes.Contains(stack, []byte("batchlab/sim.(*run).handle(")) {
			handler = true
		}
		m := state.FindSubmatch(head)
		if m == nil || bytes.Contains(head, []byte("(durable)")) || !strings.HasPrefix(string(m[1]), "sync.") && !runnable.Match(head) {
			continue
		}
		for _, f := range frameName.FindAllSubmatch(stack, -1) {
			if fn := string(f[1]); ofSubject(fn) {
				locks[fn+" in "+string(m[1])] = true
				break
			}
		}
	}
	list := make([]string, 0, len(locks))
	for l := range locks {
		list = append(list, l)
	}
	sort.Strings(list)
	return strings.Join(list, "; "), canRun, handler
}
