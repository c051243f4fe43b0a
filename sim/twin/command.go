package twin

import (
	"cmp"
	"flag"
	"os"
	"testing"
	"time"
)

// here is where the test binary was started: its package's folder, under go test.
var here, _ = os.Getwd()

// instead are flags of the test binary with a meaning for the outer process only: what it
// measures, writes and repeats. The twin has them like this.
var instead = []string{
	"-test.count=1", "-test.cpu=1", "-test.shuffle=off", "-test.failfast=false", "-test.skip=", "-test.list=", "-test.bench=",
	"-test.fuzz=", "-test.paniconexit0=false", "-test.testlogfile=", "-test.coverprofile=", "-test.gocoverdir=",
	"-test.cpuprofile=", "-test.memprofile=", "-test.blockprofile=", "-test.mutexprofile=", "-test.trace=",
}

// arguments are those of the twin: this process's own, but for one test, with what is left
// of the time, and nothing of what only the outer process is to do.
func arguments(t testing.TB, c call) []string {
	flags := os.Args[1 : len(os.Args)-flag.NArg()]
	if n := len(flags); n > 0 && flags[n-1] == "--" {
		flags = flags[:n-1]
	}
	list := append(append([]string{}, flags...), instead...)
	list = append(list, "-test.run="+Pattern(c.test), "-test.timeout="+left(t).String(), "-test.v="+flagOf(*verbose))
	if flag.NArg() > 0 {
		list = append(append(list, "--"), flag.Args()...)
	}
	return list
}

func flagOf(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}

// left is how long the twin has: a little less than the test, so that it can say where it is
// when its time is over. 0 is for ever.
func left(t testing.TB) time.Duration {
	d, ok := t.(interface{ Deadline() (time.Time, bool) })
	if !ok {
		return 0
	}
	deadline, ok := d.Deadline()
	if !ok {
		return 0
	}
	left := time.Until(deadline)
	return max(left-min(left/10, time.Second), time.Millisecond)
}

// environment is that of the twin. Its goroutines move one at a time, so that a second core
// would only cost, as would a collector that is often at work.
func environment(c call) []string {
	env := append(os.Environ(), callVariable+"="+c.String(), "GOCOVERDIR=",
		"GORACE="+os.Getenv("GORACE")+" halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0",
		"GOMAXPROCS="+cmp.Or(os.Getenv("GOMAXPROCS"), "1"))
	if !settings().race {
		env = append(env, "GOGC="+cmp.Or(os.Getenv("GOGC"), "800"), "GOMEMLIMIT="+cmp.Or(os.Getenv("GOMEMLIMIT"), "512MiB"))
	}
	return env
}
