package twin

import (
	"cmp"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"batchlab/sim/weave/rt"
)

// here is where the test binary was started: its package's folder, under go test.
var here, _ = os.Getwd()

// instead are flags of the test binary with a meaning for the outer process only: what it
// measures, writes and repeats. The twin has them like this.
var instead = []string{
	"-test.count=1", "-test.cpu=", "-test.shuffle=off", "-test.failfast=false", "-test.skip=", "-test.list=",
	"-test.bench=", "-test.fuzz=", "-test.paniconexit0=false", "-test.coverprofile=",
	"-test.cpuprofile=", "-test.memprofile=", "-test.blockprofile=", "-test.mutexprofile=", "-test.trace=",
	"-test.artifacts=false",
}

// arguments are those of the twin: this process's own, but for one test, for what is left
// of its time, and nothing of what only the outer process is to do.
func (p *process) arguments(t testing.TB) []string {
	list := append(flags(), instead...)
	all, _ := left(t)
	list = append(list, "-test.run="+Pattern(p.call.test), "-test.timeout="+all.String(),
		"-test.v="+strconv.FormatBool(*verbose), "-test.testlogfile="+string(p.looked), "-test.gocoverdir="+p.counters)
	if flag.NArg() > 0 {
		list = append(append(list, "--"), flag.Args()...)
	}
	return list
}

// flags are the flags of this process.
func flags() []string {
	list := slices.Clone(os.Args[1 : len(os.Args)-flag.NArg()])
	if n := len(list); n > 0 && list[n-1] == "--" {
		list = list[:n-1]
	}
	return list
}

// left is how long a test still has, and how much of that is for saying where it was when its time is
// up; 0 and 0 if it has for ever.
func left(t testing.TB) (all, last time.Duration) {
	d, ok := t.(interface{ Deadline() (time.Time, bool) })
	if !ok {
		return 0, 0
	}
	deadline, ok := d.Deadline()
	if !ok {
		return 0, 0
	}
	all = max(time.Until(deadline), time.Millisecond)
	return all, min(all/8, 5*time.Second)
}

// environment is that of the twin. Its goroutines move one at a time, so that a second core
// would only cost, as would a collector that is often at work.
func (p *process) environment() []string {
	env := append(os.Environ(), callVariable+"="+p.call.String(), racesVariable+"="+p.races(),
		rt.OutsideVariable+"=1", "GOCOVERDIR=", plainVariable+"="+strconv.FormatBool(p.counters != ""),
		"GORACE="+os.Getenv("GORACE")+" halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0"+
			" log_path="+p.races(),
		"GOTRACEBACK=single", "GOMAXPROCS="+cmp.Or(os.Getenv("GOMAXPROCS"), "1"))
	if !settings().race {
		env = append(env, "GOGC="+cmp.Or(os.Getenv("GOGC"), "800"), "GOMEMLIMIT="+cmp.Or(os.Getenv("GOMEMLIMIT"), "512MiB"))
	}
	return env
}

// races is the beginning of the name of the file for what the race detector reports. A
// blank would end it, as GORACE is read.
func (p *process) races() string {
	if strings.Contains(p.scratch, " ") {
		return "stderr"
	}
	return filepath.Join(p.scratch, "races")
}
