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

// replay runs a seed whose operations run together, prints what came of it, and reports
// whether all was as the seed expects. The woven binary is built when it is first needed.
func (e *explorer) replay(ctx context.Context, out io.Writer, file string, p *program.Program,
	subjects []kind.Subject, on onNames, brief bool) (bool, error) {
	if e.binary == "" {
		var err error
		if e.binary, err = (wovenBuild{}).binary(ctx); err != nil {
			return false, err
		}
	}
	if e.lab == nil {
		e.lab = newWovenLab(e.t, e.binary, everything())
	}
	st, err := e.lab.Study(ctx, p, subjects, e.f.search(p, false))
	if err != nil {
		return false, err
	}
	broken := st.Broken()
	verdict := "as expected"
	if len(broken) > 0 {
		verdict = "NOT AS EXPECTED"
	}
	if brief {
		fmt.Fprintf(out, "%-16s digest %s  %s\n", verdict, studyDigest(st), file)
	} else {
		printStudy(out, file, st)
		fmt.Fprintf(out, "digest %s\n%s\n", studyDigest(st), verdict)
	}
	for _, line := range broken {
		fmt.Fprintf(out, "  %s\n", line)
	}
	for _, x := range st.Explorations {
		if x.Violation != nil && len(broken) > 0 {
			command := e.lab.Command + file
			if len(on) > 0 {
				command += " ON=" + on.String()
			}
			fmt.Fprintln(out)
			shown := p.Bare()
			shown.Schedule = x.Schedule
			x.Violation.Write(out, shown, command)
			break
		}
	}
	return len(broken) == 0, nil
}

func (e *explorer) close() {
	if e.lab != nil {
		e.lab.Close()
	}
}

// printStudy prints the program, and the histories if there is one of each subject, else how
// many outcomes there are.
func printStudy(out io.Writer, file string, st *lab.Study) {
	fmt.Fprintf(out, "%s\n\n%s\n", file, st.Program)
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
