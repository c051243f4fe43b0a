package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/impls/spec"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// Subjects returns the subjects of a kind: the implementations, or those that on names as
// kind/name, separated by commas, which may be mutants. It is an error if there is no such
// subject; those of other kinds are left out.
func Subjects(k *kind.Kind, on string) ([]kind.Subject, error) {
	if on == "" {
		return impls.Lab(impls.Of(spec.Kind(k.Name))...), nil
	}
	rows := append(impls.All(), mutants.Controls()...)
	for _, m := range mutants.All() {
		rows = append(rows, m.Subject)
	}
	all := impls.Lab(rows...)
	var list []kind.Subject
	for name := range strings.SplitSeq(on, ",") {
		i := slices.IndexFunc(all, func(s kind.Subject) bool { return s.Title() == name })
		if i < 0 {
			return nil, fmt.Errorf("subject %q is unknown, want kind/name as in batcher/baseline", name)
		}
		if all[i].Kind == k {
			list = append(list, all[i])
		}
	}
	return list, nil
}

// begin gives a target its starting inputs and returns its subjects.
func begin(f *testing.F, k *kind.Kind) []kind.Subject {
	subjects, err := Subjects(k, os.Getenv(OnVariable))
	if err != nil {
		f.Fatalf("%s: %v", OnVariable, err)
	}
	if len(subjects) == 0 {
		f.Skipf("%s is of another kind", OnVariable)
	}
	inputs, err := Inputs(k, Corpora)
	if err != nil {
		f.Fatal(err)
	}
	for _, data := range inputs {
		f.Add(data)
	}
	return subjects
}

// errWild says that the model cannot follow a program: no find, and no pass.
var errWild = errors.New("more states than the model follows")

// judge runs a program on the subjects and returns a report of what is wrong, which
// holds the program as a seed, or "". A fault that the specification has itself is
// not wrong here.
func judge(t *testing.T, p *program.Program, subjects []kind.Subject) (string, error) {
	l := &lab.Lab{T: t, Subjects: subjects}
	r := &lab.Report{Program: p}
	for _, s := range subjects {
		if !engine.Applies(p, s) {
			continue
		}
		h, v, err := l.Try(p, s)
		var le *kind.LabError
		if errors.As(err, &le) && le.Wild {
			return "", errWild
		} else if err != nil {
			return "", err
		}
		r.Histories, r.Verdicts = append(r.Histories, h), append(r.Verdicts, v)
	}
	var b bytes.Buffer
	if w := r.Worst(); w != nil && !w.Specified {
		w.Violation.Write(&b, p, "save the program as x.seed, then: make replay SEED=x.seed")
		return b.String(), nil
	}
	for _, d := range r.Differences() {
		if !d.Allowed {
			fmt.Fprintf(&b, "%s and %s differ at step %d: %q, %q\n\n%s", d.A, d.B, d.Step, d.LineA, d.LineB, p)
			return b.String(), nil
		}
	}
	return "", nil
}

// run is the body of the targets that run programs.
func run(t *testing.T, k *kind.Kind, data []byte, subjects []kind.Subject) {
	text, err := judge(t, Program(k, data), subjects)
	switch {
	case errors.Is(err, errWild): // too wild for the model: nobody's violation
	case err != nil:
		t.Fatal(err)
	case text != "":
		t.Fatal(text)
	}
}
