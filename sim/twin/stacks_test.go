package twin

import (
	"strings"
	"testing"
)

// dump is what the runtime prints: scheduler, one that is parked, the rest.
const dump = `SIGQUIT: quit

goroutine 1 [chan receive, 2 minutes]:
testing.(*T).Run(0xc0, {0x6, 0x5})
	/go/src/testing/testing.go:2109 +0x4e5

goroutine 8 [chan receive]:
batchlab/sim/weave/rt.Run(...)
	/lab/sim/weave/rt/run.go:169
batchlab/sim/twin.Serve({0x65b5f8, 0x2be654564248}, 0x2be6544de370)
	/lab/sim/twin/serve.go:61 +0x3ef
created by testing.(*T).Run in goroutine 1
	/go/src/testing/testing.go:2101 +0x4c5

goroutine 13 [chan receive]:
batchlab/sim/weave/rt.park(0xc0)
	/lab/sim/weave/rt/run.go:300 +0x1
batchlab/sim/weave/rt.body(0xc0)
	/lab/sim/weave/rt/run.go:243 +0x76
created by batchlab/sim/weave/rt.Run in goroutine 8
	/lab/sim/weave/rt/run.go:167 +0x125
`

// TestStacks: of all stacks the one is found that keeps the twin, and in it where woven code ends.
func TestStacks(t *testing.T) {
	const end = `
batchlab/sim/weave/rt.body(0x2be65457a008, 0x650fd8)
	/lab/sim/weave/rt/run.go:243 +0x76
runtime.goexit({})
	/go/src/runtime/asm_amd64.s:1771 +0x1
created by batchlab/sim/weave/rt.Run in goroutine 8
	/lab/sim/weave/rt/run.go:167 +0x125
`
	woven := []string{"gopkg.in/mine.v3", "example.com/own"}
	for _, c := range []struct{ name, stack, want string }{
		{"a wait in the standard library", `
goroutine 14 [IO wait]:
runtime.gopark(0x0?, 0x0?)
	/go/src/runtime/proc.go:462 +0xce
internal/poll.(*pollDesc).wait(0x2be654558380?, 0x2be654505d30?, 0x0)
	/go/src/internal/poll/fd_poll.go:84 +0x27
net.(*TCPListener).Accept(0x2be654514a80)
	/go/src/net/tcpsock.go:387 +0x30
gopkg.in/mine%2ev3.(*Server).Serve.func1()
	/mine/server.go:15 +0x5d` + end, "in code that is not woven: package net (net.(*TCPListener).Accept), called at /mine/server.go:15"},
		{"in a test of another package", `
goroutine 14 [semacquire]:
sync.(*Mutex).Lock(...)
	/go/src/sync/mutex.go:46
other.org/x/pool.Get()
	/pool/pool.go:3 +0x1
example.com/own_test.TestIt.func1()
	/own/own_test.go:9 +0x5d` + end, "in code that is not woven: package other.org/x/pool (other.org/x/pool.Get), called at /own/own_test.go:9"},
		{"in woven code", `
goroutine 14 [runnable]:
example.com/own.spin()
	/own/own.go:4 +0x5d` + end, "at /own/own.go:4"},
		{"nobody has the turn", "", "in the lab itself"},
	} {
		g := culprit(goroutines(dump + c.stack))
		if g == nil {
			t.Fatal("no goroutine is found: ", c.name)
		}
		if got := g.where(woven); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if text := g.String(); strings.Contains(text, "runtime.go") || strings.Contains(text, "park") {
			t.Errorf("%s: the stack is\n%s", c.name, text)
		}
	}
}
