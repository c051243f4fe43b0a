package stress

import (
	"math/rand/v2"
	"runtime"
	"time"

	"batchlab/impls/spec"
)

// LightItems is the most items that the light scenario puts.
const LightItems = 2000

// A pass in which Close overlaps the puts has at most closingItems items, and is
// run closingRounds times in the foreground and as often in the background.
const (
	closingItems  = 4096
	closingRounds = 4
)

// A scenario is a row: the batcher's configuration, and how items come.
type scenario struct {
	name     string
	size     int           // of a batch
	timeout  time.Duration // of a cycle
	maxItems int
	pause    time.Duration // after every pauseAt items of a producer, or pauses times
	pauseAt  int
	pauses   int
	trigger  int // a Trigger after this many items of a producer, 0 for none
	yield    int // a yield after this many items of a producer, on average, 0 for none
	repeats  bool
	contend  bool // maps: all producers Set and Delete the same few keys

	// But for this kind it is another scenario once more, and is run only by name.
	except spec.Kind
}

var scenarios = []scenario{
	{name: "light", size: 8, timeout: time.Millisecond, maxItems: LightItems, pause: 500 * time.Microsecond, pauseAt: 12},
	{name: "heavy", size: 1000, timeout: 10 * time.Millisecond, maxItems: MaxItems},
	// A map has neither batches nor a timer to be late for: to it the bursts are "heavy".
	{name: "bursty", size: 100, timeout: 2 * time.Millisecond, maxItems: MaxItems, pause: 3 * time.Millisecond,
		pauses: 16, except: spec.KindDedup},
	{name: "high-concurrency", size: 32, timeout: 5 * time.Millisecond, maxItems: MaxItems, trigger: 512, yield: 64,
		contend: true},
	// A batcher that looks at no key cannot tell equal items: size, timer and yields are as elsewhere.
	{name: "duplicates", size: 100, timeout: 5 * time.Millisecond, maxItems: MaxItems, yield: 256, repeats: true,
		except: spec.KindBatcher},
}

// ScenarioNames lists the scenarios in the order in which they run.
func ScenarioNames() []string {
	names := make([]string, len(scenarios))
	for i, s := range scenarios {
		names[i] = s.name
	}
	return names
}

// rest is what a producer does after its pos-th item of share, apart from triggers.
func (s scenario) rest(pos, share int, rng *rand.Rand) {
	if s.yield > 0 && rng.IntN(s.yield) == 0 {
		runtime.Gosched()
	}
	at := s.pauseAt
	if s.pauses > 0 {
		at = max(1, share/s.pauses)
	}
	if s.pause > 0 && pos%at == at-1 {
		time.Sleep(s.pause)
	}
}

// keysFor is the key of each of n items, where producers have contiguous shares, and
// the number of different keys at most.
//
// With repeats, there are a quarter as many keys as items. Half of the time a
// producer sweeps through the keys, in step with the others, so that Sets of a
// fresh key overlap; else it picks at random.
func (s scenario) keysFor(n, share int, contended bool, rng *rand.Rand) (keys []uint32, distinct int) {
	keys, distinct = make([]uint32, n), n
	switch {
	case contended:
		distinct = min(n, 1024)
	case s.repeats:
		distinct = max(1, n/4)
	}
	for i := range keys {
		key := i
		switch {
		case contended || s.repeats && rng.IntN(2) == 0:
			key = rng.IntN(distinct)
		case s.repeats:
			key = (i % share) * distinct / share
		}
		keys[i] = uint32(key)
	}
	return keys, distinct
}
