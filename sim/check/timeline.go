package check

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"batchlab/sim/body"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
	"batchlab/sim/twin"
	"batchlab/sim/view"
	"batchlab/sim/view/page"
	"batchlab/sim/view/timeline"
)

// timeline is what there is to see of a find: beside the original, if there is one, under the same choices as far
// as it has them.
func (c *checker) timeline(p *program.Program, v *oracle.Violation, race, file string) (*timeline.Timeline, error) {
	x, err := engine.Traced(p, c.s)
	if err != nil {
		return nil, err
	}
	t := timeline.Timeline{Title: c.name, File: filepath.ToSlash(file), Command: command(c.name, file)}
	marked, beside := "", ""
	if v == nil {
		t.Verdict, t.Sound = []string{"Nothing is wrong any more."}, true
	} else {
		t.Verdict = []string{c.verdict() + ": " + v.Reason()}
		t.Detail = cmp.Or(race, v.Detail)
		t.Hint = unlocked(p.Schedule)
		marked, beside = v.Mark(&x.Run)
	}
	notes := x.Notes
	runs := []*timeline.Recording{c.candidate.recording(&x, p, marked, beside)}
	if c.s.Original != nil && (v == nil || v.Law == kind.SameHistory) {
		if o, err := engine.Traced(p, *c.s.Original); err == nil { // which has not all of the choices
			runs = append([]*timeline.Recording{c.of.recording(&o, p, "", "")}, runs...)
		}
	}
	drawn := timeline.New(t, notes, runs...)
	if len(runs) == 2 && v != nil && strings.HasSuffix(v.Reason(), ": "+oracle.NotByOriginal) {
		drawn.Verdict[0] = c.verdict() + ": no run of " + drawn.Runs[0].Name + " that was tried comes out like this one"
		drawn.Differ(v.Always)
	}
	return drawn, nil
}

// recording is a run for a timeline. What it is made of is valid until the next run.
func (c *constructor) recording(x *engine.WovenRun, p *program.Program, marked, beside string) *timeline.Recording {
	r := view.Recording(&x.Run, len(p.Ops), x.Trace, x.Seen, x.Stuck, marked, beside)
	_, r.Name, _ = strings.Cut(r.Name, "/")
	if c != nil { // a model has none
		r.File, r.Line = c.file, c.line
	}
	return r
}

// draw keeps the timeline of a find, if that is kept itself, and returns where its page is.
func (c *checker) draw(p *program.Program, v *oracle.Violation, race, file string) string {
	if file == "" {
		return ""
	}
	t, err := c.timeline(p, v, race, file)
	if err != nil {
		c.r.Log("batchlab: it cannot be drawn: " + strings.TrimPrefix(err.Error(), "batchlab: "))
		return ""
	}
	return keep(c.r, t)
}

// keep writes a timeline to -sim.timeline, or its page to where the pages of finds are, which it returns. That a
// page cannot be written is told, and no more: the find counts.
func keep(r *twin.Reporter, t *timeline.Timeline) string {
	file, err := page.File(".", t.File), error(nil)
	if *flagTimeline == "" {
		err = page.Save(file, t)
	} else if text, e := json.Marshal(t); e == nil {
		file, err = "", os.WriteFile(*flagTimeline, text, 0o666)
	}
	if err != nil {
		r.Log("batchlab: " + err.Error())
		return ""
	}
	return file
}

// drawn keeps the timeline of a find, if it is one that is kept, and returns where its page is.
func drawn(r *twin.Reporter, f *body.Find, name string) string {
	if f.Timeline == nil || f.File == "" {
		return ""
	}
	f.Timeline.File, f.Timeline.Command = filepath.ToSlash(f.File), command(name, f.File)
	return keep(r, f.Timeline)
}
