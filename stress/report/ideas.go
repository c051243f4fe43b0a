package report

import (
	"batchlab/impls/spec"
)

// idea is something that may be adopted, with the rows that speak for or against it.
type idea struct {
	name, code string
	of         string // "plan" or "direct"
	kind       string
	rival      string
	rows       []string // prefixes of IDs
	caveats    []string // what holds whatever the figures are
}

const (
	together = "Put and worker are measured together: the samples do not tell what each of them contributes."
	leased   = "A slice belongs to the handler only until it returns. A handler that keeps its slice, or hands it to " +
		"another goroutine, will find other items in it: such callers break, and must copy."
	onlyWith = "A map made by NewTimePartitionedMapOptimized must be used with SetOptimized only: GetOptimized may miss " +
		"a key that Set put there."
	oneWins = "It behaves better, too: of concurrent Sets of one key only one returns true. In the baseline two may " +
		"win (D2-one-winner), since Set looks the key up before it takes the lock."
	another = "Nothing of the baseline's mechanism is in it. It is another component with the same contract, to be " +
		"adopted for what the evidence below covers and no more."
)

// ideas are the plan's, and the direct versions.
var ideas = []idea{
	{
		name: "Non-blocking Put", code: "PutOptimized", of: "plan", kind: "Batcher", rival: "optimized",
		rows: []string{"Batcher/put/", "Batcher/high-concurrency/"},
		caveats: []string{together,
			"Where the queue is full it tries twice. An item can still wait: Put returns when the queue has taken it, as " +
				"before."},
	},
	{
		name: "Worker with one timer", code: "NewOptimized", of: "plan", kind: "Batcher", rival: "optimized",
		rows: []string{"Batcher/worker/", "Batcher/light", "Batcher/heavy", "Batcher/bursty/"},
		caveats: []string{together,
			"A timer that is used again may still hold the tick of an earlier cycle, depending on the clock. The worker " +
				"checks each tick against its deadline; a copy of the idea without that check flushes early."},
	},
	{
		name: "Newest bucket first in Get", code: "GetOptimized", of: "plan", kind: "Map", rival: "optimized",
		rows: []string{"Map/get-"},
		caveats: []string{onlyWith,
			"It is made for recent keys: a Get of an old key, or of one that is not there, still looks through the buckets."},
	},
	{
		name: "Bloom filter in Set", code: "SetOptimized", of: "plan", kind: "Map", rival: "optimized",
		rows:    []string{"Map/set-", "Map/fill/", "Map/expire/"},
		caveats: []string{onlyWith, "The Bloom filter costs memory beside the map's.", oneWins},
	},
	{
		name: "Pooled slices", code: "NewWithPool", of: "plan", kind: "Batcher", rival: "pooled",
		rows: []string{"Batcher/"},
		caveats: []string{leased,
			"It has PutOptimized and the worker with one timer as well; what the pool adds shows beside optimized, in the " +
				"tables.",
			"The garbage collector empties a pool now and then, so what it saves depends on the rest of the program."},
	},
	{
		name: "Dedup batcher of the optimized parts", code: "NewWithDeduplicationOptimized", of: "plan",
		kind: "DedupBatcher", rival: "optimized",
		rows: []string{"DedupBatcher/"},
		caveats: []string{"It has the optimized map's Set: no duplicate passes because two Puts of one key both win, as " +
			"may happen in the baseline.",
			"The Bloom filter costs memory beside the map's."},
	},
	{
		name: "Direct batcher", code: "NewDirect", of: "direct", kind: "Batcher", rival: "direct",
		rows: []string{"Batcher/"}, caveats: []string{another},
	},
	{
		name: "Direct batcher with pooled slices", code: "NewDirectWithPool", of: "direct", kind: "Batcher",
		rival: "direct-pooled",
		rows:  []string{"Batcher/"}, caveats: []string{another, leased},
	},
	{
		name: "Direct map", code: "NewTimePartitionedMapDirect", of: "direct", kind: "Map", rival: "direct",
		rows: []string{"Map/"}, caveats: []string{another, oneWins},
	},
	{
		name: "Direct dedup batcher", code: "NewWithDeduplicationDirect", of: "direct", kind: "DedupBatcher", rival: "direct",
		rows: []string{"DedupBatcher/"}, caveats: []string{another},
	},
}

// subject is what the evidence calls it.
func (i idea) subject() string {
	kinds := map[string]spec.Kind{"Batcher": spec.KindBatcher, "Map": spec.KindDedup,
		"DedupBatcher": spec.KindDedupBatcher}
	return string(kinds[i.kind]) + "/" + i.rival
}
