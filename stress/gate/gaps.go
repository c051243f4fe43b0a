package gate

import (
	"fmt"
	"runtime"

	"batchlab/impls/spec"
)

// Gaps lists the reasons not to print figures of some subjects: evidence of another
// source or another Go, stages that were not run, subjects that a stage did not see,
// stress without the race detector, finds that are not known. None means: go on.
func (e *Evidence) Gaps(source string, subjects []spec.Subject) []string {
	switch { // of something else, it does not matter what is missing in it
	case e.Source != source:
		return []string{fmt.Sprintf("it is of source %.12s, this is %.12s", e.Source, source)}
	case e.Go != runtime.Version():
		return []string{fmt.Sprintf("it is of %s, this is %s", e.Go, runtime.Version())}
	}
	gaps := e.Missing()
	for _, r := range e.Records {
		if r.Stage == Stress && !r.Race {
			gaps = append(gaps, "stress without the race detector")
		}
		for _, s := range subjects {
			id := string(s.Kind) + "/" + s.Name
			if _, ok := r.Subjects[id]; !ok && !s.LawsOnly {
				gaps = append(gaps, fmt.Sprintf("no %s of %s", r.Stage, id))
			}
		}
	}
	return gaps
}
