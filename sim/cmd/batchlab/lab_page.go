package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"batchlab/sim/view/page"
)

//go:embed lab.html
var labHTML string

var labTemplate = template.Must(template.New("lab").Parse(labHTML))

// labView is what the page of a run of the lab has.
type labView struct {
	Source, Go, Machine, Evidence, Digest string

	New, Lines, Stages []string
	Missing            bool
	Subjects           []labRow
	Known              []labKnown
	Covered            []labCount
}

type labRow struct {
	Name  string
	Cells []labCell
}

type labCell struct{ Class, Text string }

type labKnown struct{ Title, Seed, Page string }

type labCount struct {
	Stage, What string
	N           int
}

// labFile is where the page of a run of the lab is, with those of what is known beside it.
var labFile = filepath.Join(page.Folder, "lab.html")

// draw writes the page, and one of each known violation.
func (l *labRun) draw(ctx context.Context) error {
	v := labView{Source: fmt.Sprintf("%.12s", l.evidence.Source), Go: l.evidence.Go, Machine: runtime.GOOS + "/" +
		runtime.GOARCH, Lines: l.page.lines, Evidence: l.f.evidence, Digest: fmt.Sprintf("%.12s", l.evidence.Digest),
		Missing: len(l.evidence.Missing()) > 0}
	for _, r := range l.evidence.Records {
		v.Stages = append(v.Stages, string(r.Stage))
		for _, f := range r.Found {
			v.New = append(v.New, string(r.Stage)+": "+f)
		}
		for _, what := range slices.Sorted(maps.Keys(r.Covered)) {
			v.Covered = append(v.Covered, labCount{string(r.Stage), what, r.Covered[what]})
		}
	}
	for _, s := range l.lab.Subjects {
		row := labRow{Name: s.Title()}
		for _, r := range l.evidence.Records {
			row.Cells = append(row.Cells, labCellOf(r.Subjects[s.Title()]))
		}
		v.Subjects = append(v.Subjects, row)
	}
	pages, err := l.drawKnown(ctx)
	if err != nil {
		return err
	}
	for _, title := range slices.Sorted(maps.Keys(l.known)) {
		v.Known = append(v.Known, labKnown{title, l.known[title], pages[l.known[title]]})
	}
	var b bytes.Buffer
	if err := labTemplate.Execute(&b, v); err != nil {
		return err
	}
	return page.Write(labFile, b.Bytes())
}

// labCellOf is what a stage says of an implementation, and whether that is good.
func labCellOf(text string) labCell {
	switch {
	case text == "":
		return labCell{"none", "not tried"}
	case strings.Contains(text, "found a violation"), strings.HasPrefix(text, "breaks "):
		return labCell{"bad", text}
	case strings.Contains(text, "the specification's"), strings.Contains(text, "known"):
		return labCell{"known", text}
	}
	return labCell{"good", text}
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
