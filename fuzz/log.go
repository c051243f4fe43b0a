package fuzz

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Log reads what go test prints while it fuzzes a target, passes its progress on to W and
// remembers what came of it.
type Log struct {
	W      io.Writer
	Target string
	Execs  int // inputs that were tried
	// Failing is the failing input as go test calls it: seed#N, or the name of a file.
	Failing string

	rest        []byte // of a line that is not yet whole
	interesting int
	elapsed     string
	failed      bool // the line before said that the target failed; why comes next
	timeUp      bool // and all that went wrong was that the time was up
	last        []string
}

var (
	// What a target begins with is run first, and judged as all others are.
	progress = regexp.MustCompile(`^fuzz: elapsed: (\S+), (?:execs: (\d+) .*new interesting: (\d+) |` +
		`gathering baseline coverage: (\d+)/)`)
	failing = regexp.MustCompile(`(?:Failing input written to testdata/fuzz/|` +
		`failure while testing seed corpus entry: )(\w+)/(\S+)$`)
)

// Write takes output of go test.
func (l *Log) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		l.line(string(line))
		l.rest = rest
	}
}

// End takes the last line, whole or not.
func (l *Log) End() {
	if len(l.rest) > 0 {
		l.line(string(l.rest))
		l.rest = nil
	}
}

// Result says what the target did. It is an error if go test failed without an input.
func (l *Log) Result(err error, out io.Writer) error {
	fmt.Fprintf(out, "%-16s %d inputs, %d of them new and interesting, in %s\n", l.Target, l.Execs, l.interesting,
		cmp.Or(l.elapsed, "0s"))
	switch {
	case err == nil || l.Failing != "":
		return nil
	case l.timeUp:
		// A race in Go's fuzzer, in every release before 1.27: its own time limit comes
		// out as an error (go.dev/issue/75804). A find has an input, and this has none.
		fmt.Fprintf(out, "%-16s go test took its own time limit for a failure, without an input (go.dev/issue/75804)\n",
			l.Target)
		return nil
	}
	return fmt.Errorf("%s: go test: %w: %s", l.Target, err, strings.Join(l.last, "; "))
}

func (l *Log) line(s string) {
	const tail = 6
	if m := progress.FindStringSubmatch(s); m != nil {
		l.elapsed = m[1]
		l.Execs, _ = strconv.Atoi(m[2] + m[4]) // digits, says the expression
		l.interesting, _ = strconv.Atoi(m[3])
		fmt.Fprintf(l.W, "%s: %s, %d inputs, %d new and interesting\n", l.Target, l.elapsed, l.Execs, l.interesting)
		return
	}
	if m := failing.FindStringSubmatch(s); m != nil && l.Failing == "" && m[1] == l.Target {
		l.Failing = m[2]
	}
	if l.failed {
		l.timeUp = strings.TrimSpace(s) == "context deadline exceeded"
	}
	l.failed = strings.HasPrefix(s, "--- FAIL: "+l.Target+" ")
	if s != "" {
		if l.last = append(l.last, s); len(l.last) > tail {
			l.last = l.last[1:]
		}
	}
}
