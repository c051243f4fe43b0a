package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"batchlab/sim/body"
	"batchlab/sim/twin"
	"batchlab/sim/weave"
	"batchlab/sim/weave/rt"
)

// testBinary is the woven test binary of a package, whose tests run as bodies.
type testBinary struct {
	pkg, dir, exe string
	woven         []string // packages
}

// buildTestBinary builds the woven test binary of a package into a folder.
func buildTestBinary(ctx context.Context, b weave.Build, pkg, module, into string, race bool) (*testBinary, error) {
	list := b.Go(ctx, "list", "-f", "{{.Dir}}", pkg)
	list.Dir = module
	dir, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: go list: %s", pkg, errorText(err))
	}
	t := &testBinary{pkg: pkg, dir: strings.TrimSpace(string(dir)), exe: filepath.Join(into, "woven.test")}
	for _, p := range b.Packages {
		t.woven = append(t.woven, p.Path)
	}
	args := []string{"-c", "-vet=off", "-o", t.exe}
	if race {
		args = append(args, "-race")
	}
	cmd := b.Go(ctx, "test", append(args, pkg)...)
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s cannot be built, woven: %s", pkg, firstProblem(string(out)))
	}
	return t, nil
}

// command starts the binary as the go command does.
func (t *testBinary) command(ctx context.Context, order body.Order, args ...string) *exec.Cmd {
	order.Races = filepath.Join(filepath.Dir(t.exe), "races")
	text, err := json.Marshal(order)
	if err != nil {
		panic(err)
	}
	cmd := exec.CommandContext(ctx, t.exe, args...)
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), body.Variable+"="+string(text), "GOMAXPROCS=1", rt.OutsideVariable+"=1",
		raceOptions()+" log_path="+order.Races)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// tests lists the tests that match a pattern, in the order in which they run.
func (t *testBinary) tests(ctx context.Context, pattern string) ([]string, error) {
	pattern, _, _ = strings.Cut(pattern, "/")
	out, err := t.command(ctx, body.Order{}, "-test.list", cmp.Or(pattern, ".")).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: -test.list: %s", t.pkg, firstProblem(string(out)))
	}
	var list []string
	for name := range strings.Lines(string(out)) {
		if name = strings.TrimSpace(name); strings.HasPrefix(name, "Test") && !strings.ContainsAny(name, " \t") {
			list = append(list, name)
		}
	}
	return list, nil
}

// testOutcome is what came of one test.
type testOutcome struct {
	body.Outcome
	died string   // why the process ended in the midst of it
	said []string // what it printed: reports of races, stacks
}

// run runs tests, each as a body, and hands over what comes of each. A test that ends the process does
// not keep the others from being run.
func (t *testBinary) run(ctx context.Context, order body.Order, tests []string, each func(testOutcome)) error {
	for len(tests) > 0 {
		done, died, err := t.some(ctx, order, tests, each)
		if err != nil {
			return err
		}
		if tests = tests[done:]; len(tests) == 0 {
			break
		}
		died.Name = tests[0]
		each(died)
		tests = tests[1:]
	}
	return ctx.Err()
}

// some runs tests in one process up to its end, and returns how many it has done.
func (t *testBinary) some(ctx context.Context, order body.Order, tests []string, each func(testOutcome)) (done int,
	died testOutcome, err error) {
	cmd := t.command(ctx, order, "-test.v", "-test.timeout=0", "-test.run=^("+strings.Join(tests, "|")+")$")
	out, in, err := os.Pipe() // one for both, so that what belongs together stays so
	if err != nil {
		return 0, died, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = in, in
	err = cmd.Start()
	in.Close()
	if err != nil {
		return 0, died, err
	}
	var said []string
	for r := bufio.NewReader(out); ; {
		line, err := r.ReadString('\n')
		if _, text, ok := strings.Cut(line, body.Mark); ok {
			o := testOutcome{said: said}
			if err := json.Unmarshal([]byte(text), &o.Outcome); err != nil {
				return done, died, fmt.Errorf("%s: %w in %q", t.pkg, err, text)
			}
			done, said = done+1, nil
			each(o)
		} else if line != "" && len(said) < mostSaid && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, strings.TrimRight(line, "\n"))
		}
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return done, died, err
		}
	}
	died.died, died.said = t.deathOf(cmd.Wait(), said), said
	return done, died, nil
}

// mostSaid is how many lines of what a test prints are kept: all stacks of a process may be among them.
const mostSaid = 5000

// deathOf says why a process has ended in the midst of a test.
func (t *testBinary) deathOf(waited error, said []string) string {
	for i, line := range said {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, body.Silent):
			switch where := twin.Where(strings.Join(said[i+1:], "\n"), t.woven); {
			case strings.HasPrefix(where, "in code "):
				return "it waits " + where
			case where != "":
				return "it computes without a scheduling point " + where
			}
			return "it waits in code that is not woven, or computes without a scheduling point"
		case strings.Contains(line, "batchlab: "):
			return line[strings.Index(line, "batchlab: "):]
		case strings.HasPrefix(line, "panic: "), strings.HasPrefix(line, "fatal error: "):
			return line
		}
	}
	if waited == nil {
		return "it was not run: is there a TestMain that does not run it?"
	}
	return waited.Error()
}
