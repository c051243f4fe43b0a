package twin

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// check is a test file that runs a body once in the twin, under a scheduler that chooses what
// makes no difference.
const check = `package NAME

import (
	"fmt"
	"testing"

	"batchlab/sim/twin"
	"batchlab/sim/weave/rt"
)

type plainly struct{}

func (plainly) Next(p *rt.Point) int  { return p.Default }
func (plainly) Value(p *rt.Point) int { return p.Default }

func controlled(t testing.TB, body func()) {
	t.Helper()
	if !twin.In() {
		twin.Run(t)
		return
	}
	twin.Serve(t, func(r *twin.Reporter) {
		if r.Plain() {
			body()
			return
		}
		r.Beat("program of " + t.Name())
		res := rt.Run(rt.Config{Chooser: plainly{}}, body)
		r.Log(fmt.Sprint("points: ", res.Points > 0))
		if res.Deadlock+res.Panic != "" {
			r.Error(res.Deadlock + res.Panic)
		}
	})
}
`

// counter is a component, and counterTest a test of it that passes under a scheduler.
const (
	counter = "package NAME\n\nimport \"sync\"\n\ntype Counter struct {\n\tmu sync.Mutex\n\tn  int\n}\n\n" +
		"func (c *Counter) Add() {\n\tc.mu.Lock()\n\tdefer c.mu.Unlock()\n\tc.n++\n}\n"
	counterTest = "package NAME\n\nimport \"testing\"\n\nfunc TestCounter(t *testing.T) {\n" +
		"\tcontrolled(t, func() {\n\t\tvar c Counter\n\t\tgo c.Add()\n\t\tc.Add()\n\t})\n}\n"
)

// files are those of a module by name. Without a go.mod it requires this one, as a person has it
// after two go mod edit commands.
type files map[string]string

// write writes a module below a folder. NAME stands for the name of the package. Its files are an hour old: the go
// command keeps no result of a test that read a file of the last two seconds.
func (f files) write(t testing.TB, dir, name string) {
	t.Helper()
	all := files{"go.mod": goMod(t, "example.com/"+name), "check_test.go": check, "counter.go": counter, "counter_test.go": counterTest}
	for file, text := range f {
		all[file] = text
	}
	anHourAgo := time.Now().Add(-time.Hour)
	for file, text := range all {
		if text == "" {
			continue
		}
		file = filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "NAME", name)), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, anHourAgo, anHourAgo); err != nil {
			t.Fatal(err)
		}
	}
}

// root is the folder of this module.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func goMod(t testing.TB, path string, more ...string) string {
	t.Helper()
	return "module " + path + "\n\ngo 1.26.0\n\nrequire batchlab v0.0.0\n\nreplace batchlab => " + root(t) + "\n" + strings.Join(more, "\n")
}

// result is what came of a command.
type result struct {
	out string
	ok  bool
}

// command runs a command in a folder, with variables in its environment.
func command(t testing.TB, dir string, env []string, name string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off"), env...)
	out, err := cmd.CombinedOutput()
	return result{string(out), err == nil}
}

// has reports an error if what was printed lacks a text, or the command did not end as wanted.
func (r result) has(t testing.TB, ok bool, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.out, text) {
			t.Errorf("%q is not in\n%s", text, r.out)
		}
	}
	if r.ok != ok {
		t.Errorf("succeeds: %v, want %v:\n%s", r.ok, ok, r.out)
	}
}
