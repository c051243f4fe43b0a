package weave

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// TestOrder asks for the woven test binary of a package of the module that the process is in.
type TestOrder struct {
	Package string   // under test
	Flags   []string // of the go command
	LDFlags string   // likewise
	Before  string   // a file that no source may be newer than; "": that does not matter
	Cache   string   // the folder for copies of modules
	Out     string   // the file to build
}

// Tested is what a test binary has woven.
type Tested struct {
	Packages []string
	Points   int
}

// BuildTest weaves a package, its tests and what they need, and builds the test binary. Where plain accesses are in
// the way of the compiler they stay as they are.
func BuildTest(ctx context.Context, o TestOrder) (t Tested, err error) {
	opts := Options{Tests: true, Reach: true, Plain: true, Flags: o.Flags, Quiet: []string{clockPath}}
	var unbuilt *unbuiltError
	if t, err = o.buildTest(ctx, opts); errors.As(err, &unbuilt) {
		opts.Plain = false
		t, err = o.buildTest(ctx, opts)
	}
	return t, err
}

// unbuiltError is of the compiler.
type unbuiltError struct{ text string }

func (u *unbuiltError) Error() string { return u.text }

func (o TestOrder) buildTest(ctx context.Context, opts Options) (t Tested, err error) {
	env, err := opts.environment(ctx)
	if err != nil {
		return t, fmt.Errorf("%w: run the test binary in the folder of its package", err)
	}
	l, roots, err := readLinks(ctx, opts, []string{o.Package})
	if err != nil {
		return t, err
	}
	if len(roots) == 1 && len(roots[0].GoFiles) == 0 && len(roots[0].Errors) > 0 {
		return t, fmt.Errorf("%w (go test runs a test binary in the folder of its package)", check(roots[0]))
	}
	woven, err := load(ctx, opts, l, []string{o.Package})
	if err != nil {
		return t, err
	}
	dir, err := os.MkdirTemp("", "batchlab-woven-")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	w := newWriter(env, dir, o.Cache)
	w.dir = dir
	if err := w.write(woven, nil); err != nil {
		return t, err
	}
	b, err := readBuild(dir)
	if err != nil {
		return t, err
	}
	digest, err := l.digest(opts, env, []string{o.Package})
	if err != nil {
		return t, err
	}
	if err := o.build(ctx, b, digest); err != nil {
		return t, err
	}
	for _, p := range woven {
		if !slices.Contains(opts.Quiet, p.Path) && (p.Points > 0 || !slices.Contains(l.reached, p.Path)) {
			t.Packages = append(t.Packages, p.Path)
			t.Points += p.Points
		}
	}
	return t, l.older(o.Before, env)
}

// build builds the test binary of what is woven.
func (o TestOrder) build(ctx context.Context, b Build, digest string) error {
	ldflags := strings.TrimSpace(o.LDFlags + " -s -w -X " + rtPath + ".Woven=" + digest) // nobody debugs it
	args := []string{"test", "-c", "-vet=off", "-o", o.Out, "-ldflags", ldflags}
	args = slices.Concat(args, o.Flags, b.Flags(), []string{o.Package})
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = b.Env(os.Environ())
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return &unbuiltError{fmt.Sprintf("the woven test binary cannot be built: %s\n%s", strings.Join(cmd.Args, " "), out)}
	}
	return err
}

// older returns an error if a source outside the module cache is newer than a file. What has a
// time still to come says nothing.
func (l *links) older(than string, env environment) error {
	if than == "" {
		return nil
	}
	built, err := os.Stat(than)
	if err != nil {
		return err
	}
	for _, p := range l.every {
		if p.Module == nil || within(env.GOMODCACHE, p.Dir) || ofTheLab(p.PkgPath) || strings.HasSuffix(p.ID, ".test") {
			continue
		}
		for _, name := range p.GoFiles {
			at, err := os.Stat(name)
			if err == nil && at.ModTime().After(built.ModTime()) && at.ModTime().Before(time.Now()) {
				return fmt.Errorf("%s has changed since this test binary was built: build it again", name)
			}
		}
	}
	return nil
}
