package sched

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"batchlab/sim/weave/rt"
)

// late fails if a goroutine comes between two steps of another, for which it has to pass so many points first at an object
// of its own. In a sound program the two hold a lock.
func late(points int, sound bool) (main func(), bad *bool) {
	bad = new(bool)
	return func() {
		*bad = false
		var s shared
		var own int
		var held sync.Mutex
		guarded := func(steps func()) {
			if sound {
				rt.MutexLock("lock", &held)
				defer rt.MutexUnlock("unlock", &held)
			}
			steps()
		}
		rt.Spawn("a", func() {
			guarded(func() {
				rt.At("first", &s)
				s.set(1, 0)
				rt.At("then", &s)
				s.set(2, 0)
			})
		})
		rt.Spawn("b", func() {
			for range points {
				rt.At("own", &own)
			}
			guarded(func() {
				rt.At("look", &s)
				fail(bad, s.is(1, 0))
			})
		})
		rt.Idle(1)
	}, bad
}

// TestLearners: strategies that learn find a fault at one object more often than those that they choose as at first, and
// none in a sound program.
func TestLearners(t *testing.T) {
	found := map[string]int{}
	for _, name := range []string{"random", "surw", "portfolio", "feedback"} {
		for _, sound := range []bool{false, true} {
			s, _ := New(name, 1)
			main, bad := late(8, sound)
			for range 1000 {
				run(s, main)
				if *bad && sound {
					t.Fatalf("%s finds a fault in a sound program", name)
				} else if *bad {
					found[name]++
				}
			}
		}
	}
	r, p := found["random"], found["portfolio"]
	if t.Log(found); r == 0 || found["surw"] < 2*r || found["feedback"] < p+p/3 {
		t.Errorf("found so many times in 1000 schedules: %v", found)
	}
}

// TestLearnersElsewhere: what is learned depends on the seed alone, and not on the process.
func TestLearnersElsewhere(t *testing.T) {
	sum := sha256.New()
	for _, s := range []Strategy{newSURW(1), newFeedback(1)} {
		for range 100 {
			res, _ := run(s, mixture)
			fmt.Fprintln(sum, lines(res))
		}
	}
	line := fmt.Sprintf("schedules %x\n", sum.Sum(nil))
	if os.Getenv("ELSEWHERE") != "" {
		fmt.Print(line)
		return
	}
	there := exec.Command(os.Args[0], "-test.run", "^TestLearnersElsewhere$")
	there.Env = append(os.Environ(), "ELSEWHERE=1")
	if text, err := there.Output(); err != nil || !strings.Contains(string(text), line) {
		t.Errorf("here %s, and in another process %s %v", line, text, err)
	}
}
