package sim

import (
	"encoding/json"
	"os"
	"strings"

	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/view"
	"batchlab/sim/view/timeline"
)

// timeline is what there is to see of a find: beside the original, if there is one, under the same choices as far
// as it has them.
func (c *checker) timeline(p *program.Program, f *lab.Sighting, file string) (*timeline.Timeline, error) {
	x, err := engine.Traced(p, c.s)
	if err != nil {
		return nil, err
	}
	t := timeline.Timeline{Title: c.name, File: file, Command: command(c.name, file)}
	marked, beside := "", ""
	if f == nil {
		t.Verdict = []string{"Nothing is wrong any more."}
	} else {
		t.Verdict = []string{c.verdict() + ": " + reason(f.Violation)}
		if mend := unlocked(p.Schedule); mend != "" {
			t.Verdict = append(t.Verdict, mend)
		}
		marked, beside = mark(&x.Run, f.Violation)
	}
	notes := x.Notes
	runs := []*timeline.Recording{recording(&x, p, marked, beside)}
	if c.s.Original != nil && (f == nil || f.Violation.Law == kind.SameHistory) {
		if o, err := engine.Traced(p, *c.s.Original); err == nil { // which has not all of the choices
			runs = append([]*timeline.Recording{recording(&o, p, "", "")}, runs...)
		}
	}
	return timeline.New(t, notes, runs...), nil
}

// recording is a run for a timeline. What it is made of is valid until the next run.
func recording(x *engine.WovenRun, p *program.Program, marked, beside string) *timeline.Recording {
	r := view.Recording(&x.Run, len(p.Ops), x.Trace, x.Seen, x.Stuck, marked, beside)
	_, r.Name, _ = strings.Cut(r.Name, "/")
	return r
}

// writeTimeline writes a find to -sim.timeline.
func (c *checker) writeTimeline(p *program.Program, f *lab.Sighting, file string) error {
	t, err := c.timeline(p, f, file)
	if err != nil {
		return err
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(*flagTimeline, text, 0o666)
}
