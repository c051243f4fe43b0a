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
func behave(t *testing.T) (plain, woven string) {
	t.Helper()
	dir := t.TempDir()
	b, err := Prepare(t.Context(), filepath.Join(dir, "cache"), Options{}, "./testdata/behave")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range b.Packages[0].Gaps {
		if !strings.Contains(g.What, "keys have no order") {
			t.Errorf("not woven: %v", g)
		}
	}
	plain, woven = filepath.Join(dir, "plain"), filepath.Join(dir, "woven")
	goRun(t, "", "build", "-o", plain, "./testdata/behave")
	goRun(t, "", append(append([]string{"build"}, b.Flags()...), "-o", woven, "./testdata/behave")...)
	return plain, woven
}

// TestBehaviour: without a scheduler woven code does what it did before, and when it
// panics the trace names the original's files and lines.
func TestBehaviour(t *testing.T) {
	plain, woven := behave(t)
	run := func(program string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
		if len(args) == 0 && err != nil {
			t.Errorf("%s: %v", filepath.Base(program), err)
		}
		return string(out)
	}
	want, got := strings.Split(run(plain), "--- "), strings.Split(run(woven), "--- ")
	if len(want) < 20 || len(want) != len(got) {
		t.Fatalf("%d parts, want %d:\n%s", len(got), len(want), got[len(got)-1])
	}
	for i := range want {
		if want[i] != got[i] {
			t.Errorf("woven:\n%s\nplain:\n%s", got[i], want[i])
		}
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
