package twin

import (
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
	page, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\n(go mod edit.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("README.md does not say how to require the module")
	}
	above := t.TempDir()
	dir := filepath.Join(above, "mine")
	if err := os.Symlink(root(t), filepath.Join(above, "batchlab")); err != nil {
		t.Fatal(err)
	}
	files{"go.mod": "", "check_test.go": "", "counter_test.go": mine}.write(t, dir, "mine")
	goCache := strings.TrimSpace(command(t, dir, nil, "go", "env", "GOCACHE").out)
	var used time.Duration
	began := time.Now()
	for line := range strings.Lines("go mod init example.com/mine\n" + string(block[1]) + "go mod tidy\ngo test -v -short\n") {
		words := strings.Fields(line)
		cmd := exec.CommandContext(t.Context(), words[0], words[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off", "GOCACHE="+goCache, "XDG_CACHE_HOME="+t.TempDir())
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
		if words[1] == "test" {
			result{string(out), true}.has(t, true, "woven: 1 package, ", "batchlab: no difference in", "batchlab: nothing wrong in")
		}
		used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	command(t, dir, nil, "go", "test", "-short", "-sim.budget=200ms", "-cover", "-run=Linear").has(t, true, "coverage: 100.0% of statements")
	command(t, dir, nil, "go", "test", "-short", "-sim.budget=200ms", "-cover", "-run=Explored").has(t, true, "coverage: 100.0% of statements")
	const most = 2 * 15 * time.Second // of two cores
	t.Logf("%v of computing, %v in all", used, time.Since(began))
	if used > most {
		t.Errorf("it takes %v of computing, want at most %v", used, most)
	}
}
