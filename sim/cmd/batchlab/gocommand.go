package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// goEnv is what the go command says of variables of its own.
func goEnv(ctx context.Context, names ...string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go env %s: %s", strings.Join(names, " "), errorText(err))
	}
	return strings.SplitN(string(out), "\n", len(names)+1)[:len(names)], nil
}

// moduleRoot is the directory of this module: what is run here is run from its source.
func moduleRoot(ctx context.Context) (string, error) {
	env, err := goEnv(ctx, "GOMOD")
	if err != nil {
		return "", err
	}
	root := filepath.Dir(env[0])
	if _, err := os.Stat(filepath.Join(root, "fuzz", "fuzz_test.go")); err != nil {
		return "", errors.New("the fuzz targets are not here: run this inside the module batchlab")
	}
	return root, nil
}

// scratchHere is the lab's folder in the module that the go command works in here, and where the module
// cache is.
func scratchHere(ctx context.Context) (dir, cache string, err error) {
	env, err := goEnv(ctx, "GOMOD", "GOMODCACHE")
	if err != nil {
		return "", "", err
	}
	if env[0] == "" || env[0] == os.DevNull {
		return "", "", errors.New("no go.mod here or above: run it in a module, which go mod init makes")
	}
	dir, err = scratchFolder(filepath.Dir(env[0]))
	return dir, env[1], err
}

// scratchFolder is the folder of a module that is the lab's, which git passes over.
func scratchFolder(module string) (string, error) {
	dir := filepath.Join(module, ".batchlab")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, ".gitignore"), []byte("*\n"), 0o666)
}

// grouped gives a go command a group of its own: an interrupt reaches go and the test binary that it
// starts, with its workers, each once.
func grouped(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	cmd.WaitDelay = 20 * time.Second
	return cmd
}

// hasFailed reports whether an error is that a process has ended with a status, as go test does when
// a test fails, and not that it could not be run.
func hasFailed(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit)
}

// errorText is what a command wrote on standard error, or the error.
func errorText(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return firstProblem(string(exit.Stderr))
	}
	return err.Error()
}

// firstProblem is the first line of what the go command says that is no title.
func firstProblem(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "the go command says nothing"
}
