package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"batchlab/sim/history"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/view"
)

// replay runs a seed that needs a schedule: under its own, or many. The woven binary is built when it
// is first needed.
func (e *explorer) replay(ctx context.Context, p *program.Program, subjects []kind.Subject) (r *replayResult, err error) {
	if e.lab == nil {
		if e.binary, err = (wovenBuild{}).binary(ctx); err != nil {
			return nil, err
		}
		e.lab = newWovenLab(e.t, e.binary, everything())
	}
	st, err := e.lab.Study(ctx, p, subjects, e.f.search(p, false))
	if err != nil {
		return nil, err
	}
	r = &replayResult{digest: studyDigest(st), broken: st.Broken(), program: p.Bare()}
	for _, x := range st.Explorations {
		if x.Violation != nil {
			r.violation, r.program.Schedule = x.Violation, x.Schedule
			break
		}
	}
	r.full = func(out io.Writer) { printStudy(out, st) }
	return r, nil
}

func (e *explorer) close() {
	if e.lab != nil {
		e.lab.Close()
	}
}

// printStudy prints the histories if there is one of each subject, and how many outcomes there are.
func printStudy(out io.Writer, st *lab.Study) {
	var histories []history.History
	for _, x := range st.Explorations {
		if x.Search.Strategy == lab.Replaying {
			histories = append(histories, history.Of(&x.Run))
		}
	}
	if len(histories) > 0 {
		fmt.Fprintln(out, view.SideBySide(histories))
	}
	for i, x := range st.Explorations {
		fmt.Fprintf(out, "%-24s %s\n", x.Subject, explorationText(x, st, i))
	}
}

// studyDigest identifies what was seen: the program, all outcomes and the verdicts.
func studyDigest(st *lab.Study) string {
	sum := sha256.New()
	fmt.Fprintln(sum, st.Program.Bare())
	for _, x := range st.Explorations {
		fmt.Fprintln(sum, x.Subject, x.Schedules, x.Complete)
		for _, o := range x.Outcomes {
			fmt.Fprintln(sum, o.Digest)
		}
		if x.Violation != nil {
			fmt.Fprintln(sum, x.Violation.Law)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
