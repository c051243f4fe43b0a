package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/impls"
	"batchlab/impls/spec"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/view"
	"batchlab/sim/view/timeline"
)

// tracedRun is a seed of this repository that is to be drawn.
type tracedRun struct {
	File, Text string
	On         []string // who is shown, and then the original; of nothing the seed says who
}

// drawnRun is what came of it.
type drawnRun struct {
	Timeline *timeline.Timeline
	Err      string
}

// ofThisRepository has a seed run by the woven command, and reads what it wrote down.
func (s *showFlags) ofThisRepository(ctx context.Context, f *findFile) (*timeline.Timeline, error) {
	list, err := drawRuns(ctx, tracedRun{File: f.file, On: s.on})
	if err == nil && list[0].Err != "" {
		err = errors.New(list[0].Err)
	}
	if err != nil {
		return nil, err
	}
	return list[0].Timeline, nil
}

// drawRuns has seeds run by the woven command, one after another.
func drawRuns(ctx context.Context, jobs ...tracedRun) ([]drawnRun, error) {
	var in, out, errOut bytes.Buffer
	for i := range jobs {
		text, err := os.ReadFile(jobs[i].File)
		if err != nil {
			return nil, err
		}
		jobs[i].Text = string(text)
		if err := json.NewEncoder(&in).Encode(jobs[i]); err != nil {
			return nil, err
		}
	}
	binary, err := (wovenBuild{}).binary(ctx)
	if err != nil {
		return nil, err
	}
	cmd := worker(ctx, binary, "worker", "timeline")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &errOut
	if err := onOneCore(cmd, false, "GOGC=800").Run(); err != nil {
		return nil, fmt.Errorf("%s: %s", jobs[0].File, firstProblem(errOut.String()))
	}
	list := make([]drawnRun, len(jobs))
	for i, dec := 0, json.NewDecoder(&out); i < len(list); i++ {
		if err := dec.Decode(&list[i]); err != nil || list[i].Timeline == nil && list[i].Err == "" {
			return nil, notWhole(jobs[i].File)
		}
	}
	return list, nil
}

// serveTimelines runs seeds here, which is the woven command, and writes down what there is to see.
func serveTimelines(ctx context.Context, in io.Reader, out io.Writer) error {
	for dec := json.NewDecoder(in); ; {
		var job tracedRun
		if err := dec.Decode(&job); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		var d drawnRun
		t, err := job.timeline(ctx)
		if d.Timeline = t; err != nil {
			d = drawnRun{Err: err.Error()}
		}
		if err := json.NewEncoder(out).Encode(d); err != nil {
			return err
		}
	}
}

// timeline runs the seed, and is what there is to see.
func (j tracedRun) timeline(ctx context.Context) (*timeline.Timeline, error) {
	runner := &lab.Lab{Subjects: everything()}
	p, err := program.Parse(j.File, []byte(j.Text), runner.Names())
	if err != nil {
		return nil, err
	}
	subjects, err := j.subjects(p)
	if err != nil {
		return nil, err
	}
	if len(subjects) == 0 {
		return nil, fmt.Errorf("%s: no implementation can run it", j.File)
	}
	return traced(ctx, runner, p, subjects, j.File)
}

// subjects are the one that is shown, and its original if that is another: those that are named; or the first that
// the seed expects to break a law; or the first implementation beside the baseline that the schedule fits.
func (j tracedRun) subjects(p *program.Program) ([]kind.Subject, error) {
	all := impls.Lab(impls.Of(spec.Kind(p.Kind.Name))...)
	on := onNames(j.On)
	if len(on) == 0 && len(p.Expect) > 0 && len(p.Expect[0].Subjects) > 0 {
		on = onNames{p.Expect[0].Subjects[0]}
	}
	if len(on) > 0 {
		list, err := on.of(p.Kind)
		switch {
		case err != nil:
			return nil, err
		case len(list) == 0:
			return nil, fmt.Errorf("--on %s is of another kind than %s", on.String(), j.File)
		case len(list) == 1 && list[0].Title() != all[0].Title():
			list = append(list, all[0])
		}
		return list[:min(len(list), 2)], nil
	}
	all = slices.DeleteFunc(all, func(s kind.Subject) bool { return !engine.Applies(p, s) })
	if len(all) < 2 {
		return all, nil
	}
	best, fewest := all[1], math.MaxInt
	for _, s := range all[1:] {
		x, err := engine.Traced(p, s)
		if err != nil {
			return nil, err
		}
		if n := len(x.Notes); n < fewest {
			best, fewest = s, n
		}
	}
	return []kind.Subject{best, all[0]}, nil
}

// traced runs a program on subjects under its own schedule, or the first found under which the first of them breaks
// a law.
func traced(ctx context.Context, runner *lab.Lab, p *program.Program, subjects []kind.Subject, file string) (
	*timeline.Timeline, error) {
	f := exploreFlags{schedules: 100_000}
	e, err := runner.Explore(ctx, p, subjects[0], f.search(p, false))
	if err != nil {
		return nil, err
	}
	v := e.Violation
	if p.Schedule == nil {
		p.Schedule = e.Schedule
	}
	x, err := engine.Traced(p, subjects[0])
	if err != nil {
		return nil, err
	}
	file = filepath.ToSlash(file)
	t := timeline.Timeline{Title: file, File: file, Command: "make replay SEED=" + file}
	marked, beside := "", ""
	if v != nil {
		t.Verdict = []string{fmt.Sprintf("%s breaks %s: %s", v.Subject, v.Law, told(v))}
		marked, beside = v.Mark(&x.Run)
	} else {
		t.Sound = true
		t.Verdict = []string{fmt.Sprintf("%s: no law is broken, %s.", subjects[0].Title(), e.Covered)}
	}
	t.Verdict = append(t.Verdict, strings.Join(p.Comment, " "))
	runs := []*timeline.Recording{recordingOf(p, &x, marked, beside)}
	for _, s := range subjects[1:] {
		o, err := engine.Traced(p, s)
		if err != nil {
			return nil, err
		}
		runs = append([]*timeline.Recording{recordingOf(p, &o, "", "")}, runs...)
	}
	return timeline.New(t, x.Notes, runs...), nil
}

// told is what is wrong, in a line.
func told(v *oracle.Violation) string {
	if v.Want == "" || v.Want == v.Text {
		return v.Reason()
	}
	words := func(line string) string { return strings.Join(strings.Fields(line), " ") }
	return v.Text + ": want " + words(v.Want) + ", got " + words(v.Got)
}

func recordingOf(p *program.Program, x *engine.WovenRun, marked, beside string) *timeline.Recording {
	return view.Recording(&x.Run, len(p.Ops), x.Trace, x.Seen, x.Stuck, marked, beside)
}
