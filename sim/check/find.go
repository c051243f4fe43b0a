package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"batchlab/sim/lab"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// own is the first find of an exploration that is the component's own.
func (c *checker) own(e *lab.Exploration) *lab.Sighting {
	for i := range e.Finds {
		if !e.Finds[i].Specified {
			return &e.Finds[i]
		}
		if law := e.Finds[i].Violation.Law; !slices.Contains(c.sum.shared, law) {
			c.sum.shared = append(c.sum.shared, law)
		}
	}
	return nil
}

// unfounded is for what was found of a component that does not do the same again: that is all there is to say, but if
// a method can be left out, in which case everything begins anew.
func (c *checker) unfounded(p *program.Program, err error) {
	if c.leaves(err) {
		if err = c.derive(); err == nil {
			c.sum, c.lesser = coverage{preemptions: c.o.Preemptions}, nil
			c.programs()
			return
		}
	}
	c.r.Error(fmt.Sprintf("batchlab: %s\n\n%s", strings.TrimPrefix(err.Error(), "batchlab: "), p))
}

// besides is how many programs are run after a find that needs a callback which panics, in search of one that does
// not: what becomes of a component then not everybody cares for.
const besides = 100

// find is what was found.
type find struct {
	small *program.Program
	v     *oracle.Violation
	where string
	at    int // in which program
	file  string
}

// shrunk shrinks a find, and keeps it. It is nil, and said why, if the find does not show again.
func (c *checker) shrunk(p *program.Program, f *lab.Sighting) *find {
	p = p.Bare()
	p.Schedule = f.Schedule
	if err := c.repeats(p, f); err != nil {
		c.unfounded(p, err)
		return nil
	}
	small, v, err := c.lab.ShrinkScheduled(context.WithoutCancel(c.r.Context()), p, c.s, f.Like(), "")
	if err != nil || v == nil {
		small, v = p, f.Violation
	}
	small.Comment = []string{"Found by " + c.name + ": " + v.Subject + ", " + v.Text + "."}
	file, err := lab.SaveSeed(findsFolder, strings.NewReplacer("/", "_", " ", "_").Replace(c.name), small)
	if err != nil {
		c.r.Log(fmt.Sprintf("batchlab: the seed cannot be kept: %v", err))
	}
	return &find{small, v, fmt.Sprintf("found by program %d, in its schedule %d (%d schedules in all); shrunk:",
		c.sum.programs, f.At, c.sum.schedules), c.sum.programs, file}
}

// tell fails the test with a find, and with the lesser one in a line.
func (c *checker) tell(f *find) {
	c.r.Error(c.report(f.small, f.v, f.where, f.file))
	if l := c.lesser; l != nil {
		c.r.Error("batchlab: besides, where a callback panics: " + l.v.Text + ": " + l.file)
	}
}

// verdict says in a line what is wrong.
func (c *checker) verdict() string {
	if c.of != nil {
		return fmt.Sprintf("%s is not equivalent to %s", c.candidate.name, c.of.name)
	}
	if c.s.Original != nil {
		return c.candidate.name + " does what the model cannot do, one call at a time"
	}
	return c.candidate.name + " is not linearizable, or breaks a law"
}

// keptOnes runs the programs that found something before, and reports whether all is well.
func (c *checker) keptOnes() bool {
	files, err := lab.SeedFiles(findsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.r.Error("batchlab: " + err.Error())
		return false
	}
	own := strings.NewReplacer("/", "_", " ", "_").Replace(c.name) + "_"
	for _, file := range files {
		if hash, ok := strings.CutPrefix(filepath.Base(file), own); !ok || strings.Contains(hash, "_") {
			continue
		}
		if !c.replay(file) {
			return false
		}
	}
	return true
}

// replay runs a seed file, and reports whether all is well.
func (c *checker) replay(file string) bool {
	p, err := lab.ReadSeed(file, c.lab.Names())
	var wrong *program.SyntaxError
	switch {
	case errors.As(err, &wrong) && *flagReplay == "":
		c.r.Log(fmt.Sprintf("batchlab: %v: this seed is of another type, or of other options; remove it "+
			"if it is of no use", err))
		return true
	case err != nil:
		c.r.Fatal("batchlab: " + err.Error())
		return false
	}
	strategy := c.mixed()
	if len(p.Schedule) > 0 {
		strategy = lab.Replaying
	}
	e, err := c.explore(c.r.Context(), p, strategy)
	if err != nil {
		c.r.Fatal(fmt.Sprintf("batchlab: %s: %s", file, strings.TrimPrefix(err.Error(), "batchlab: ")))
		return false
	}
	f := c.own(e)
	if *flagCode != "" {
		if err := c.code(p, f, file); err != nil {
			c.r.Fatal(fmt.Sprintf("batchlab: %s: %v", file, err))
		}
	}
	if f != nil {
		c.r.Error(c.report(p, f.Violation, "found before:", file))
		return false
	}
	if *flagTimeline != "" {
		c.draw(p, nil, "", file)
	}
	c.r.Log(fmt.Sprintf("batchlab: %s: nothing wrong in %d schedules", file, e.Schedules))
	return true
}
