package weave

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goRun runs the go command, which must succeed, and returns what it prints.
func goRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// behave builds testdata/behave as it is, and woven.
func behave(t *testing.T, extra map[string][]byte) (plain, woven string) {
	t.Helper()
	dir := t.TempDir()
	b, err := Prepare(t.Context(), filepath.Join(dir, "cache"), Options{Extra: extra, Plain: true}, "./testdata/behave")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range b.Packages[0].Gaps {
		if !strings.Contains(g.What, "keys have no order") && !strings.Contains(g.What, "TryLock of an interface") {
			t.Errorf("not woven: %v", g)
		}
	}
	plain, woven = filepath.Join(dir, "plain"), filepath.Join(dir, "woven")
	goRun(t, "", "build", "-o", plain, "./testdata/behave")
	goRun(t, "", append(append([]string{"build"}, b.Flags()...), "-o", woven, "./testdata/behave")...)
	return plain, woven
}

// prints runs a program, and returns what it prints in all its rows, by their names.
func prints(t *testing.T, program string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(program), err, out)
	}
	rows := map[string]string{}
	for _, row := range strings.Split(string(out), "--- ")[1:] {
		name, text, _ := strings.Cut(row, "\n")
		rows[name] = text
	}
	return rows
}

func samePrints(t *testing.T, plain, woven map[string]string) {
	t.Helper()
	if len(plain) < 20 || len(woven) != len(plain) {
		t.Fatalf("%d rows, want %d", len(woven), len(plain))
	}
	for name, want := range plain {
		if got := woven[name]; got != want {
			t.Errorf("%s, woven:\n%s\nplain:\n%s", name, got, want)
		}
	}
}

// TestBehaviour: without a scheduler woven code does what it did before, and when it
// panics the trace names the original's files and lines.
func TestBehaviour(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	plain, woven := behave(t, nil)
	samePrints(t, prints(t, plain), prints(t, woven))
	run := func(program, name string) string {
		out, _ := exec.CommandContext(t.Context(), program, name).CombinedOutput()
		return string(out)
	}
	for _, name := range []string{"send", "select", "after a select", "in a hoisted function", "goroutine", "range", "unlock", "clock"} {
		t.Run(name, func(t *testing.T) {
			want, got := trace(run(plain, name)), trace(run(woven, name))
			if want == "" || want != got {
				t.Errorf("woven:\n%s\nplain:\n%s", got, want)
			}
		})
	}
}

// TestScheduled: it does the same when a scheduler lets one goroutine move at a time, but
// for what waits for the clock, which stands still.
func TestScheduled(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	name, err := filepath.Abs("testdata/behave/scheduled.go")
	if err != nil {
		t.Fatal(err)
	}
	plain, woven := behave(t, map[string][]byte{name: []byte(scheduled)})
	want, got := prints(t, plain), prints(t, woven)
	for _, clock := range []string{"clock", "context"} {
		if !strings.Contains(got[clock], "lab ") {
			t.Errorf("%s, woven, does not wait:\n%s", clock, got[clock])
		}
		delete(want, clock)
		delete(got, clock)
	}
	samePrints(t, want, got)
}

const scheduled = `package main

import (
	"fmt"

	"batchlab/sim/weave/rt"
)

type first struct{}

func (first) Next(p *rt.Point) int  { return p.Default }
func (first) Value(p *rt.Point) int { return p.Default }

func init() {
	run = func(row func()) {
		res := rt.Run(rt.Config{Chooser: first{}}, row)
		if res.Panic != "" {
			fmt.Println("panic:", res.Panic)
		}
		if res.Deadlock != "" || res.Left != nil || res.Spun {
			fmt.Println(res.Deadlock, res.Left, res.Spun)
		}
	}
}
`

var place = regexp.MustCompile(`(?m)^\t(.*/testdata/behave/[a-z]+\.go:\d+)`)

// trace is the panicking goroutine's places in the program, from the inside out. Where
// package rt calls back there are more frames between; those are not the program's.
func trace(output string) string {
	first, _, _ := strings.Cut(output, "\n\n"+"goroutine ")
	if _, rest, ok := strings.Cut(output, "goroutine "); ok {
		first, _, _ = strings.Cut(rest, "\n\n")
	}
	var lines []string
	for _, m := range place.FindAllStringSubmatch(first, -1) {
		lines = append(lines, m[1])
	}
	return strings.Join(lines, "\n")
}
