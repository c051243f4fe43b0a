package engine

import (
	"bytes"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

var (
	runnable = regexp.MustCompile(`^goroutine \d+ \[(running|runnable|syscall|preempted|copystack)`)
	state    = regexp.MustCompile(`^goroutine \d+ \[([^,\]]*)`)

	waitsForLab = regexp.MustCompile(`batchlab/sim/engine\.\(\*bubble\)\.(Sleep|Wait)\(`)
)

// Stacks says where the goroutines of bubbles wait that wait for a lock, whether
// any can run, and whether some callback waits for what only the lab can give: time cannot
// move while somebody waits for a mutex.
func Stacks() (where string, canRun, handler bool) {
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	locks := map[string]bool{}
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		head, _, _ := bytes.Cut(stack, []byte("\n"))
		if !bytes.Contains(head, []byte("synctest bubble")) {
			continue
		}
		canRun = canRun || runnable.Match(head)
		if bytes.Contains(head, []byte("(durable)")) && waitsForLab.Match(stack) {
			handler = true
		}
		m := state.FindSubmatch(head)
		if m == nil || bytes.Contains(head, []byte("(durable)")) ||
			!strings.HasPrefix(string(m[1]), "sync.") && !runnable.Match(head) {
			continue
		}
		if fn := subjectIn(stack); fn != "" {
			locks[fn+" in "+string(m[1])] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(locks)), "; "), canRun, handler
}
