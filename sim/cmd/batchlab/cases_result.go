package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// caseResult is what go test says of a case.
type caseResult struct {
	name              string
	passed            bool
	seconds           float64
	how               string // by which law it was found, "" if nothing was
	program, schedule string // that showed it, from 1
	output            string
	unseen            []string // places that no page of it shows, though the notes speak of them
}

// What the checks say of themselves in a test's log.
var (
	foundByProgram  = regexp.MustCompile(`found by program (\d+), in its schedule (\d+)`)
	foundBySchedule = regexp.MustCompile(
		`(?s)batchlab: (panic|race|failed|deadlock|spin|left|held): .*?found in schedule (\d+):`)
	foundUnlike = regexp.MustCompile(`batchlab: .* is not (equivalent|linearizable)`)
	nothingIn   = regexp.MustCompile(`(?:nothing wrong in|no difference in (\d+) programs,) (\d+) schedules`)
)

// readResults reads the output of go test -json, the tests in their order.
func readResults(text []byte) (list []caseResult) {
	outputs := map[string]*strings.Builder{}
	for line := range bytes.Lines(text) {
		var e struct {
			Action, Test, Output string
			Elapsed              float64
		}
		if json.Unmarshal(line, &e) != nil || e.Test == "" || strings.Contains(e.Test, "/") {
			continue
		}
		if outputs[e.Test] == nil {
			outputs[e.Test] = &strings.Builder{}
		}
		switch e.Action {
		case "output":
			outputs[e.Test].WriteString(e.Output)
		case "pass", "fail", "skip":
			r := caseResult{name: e.Test, passed: e.Action == "pass", seconds: e.Elapsed, output: outputs[e.Test].String()}
			r.read()
			list = append(list, r)
		}
	}
	return list
}

// read takes from the output how something was found.
func (r *caseResult) read() {
	if r.passed {
		return
	}
	if m := foundBySchedule.FindStringSubmatch(r.output); m != nil {
		r.how, r.program, r.schedule = "Explore: "+m[1], "", m[2]
	}
	if m := foundByProgram.FindStringSubmatch(r.output); m != nil {
		r.program, r.schedule = m[1], m[2]
		r.how = "Linearizable"
		if u := foundUnlike.FindStringSubmatch(r.output); u != nil && u[1] == "equivalent" {
			r.how = "Equivalent"
		}
	}
}

func (r *caseResult) found() string {
	switch {
	case r.passed:
		return "nothing found: " + r.silence()
	case r.how == "":
		return "failed otherwise"
	}
	return r.how
}

// silence says how much was looked at without a find.
func (r *caseResult) silence() string {
	if !r.passed {
		return "FOUND: " + r.how
	}
	m := nothingIn.FindStringSubmatch(r.output)
	switch {
	case m == nil:
		return "passed, and does not say what was looked at"
	case m[1] != "":
		return fmt.Sprintf("silent in %s programs, %s schedules", m[1], m[2])
	}
	return fmt.Sprintf("silent in %s schedules", m[2])
}
