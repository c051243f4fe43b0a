package weave

import (
	"go/types"
	"slices"
	"strings"
)

// form is how a call of a function is woven.
type form uint8

const (
	plain  form = iota // it is not
	called             // rt.Name(site, receiver and arguments)
	asked              // the receiver, or the first argument, goes through rt.Touch
)

// operations are the functions and methods that package rt has its own of, by package.
// Where rt's name is not made of the package or type and the function, it follows '='.
var operations = table(called, map[string]string{
	"sync": "Mutex.Lock Mutex.Unlock Mutex.TryLock " +
		"RWMutex.Lock RWMutex.Unlock RWMutex.TryLock RWMutex.RLock RWMutex.RUnlock RWMutex.TryRLock RWMutex.RLocker " +
		"Locker.Lock Locker.Unlock WaitGroup.Add WaitGroup.Done WaitGroup.Wait WaitGroup.Go " +
		"Once.Do OnceFunc OnceValue OnceValues NewCond Cond.Wait Cond.Signal Cond.Broadcast " +
		"Pool.Get Pool.Put Map.Range",
	"time": "Now Sleep After Tick Since Until NewTimer AfterFunc NewTicker " +
		"Timer.Stop Timer.Reset Ticker.Stop Ticker.Reset",
	"context": "WithTimeout WithDeadline WithTimeoutCause WithDeadlineCause AfterFunc",
	"runtime": "Gosched",
	"maps":    "All Keys Values DeleteFunc EqualFunc",
})

// uncontrolled are functions whose results no schedule decides, and why, by package: a run
// that comes to one tells so. A '*' is for every function of the package.
var uncontrolled = []struct{ path, names, why string }{
	{"crypto/rand", "Prime", "random numbers"},
	{"reflect", "Select Value.Send Value.Recv Value.TrySend Value.TryRecv Value.Close Value.MapRange Value.MapKeys " +
		"Value.Seq Value.Seq2", "channels and maps through package reflect"},
	{"reflect", "Value.Pointer Value.UnsafeAddr Value.UnsafePointer", "an address"},
	{"runtime", "ReadMemStats NumCgoCall", "what the process has used"},
	{"runtime/debug", "ReadGCStats", "what the process has used"},
	{"runtime/metrics", "Read", "what the process has used"},
	{"os", "Hostname Getenv LookupEnv Environ ExpandEnv Getwd Executable TempDir UserHomeDir UserCacheDir UserConfigDir " +
		"ReadFile ReadDir Open OpenFile Root Stat Lstat CreateTemp MkdirTemp", "what the machine has"},
	{"os/exec", "*", "another process"},
	{"os/signal", "Notify NotifyContext", "signals"},
	{"syscall", "Kill", "a signal, which reaches nobody here"},
	{"os", "Process.Signal Process.Kill", "a signal, which reaches nobody here"},
	{"net", "*", "the network"},
	{"net/http", "Get Head Post PostForm Client.Do Client.Get Client.Head Client.Post Client.PostForm " +
		"ListenAndServe ListenAndServeTLS Serve ServeTLS Server.ListenAndServe Server.ListenAndServeTLS Server.Serve " +
		"Server.ServeTLS Transport.RoundTrip", "the network"},
	{"net/http/httptest", "NewServer NewTLSServer Server.Start Server.StartTLS", "the network"},
	{"net/rpc", "Dial DialHTTP", "the network"},
}

// keepAlive names something of each package that a file can lose its last use of.
var keepAlive = map[string]string{
	"sync": "NewCond", "time": "Sleep", "context": "Background", "runtime": "Gosched",
	"runtime/debug": "Stack", "hash/maphash": "String", "fmt": "Sprint", "math/rand": "NewSource",
	"math/rand/v2": "NewPCG",
	"testing":      "Short", "crypto/rand": "Int", "os": "Getpid", "weak": "Make[int]", "maps": "Clone[map[int]int]",
	"testing/synctest": "Wait",
}

// mockable are packages of clocks that a subject is given. A call of one is a point like
// a call of package time's, whatever the clock does inside.
var mockable = map[string]bool{"github.com/benbjohnson/clock": true}

type operation struct {
	form form
	name string // in package rt
}

func table(f form, lists map[string]string) map[string]operation {
	t := map[string]operation{}
	for path, list := range lists {
		for _, name := range strings.Fields(list) {
			of, method, ok := strings.Cut(name, ".")
			if !ok {
				of, method = path[strings.LastIndex(path, "/")+1:], name
				of = strings.ToUpper(of[:1]) + of[1:]
			}
			t[path+"."+name] = operation{f, of + method}
		}
	}
	return t
}

// qualified is a function's name with its package and the type it is a method of.
func qualified(fn *types.Func) (path, name string) {
	if fn.Pkg() == nil {
		return "", fn.Name()
	}
	name = fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			name = n.Obj().Name() + "." + name
		} else {
			name = "." + name // of an interface without a name
		}
	}
	return fn.Pkg().Path(), name
}

// operationOf says how calls of a function are woven. The receiver's type, if the
// function is a method, tells apart what goes by the name of Lock.
func operationOf(fn *types.Func, recv types.Type) operation {
	path, name := qualified(fn)
	switch {
	case path == "sync/atomic":
		return operation{asked, ""}
	case path == "sync" && strings.HasPrefix(name, "Map.") && name != "Map.Range":
		return operation{asked, ""}
	case mockable[path] && recv != nil:
		return operation{asked, ""}
	}
	if op := operations[path+"."+name]; op.form != plain {
		return op
	}
	if recv != nil && types.IsInterface(recv) && (fn.Name() == "Lock" || fn.Name() == "Unlock") && isLocker(recv) {
		return operation{called, "Locker" + fn.Name()}
	}
	return operation{}
}

// isLocker reports whether a type has the methods of sync.Locker.
func isLocker(t types.Type) bool {
	for _, name := range []string{"Lock", "Unlock"} {
		fn, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
		f, ok := fn.(*types.Func)
		if !ok || f.Signature().Params().Len() != 0 || f.Signature().Results().Len() != 0 {
			return false
		}
	}
	return true
}

// whyUncontrolled is what of a function no schedule decides, or "".
func whyUncontrolled(fn *types.Func) string {
	path, name := qualified(fn)
	for _, u := range uncontrolled {
		all := u.names == "*" && !strings.Contains(name, ".")
		if u.path == path && (all || slices.Contains(strings.Fields(u.names), name)) {
			return u.why
		}
	}
	return ""
}
