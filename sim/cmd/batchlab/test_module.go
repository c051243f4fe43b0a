package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
)

// bodyFolders are what woven tests need of the lab.
var bodyFolders = []string{
	"sim/body", "sim/view", "sim/view/timeline", "sim/history", "sim/sched", "sim/program", "sim/kind", "sim/weave/rt",
}

// requireLab has the go command find the lab in a module that does not require it, and returns
// how to undo that. The module's files stay as they are: another go.mod is used, which
// requires a part of the lab that needs next to nothing, so that the versions of the module's own
// requirements stay as well.
func requireLab(ctx context.Context, scratch string) (undo func(), err error) {
	if err := exec.CommandContext(ctx, "go", "list", "batchlab/sim/weave/rt").Run(); err == nil {
		return func() {}, nil
	}
	env, err := goEnv(ctx, "GOMOD", "GOWORK", "GOFLAGS")
	if err != nil {
		return nil, err
	}
	if env[1] != "" && env[1] != "off" {
		return nil, fmt.Errorf("no module of the workspace %s requires batchlab: go work use the folder of its source",
			env[1])
	}
	lab, err := labSource()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(scratch, "lab")
	if err := copyLab(lab, dir, clockHere(ctx)); err != nil {
		return nil, err
	}
	file := filepath.Join(scratch, "go.mod")
	if err := writeModFile(env[0], file, dir); err != nil {
		return nil, err
	}
	old, had := os.LookupEnv("GOFLAGS")
	undo = func() {
		if had {
			os.Setenv("GOFLAGS", old)
		} else {
			os.Unsetenv("GOFLAGS")
		}
	}
	os.Setenv("GOFLAGS", strings.TrimSpace(env[2]+" -mod=mod -modfile="+file))
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "batchlab/sim/body")
	if out, err := cmd.CombinedOutput(); err != nil {
		undo()
		return nil, fmt.Errorf("%s: %s", cmd, firstProblem(string(out)))
	}
	return undo, nil
}

// labSource is the folder of the source that this command was built from.
func labSource() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(filepath.Dir(filepath.Dir(filepath.Dir(file))))
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil || !filepath.IsAbs(dir) {
		return "", errors.New("the module does not require batchlab, and the source that this command was built from " +
			"is gone: go get batchlab")
	}
	return dir, nil
}

// clockHere is the version of the mocked clock that the module uses, or "".
func clockHere(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Version}}", clockPackage).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// copyLab copies what woven tests need, as a module of its own. It takes the clock as it is in the
// module under test, if it is there.
func copyLab(lab, dir, clock string) error {
	for _, folder := range bodyFolders {
		names, err := filepath.Glob(filepath.Join(lab, folder, "*.go"))
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, folder), 0o777)
		}
		if err != nil {
			return err
		}
		there, _ := filepath.Glob(filepath.Join(dir, folder, "*.go"))
		for _, name := range there { // of another version
			if _, err := os.Stat(filepath.Join(lab, folder, filepath.Base(name))); errors.Is(err, os.ErrNotExist) {
				os.Remove(name)
			}
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err == nil {
				err = writeIfNew(filepath.Join(dir, folder, filepath.Base(name)), ofGo(text))
			}
			if err != nil {
				return err
			}
		}
	}
	mod, err := os.ReadFile(filepath.Join(lab, "go.mod"))
	if err != nil {
		return err
	}
	f, err := modfile.Parse("go.mod", mod, nil)
	if err != nil {
		return err
	}
	for _, r := range f.Require {
		if r.Mod.Path != clockPackage {
			f.DropRequire(r.Mod.Path)
		} else if clock != "" {
			f.AddRequire(clockPackage, clock)
		}
	}
	if err := f.AddGoStmt("1.21"); err != nil { // see ofGo
		return err
	}
	f.Cleanup()
	return writeIfNew(filepath.Join(dir, "go.mod"), modfile.Format(f.Syntax))
}

// ofGo gives a file of the lab its language by itself. If the lab's module said it, the go command would give
// the module under test the same, in which loops may mean something else.
func ofGo(text []byte) []byte {
	if after, ok := bytes.CutPrefix(text, []byte("//go:build ")); ok {
		constraint, rest, _ := bytes.Cut(after, []byte("\n"))
		return fmt.Appendf(nil, "//go:build (%s) && go1.26\n%s", constraint, rest)
	}
	return append([]byte("//go:build go1.26\n\n"), text...)
}

// writeModFile writes the go.mod of a module with the lab's folder in addition, and its sums.
func writeModFile(from, to, lab string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := modfile.Parse(from, text, nil)
	if err != nil {
		return err
	}
	for _, r := range f.Replace { // folders are meant from where the file was
		if modfile.IsDirectoryPath(r.New.Path) && !filepath.IsAbs(r.New.Path) {
			if err := f.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(filepath.Dir(from), r.New.Path), ""); err != nil {
				return err
			}
		}
	}
	if err = f.AddRequire("batchlab", "v0.0.0"); err == nil {
		err = f.AddReplace("batchlab", "", lab, "")
	}
	if err != nil {
		return err
	}
	f.Cleanup()
	if err := os.WriteFile(to, modfile.Format(f.Syntax), 0o666); err != nil {
		return err
	}
	sum, err := os.ReadFile(strings.TrimSuffix(from, ".mod") + ".sum")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.WriteFile(strings.TrimSuffix(to, ".mod")+".sum", sum, 0o666)
}

// writeIfNew leaves a file alone that is as it should be.
func writeIfNew(name string, text []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return os.WriteFile(name, text, 0o666)
}
