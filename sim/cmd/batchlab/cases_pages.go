package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"batchlab/sim/view/page"
	"batchlab/sim/view/timeline"
)

// A row of the notes on what a page shows of a case.
var casesNote = regexp.MustCompile("(?m)^\\| `go test -run (\\w+) \\.` \\|.*$")

// readPages looks which places the pages below a folder do not show though its README.md speaks of them.
func readPages(dir string, list []caseResult) error {
	notes, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return err
	}
	for _, row := range casesNote.FindAllStringSubmatch(string(notes), -1) {
		i := slices.IndexFunc(list, func(r caseResult) bool { return r.name == row[1] })
		if i < 0 { // it was not run
			continue
		}
		files, err := filepath.Glob(filepath.Join(dir, page.Folder, row[1]+"_*.html"))
		if err != nil {
			return err
		}
		shown := ""
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return err
			}
			shown += string(text)
		}
		for _, site := range timeline.Sites.FindAllString(row[0], -1) {
			if !strings.Contains(shown, site+"<") && !slices.Contains(list[i].unseen, site) {
				list[i].unseen = append(list[i].unseen, site)
			}
		}
	}
	return nil
}
