package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"batchlab/impls"
	"batchlab/impls/mutants"
	"batchlab/sim"
	"batchlab/sim/program"
	"batchlab/sim/subject"
)

// OnVariable names the environment variable that replaces the subjects.
const OnVariable = "BATCHLAB_FUZZ_ON"

// Subjects returns the subjects of a kind: the implementations, or the one that on
// names as kind/name, which may be a mutant. It is an error if there is no such
// subject; if it is of another kind, the list is empty.
func Subjects(kind, on string) ([]subject.Subject, error) {
	if on == "" {
		return impls.Of(subject.Kind(kind)), nil
	}
	all := append(impls.All(), mutants.Controls()...)
	for _, m := range mutants.All() {
		all = append(all, m.Subject)
	}
	i := slices.IndexFunc(all, func(s subject.Subject) bool { return sim.Title(s) == on })
	if i < 0 {
		return nil, fmt.Errorf("subject %q is unknown, want kind/name as in batcher/baseline", on)
	}
	if string(all[i].Kind) != kind {
		return nil, nil
	}
	return all[i : i+1], nil
}

// begin gives a target its starting inputs and returns its subjects.
func begin(f *testing.F, kind string) []subject.Subject {
	subjects, err := Subjects(kind, os.Getenv(OnVariable))
	if err != nil {
		f.Fatalf("%s: %v", OnVariable, err)
	}
	if len(subjects) == 0 {
		f.Skipf("%s is of another kind", OnVariable)
	}
	inputs, err := Inputs(kind, Corpora)
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
func judge(t *testing.T, p *program.Program, subjects []subject.Subject) (string, error) {
	lab := &sim.Lab{T: t, Subjects: subjects}
	r := &sim.Report{Program: p}
	for _, s := range subjects {
		if !sim.Applies(p, s) {
			continue
		}
		h, v, err := lab.Try(p, s)
		var le *sim.LabError
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
func run(t *testing.T, kind string, data []byte, subjects []subject.Subject) {
	text, err := judge(t, Program(kind, data), subjects)
	switch {
	case errors.Is(err, errWild): // too wild for the model: nobody's violation
	case err != nil:
		t.Fatal(err)
	case text != "":
		t.Fatal(text)
	}
}
