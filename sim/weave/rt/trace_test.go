package rt

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// letIn lets another goroutine go on at the n-th choice.
type letIn struct{ n int }

//go:norace
func (c *letIn) Next(p *Point) int {
	if c.n--; c.n == 0 {
		return (p.Default + 1) % len(p.Enabled)
	}
	return p.Default
}

func (c *letIn) Value(p *Point) int { return len(p.Alts) - 1 }

// TestTrace: what a traced run writes down, in words that no schedule has.
func TestTrace(t *testing.T) {
	one := func() {
		var mu sync.Mutex
		var n atomic.Int64
		MutexLock("x.go:1", &mu)
		Go("x.go:2", func() {
			Touch("x.go:3", "load n", &n).Load()
			MutexLock("x.go:4", &mu)
		})
		Say("calls")
		Touch("x.go:5", "add n", &n).Add(1)
		Unseen(true)
		Say("nothing")
		Touch("x.go:6", "add n", &n).Add(1)
		Unseen(false)
		var inside sync.Mutex // of a package woven quietly
		MutexLock("~y.go:1", &inside)
		MutexUnlock("~y.go:2", &inside)
		MutexUnlock("x.go:7", &mu)
		Idle(1)
	}
	var lines []string
	res := Run(Config{Chooser: &letIn{n: 1}, Trace: true}, one)
	last := int64(0)
	for _, p := range res.Trace {
		text := strings.TrimSpace(fmt.Sprintf("%s %s %s", p.G, p.Site, p.What))
		if p.Waits {
			text += ": waits"
		}
		if p.To != "" {
			text += " => " + p.To
		}
		lines = append(lines, strings.Join(strings.Fields(text), " "))
		if p.Seq <= last {
			t.Errorf("%s is not after what is before it", text)
		}
		last = p.Seq
	}
	want := []string{"lab x.go:1 lock", "lab x.go:2 go lab/1", "lab calls", "lab x.go:5 touch => lab/1", "lab/1 x.go:3 load n",
		"lab/1 x.go:4 lock", "lab/1 x.go:4 lock: waits", "lab x.go:5 add n", "lab x.go:7 unlock"}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	var does []string
	objects := map[int]string{}
	for _, a := range res.Seen.Accesses {
		if a.Does == "triedSeen" { // whether anybody has tried
			continue
		}
		if objects[a.Object] == "" {
			objects[a.Object] = fmt.Sprint("object ", len(objects)+1)
		}
		does = append(does, strings.Join([]string{a.G, a.Site, a.Does, objects[a.Object]}, " "))
	}
	want = []string{"lab x.go:1 locked object 1", "lab/1 x.go:3 loaded object 2", "lab/1 x.go:4 lockAwaited object 1",
		"lab x.go:5 touched object 2", "lab x.go:7 unlocked object 1", "lab/1 x.go:4 locked object 1"}
	if got := strings.Join(does, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	for i := range res.Seen.Places { // these sites are none of this file's
		if name, file := res.Seen.Places[i].Function(); name != "" || file != "" {
			t.Errorf("%s is in %s of %s", res.Seen.Places[i].Site, name, file)
		}
	}
	for _, d := range res.Log {
		if strings.Contains(d.What, " n") {
			t.Errorf("a decision names what is touched: %s %s", d.Site, d.What)
		}
	}
	at := "trace_test.go:1"
	res = Run(Config{Chooser: &letIn{}, Trace: true}, func() { At(at, 0) })
	name, file := res.Seen.Places[0].Function()
	if !strings.HasPrefix(name, "batchlab/sim/weave/rt.TestTrace.") || filepath.Base(file) != "trace_test.go" {
		t.Errorf("%s is in %s of %s", at, name, file)
	}
	if res := Run(Config{Chooser: &letIn{n: 1}}, one); len(res.Trace) > 0 {
		t.Errorf("a run that is not traced wrote down %v", res.Trace)
	}
}

// TestValues: a traced run knows what an atomic was, how many values a channel had, and of how many.
func TestValues(t *testing.T) {
	var i32 atomic.Int32
	var i64 atomic.Int64
	var u32 atomic.Uint32
	var u64 atomic.Uint64
	var ok atomic.Bool
	var plain uint32
	var p atomic.Pointer[int]
	do := func() {
		ch := make(chan int, 3)
		for i := range 2 {
			Touch("x.go:1", "store a", &i32).Store(-7)
			Touch("x.go:2", "add b", &i64).Add(-1 << 40)
			Touch("x.go:3", "store c", &u32).Store(1 << 31)
			Touch("x.go:4", "store d", &u64).Store(1 << 63)
			Touch("x.go:5", "store e", &ok).Store(true)
			atomic.AddUint32(Touch("x.go:6", "add f", &plain), 2)
			Touch("x.go:7", "store g", &p).Store(nil)
			To("x.go:8", ch).Send(i)
		}
		Close("x.go:9", ch)
	}
	var got []string
	for _, a := range Run(Config{Trace: true}, do).Seen.Accesses {
		got = append(got, fmt.Sprint(a.Was, a.Len, a.Room))
	}
	want := "0 0 0, 0 0 0, 0 0 0, 0 0 0, false 0 0, 0 0 0,  0 0,  0 3, " +
		"-7 0 0, -1099511627776 0 0, 2147483648 0 0, 9223372036854775808 0 0, true 0 0, 2 0 0,  0 0,  1 3,  2 3"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, ", "), want)
	}
}
