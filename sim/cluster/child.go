package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"batchlab/sim/fleet"
)

// limits are those of a unit.
type limits struct {
	time   time.Duration
	memory int64 // MiB, of the child and all its own; 0: any
}

// child is a process that does the units of a binary. It has a group of its own, to end with all that it starts, and
// a folder; of the worker's environment it has nothing.
type child struct {
	digest, dir string
	pid         int
	caller      *fleet.Caller
	memory      *memory
}

func startChild(file, digest, dir string, m *memory) (*child, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(dir, "")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(file, "worker", "units")
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "TMPDIR=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c := &child{digest: digest, dir: dir, memory: m}
	if c.caller, err = fleet.Start(cmd, nil); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("binary %.12s does not start: %w", digest, err)
	}
	c.pid = cmd.Process.Pid
	return c, nil
}

// do has a unit done within limits. The error is how the child ended instead.
func (c *child) do(ctx context.Context, u unit, l limits) (fleet.Answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, l.time, fmt.Errorf("not done after %v", l.time))
	defer cancel()
	ctx, exceed := context.WithCancelCause(ctx)
	defer exceed(nil)
	defer c.memory.limit(c.pid, exceed)()
	a, err := c.caller.Do(ctx, fleet.Order{Name: u.Name, Work: u.Work})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return a, err
}

// alive reports whether the child can do more.
func (c *child) alive() bool { return c.caller.Err() == nil }

// end ends the child and all that it has started.
func (c *child) end() {
	if c == nil {
		return
	}
	_ = syscall.Kill(-c.pid, syscall.SIGKILL) // if it is not over by itself
	_ = c.caller.Close()                      // it was killed
	os.RemoveAll(c.dir)
}
