package engine

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// inBubble runs f in a bubble: its goroutines are the only ones there, time moves
// when all of them wait, and quiet returns when nothing moves any more. If
// goroutines are left when f returns, left says where they are.
//
// A goroutine left behind stays in the process for good, blocked: nothing can end
// it. Its bubble's time has stopped, so it costs memory and no more.
func inBubble(t *testing.T, f func()) (left []string) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if !strings.HasPrefix(fmt.Sprint(r), "deadlock: main bubble goroutine has exited") {
			panic(r)
		}
		left = leftBehind()
	}()
	synctest.Test(t, func(*testing.T) { f() })
	return nil
}

var (
	bubbleHeader = regexp.MustCompile(`(?m)^goroutine \d+ \[([^\]]*), synctest bubble \d+\]:$`)
	frameName    = regexp.MustCompile(`(?m)^(\S+)\(.*\)$`)
)

// leftBehind names the functions in which the goroutines of the youngest bubble
// wait, from a dump of all stacks: function names only, for a history holds no ids
// and no addresses. Of the older bubbles, which may have left many, it reads no more
// than their names.
func leftBehind() []string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var stacks [][]byte // of the youngest so far
	youngest := ""
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		head, _, _ := bytes.Cut(stack, []byte("\n"))
		_, rest, ok := bytes.Cut(head, []byte(", synctest bubble "))
		if !ok {
			continue
		}
		id := string(bytes.TrimSuffix(rest, []byte("]:")))
		if len(id) > len(youngest) || len(id) == len(youngest) && id > youngest {
			youngest, stacks = id, nil
		}
		if id == youngest {
			stacks = append(stacks, stack)
		}
	}
	names := map[string]bool{}
	for _, stack := range stacks {
		h := bubbleHeader.FindSubmatch(stack)
		if h == nil { // cut off where the buffer ends
			continue
		}
		if fn := subjectIn(stack); fn != "" {
			names[fmt.Sprintf("%s in %s", fn, h[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// subjectIn is the first function of a stack that is neither the runtime's nor the lab's, "" if there is none.
func subjectIn(stack []byte) string {
	for _, m := range frameName.FindAllSubmatch(stack, -1) {
		if !slices.ContainsFunc(notSubjects, func(p string) bool { return strings.HasPrefix(string(m[1]), p) }) {
			return string(m[1])
		}
	}
	return ""
}

var notSubjects = []string{"runtime.", "internal/", "sync.", "testing", "time.",
	"batchlab/sim/engine.", "batchlab/sim/weave/rt.", "github.com/benbjohnson/clock."}
