package mutate

import "strings"

// neverTaken are calls that no row of the registry comes to, by caller.
var neverTaken = map[string][]string{
	"GetOptimized": {"Get"},       // only on a map without an index
	"SetOptimized": {"setLocked"}, // likewise
}

// notes say which mutants are equivalent to the original, and why. A mutant is told by
// its operator, its function, and a part of the lines that were changed or that they
// became; "" is any.
var notes = []struct{ operator, function, part, why string }{
	{"lost-update", "TimePartitionedMap.expire", "m.count", countGuarded},
	{"lost-update", "TimePartitionedMap.insert", "m.count", countGuarded},
	{"lost-update", "TimePartitionedMap.Delete", "m.count", countGuarded},
	{"lost-update", "TimePartitionedMap.expireOptimized", "m.count", countGuarded},
	{"lost-update", "TimePartitionedMap.insertOptimized", "m.count", countGuarded},
	{"plain-field", "TimePartitionedMap", "oldest ", rangeGuarded},
	{"plain-field", "TimePartitionedMap", "newest ", rangeGuarded},
	{"split-section", "TimePartitionedMap.expire", "m.retrack()", rangeUnseen},
	{"split-section", "TimePartitionedMap.expireOptimized", "m.retrack()", rangeUnseen},
	{"split-section", "TimePartitionedMap.Delete", "m.retrack()", rangeUnseen},
	{
		"split-section", "TimePartitionedMap.look", "m.index.has(key, hash)",
		"equivalent: a hash is the key's for ever, and without one, or without a filter, has looks into every bucket",
	},
	{
		"drop-select-case", "Batcher.takeQueued", "item := <-b.ch",
		"equivalent: what is not taken here, the select of three takes, one item at a time as in the baseline",
	},
	{
		"swap-close", "TimePartitionedMap.Close", "m.cleanup.Stop()",
		"equivalent: a loop that still takes a tick between the two could take it before both in the original",
	},
	{
		"drop-closed-check", "Batcher.Trigger", "b.entered.Load()",
		"equivalent: the select that follows returns when closing is closed, and between the flag and that " +
			"the Trigger overlaps Close, and may come before it",
	},
	{
		"drop-recheck", "TimePartitionedMap.setAbsent", "if m.index.has(key, hash) {",
		"equivalent: has is exact under the lock, and false when the version is the same; the version only saves the look",
	},
	{"", "TimePartitionedMap.setLocked", "", "not reached: only a map without an index runs setLocked, and no row makes " +
		"one for SetOptimized"},
}

const (
	countGuarded = "equivalent: every write of count is made with mu held for writing, and what Count reads is one of them"
	rangeGuarded = "equivalent: oldest and newest are read and written only with mu held for writing"
	rangeUnseen  = "equivalent: retrack works out oldest and newest from the buckets of that moment, and nothing but " +
		"track reads them"
)

// note is what is known of a mutant beforehand.
func note(m Mutant) string {
	for _, n := range notes {
		if (n.operator == "" || n.operator == m.Operator) && n.function == m.Func &&
			strings.Contains(m.Before+m.After, n.part) {
			return n.why
		}
	}
	return ""
}
