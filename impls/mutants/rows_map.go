package mutants

import "batchlab/sim/subject"

// mapRows are the maps, in the columns of batcherRows.
var mapRows = []row{
	{
		windowEarly, "window-early", Sequential, subject.Lifetime,
		presence,
		"buckets are removed one bucket too early",
		"bucket=1s buckets=3 | a set k1 v1 | +1500ms | a get k1",
	},
	{
		windowLate, "window-late", Sequential, subject.Expiry,
		presence,
		"buckets are removed one bucket too late",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +2500ms | a get k1",
	},
	{
		expiryOff, "expiry-off", Sequential, subject.Expiry,
		presence,
		"nothing expires",
		"bucket=1s buckets=2 | a set k1 v1 | +10s | a get k1",
	},
	{
		idNeverRefreshed, "id-never-refreshed", Sequential, subject.Lifetime,
		presence,
		"the current bucket ID stays what it was at construction",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +500ms | a get k1",
	},
	{
		idAlwaysExact, "id-always-exact", Sequential, subject.SameHistory,
		presence,
		"the current bucket ID is computed at each Set, so that it is never stale",
		"bucket=10ms buckets=20 | +50ms | a set k1 v1 | +150ms | a get k1",
	},
	{
		filterNotFed, "filter-not-fed", Sequential, subject.OneWinner,
		presence,
		"Set asks a filter first, and never feeds it",
		"a set k1 v1 | a set k1 v2",
	},
	{
		filterForgets, "filter-forgets", Sequential, subject.OneWinner,
		presence,
		"Set asks a filter first, which an expiry empties without filling it again",
		"bucket=1s buckets=2 | a set k1 v1 | +1s | a set k2 v1 | +500ms | a set k2 v2",
	},
	{
		zeroIDSentinel, "zero-id-sentinel", Sequential, subject.Lifetime,
		presence,
		"bucket ID 0 means none, so that an entry in bucket 0 is not seen",
		"a set k1 v1 | a get k1",
	},
	{
		negativeIDsSkipped, "negative-ids-skipped", Sequential, subject.Lifetime,
		presence,
		"buckets before 1970 are not searched",
		"epoch=-1h | a set k1 v1 | a get k1",
	},
	{
		walkStopsAtGap, "walk-stops-at-gap", Sequential, subject.Lifetime,
		presence,
		"the search through bucket IDs ends at the first ID without a bucket",
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1",
	},
	{
		oldestWrongAfterDelete, "oldest-wrong-after-delete", Sequential, subject.Lifetime,
		presence,
		"a Delete that drops a bucket takes the newest bucket for the oldest",
		"bucket=1s buckets=4 | a set k1 v1 | +1s | a set k2 v1 | +1s | a set k3 v1 | a delete k2 | a get k1",
	},
	{
		gapClears, "gap-clears", Sequential, subject.Lifetime,
		presence,
		"a Set two or more buckets after the last one clears the map",
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1",
	},
	{
		getExtendsLife, "get-extends-life", Sequential, subject.Expiry,
		presence,
		"Get moves an entry to the current bucket",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a get k1 | +1500ms | a get k1",
	},
	{
		losingSetExtendsLife, "losing-set-extends-life", Sequential, subject.Expiry,
		presence,
		"a Set that loses moves the entry to the current bucket",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a set k1 v2 | +1500ms | a get k1",
	},
	{
		setOverwrites, "set-overwrites", Sequential, subject.Value,
		laws{subject.SameHistory},
		"a Set that loses stores its value all the same",
		"a set k1 v1 | a set k1 v2 | a get k1",
	},
	{
		valueRemembered, "value-remembered", Sequential, subject.Value,
		laws{subject.SameHistory},
		"Get returns the value that it returned for this key before",
		"a set k1 v1 | a get k1 | a delete k1 | a set k1 v2 | a get k1",
	},
	{
		deleteClaimsAbsent, "delete-claims-absent", Sequential, subject.DeleteLaw,
		laws{subject.SameHistory},
		"Delete returns true for a key that is not there",
		"a delete k1",
	},
	{
		deleteRemovesNothing, "delete-removes-nothing", Sequential, subject.DeleteLaw,
		presence,
		"Delete returns true and removes nothing",
		"a set k1 v1 | a delete k1 | a get k1",
	},
	{
		deleteEmptyPanics, "delete-empty-panics", Sequential, subject.NoPanic,
		laws{subject.DeleteLaw, subject.SameHistory},
		"Delete on an empty map panics",
		"a delete k1",
	},
	{
		countIgnoresDelete, "count-ignores-delete", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"Delete does not lower the count",
		"a set k1 v1 | a delete k1 | a count",
	},
	{
		countCountsLosers, "count-counts-losers", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"a Set that loses raises the count",
		"a set k1 v1 | a set k1 v2 | a count",
	},
	{
		countLosesOnExpiry, "count-wrong-on-expiry", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"an expired bucket lowers the count by one, whatever it held",
		"bucket=1s buckets=2 | a set k1 v1 | a set k2 v1 | +5s | a count",
	},
	{
		closeEmpties, "close-empties", Sequential, subject.ClosedMap,
		presence,
		"Close empties the map",
		"a set k1 v1 | a close | a get k1",
	},
	{
		closeKeepsExpiring, "close-keeps-expiring", Sequential, subject.ClosedMap,
		presence,
		"a closed map goes on expiring entries",
		"bucket=1s buckets=2 | a set k1 v1 | a close | +5s | a get k1",
	},
	{
		closedSetRefused, "closed-set-refused", Sequential, subject.ClosedMap,
		presence,
		"a Set on a closed map returns false and stores nothing",
		"a close | a set k1 v1",
	},
	{
		mapSecondCloseBlocks, "map-second-close-blocks", Sequential, subject.Progress,
		laws{subject.ClosedMap, subject.SameHistory},
		"a second Close never returns",
		"a close | a close",
	},
	{
		leakTicker, "leak-ticker", Sequential, subject.Leak,
		laws{subject.Progress},
		"Close leaves the cleanup's goroutine behind",
		"a close",
	},
	{
		setCheckThenAct, "set-check-then-act", Interleaving, subject.OneWinner,
		presence,
		"Set looks up and inserts under two locks",
		"two Sets of one key, both past the look-up",
	},
	{
		countUnguarded, "count-unguarded", Interleaving, subject.CountLaw,
		laws{subject.SameHistory},
		"Set raises the count by a load and a store",
		"two winning Sets, both past the load",
	},
}
