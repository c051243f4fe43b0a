package sim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// child is the parent's end of a worker.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	notes  *json.Decoder
	file   *os.File
	stderr *tail
}

// startChild starts a worker with the given command, which must end up in Work.
func startChild(cmd *exec.Cmd) (*child, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, &LabError{Msg: "no pipe to a worker: " + err.Error()}
	}
	c := &child{cmd: cmd, file: r, stderr: &tail{}, notes: json.NewDecoder(bufio.NewReader(r))}
	cmd.ExtraFiles = []*os.File{w}
	cmd.Stderr = c.stderr
	cmd.Stdout = io.Discard
	if c.in, err = cmd.StdinPipe(); err == nil {
		err = cmd.Start()
	}
	w.Close()
	if err != nil {
		r.Close()
		return nil, &LabError{Msg: "no worker: " + err.Error()}
	}
	return c, nil
}

// send gives the worker a job.
func (c *child) send(j job) error { return json.NewEncoder(c.in).Encode(j) }

// next returns the worker's next note. The error is io.EOF when the worker is dead,
// or errSilent when it has said nothing for so long that even its own watchdog must
// be stuck.
func (c *child) next() (note, error) {
	if err := c.file.SetReadDeadline(time.Now().Add(2 * patience)); err != nil {
		return note{}, err
	}
	var n note
	err := c.notes.Decode(&n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return note{}, errSilent
	}
	return note{}, io.EOF
}

var errSilent = errors.New("the worker is silent")

// end stops the worker, by force if need be, and waits for it.
func (c *child) end() {
	c.in.Close()
	c.cmd.Process.Kill()
	c.cmd.Wait()
	c.file.Close()
}

// death says of what the worker died, from what it wrote on standard error.
func (c *child) death() string {
	c.cmd.Wait()
	text := c.stderr.String()
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return line
		}
	}
	if i := strings.Index(text, "WARNING: DATA RACE"); i >= 0 {
		return "data race"
	}
	return fmt.Sprintf("the process ended with %v", c.cmd.ProcessState)
}

// tail keeps the beginning of what a worker writes on standard error.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	const most = 1 << 16
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := most - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// collect gathers the history of one program from a worker's notes, and its end
// from the worker's death if it comes to that. alive tells whether the worker can be
// used again.
func (c *child) collect(p *program.Program, s subject.Subject) (h History, alive bool, err error) {
	h.Subject = Title(s)
	last := 0
	var dying *subject.Event
	for {
		n, err := c.next()
		lab := subject.Event{Step: last + 1, At: lastTime(h), Source: subject.Source{Lane: subject.LabLane}}
		switch {
		case err == errSilent:
			lab.Verb, lab.Note = subject.Hung, "the whole process, without a word"
			h.Events = append(h.Events, lab)
			return h, false, nil
		case err != nil:
			why := c.death()
			if dying != nil && strings.Contains(why, handlerPanic) {
				h.Events = append(h.Events, *dying)
			} else {
				lab.Verb, lab.Note = subject.Crash, why
				h.Events = append(h.Events, lab)
			}
			return h, false, nil
		case n.Hung != "":
			lab.Verb, lab.Note = subject.Hung, n.Hung
			h.Events = append(h.Events, lab)
			return h, false, nil
		case n.Err != "": // whether or not the worker goes on after that
			return h, false, &LabError{Msg: n.Err}
		case n.Done != nil:
			return h, n.Grown == "", nil
		case n.Dying != nil:
			dying = n.Dying
		case n.Step > 0:
			last, dying = n.Step, nil
			h.Events = append(h.Events, n.Events...)
		}
	}
}

func lastTime(h History) time.Duration {
	if len(h.Events) == 0 {
		return 0
	}
	return h.Events[len(h.Events)-1].At
}
