package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"batchlab/sim/lab"
	"batchlab/sim/view/overview"
	"batchlab/sim/view/page"
	"batchlab/stress/gate"
)

// labFile is where the page of a run of the lab is, with those of what is known beside it.
var labFile = filepath.Join(page.Folder, "lab.html")

// draw writes the page, and one of each known violation.
func (l *labRun) draw(ctx context.Context) error {
	v := overview.Page{Source: fmt.Sprintf("%.12s", l.evidence.Source), Go: l.evidence.Go, Machine: runtime.GOOS + "/" +
		runtime.GOARCH, Lines: l.page.lines, Evidence: l.f.evidence, Digest: shortDigest(l.evidence),
		Missing: len(l.evidence.Missing()) > 0}
	for _, r := range l.evidence.Records {
		v.Stages = append(v.Stages, string(r.Stage))
		for _, f := range r.Found {
			v.New = append(v.New, string(r.Stage)+": "+f)
		}
		for _, what := range slices.Sorted(maps.Keys(r.Covered)) {
			v.Covered = append(v.Covered, overview.Count{Stage: string(r.Stage), What: what, N: r.Covered[what]})
		}
	}
	for _, s := range l.lab.Subjects {
		row := overview.Row{Name: s.Title()}
		for _, r := range l.evidence.Records {
			row.Cells = append(row.Cells, labCellOf(r.Subjects[s.Title()]))
		}
		v.Subjects = append(v.Subjects, row)
	}
	reached := make(chan error, 1)
	go func() {
		var err error
		v.Reach, err = l.reach(ctx)
		reached <- err
	}()
	pages, err := l.drawKnown(ctx)
	if err := cmp.Or(<-reached, err); err != nil {
		return err
	}
	for _, title := range slices.Sorted(maps.Keys(l.known)) {
		v.Known = append(v.Known, overview.Known{Title: title, Seed: l.known[title],
			Page: pages[l.known[title]]})
	}
	v.Mutants = keptMutants(l.evidence.Source)
	v.Situations, v.Heat = lab.Situations[:], l.heat()
	text, err := overview.HTML(&v)
	if err != nil {
		return err
	}
	return page.Write(labFile, text)
}

// heat is how often calls were met, of each kind.
func (l *labRun) heat() []overview.Heat {
	var list []overview.Heat
	for _, k := range l.lab.Kinds() {
		h := overview.Heat{Kind: k.Name}
		for _, o := range k.Ops {
			if !o.Lane {
				continue
			}
			row := overview.Operation{Name: o.Name}
			for _, s := range l.lab.Of(k) {
				w := overview.Warm{Subject: s.Name}
				for i := range lab.Situations {
					w.Calls = append(w.Calls, overview.Heard(l.met.Of(s.Title(), o.Name, i)))
				}
				row.By = append(row.By, w)
			}
			h.Operations = append(h.Operations, row)
		}
		list = append(list, h)
	}
	return list
}

// labCellOf is what a stage says of an implementation, and whether that is good.
func labCellOf(text string) overview.Cell {
	switch {
	case text == "":
		return overview.Cell{Class: "none", Text: "not tried"}
	case strings.Contains(text, "found a violation"), strings.HasPrefix(text, "breaks "):
		return overview.Cell{Class: "bad", Text: text}
	case strings.Contains(text, "the specification's"), strings.Contains(text, "known"):
		return overview.Cell{Class: "known", Text: text}
	}
	return overview.Cell{Class: "good", Text: text}
}

// drawKnown draws the seeds of what is known, and returns the pages by seed.
func (l *labRun) drawKnown(ctx context.Context) (map[string]string, error) {
	var jobs []tracedRun
	for _, seed := range slices.Compact(slices.Sorted(maps.Values(l.known))) {
		jobs = append(jobs, tracedRun{File: seed})
	}
	pages := map[string]string{}
	if len(jobs) == 0 {
		return pages, nil
	}
	runs, err := drawRuns(ctx, jobs...)
	if err != nil {
		return nil, err
	}
	for i, r := range runs {
		if r.Timeline == nil { // it is told, without a picture
			continue
		}
		file := page.File(".", jobs[i].File)
		if err := page.Save(file, r.Timeline); err != nil {
			return nil, err
		}
		pages[jobs[i].File] = filepath.Base(file)
	}
	return pages, nil
}

// mutantsFile has what the last run with all mutants printed, after a line with the source that they are of: the lab
// does not run them, and its page shows that.
var mutantsFile = filepath.Join(page.Folder, "mutants.txt")

// keepMutants keeps a table of the module at root.
func keepMutants(root string, table []byte) error {
	source, err := gate.SourceDigest(root)
	if err != nil {
		return err
	}
	return page.Write(filepath.Join(root, mutantsFile), append([]byte(source+"\n"), table...))
}

// keptMutants is the table that was kept of a source, "" if there is none.
func keptMutants(source string) string {
	text, err := os.ReadFile(mutantsFile)
	of, table, _ := strings.Cut(string(text), "\n")
	if err != nil || of != source {
		return ""
	}
	return strings.TrimSpace(table)
}
