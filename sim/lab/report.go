package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/oracle"
	"batchlab/sim/program"
)

// Report is what came of one program on several subjects.
type Report struct {
	Program      *program.Program
	Histories    []history.History
	Verdicts     []oracle.Verdict
	Unrepeatable []string // subjects whose second run was another: an error of its own kind
	Skipped      []string // subjects that cannot run this program
}

// Worst is the verdict that matters most: a violation that the specification does
// not have, else one that it has, else nil.
func (r *Report) Worst() *oracle.Verdict {
	var worst *oracle.Verdict
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		if v.Violation != nil && (worst == nil || worst.Specified && !v.Specified) {
			worst = v
		}
	}
	return worst
}

// Digest identifies what was seen, and is the same on every machine: it covers the
// program, the verdicts, and of each history that part of which there is just one.
func (r *Report) Digest() string {
	sum := sha256.New()
	fmt.Fprintln(sum, r.Program.Bare())
	for i, v := range r.Verdicts {
		fmt.Fprintln(sum, v.Subject, v.Stable(r.Histories[i]))
		if v.Violation != nil {
			fmt.Fprintln(sum, v.Violation.Law)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Difference is the first line on which two histories differ.
type Difference struct {
	A, B         string // kind/name
	Step         int
	LineA, LineB string
	Allowed      bool // the model has a choice at or before this step
}

// Differences compares every subject's history with the first subject's.
func (r *Report) Differences() []Difference {
	var list []Difference
	for i := 1; i < len(r.Histories); i++ {
		a, b := r.Histories[0], r.Histories[i]
		n := history.Agree(a, b)
		if n == len(a.Events) && n == len(b.Events) {
			continue
		}
		d := Difference{A: a.Subject, B: b.Subject, LineA: a.Line(n), LineB: b.Line(n)}
		if n < len(a.Events) {
			d.Step = a.Events[n].Step
		}
		if n < len(b.Events) && (d.Step == 0 || b.Events[n].Step < d.Step) {
			d.Step = b.Events[n].Step
		}
		for _, v := range r.Verdicts {
			d.Allowed = d.Allowed || v.Branched != 0 && v.Branched <= d.Step
		}
		list = append(list, d)
	}
	return list
}

// Broken lists the expectations of the program that did not hold, a line each.
func (r *Report) Broken() []string {
	var list []string
	for i, v := range r.Verdicts {
		want := expected(r.Program, v.Subject, v.Violation, v.Specified)
		switch {
		case want == "" && v.Violation != nil:
			list = append(list, fmt.Sprintf("%s: expected to pass, breaks %s", v.Subject, v.Violation.Law))
		case want != "" && v.Violation == nil:
			list = append(list, fmt.Sprintf("%s: expected to break %s, passes: a known violation that stops failing has to be "+
				"looked at", v.Subject, want))
		case want != "" && v.Violation.Law != want:
			list = append(list, fmt.Sprintf("%s: expected to break %s, breaks %s", v.Subject, want, v.Violation.Law))
		}
		if text := missing(r.Program.Shows, r.Histories[i]); text != "" {
			list = append(list, fmt.Sprintf("%s: the history does not show %q", v.Subject, text))
		}
	}
	for _, s := range r.Unrepeatable {
		list = append(list, s+": a second run gave another history: nondeterminism")
	}
	for _, d := range r.Differences() {
		if !d.Allowed && r.Worst() == nil {
			list = append(list, fmt.Sprintf("%s and %s differ at step %d: %q, %q", d.A, d.B, d.Step, d.LineA, d.LineB))
		}
	}
	return list
}

// expected is the law that a program says a subject breaks, by its title, or "". A fault of the
// specification is everybody's, named or not.
func expected(p *program.Program, title string, v *oracle.Violation, specified bool) kind.LawID {
	_, name, _ := strings.Cut(title, "/")
	for _, e := range p.Expect {
		if slices.Contains(e.Subjects, name) {
			return kind.LawID(e.Law)
		}
	}
	if specified && slices.ContainsFunc(p.Expect, func(e program.Expect) bool { return e.Law == string(v.Law) }) {
		return v.Law
	}
	return ""
}

// missing returns the first of the texts that the history does not show, in order.
func missing(texts []string, h history.History) string {
	i := 0
	for _, e := range h.Events {
		if i < len(texts) && strings.Contains(h.Kind.Line(e), texts[i]) {
			i++
		}
	}
	if i < len(texts) {
		return texts[i]
	}
	return ""
}
