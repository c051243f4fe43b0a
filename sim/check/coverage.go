package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/weave/rt"
)

// coverage is what was tried.
type coverage struct {
	programs, schedules, unjudged, beyond, whole int
	preemptions                                  int // up to which a search is called whole; 0: any number
	by                                           []string
	upon                                         []string     // what no schedule decides
	shared                                       []kind.LawID // laws that the original breaks as well
	stopped                                      time.Duration
	unreached                                    []string // methods that met no point
	endless                                      []string // methods that never returned
	lines                                        []string // that touch the same memory without a common lock
}

func (s *coverage) add(e *lab.Exploration) {
	s.programs++
	s.schedules += e.Schedules
	s.unjudged += e.Unjudged
	s.beyond += e.Beyond
	if e.Complete {
		s.whole++
	}
	if !slices.Contains(s.by, e.Judged) {
		s.by = append(s.by, e.Judged)
	}
	for _, u := range e.Uncontrolled {
		if !slices.Contains(s.upon, u) {
			s.upon = append(s.upon, u)
		}
	}
}

func (s *coverage) judged() int { return s.schedules - s.unjudged }

// judges says who judged, and what nobody could.
func (s *coverage) judges() string {
	text := "; " + strings.Join(s.by, "; ")
	if s.unjudged > 0 {
		text += fmt.Sprintf("; %d traces could not be judged", s.unjudged)
	}
	if s.beyond > 0 {
		text += fmt.Sprintf("; %d traces are beyond what was searched of the reference", s.beyond)
	}
	return text
}

// String says what was covered, and no more.
func (s *coverage) String() string {
	races := "no"
	if rt.RaceEnabled {
		races = "yes"
	}
	upTo := ""
	if s.preemptions > 0 {
		upTo = fmt.Sprintf(" at <= %d preemptions", s.preemptions)
	}
	text := fmt.Sprintf("no difference in %d programs, %d schedules (%d programs whole%s; races looked for: %s)",
		s.programs, s.schedules, s.whole, upTo, races) + s.judges()
	for _, law := range s.shared {
		text += fmt.Sprintf("; the original breaks %s as well", law)
	}
	if len(s.unreached) > 0 {
		text += "; no schedule reaches into " + strings.Join(s.unreached, ", ")
	}
	if len(s.endless) > 0 {
		text += "; never returned: " + strings.Join(s.endless, ", ")
	}
	if len(s.lines) > 0 && !rt.RaceEnabled {
		text += "; without a common lock memory is touched at " + strings.Join(s.lines, ", ") +
			": that changes no answer, and go test -race says whether it is a race"
	}
	for _, u := range s.upon {
		text += "; no schedule decides " + u
	}
	if s.stopped > 0 {
		text += fmt.Sprintf("; stopped after the budget of %v", s.stopped)
	}
	return text
}
