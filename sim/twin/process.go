package twin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a twin that runs.
type process struct {
	call  call
	cmd   *exec.Cmd
	in    io.Closer // while it is open the twin lives
	pipe  *os.File
	notes chan note // closed when the twin has closed its end
	tail  tail      // of what it prints
	woven []string  // packages

	scratch string  // a folder for what it writes
	looked  testLog // there

	counters string // "" if it is a twin
	wait     func() error
}

// start starts the twin for a call, or with a folder for counters what counts in its place.
func start(t testing.TB, c call, b *binary, counters string) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &process{call: c, pipe: r, notes: make(chan note), woven: b.Packages, counters: counters}
	if p.scratch, err = os.MkdirTemp("", "batchlab-twin-"); err != nil {
		return nil, err
	}
	p.looked = newTestLog(p.scratch)
	if counters == "" {
		used(filepath.Dir(b.exe))
	}
	p.cmd = exec.Command(b.exe, p.arguments(t)...)
	p.cmd.Dir = here
	p.cmd.Env = p.environment()
	p.cmd.ExtraFiles = []*os.File{w}
	p.cmd.Stdout, p.cmd.Stderr = &p.tail, &p.tail
	p.cmd.WaitDelay = dying
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt reaches it from here, once
	if p.in, err = p.cmd.StdinPipe(); err == nil {
		err = p.cmd.Start()
	}
	w.Close()
	if err != nil {
		r.Close()
		os.RemoveAll(p.scratch)
		return nil, err
	}
	p.wait = sync.OnceValue(p.cmd.Wait)
	go p.read()
	return p, nil
}

func (p *process) read() {
	defer close(p.notes)
	d := json.NewDecoder(bufio.NewReader(p.pipe))
	for {
		var n note
		if d.Decode(&n) != nil {
			return
		}
		p.notes <- n
	}
}

// dying is how long a twin has that is asked to end.
const dying = 3 * time.Second

// end lets the twin end, by force if need be.
func (p *process) end() {
	kill := time.AfterFunc(dying, p.kill)
	defer kill.Stop()
	go func() {
		for range p.notes {
		}
	}()
	p.wait()
	p.in.Close()
	p.pipe.Close()
	p.looked.replay()
	os.RemoveAll(p.scratch)
}

func (p *process) kill()      { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
func (p *process) interrupt() { p.cmd.Process.Signal(os.Interrupt); time.AfterFunc(dying, p.kill) }

// tail keeps the end of what a twin prints, and passes all of it on if that is asked for.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	const most = 1 << 20
	t.mu.Lock()
	defer t.mu.Unlock()
	if *verbose {
		os.Stderr.Write(p)
	}
	if t.buf.Len() > 2*most {
		t.buf.Next(t.buf.Len() - most)
	}
	return t.buf.Write(p)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
