package twin

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
)

// testLog is what a twin writes for the go command of files and variables that its test
// looks at: on them depends whether the result of a test may be taken from the cache.
type testLog string

// newTestLog is "" if the go command does not want to know.
func newTestLog(dir string) testLog {
	if f := flag.Lookup("test.testlogfile"); f == nil || f.Value.String() == "" {
		return ""
	}
	return testLog(filepath.Join(dir, "testlog.txt"))
}

// replay looks at the same as the twin, so that package testing logs it for this process, too.
func (l testLog) replay() {
	if l == "" {
		return
	}
	text, err := os.ReadFile(string(l))
	if err != nil {
		return
	}
	dir := here
	for line := range strings.Lines(string(text)) {
		verb, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		file := name
		if !filepath.IsAbs(name) {
			file = filepath.Join(dir, name)
		}
		switch verb {
		case "getenv":
			os.Getenv(name)
		case "chdir":
			dir = file
		case "stat":
			os.Stat(file)
		case "open":
			if f, err := os.Open(file); err == nil {
				f.Close()
			}
		}
	}
}
