package main

import (
	"bytes"
	"context"
	"encoding/json"
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
	"batchlab/sim/view/page"
	"batchlab/sim/view/timeline"
)

// showFlags is what the show command can be told.
type showFlags struct {
	race, perfetto bool
	out            string
	on             onNames
}

// draw writes a find as a page, or for Perfetto, and prints where that is.
func (s *showFlags) draw(file string, t *timeline.Timeline, out io.Writer) error {
	text, err := page.HTML(t)
	at := page.File(".", file)
	if s.perfetto {
		text, err = t.Perfetto()
		at = strings.TrimSuffix(at, ".html") + ".json"
	}
	if err != nil {
		return err
	}
	if s.out != "" {
		at = s.out
	}
	if err := page.Write(at, text); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, at)
	return err
}

// pictured draws a seed that was found, of the subject that it was found in, and prints where the page is. A find
// counts whether it can be drawn or not.
func pictured(ctx context.Context, seed lab.Seed, out io.Writer) {
	_, name, _ := strings.Cut(seed.Violation.Subject, "/")
	s := showFlags{on: onNames{name}}
	t, err := s.ofThisRepository(ctx, &findFile{file: seed.File})
	if err == nil {
		fmt.Fprint(out, "    ")
		err = s.draw(seed.File, t, out)
	}
	if err != nil {
		fmt.Fprintf(out, "it cannot be drawn: %v\n", err)
	}
}

// readTimeline reads what a test has written of a find.
func readTimeline(text []byte, seed string) (*timeline.Timeline, error) {
	t := &timeline.Timeline{}
	if err := json.Unmarshal(text, t); err != nil || len(t.Runs) == 0 {
		return nil, fmt.Errorf("%s: what was written down of the run is not whole: run it again", seed)
	}
	return t, nil
}

// tracedRun is a seed of this repository that is to be drawn.
type tracedRun struct {
	File, Text string
	On         []string // who is shown, and then the original; of nothing the seed says who
}

// ofThisRepository has a seed run by the woven command, and reads what it wrote down.
func (s *showFlags) ofThisRepository(ctx context.Context, f *findFile) (*timeline.Timeline, error) {
	text, err := os.ReadFile(f.file)
	if err != nil {
		return nil, err
	}
	job, err := json.Marshal(tracedRun{f.file, string(text), s.on})
	if err != nil {
		return nil, err
	}
	binary, err := (wovenBuild{}).binary(ctx)
	if err != nil {
		return nil, err
	}
	var out, errOut bytes.Buffer
	cmd := worker(ctx, binary, "worker", "timeline")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(job), &out, &errOut
	if err := onOneCore(cmd, false, "GOGC=800").Run(); err != nil {
		return nil, fmt.Errorf("%s: %s", f.file, firstProblem(errOut.String()))
	}
	return readTimeline(out.Bytes(), f.file)
}

// serveTimeline runs a seed here, which is the woven command, and writes down what there is to see.
func serveTimeline(ctx context.Context, in io.Reader, out io.Writer) error {
	var job tracedRun
	if err := json.NewDecoder(in).Decode(&job); err != nil {
		return err
	}
	runner := &lab.Lab{Subjects: everything()}
	p, err := program.Parse(job.File, []byte(job.Text), runner.Names())
	if err != nil {
		return err
	}
	subjects, err := job.subjects(p)
	if err != nil {
		return err
	}
	if len(subjects) == 0 {
		return fmt.Errorf("%s: no implementation can run it", job.File)
	}
	t, err := traced(ctx, runner, p, subjects, job.File)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(t)
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
