package check

import (
	"flag"
	"fmt"
	"path/filepath"
	"time"
)

// The flags of the test binary.
var (
	flagSeed      = flag.Uint64("sim.seed", 1, "seed of the programs and schedules")
	flagBudget    = flag.Duration("sim.budget", 0, "at most so long for each call; 0: 10s, or 1s with -short")
	flagSchedules = flag.Int("sim.schedules", 0, "at most so many schedules of each program; 0: 400, or 200 with -short")
	flagStrategy  = flag.String("sim.strategy", "", "choose schedules by this strategy of package sched alone")
	flagReplay    = flag.String("sim.replay", "", "run this seed file only")
	flagTimeline  = flag.String("sim.timeline", "", "with -sim.replay: write the find to this file, to be shown")
	flagCode      = flag.String("sim.code", "", "with -sim.replay: write the find to this file as a plain Go test")
)

// The thoroughness of a call by default: so many programs, and so many schedules of each. The time is
// an upper bound, for slow components; with -short all are less.
const (
	defaultPrograms  = 200
	defaultSchedules = 400
	defaultBudget    = 10 * time.Second
	shortPrograms    = 30
	shortSchedules   = 200
	shortBudget      = time.Second
)

// findsFolder is where programs that found something are kept.
var findsFolder = filepath.Join("testdata", "sim")

// wrongFlag is what is wrong with the flags of the test binary, or "".
func wrongFlag() string {
	switch {
	case *flagSchedules < 0:
		return fmt.Sprintf("-sim.schedules=%d is to be 0 at least", *flagSchedules)
	case *flagBudget < 0:
		return fmt.Sprintf("-sim.budget=%v is to be 0 at least", *flagBudget)
	case *flagReplay == "" && *flagTimeline+*flagCode != "":
		return "-sim.timeline and -sim.code are of one find: say -sim.replay=FILE as well"
	}
	return ""
}
