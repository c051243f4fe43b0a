package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"batchlab/sim/lab"
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
		return nil, notWhole(seed)
	}
	return t, nil
}

func notWhole(seed string) error {
	return fmt.Errorf("%s: what was written down of the run is not whole: run it again", seed)
}
