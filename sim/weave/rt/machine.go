package rt

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"unsafe"
	"weak"
)

// cores is how many cores woven code is told of: a component that makes a part for each
// has several, and they meet often.
const cores = 2

// RuntimeNumCPU is runtime.NumCPU(), also outside of runs, where package-level variables ask.
func RuntimeNumCPU() int { return cores }

// RuntimeGOMAXPROCS is runtime.GOMAXPROCS(n), which changes nothing in a run. Asked only, it
// is the same outside of runs.
func RuntimeGOMAXPROCS(n int) int {
	if active || n < 1 {
		return cores
	}
	return runtime.GOMAXPROCS(n)
}

// RuntimeNumGoroutine is runtime.NumGoroutine(): in a run, how many of its goroutines have
// not ended, those of the lab included.
//
//go:norace
func RuntimeNumGoroutine() int {
	if !active {
		return runtime.NumGoroutine()
	}
	visitFixed(goroutines, opGoroutinesCounted)
	return s.nlive
}

// RuntimeLockOSThread is runtime.LockOSThread(). In a run, where one goroutine moves at a time,
// it does nothing: goroutines take turns on one thread.
func RuntimeLockOSThread() {
	if !active {
		runtime.LockOSThread()
	}
}

// RuntimeUnlockOSThread is runtime.UnlockOSThread().
func RuntimeUnlockOSThread() {
	if !active {
		runtime.UnlockOSThread()
	}
}

// noProcess is greater than the number of any process, so that a signal reaches nobody.
const noProcess = 1<<22 + 1

// OsGetpid is os.Getpid().
func OsGetpid() int {
	if active {
		return noProcess
	}
	return os.Getpid()
}

// OsGetppid is os.Getppid().
func OsGetppid() int {
	if active {
		return noProcess + 1
	}
	return os.Getppid()
}

// RuntimeStack is runtime.Stack(buf, all): in a run, of the goroutine that has the turn, by
// its number in the run, and without addresses.
func RuntimeStack(buf []byte, all bool) int {
	if !active {
		return runtime.Stack(buf, all)
	}
	return copy(buf, stack())
}

// DebugStack is debug.Stack().
func DebugStack() []byte {
	if !active {
		return debug.Stack()
	}
	text, rest, _ := strings.Cut(stack(), "\n")
	return []byte(text + "\nruntime/debug.Stack()\n\truntime/debug/stack.go:26\n" + rest)
}

// DebugPrintStack is debug.PrintStack().
func DebugPrintStack() { os.Stderr.Write(DebugStack()) }

func stack() string {
	var b strings.Builder
	b.WriteString("goroutine " + strconv.Itoa(current()) + " [running]:\n")
	for _, f := range frames() {
		b.WriteString(f.Function + "(...)\n\t" + f.File + ":" + strconv.Itoa(f.Line) + "\n")
	}
	return b.String()
}

//go:norace
func current() int { return s.cur.Index + 1 }

// frames are the callers outside of this package and the runtime, up to where the goroutine
// of the run begins.
func frames() (list []runtime.Frame) {
	pcs := make([]uintptr, 64)
	all := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := all.Next()
		if f.Function == "batchlab/sim/weave/rt.body" {
			return list
		}
		if !strings.HasPrefix(f.Function, "batchlab/sim/weave/rt.") && !strings.HasPrefix(f.Function, "runtime.") {
			list = append(list, f)
		}
		if !more {
			return list
		}
	}
}

// caller is the place from which this package was called.
func caller() string {
	for _, f := range frames() {
		return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
	}
	return "?"
}

// RaceLog returns what the race detector has reported in a file since it was last asked; its name is what all begin
// with, and the number of the process.
func RaceLog(prefix string) func() string {
	read := 0
	return func() string {
		text, err := os.ReadFile(prefix + "." + strconv.Itoa(os.Getpid()))
		if err != nil || len(text) < read {
			return ""
		}
		text = text[read:]
		read += len(text)
		return string(text)
	}
}

// WeakMake is weak.Make(p): in a run, what it points to is kept, so that it does not depend
// on the garbage collector when it is gone.
func WeakMake[T any](p *T) weak.Pointer[T] {
	if active && p != nil {
		see(unsafe.Pointer(p))
	}
	return weak.Make(p)
}
