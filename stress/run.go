package stress

import (
	"context"
	"fmt"
	"slices"
	"time"

	"batchlab/impls/spec"
)

// cell is one subject in one scenario with one number of producers.
type cell struct {
	*Options  // with the defaults
	subject   spec.Subject
	scenario  scenario
	producers int
	items     int
}

// Run drives the subjects through the matrix, cell by cell, and returns what it saw.
// The error says that the options are wrong; broken laws are in the Summary.
//
// When ctx ends, the cell under way is brought to its end early and judged by what
// it has put so far, and the Summary says that it was interrupted. A subject that
// made no progress in a cell is not run in those that follow.
//
// Run starts and counts goroutines, so nothing else in the process may start any
// while it runs.
func Run(ctx context.Context, o Options) (Summary, error) {
	if err := o.Validate(); err != nil {
		return Summary{}, err
	}
	begin := time.Now()
	s := Summary{Seed: o.Seed, Items: o.Items, Race: RaceEnabled}
	cells := o.cells()
	hung := map[string]bool{}
	for i := range cells {
		if ctx.Err() != nil {
			break
		}
		c := &cells[i]
		row := Row{Kind: c.subject.Kind, Subject: c.subject.Name, Scenario: c.scenario.name, Producers: c.producers}
		if name := id(c.subject); hung[name] {
			row.Skipped = true
		} else if ended := c.run(ctx, &row, o.Known[name]); !ended {
			hung[name] = true
		}
		s.Rows = append(s.Rows, row)
		if o.Progress != nil {
			o.Progress(i+1, len(cells), fmt.Sprintf("%s %s %d", id(c.subject), c.scenario.name, c.producers))
		}
	}
	s.Interrupted = ctx.Err() != nil
	s.Elapsed = time.Since(begin)
	return s, nil
}

// run runs the cell into its row, and reports false if the subject hung.
func (c *cell) run(ctx context.Context, row *Row, known []spec.Law) (ended bool) {
	begin := time.Now()
	found := &findings{}
	if c.subject.Kind == spec.KindDedup {
		ended = c.runMap(ctx, row, found)
	} else {
		ended = c.runBatcher(ctx, row, found)
	}
	for _, b := range found.seal() {
		if slices.Contains(known, spec.Law(b.What)) {
			row.Known = append(row.Known, b)
		} else {
			row.Breaches = append(row.Breaches, b)
		}
	}
	row.Hung = !ended
	row.Interrupted = ctx.Err() != nil
	row.Elapsed = time.Since(begin)
	return ended
}
