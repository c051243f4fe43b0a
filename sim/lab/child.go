package lab

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"batchlab/sim/fleet"
	"batchlab/sim/kind"
)

// child is the parent's end of a worker.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	notes  *json.Decoder
	file   *os.File
	place  *os.File
	stderr *fleet.Said
}

// startChild starts a worker with the given command, which must end up in Work.
func startChild(cmd *exec.Cmd) (*child, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, &kind.LabError{Msg: "no pipe to a worker: " + err.Error()}
	}
	place, err := newPlace()
	if err != nil {
		r.Close()
		w.Close()
		return nil, &kind.LabError{Msg: "no file for a worker's place: " + err.Error()}
	}
	c := &child{cmd: cmd, file: r, place: place, stderr: &fleet.Said{}, notes: json.NewDecoder(bufio.NewReader(r))}
	cmd.ExtraFiles = []*os.File{w, place}
	cmd.Stderr = c.stderr
	cmd.Stdout = io.Discard
	if c.in, err = cmd.StdinPipe(); err == nil {
		err = cmd.Start()
	}
	w.Close()
	if err != nil {
		r.Close()
		place.Close()
		return nil, &kind.LabError{Msg: "no worker: " + err.Error()}
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
	c.place.Close()
}

// death says of what the worker died, from what it wrote on standard error.
func (c *child) death() string {
	c.cmd.Wait()
	if line := c.stderr.Death(); line != "" {
		return line
	}
	if strings.Contains(c.stderr.String(), "WARNING: DATA RACE") {
		return "data race"
	}
	return fmt.Sprintf("the process ended with %v", c.cmd.ProcessState)
}

// collect gathers the history of one program from a worker's notes, and its end
// from the worker's death if it comes to that. alive tells whether the worker can be
// used again. The error is a *stop if the bubble can go no further.
func (c *child) collect() (events []kind.Event, alive bool, err error) {
	last := 0
	var dying *kind.Event
	for {
		n, err := c.next()
		lab := kind.Event{Step: last + 1, Source: kind.Source{Lane: kind.LabLane}}
		if len(events) > 0 {
			lab.At = events[len(events)-1].At
		}
		switch {
		case err == errSilent:
			lab.Verb, lab.Note = kind.Hung, "the whole process, without a word"
			return append(events, lab), false, nil
		case err != nil:
			why := c.death()
			if dying != nil && strings.Contains(why, kind.Dies) {
				return append(events, *dying), false, nil
			}
			lab.Verb, lab.Note = kind.Crash, why
			return append(events, lab), false, nil
		case n.Hung != "":
			lab.Verb, lab.Note = kind.Hung, n.Hung
			return append(events, lab), false, nil
		case n.Stopped != nil:
			lab.Verb, lab.Note = kind.Hung, n.Stopped.Where
			return append(events, lab), false, n.Stopped
		case n.Err != "": // whether or not the worker goes on after that
			return events, false, &kind.LabError{Msg: n.Err}
		case n.Done != nil:
			return events, n.Grown == "", nil
		case n.Dying != nil:
			dying = n.Dying
		case n.Step > 0:
			last, dying = n.Step, nil
			events = append(events, n.Events...)
		}
	}
}
