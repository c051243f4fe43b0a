package mutants

import "batchlab/impls/spec"

// mapRows are the maps, in the columns of batcherRows.
var mapRows = []row{
	{
		windowEarly, "window-early", Sequential, spec.Lifetime,
		presence,
		"buckets are removed one bucket too early",
		"bucket=1s buckets=3 | a set k1 v1 | +1500ms | a get k1",
	},
	{
		windowLate, "window-late", Sequential, spec.Expiry,
		presence,
		"buckets are removed one bucket too late",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +2500ms | a get k1",
	},
	{
		expiryOff, "expiry-off", Sequential, spec.Expiry,
		presence,
		"nothing expires",
		"bucket=1s buckets=2 | a set k1 v1 | +10s | a get k1",
	},
	{
		idNeverRefreshed, "id-never-refreshed", Sequential, spec.Lifetime,
		presence,
		"the current bucket ID stays what it was at construction",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +500ms | a get k1",
	},
	{
		idAlwaysExact, "id-always-exact", Sequential, spec.SameHistory,
		presence,
		"the current bucket ID is computed at each Set, so that it is never stale",
		"bucket=10ms buckets=20 | +50ms | a set k1 v1 | +150ms | a get k1",
	},
	{
		filterNotFed, "filter-not-fed", Sequential, spec.OneWinner,
		presence,
		"Set asks a filter first, and never feeds it",
		"a set k1 v1 | a set k1 v2",
	},
	{
		filterForgets, "filter-forgets", Sequential, spec.OneWinner,
		presence,
		"Set asks a filter first, which an expiry empties without filling it again",
		"bucket=1s buckets=2 | a set k1 v1 | +1s | a set k2 v1 | +500ms | a set k2 v2",
	},
	{
		zeroIDSentinel, "zero-id-sentinel", Sequential, spec.Lifetime,
		presence,
		"bucket ID 0 means none, so that an entry in bucket 0 is not seen",
		"a set k1 v1 | a get k1",
	},
	{
		negativeIDsSkipped, "negative-ids-skipped", Sequential, spec.Lifetime,
		presence,
		"buckets before 1970 are not searched",
		"epoch=-1h | a set k1 v1 | a get k1",
	},
	{
		walkStopsAtGap, "walk-stops-at-gap", Sequential, spec.Lifetime,
		presence,
		"the search through bucket IDs ends at the first ID without a bucket",
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1",
	},
	{
		oldestWrongAfterDelete, "oldest-wrong-after-delete", Sequential, spec.Lifetime,
		presence,
		"a Delete that drops a bucket takes the newest bucket for the oldest",
		"bucket=1s buckets=4 | a set k1 v1 | +1s | a set k2 v1 | +1s | a set k3 v1 | a delete k2 | a get k1",
	},
	{
		gapClears, "gap-clears", Sequential, spec.Lifetime,
		presence,
		"a Set two or more buckets after the last one clears the map",
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1",
	},
	{
		getExtendsLife, "get-extends-life", Sequential, spec.Expiry,
		presence,
		"Get moves an entry to the current bucket",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a get k1 | +1500ms | a get k1",
	},
	{
		losingSetExtendsLife, "losing-set-extends-life", Sequential, spec.Expiry,
		presence,
		"a Set that loses moves the entry to the current bucket",
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a set k1 v2 | +1500ms | a get k1",
	},
	{
		setOverwrites, "set-overwrites", Sequential, spec.Value,
		laws{spec.SameHistory},
		"a Set that loses stores its value all the same",
		"a set k1 v1 | a set k1 v2 | a get k1",
	},
	{
		valueRemembered, "value-remembered", Sequential, spec.Value,
		laws{spec.SameHistory},
		"Get returns the value that it returned for this key before",
		"a set k1 v1 | a get k1 | a delete k1 | a set k1 v2 | a get k1",
	},
	{
		deleteClaimsAbsent, "delete-claims-absent", Sequential, spec.DeleteLaw,
		laws{spec.SameHistory},
		"Delete returns true for a key that is not there",
		"a delete k1",
	},
	{
		deleteRemovesNothing, "delete-removes-nothing", Sequential, spec.DeleteLaw,
		presence,
		"Delete returns true and removes nothing",
		"a set k1 v1 | a delete k1 | a get k1",
	},
	{
		deleteEmptyPanics, "delete-empty-panics", Sequential, spec.NoPanic,
		laws{spec.DeleteLaw, spec.SameHistory},
		"Delete on an empty map panics",
		"a delete k1",
	},
	{
		countIgnoresDelete, "count-ignores-delete", Sequential, spec.CountLaw,
		laws{spec.SameHistory},
		"Delete does not lower the count",
		"a set k1 v1 | a delete k1 | a count",
	},
	{
		countCountsLosers, "count-counts-losers", Sequential, spec.CountLaw,
		laws{spec.SameHistory},
		"a Set that loses raises the count",
		"a set k1 v1 | a set k1 v2 | a count",
	},
	{
		countLosesOnExpiry, "count-wrong-on-expiry", Sequential, spec.CountLaw,
		laws{spec.SameHistory},
		"an expired bucket lowers the count by one, whatever it held",
		"bucket=1s buckets=2 | a set k1 v1 | a set k2 v1 | +5s | a count",
	},
	{
		closeEmpties, "close-empties", Sequential, spec.ClosedMap,
		presence,
		"Close empties the map",
		"a set k1 v1 | a close | a get k1",
	},
	{
		closeKeepsExpiring, "close-keeps-expiring", Sequential, spec.ClosedMap,
		presence,
		"a closed map goes on expiring entries",
		"bucket=1s buckets=2 | a set k1 v1 | a close | +5s | a get k1",
	},
	{
		closedSetRefused, "closed-set-refused", Sequential, spec.ClosedMap,
		presence,
		"a Set on a closed map returns false and stores nothing",
		"a close | a set k1 v1",
	},
	{
		mapSecondCloseBlocks, "map-second-close-blocks", Sequential, spec.Progress,
		laws{spec.ClosedMap, spec.SameHistory},
		"a second Close never returns",
		"a close | a close",
	},
	{
		leakTicker, "leak-ticker", Sequential, spec.Leak,
		laws{spec.Progress},
		"Close leaves the cleanup's goroutine behind",
		"a close",
	},
	{
		setCheckThenAct, "set-check-then-act", Interleaving, spec.OneWinner,
		presence,
		"Set looks up and inserts under two locks",
		"two Sets of one key, both past the look-up",
	},
	{
		countUnguarded, "count-unguarded", Interleaving, spec.CountLaw,
		laws{spec.SameHistory},
		"Set raises the count by a load and a store",
		"two winning Sets, both past the load",
	},
}
