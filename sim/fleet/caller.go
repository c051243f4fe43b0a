package fleet

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
)

// Caller asks a process that serves. Many may do so at a time.
type Caller struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	tell func(Answer)
	over chan struct{} // closed when nothing more comes

	writing sync.Mutex
	mu      sync.Mutex
	last    int
	waiting map[int]chan Answer
	failed  error // why nothing more comes
}

// Start starts a process that serves. What it says unasked is told to tell, if that is not nil. What it writes on
// standard error says of what it died, unless the command has another use for it.
func Start(cmd *exec.Cmd, tell func(Answer)) (*Caller, error) {
	c := &Caller{cmd: cmd, tell: tell, over: make(chan struct{}), waiting: map[int]chan Answer{}}
	var err error
	if c.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	said := &Said{}
	cmd.Stderr = cmp.Or(cmd.Stderr, io.Writer(said))
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go c.listen(json.NewDecoder(bufio.NewReader(out)), said)
	return c, nil
}

func (c *Caller) listen(from *json.Decoder, said *Said) {
	defer close(c.over)
	for {
		var a Answer
		if err := from.Decode(&a); err != nil {
			if err != io.EOF { // it says what nobody understands
				c.cmd.Process.Kill()
			}
			if ended := c.cmd.Wait(); err == io.EOF && ended != nil {
				err = errors.New(cmp.Or(said.Death(), ended.Error()))
			}
			c.fail(err)
			return
		}
		switch {
		case a.Fatal != "":
			c.fail(errors.New(a.Fatal))
		case a.ID != 0:
			c.mu.Lock()
			answer := c.waiting[a.ID]
			delete(c.waiting, a.ID)
			c.mu.Unlock()
			if answer != nil { // else nobody waits for it any more
				answer <- a
			}
		case c.tell != nil:
			c.tell(a)
		}
	}
}

// fail keeps the first reason.
func (c *Caller) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = cmp.Or(c.failed, err)
}

// Do has an order done. Its ID is the caller's to give.
func (c *Caller) Do(ctx context.Context, o Order) (Answer, error) {
	answer := make(chan Answer, 1)
	c.mu.Lock()
	c.last++
	o.ID = c.last
	c.waiting[o.ID] = answer
	c.mu.Unlock()
	c.writing.Lock()
	err := json.NewEncoder(c.in).Encode(o)
	c.writing.Unlock()
	if err != nil {
		<-c.over // which says more of it
	}
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waiting, o.ID)
		return Answer{}, ctx.Err()
	case <-c.over:
		select {
		case a := <-answer: // it came before
			return a, nil
		default:
			return Answer{}, c.failed
		}
	}
}

// Err is why nothing more comes, nil while something may.
func (c *Caller) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// Close ends the asking, and waits for the process to end.
func (c *Caller) Close() error {
	c.in.Close()
	<-c.over
	if c.failed == io.EOF {
		return nil
	}
	return c.failed
}

// Said keeps the beginning of what a process writes on standard error.
type Said struct {
	mu  sync.Mutex
	buf strings.Builder
}

func (s *Said) Write(p []byte) (int, error) {
	const most = 1 << 16
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.Write(p[:min(len(p), most-s.buf.Len())])
	return len(p), nil
}

func (s *Said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// Death is the line that says of what a Go process died, or "".
func (s *Said) Death() string {
	for line := range strings.Lines(s.String()) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return strings.TrimSuffix(line, "\n")
		}
	}
	return ""
}
