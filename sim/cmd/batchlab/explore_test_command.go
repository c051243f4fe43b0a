package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"batchlab/sim/check"
	"batchlab/sim/weave"
)

// testFlags are those of the explore command that have a meaning with --test.
var testFlags = []string{"test", "weave", "race"}

// checkTestFlags refuses what would be passed over in silence.
func checkTestFlags(cmd *cobra.Command, args []string) error {
	if cmd.Flags().Lookup("test").Value.String() == "" {
		if cmd.Flags().Changed("weave") {
			return errors.New("--weave goes with --test")
		}
		return nil
	}
	for _, name := range []string{"strategy", "schedules", "seed", "on", "programs", "corpora", "workers"} {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s does not go with --test, which takes --%s: the test says the rest, in sim.TestOptions",
				name, strings.Join(testFlags[1:], " and --"))
		}
	}
	if n := cmd.ArgsLenAtDash(); n > 0 || n < 0 && len(args) > 0 {
		return fmt.Errorf("%q: what is for go test comes behind --", args[0])
	}
	return nil
}

// exploreTest runs the tests of any module with its code woven, and with it what that needs, and
// what else is named, which may be in the module cache. The tests call sim.Test, which then explores;
// they are woven as well, for adapters have locks.
func exploreTest(ctx context.Context, f exploreFlags, args []string, out, errOut io.Writer) error {
	dir, cache, err := scratchHere(ctx)
	if err != nil {
		return err
	}
	opts := weave.Options{Dir: ".", Tests: true, Reach: true, Also: f.weave, Quiet: []string{clockPackage}}
	if f.race {
		opts.Flags = []string{"-race"}
	}
	build, err := weave.Prepare(ctx, filepath.Join(dir, "woven"), opts, f.test)
	if err != nil {
		return err
	}
	printWoven(errOut, build)
	list, again := []string{"-count=1", "-v", "-vet=off"}, "batchlab explore --test "+f.test
	if f.race {
		list, again = append(list, "-race"), again+" --race"
	}
	for _, p := range f.weave {
		again += " --weave " + p
	}
	cmd := grouped(build.Go(ctx, "test", slices.Concat(list, []string{f.test}, args)...))
	cmd.Env = append(cmd.Env, check.CommandVariable+"="+again)
	log := &testLog{w: out, copies: build.Copies, cache: cache}
	cmd.Stdout, cmd.Stderr = log, errOut
	err = cmd.Run()
	log.end()
	switch {
	case log.unbuilt:
		return fmt.Errorf("%s cannot be built, woven", f.test)
	case log.untested:
		return fmt.Errorf("go test %s ran no test", strings.Join(append([]string{f.test}, args...), " "))
	case hasFailed(err) && ctx.Err() == nil:
		log.places(ctx, out, build)
		return errFound
	}
	return err
}

// printWoven says what is woven. What is not, a run tells that comes upon it.
func printWoven(w io.Writer, build weave.Build) {
	packages, points := 0, 0
	for _, p := range build.Packages {
		if p.Path != clockPackage {
			packages++
			points += p.Points
		}
	}
	fmt.Fprintf(w, "woven: %d packages, %d scheduling points\n", packages, points)
}

// testLog passes the output of go test on, line by line. A stack names a file in the
// woven copy of a module; here it names the original.
type testLog struct {
	w             io.Writer
	copies, cache string // where copies and where originals are
	part          []byte // of a line
	sites         []string
	unbuilt       bool
	untested      bool
}

// site is a scheduling point in a seed or in what somebody waits for: the base name of a
// file and a line.
var site = regexp.MustCompile(` ([^ /:]+\.go:\d+)\b`)

func (l *testLog) Write(p []byte) (int, error) {
	l.part = append(l.part, p...)
	for {
		i := bytes.IndexByte(l.part, '\n')
		if i < 0 {
			return len(p), nil
		}
		if err := l.line(string(l.part[:i+1])); err != nil {
			return 0, err
		}
		l.part = l.part[i+1:]
	}
}

func (l *testLog) line(s string) error {
	l.unbuilt = l.unbuilt || strings.HasPrefix(s, "FAIL\t") &&
		(strings.Contains(s, "[build failed]") || strings.Contains(s, "[setup failed]"))
	l.untested = l.untested || strings.HasPrefix(s, "testing: warning: no tests to run") ||
		strings.Contains(s, "[no test files]")
	for _, m := range site.FindAllStringSubmatch(strings.TrimSpace(s), -1) {
		if !slices.Contains(l.sites, m[1]) {
			l.sites = append(l.sites, m[1])
		}
	}
	copied := regexp.MustCompile(regexp.QuoteMeta(l.copies) + "/[0-9a-f]{16}/")
	_, err := io.WriteString(l.w, copied.ReplaceAllLiteralString(s, l.cache+"/"))
	return err
}

func (l *testLog) end() {
	if len(l.part) > 0 {
		l.line(string(l.part))
	}
}

// places prints where in the originals the points are that the output spoke of.
func (l *testLog) places(ctx context.Context, out io.Writer, build weave.Build) {
	const files = `{{$p := .}}{{range .GoFiles}}{{$p.Dir}}/{{.}}{{"\n"}}{{end}}` +
		`{{if .Module.Main}}{{range .TestGoFiles}}{{$p.Dir}}/{{.}}{{"\n"}}{{end}}` +
		`{{range .XTestGoFiles}}{{$p.Dir}}/{{.}}{{"\n"}}{{end}}{{end}}`
	args := []string{"list", "-f", files}
	for _, p := range build.Packages {
		if p.Path != clockPackage {
			args = append(args, p.Path)
		}
	}
	text, err := exec.CommandContext(ctx, "go", args...).Output()
	if err != nil {
		return
	}
	title := "\nThe places:\n"
	for _, s := range l.sites {
		base, number, _ := strings.Cut(s, ":")
		for file := range strings.Lines(string(text)) {
			if file = strings.TrimSpace(file); filepath.Base(file) == base {
				fmt.Fprintf(out, "%s  %s:%s: %s\n", title, file, number, sourceLine(file, number))
				title = ""
			}
		}
	}
}

// sourceLine is a line of a file, or nothing.
func sourceLine(file, number string) string {
	text, err := os.ReadFile(file)
	n, _ := strconv.Atoi(number)
	list := strings.Split(string(text), "\n")
	if err != nil || n < 1 || n > len(list) {
		return ""
	}
	return strings.TrimSpace(list[n-1])
}
