package main

import (
	"os"
	"path/filepath"
	"strings"

	"batchlab/sim/view/page"
	"batchlab/stress/gate"
)

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
