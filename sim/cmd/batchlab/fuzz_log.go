package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// fuzzLog reads what go test prints while it fuzzes, passes its progress on and
// remembers what came of it.
type fuzzLog struct {
	w    io.Writer
	name string // of the target
	rest []byte // of a line that is not yet whole

	execs, interesting int
	elapsed            string
	failing            string // the failing input: seed#N, or the name of a file
	failed             bool   // the line before said that the target failed; why comes next
	timeUp             bool   // and all that went wrong was that the time was up
	last               []string
}

var (
	fuzzProgress = regexp.MustCompile(`^fuzz: elapsed: (\S+), execs: (\d+) .*new interesting: (\d+) `)
	fuzzFailing  = regexp.MustCompile(`(?:Failing input written to testdata/fuzz/|` +
		`failure while testing seed corpus entry: )(\w+)/(\S+)$`)
)

// Write takes output of go test.
func (l *fuzzLog) Write(p []byte) (int, error) {
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

// end takes the last line, whole or not.
func (l *fuzzLog) end() {
	if len(l.rest) > 0 {
		l.line(string(l.rest))
		l.rest = nil
	}
}

// result says what the target did. It is an error if go test failed without an input.
func (l *fuzzLog) result(err error, out io.Writer) error {
	fmt.Fprintf(out, "%-16s %d inputs, %d of them new and interesting, in %s\n", l.name, l.execs, l.interesting,
		cmp.Or(l.elapsed, "0s"))
	switch {
	case err == nil || l.failing != "":
		return nil
	case l.timeUp:
		// A race in Go's fuzzer, in every release before 1.27: its own time limit comes
		// out as an error (go.dev/issue/75804). A find has an input, and this has none.
		fmt.Fprintf(out, "%-16s go test took its own time limit for a failure, without an input (go.dev/issue/75804)\n", l.name)
		return nil
	}
	return fmt.Errorf("%s: go test: %w: %s", l.name, err, strings.Join(l.last, "; "))
}

func (l *fuzzLog) line(s string) {
	const tail = 6
	if m := fuzzProgress.FindStringSubmatch(s); m != nil {
		l.elapsed = m[1]
		l.execs, _ = strconv.Atoi(m[2]) // digits, says the expression
		l.interesting, _ = strconv.Atoi(m[3])
		fmt.Fprintf(l.w, "%s: %s, %d inputs, %d new and interesting\n", l.name, l.elapsed, l.execs, l.interesting)
		return
	}
	if m := fuzzFailing.FindStringSubmatch(s); m != nil && l.failing == "" && m[1] == l.name {
		l.failing = m[2]
	}
	if l.failed {
		l.timeUp = strings.TrimSpace(s) == "context deadline exceeded"
	}
	l.failed = strings.HasPrefix(s, "--- FAIL: "+l.name+" ")
	if s != "" {
		if l.last = append(l.last, s); len(l.last) > tail {
			l.last = l.last[1:]
		}
	}
}
