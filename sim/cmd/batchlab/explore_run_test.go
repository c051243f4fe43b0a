package main

import (
	"slices"
	"strings"
	"testing"

	"batchlab/sim/lab"
)

// TestExplorationsAreHandedOut: what several workers share is the explorations of a program, one
// for each subject. It is over when the last of them is, and its error is the first subject's,
// whoever was the first to be done.
func TestExplorationsAreHandedOut(t *testing.T) {
	j := &studied{Seed: lab.Seed{Program: programOf(t, twoSets)}, done: make(chan struct{})}
	var err error
	if j.study, err = lab.NewStudy(j.Program, newLab(t, implementations()).Of(j.Program.Kind), lab.Search{Strategy: "dfs2"}); err != nil {
		t.Fatal(err)
	}
	list := slices.Collect(explorations([]*studied{j}))
	if len(list) != 3 {
		t.Fatalf("%d explorations, want one of each map", len(list))
	}
	here := &lab.Lab{T: t, Subjects: implementations()} // which is not woven
	for _, i := range []int{2, 0, 1} {
		select {
		case <-j.done:
			t.Fatal("over before the last exploration")
		default:
		}
		list[i](t.Context(), here)
	}
	<-j.done
	if j.err == nil || !strings.HasPrefix(j.err.Error(), "dedup/baseline: ") {
		t.Errorf("error %v", j.err)
	}
}
