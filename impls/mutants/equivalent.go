package mutants

// Equivalent are mutants made from the source that no run can tell from the original, or
// none that the lab can make, by name, each with the argument. They are hunted like all
// others: one that is killed is not equivalent.
var Equivalent = map[string]string{
	"batcher-deduplication.go:216-drop-stop": "nobody receives from the ticker after Close, its ticks are dropped, " +
		"and package time collects it; a clock.Mock keeps it, which no method shows",
	"batcher-deduplication.go:217-drop-stop": "as the other ticker: after Close nobody receives from it",
	"batcher-optimized.go:104-drop-stop": "the timer fires once more at most, into a channel that has room and " +
		"that nobody reads any more",
	"batcher-optimized.go:118-drop-drain": "an old tick is held against the deadline when it is received, and " +
		"then does what the next one would, which is dropped; clock.Mock's own timers would block there, but the lab's do " +
		"not (sim/engine/clock.go), and package time's have no old ticks",
	"batcher-optimized.go:123-drop-select-case": "a timer that has fired and whose tick was not received has its tick " +
		"in the channel or on its way there, so the receive waits for little; package time says of such a timer that it " +
		"ran, and the select is not reached",
	"batcher-optimized.go:131-drop-stop": "a Reset is undone only inside clock.Mock, between choosing a timer " +
		"and firing it, where the lab lets nobody in, for the clock is woven quietly; package time does not undo one",
	"dedup-direct.go:108-drop-drain": "the tick is taken when the buckets are gone, which takes no time of " +
		"the clock's; only in a large map on real time is the ID refreshed later",
	"dedup-direct.go:197-drop-stop": "as in the baseline: after Close nobody receives from the ticker",
	"dedup-direct.go:198-drop-stop": "as in the baseline: after Close nobody receives from the ticker",
	"dedup-direct.go:199-swap-close": "a loop that still takes a tick between the two could take it before " +
		"both in the original",
	"dedup-direct-shard.go:168-split-section": "the run has left the list, so a table that is made anew in between is " +
		"not sparse and keeps the mark; it drops it only if one cleanup marks two buckets of a shard, the " +
		"second of more than 128 entries, and so is a whole bucket late",
	"dedup-direct-shard.go:169-split-section": "who comes in between finds nothing marked any more, and a table that " +
		"nobody else has; it is published a moment later, by him or here",
	"dedup-direct-shard.go:172-split-section": "compact goes by what it finds, whoever was there before",
	"direct.go:98-buffer-less": "who sends has reset idle, so the worker is at the receive or on its " +
		"way there: nobody waits long",
	"direct.go:98-buffer-more": "between two receives of the worker only one resets idle, and only he " +
		"sends",
	"direct.go:193-swap-close": "who passes the gate returns from Put; what is still to be done is " +
		"done before anybody else gets the lock",
	"direct-worker.go:40-split-section": "returned is the worker's own",
	"direct-worker.go:42-split-section": "what comes before has to do with spare slices only, what comes after " +
		"with the queue",
	"direct-worker.go:45-split-section": "nothing is left to be done in the second part",
}
