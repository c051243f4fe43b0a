package sched

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"batchlab/sim/weave/rt"
)

// differs says what outcome of all schedules within a bound the reduced search does not show, or the other way
// round; done is whether that could be seen in so many schedules.
func (p tiny) differs(bound, most int) (text string, done bool) {
	plain := bound
	if bound < 0 {
		plain = 1 << 14
	}
	want, n, all := p.outcomes(NewDFS(plain), most)
	if !all {
		return "", false
	}
	s := NewPOR(bound)
	got, m, all := p.outcomes(s, 10*most)
	if !all || !s.Complete() {
		return fmt.Sprintf("not whole in %d schedules, of %d: cut %v, diverged %v", m, n, s.Cut, s.Diverged), true
	}
	for o := range want {
		if !got[o] {
			return fmt.Sprintf("%d schedules of %d do not show %s", m, n, o), true
		}
	}
	for o := range got {
		if !want[o] {
			return fmt.Sprintf("%d schedules of %d show %s", m, n, o), true
		}
	}
	return "", true
}

// TestReducedSearch: of 2,000 generated programs, of 400 in short, it shows what the plain one does, without a bound and
// with one.
func TestReducedSearch(t *testing.T) {
	compared, all := 0, 2000
	if testing.Short() {
		all = 400
	}
	for n := uint64(0); compared < all; n++ {
		rng := rand.New(rand.NewPCG(n, 1))
		var of []string
		for range 1 + rng.IntN(4) {
			switch name := names[rng.IntN(len(names))]; {
			case strings.Contains(name, "call"), name == "quiet", name == "deadline": // see TestStrictest and missed
			case races(name): // see missed
			default:
				of = append(of, name)
			}
		}
		if of == nil {
			continue
		}
		lanes, bound := 2+rng.IntN(2), int(n%5)-1
		p := drawn(rng, of, lanes, 5-lanes)
		p.timed = n%2 > 0
		text, done := p.differs(bound, 80)
		if text != "" {
			t.Errorf("program %d, bound %d: %v: %s", n, bound, p.lanes, text)
		}
		if done {
			compared++
		}
	}
}

// races reports whether there is something among acts of which the race detector tells that it races with others: to
// close a channel on which somebody sends, to wait for a group to which somebody adds.
func races(acts string) bool {
	return rt.RaceEnabled && (strings.Contains(acts, "close") || strings.Contains(acts, "group?"))
}

// missed are programs of which a search once did not show all, each lane with the objects behind what it does.
var missed = []struct {
	why   string
	bound int
	lanes []string
}{
	{"who is let go by another could have gone on before", -1, []string{"quiet0 send1 store0 send1", "receive1 load0"}},
	{"the same, within a bound", 1, []string{"quiet0 send1 store0 send1", "receive1 load0"}},
	{"who waits for a lock while it is taken again could have had it", 2, []string{"try0 keep0", "try0 keep0"}},
	{"a try that fails could have come before the reader", 2, []string{"try write0 try write1", "read0"}},
	{"who would go on by default only waits", 1, []string{"swap0 keep0 yield0 swap0", "swap0 keep0", "swap0"}},
	{"who would be first sleeps, and others lead to it", 2, []string{"load1 load0", "swap1 load0", "swap1 swap0"}},
	{"to come to a lock before it is given costs less", 1, []string{"nest1 nest0", "nest1 nest0 nest1 nest0"}},
	{"the same, of a once", 1, []string{"swap1 once0 swap1", "swap1 once1 swap1"}},
	{"a call that is over may have come long before what follows", -1, []string{"bare call0 load0", "note0 store0"}},
	{"a call may have started somebody before its first point", -1, []string{"call that starts0"}},
	{"whether a context has ended is no point", -1, []string{"deadline0", "advance0"}},
	{"what is stored is a pointer that is computed first", -1, []string{"late0", "late0 peek0"}},
	{"a Done after the last one panics", -1, []string{"group-0", "group-0", "group-0 group+0", "group+0"}},
	{"what ends the run comes after all, and a race with what came long before counts", 0, []string{"close1 close0", "close1"}},
	{"what shows that one could come first is beyond the bound", 1, []string{"lock0 lock1 lock0", "lock1 lock0 lock0",
		"goroutines0 lock0 goroutines0"}},
	{"who is at a lock that is taken for good could have had it, though only a sleeper can go on", 1, []string{"lock1 keep1",
		"lock1", "keep0", "lock1 lock0"}},
	{"giving way costs less after a preemption", 1, []string{"goroutines0", "swap0", "goroutines0 goroutines0"}},
}

func TestMissed(t *testing.T) {
	for _, m := range missed {
		p := parsed(m.lanes)
		if text, done := p.differs(m.bound, 3000); text != "" || !done {
			t.Errorf("%s: %v, bound %d: %s, compared %v", m.why, p.lanes, m.bound, text, done)
		}
	}
}

// TestMissedWithinBound: with a bound the search misses what the plain one shows, and the one without a bound does not,
// which is why Whole takes these two. If it comes to miss this no more, see what por_bound.go says.
func TestMissedWithinBound(t *testing.T) {
	p := parsed([]string{"store1 swap0", "load1 load1 swap0", "swap0 swap1 load0"})
	plain, _, whole := p.outcomes(NewDFS(2), 400)
	for bound, misses := range map[int]bool{2: true, -1: false} {
		reduced, _, all := p.outcomes(NewPOR(bound), 4000)
		missed := 0
		for o := range plain {
			if !reduced[o] {
				missed++
			}
		}
		if !whole || !all || misses != (missed > 0) {
			t.Errorf("bound %d: misses %d of %d outcomes, all schedules %v, %v", bound, missed, len(plain), whole, all)
		}
	}
}

// parsed is a program of lanes as above.
func parsed(lanes []string) (p tiny) {
	for _, lane := range lanes {
		var list []act
		for _, a := range regexp.MustCompile(`([a-z? +-]+)(\d)`).FindAllStringSubmatch(lane, -1) {
			list = append(list, act{strings.TrimSpace(a[1]), int(a[2][0] - '0')})
		}
		p.lanes = append(p.lanes, list)
	}
	return p
}

// TestEachOnce: where each order of what does not commute shows, no two schedules show the same.
func TestEachOnce(t *testing.T) {
	for _, lanes := range [][]string{
		{"swap0 swap0 swap0", "swap0 swap0"},
		{"swap0 yield0 swap0", "swap0 yield0 swap0"},
	} {
		p := parsed(lanes)
		if set, n, all := p.outcomes(NewPOR(-1), 100); n != len(set) || !all {
			t.Errorf("%v: %d schedules show %d outcomes, all %v", lanes, n, len(set), all)
		}
	}
}

// TestStoppedTimer: where time moves by itself a timer that is stopped could have fired before, which no run that is
// begun with shows: then a reduced search does not say that it is whole.
func TestStoppedTimer(t *testing.T) {
	p := tiny{lanes: [][]act{{{"deadline", 0}}}, timed: true}
	s := NewPOR(-1)
	if p.outcomes(s, 10); s.Complete() {
		t.Error("whole")
	}
}

// TestStrictest: of calls that may have begun later, or ended sooner, the reduced search shows that they did: for each
// outcome there is one with the same order, or more of it.
func TestStrictest(t *testing.T) {
	for n := range uint64(60) {
		p := drawn(rand.New(rand.NewPCG(n, 3)), []string{"call", "call", "note", "yield"}, 2, 2)
		plain, _, _ := p.outcomes(NewDFS(1<<14), 300)
		reduced, _, all := p.outcomes(NewPOR(-1), 300)
		for o := range plain {
			strict := slices.ContainsFunc(slices.Collect(maps.Keys(reduced)), func(r string) bool {
				return noLess(r, o)
			})
			if !all || !strict {
				t.Errorf("program %d %v: nothing is as strict as %s", n, p.lanes, o)
			}
		}
	}
}

// noLess reports whether of two outcomes each number of the first is no less than that of the second.
func noLess(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	for i := range x {
		n, err := strconv.Atoi(strings.Trim(x[i], "[]"))
		m, _ := strconv.Atoi(strings.Trim(y[i], "[]"))
		if len(x) != len(y) || err == nil && n < m {
			return false
		}
	}
	return true
}

// shown is a row of rt.Effects, and programs of which one shows that it counts.
type shown struct {
	row, acts string
	from      uint64 // the number of the first program that is tried
}

var table = []shown{
	{"unknown", "unknown", 0}, {"touched", "swap,add", 0}, {"loaded", "load,store", 0}, {"locked", "nest", 0},
	{"unlocked", "nest,try", 24}, {"lockAwaited", "keep", 0}, {"tryFailed", "try,keep", 8},
	{"tryLocked", "try,lock,nest", 0}, {"triedFirst", "wait,try", 0}, {"triedSeen", "wait,try,lock", 24},
	{"readLocked", "read,write", 0}, {"readQueued", "read,write", 0}, {"readUnlocked", "read,try write", 0},
	{"added", "group+,group?", 0}, {"doneOne", "group+,group-,group?", 31},
	{"doneLast", "group+,group-", 0},
	{"groupWaited", "group+,group-,group?", 0},
	{"onceTaken", "once", 0}, {"onceGiven", "once,add", 62}, {"condEnlisted", "wait,signal", 0},
	{"signals", "wait,signal,broadcast", 0}, {"granted", "either,send,offer,close", 327},
	{"channelUsed", "send,receive", 24},
	{"channelSeen", "poll,either,send,offer,receive", 0}, {"poolUsed", "put,get", 0}, {"mapRanged", "map,range", 0},
	{"timeSeen", "now,advance", 0}, {"timeMoved", "now,advance", 0}, {"timerSet", "after,at once,advance", 0},
	{"slept", "sleep,advance", 0}, {"flagSet", "set flag,wait flag,swap", 162},
	{"flagSeen", "set flag,wait flag,swap", 162},
	{"addressMet", "hash", 0}, {"addressSeen", "hash", 0}, {"goroutineBorn", "go,goroutines", 52},
	{"goroutineGone", "go,goroutines", 0}, {"goroutinesCounted", "go,goroutines", 0}, {"callBegun", "call", 0},
	{"callOver", "call", 0}, {"noticed", "call,note", 0}, {"runEnded", "panic,swap", 0},
	{"clockStepped", "sleep,after,now,swap", 458},
}

// TestEachEffectCounts: a search that knows nothing of one operation misses an outcome of a program like these, or,
// where the operation only orders what cannot be otherwise, takes more schedules.
func TestEachEffectCounts(t *testing.T) {
	for i := range rt.Effects {
		row := &rt.Effects[i]
		at := slices.IndexFunc(table, func(c shown) bool { return c.row == row.Name })
		if at < 0 {
			t.Errorf("%s: no program shows that it counts", row.Name)
			continue
		}
		c := table[at]
		if races(c.acts) {
			continue
		}
		orders := c.row == "onceGiven" || c.row == "granted" || c.row == "flagSet" || c.row == "flagSeen"
		caught := false
		n := c.from
		for ; n < c.from+tries && !caught; n++ {
			p := drawn(rand.New(rand.NewPCG(n, 2)), strings.Split(c.acts, ","), 2+int(n%2), 2)
			p.timed = c.row == "clockStepped"
			_, least, _ := p.outcomes(NewPOR(-1), 300)
			was := row.Does
			row.Does = rt.Nothing
			text, _ := p.differs(-1, 2000)
			_, more, _ := p.outcomes(NewPOR(-1), 300)
			row.Does = was
			caught = text != "" || orders && more > least
		}
		if !caught || row.Why == "" {
			t.Errorf("%s: left out, it is not missed", c.row)
		}
	}
}

// tries is how many programs may be tried for a row.
const tries = 12
