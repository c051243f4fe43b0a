package twin

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const mine = `package NAME

import (
	"testing"

	"batchlab/sim"
)

func newCounter(*sim.Env) *Counter { return new(Counter) }

func TestLinear(t *testing.T) { sim.Linearizable(t, newCounter) }

func TestExplored(t *testing.T) {
	sim.Explore(t, func(t *sim.T) {
		var c Counter
		go c.Add()
		c.Add()
	})
}
`

// TestEmptyModule: from go mod init and a type of one's own, with the two commands that README.md
// names, to the first verdict. Modules are in their cache; the weaver is not built yet.
func TestEmptyModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	dir, _ := emptyModule(t)
	command(t, dir, nil, "go", "test", "-short", "-sim.budget=200ms", "-cover", "-run=Linear").has(t, true, "coverage: 100.0% of statements")
	command(t, dir, nil, "go", "test", "-short", "-sim.budget=200ms", "-cover", "-run=Explored").has(t, true, "coverage: 100.0% of statements")
}

// BenchmarkEmptyModule measures the same: seconds of processor, as time says, and how many times as much that is as
// a test of the standard library costs whose packages are compiled anew.
func BenchmarkEmptyModule(b *testing.B) {
	for b.Loop() {
		_, used := emptyModule(b)
		beside := exec.CommandContext(b.Context(), "go", "test", "-vet=off", "-run=^$", "net/http")
		beside.Env = append(os.Environ(), "GOCACHE="+b.TempDir())
		if out, err := beside.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		b.ReportMetric(used.Seconds(), "cpu-s")
		b.ReportMetric(used.Seconds()/cost(beside).Seconds(), "times-net/http")
	}
}

// cost is how much processor time a command took that has ended.
func cost(cmd *exec.Cmd) time.Duration {
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// emptyModule types what README.md says in an empty folder, which it returns, and sees what is said of it.
func emptyModule(tb testing.TB) (dir string, used time.Duration) {
	tb.Helper()
	page, err := os.ReadFile(filepath.Join(root(tb), "README.md"))
	if err != nil {
		tb.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\n(go mod edit.*?)```").FindSubmatch(page)
	if block == nil {
		tb.Fatal("README.md does not say how to require the module")
	}
	dir = filepath.Join(tb.TempDir(), "mine")
	beside, err := filepath.Rel(dir, root(tb)) // where its packages are built already
	if err != nil || !bytes.Contains(block[1], []byte("../batchlab")) {
		tb.Fatalf("README.md has no module beside one's own: %v\n%s", err, block[1])
	}
	block[1] = bytes.ReplaceAll(block[1], []byte("../batchlab"), []byte(beside))
	files{"go.mod": "", "check_test.go": "", "counter_test.go": mine}.write(tb, dir, "mine")
	goCache := strings.TrimSpace(command(tb, dir, nil, "go", "env", "GOCACHE").out)
	for line := range strings.Lines("go mod init example.com/mine\n" + string(block[1]) + "go mod tidy\ngo test -v -short\n") {
		words := strings.Fields(line)
		cmd := exec.CommandContext(tb.Context(), words[0], words[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off", "GOCACHE="+goCache, "XDG_CACHE_HOME="+tb.TempDir())
		out, err := cmd.CombinedOutput()
		if err != nil {
			tb.Fatalf("%s: %v\n%s", line, err, out)
		}
		if words[1] == "test" {
			result{string(out), true}.has(tb, true, "woven: 1 package, ", "batchlab: no difference in", "batchlab: nothing wrong in")
		}
		used += cost(cmd)
	}
	return dir, used
}
