package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim/weave"
)

// TestExploreTestRefuses: what --test would pass over in silence is an error on one line.
func TestExploreTestRefuses(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"--weave ./impls/batcher", "--weave goes with --test"},
		{"--test . --schedules 5", "--schedules does not go with --test"},
		{"--test . --on dedup/baseline", "--on does not go with --test"},
		{"--test . TestX", `"TestX": what is for go test comes behind --`},
		{"--test . TestX -- -v", `"TestX": what is for go test comes behind --`},
		{"--test ./no/such/folder", "no/such/folder"},
		{"--test ./sim/kind -- -run NoSuchTest", "go test ./sim/kind -run NoSuchTest ran no test"},
	} {
		if testing.Short() && strings.Contains(c.args, "-run") {
			continue // it builds a binary
		}
		r := runCommand(t, append([]string{"explore"}, strings.Fields(c.args)...)...)
		last := strings.TrimSpace(r.errout[strings.LastIndex(strings.TrimSpace(r.errout), "\n")+1:])
		if r.status != 2 || !strings.HasPrefix(last, "batchlab: ") || !strings.Contains(last, c.want) {
			t.Errorf("%s: status %d, %q", c.args, r.status, r.errout)
		}
	}
	t.Chdir(t.TempDir())
	if r := runCommand(t, "explore", "--test", "."); r.status != 2 ||
		!strings.Contains(r.errout, "no go.mod here or above") {
		t.Errorf("status %d, %q", r.status, r.errout)
	}
}

// TestExploreTestLog: lines come whole, a copy is spelled as the original, and places are
// told from the prefix of a line of a test's log.
func TestExploreTestLog(t *testing.T) {
	var out strings.Builder
	l := &testLog{w: &out, copies: "/x/woven/1/modules", cache: "/go/pkg/mod"}
	for _, part := range []string{"    a_test.go:9: a put -> waits (waits to receive at b.go:5",
		"7; beside it a/1 waits to receive at b.go:89)\n", "  /x/woven/1/modules/0123456789abcdef/m@v1/b.go:85 +0x44\nschedule: a 1 " +
			"_c.go:3 send -> b\nschedule: a 2 b.go:57 go -> b"} {
		if n, err := l.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	l.end()
	if got := strings.Join(l.sites, " "); got != "b.go:57 b.go:89 _c.go:3" {
		t.Errorf("places %s", got)
	}
	if !strings.Contains(out.String(), "\n  /go/pkg/mod/m@v1/b.go:85 +0x44\n") ||
		!strings.HasSuffix(out.String(), "\nschedule: a 2 b.go:57 go -> b") {
		t.Errorf("printed\n%s", out.String())
	}
	out.Reset()
	l.places(t.Context(), &out, weave.Build{Packages: []weave.Summary{{Path: "batchlab/impls/batcher"}}})
	if got := out.String(); got != "" {
		t.Errorf("places of other packages:\n%s", got)
	}
	l.sites = []string{"explore_test_command_test.go:1", "subject.go:1", "subject.go:9999"}
	l.places(t.Context(), &out, weave.Build{Packages: []weave.Summary{{Path: "batchlab/sim/kind"},
		{Path: "batchlab/sim/cmd/batchlab"}}})
	for _, want := range []string{"/sim/cmd/batchlab/explore_test_command_test.go:1: package main\n",
		"/sim/kind/subject.go:1: package kind\n", "/sim/kind/subject.go:9999: \n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out.String())
		}
	}
}

// TestScratchFolder: git passes over what the lab writes into a module.
func TestScratchFolder(t *testing.T) {
	dir, err := scratchFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, ".gitignore")); err != nil || string(text) != "*\n" {
		t.Errorf("%q, %v", text, err)
	}
}
