package mutants

import "batchlab/sim/subject"

// mapRows are the maps.
var mapRows = []row{
	{windowEarly, "window-early", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.CountLaw, subject.SameHistory},
		"buckets are removed one bucket too early",
		// shown by:
		"bucket=1s buckets=3 | a set k1 v1 | +1500ms | a get k1"},
	{windowLate, "window-late", Sequential, subject.Expiry,
		laws{subject.OneWinner, subject.CountLaw, subject.DeleteLaw, subject.Value, subject.SameHistory},
		"buckets are removed one bucket too late",
		// shown by:
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +2500ms | a get k1"},
	{expiryOff, "expiry-off", Sequential, subject.Expiry,
		laws{subject.OneWinner, subject.CountLaw, subject.DeleteLaw, subject.Value, subject.SameHistory},
		"nothing expires",
		// shown by:
		"bucket=1s buckets=2 | a set k1 v1 | +10s | a get k1"},
	{idNeverRefreshed, "id-never-refreshed", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.CountLaw, subject.DeleteLaw, subject.SameHistory},
		"the current bucket ID stays what it was at construction",
		// shown by:
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +500ms | a get k1"},
	{idAlwaysExact, "id-always-exact", Sequential, subject.SameHistory,
		laws{subject.Lifetime, subject.Expiry, subject.OneWinner, subject.Value, subject.CountLaw, subject.DeleteLaw},
		"the current bucket ID is computed at each Set, so that it is never stale",
		// shown by:
		"bucket=10ms buckets=20 | +50ms | a set k1 v1 | +150ms | a get k1"},
	{filterNotFed, "filter-not-fed", Sequential, subject.OneWinner,
		laws{subject.Value, subject.CountLaw, subject.SameHistory},
		"Set asks a filter first, and never feeds it",
		// shown by:
		"a set k1 v1 | a set k1 v2"},
	{filterForgets, "filter-forgets", Sequential, subject.OneWinner,
		laws{subject.Value, subject.CountLaw, subject.SameHistory},
		"Set asks a filter first, which an expiry empties without filling it again",
		// shown by:
		"bucket=1s buckets=2 | a set k1 v1 | +1s | a set k2 v1 | +500ms | a set k2 v2"},
	{zeroIDSentinel, "zero-id-sentinel", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.CountLaw, subject.ClosedMap, subject.SameHistory},
		"bucket ID 0 means none, so that an entry in bucket 0 is not seen",
		// shown by:
		"a set k1 v1 | a get k1"},
	{negativeIDsSkipped, "negative-ids-skipped", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.CountLaw, subject.ClosedMap, subject.SameHistory},
		"buckets before 1970 are not searched",
		// shown by:
		"epoch=-1h | a set k1 v1 | a get k1"},
	{walkStopsAtGap, "walk-stops-at-gap", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.CountLaw, subject.ClosedMap, subject.SameHistory},
		"the search through bucket IDs ends at the first ID without a bucket",
		// shown by:
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1"},
	{oldestWrongAfterDelete, "oldest-wrong-after-delete", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.CountLaw, subject.ClosedMap, subject.SameHistory},
		"a Delete that drops a bucket takes the newest bucket for the oldest",
		// shown by:
		"bucket=1s buckets=4 | a set k1 v1 | +1s | a set k2 v1 | +1s | a set k3 v1 | a delete k2 | a get k1"},
	{gapClears, "gap-clears", Sequential, subject.Lifetime,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.CountLaw, subject.SameHistory},
		"a Set two or more buckets after the last one clears the map",
		// shown by:
		"bucket=1s buckets=4 | a set k1 v1 | +2s | a set k2 v1 | a get k1"},
	{getExtendsLife, "get-extends-life", Sequential, subject.Expiry,
		laws{subject.OneWinner, subject.Value, subject.CountLaw, subject.DeleteLaw, subject.SameHistory},
		"Get moves an entry to the current bucket",
		// shown by:
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a get k1 | +1500ms | a get k1"},
	{losingSetExtendsLife, "losing-set-extends-life", Sequential, subject.Expiry,
		laws{subject.OneWinner, subject.Value, subject.CountLaw, subject.DeleteLaw, subject.SameHistory},
		"a Set that loses moves the entry to the current bucket",
		// shown by:
		"bucket=1s buckets=2 | +1s | a set k1 v1 | +1s | a set k1 v2 | +1500ms | a get k1"},
	{setOverwrites, "set-overwrites", Sequential, subject.Value,
		laws{subject.SameHistory},
		"a Set that loses stores its value all the same",
		// shown by:
		"a set k1 v1 | a set k1 v2 | a get k1"},
	{valueRemembered, "value-remembered", Sequential, subject.Value,
		laws{subject.SameHistory},
		"Get returns the value that it returned for this key before",
		// shown by:
		"a set k1 v1 | a get k1 | a delete k1 | a set k1 v2 | a get k1"},
	{deleteClaimsAbsent, "delete-claims-absent", Sequential, subject.DeleteLaw,
		laws{subject.SameHistory},
		"Delete returns true for a key that is not there",
		// shown by:
		"a delete k1"},
	{deleteRemovesNothing, "delete-removes-nothing", Sequential, subject.DeleteLaw,
		laws{subject.OneWinner, subject.Value, subject.Expiry, subject.CountLaw, subject.SameHistory},
		"Delete returns true and removes nothing",
		// shown by:
		"a set k1 v1 | a delete k1 | a get k1"},
	{deleteEmptyPanics, "delete-empty-panics", Sequential, subject.NoPanic,
		laws{subject.DeleteLaw, subject.SameHistory},
		"Delete on an empty map panics",
		// shown by:
		"a delete k1"},
	{countIgnoresDelete, "count-ignores-delete", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"Delete does not lower the count",
		// shown by:
		"a set k1 v1 | a delete k1 | a count"},
	{countCountsLosers, "count-counts-losers", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"a Set that loses raises the count",
		// shown by:
		"a set k1 v1 | a set k1 v2 | a count"},
	{countLosesOnExpiry, "count-wrong-on-expiry", Sequential, subject.CountLaw,
		laws{subject.SameHistory},
		"an expired bucket lowers the count by one, whatever it held",
		// shown by:
		"bucket=1s buckets=2 | a set k1 v1 | a set k2 v1 | +5s | a count"},
	{closeEmpties, "close-empties", Sequential, subject.ClosedMap,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.Lifetime, subject.CountLaw, subject.SameHistory},
		"Close empties the map",
		// shown by:
		"a set k1 v1 | a close | a get k1"},
	{closeKeepsExpiring, "close-keeps-expiring", Sequential, subject.ClosedMap,
		laws{subject.OneWinner, subject.Value, subject.DeleteLaw, subject.Lifetime, subject.CountLaw, subject.SameHistory},
		"a closed map goes on expiring entries",
		// shown by:
		"bucket=1s buckets=2 | a set k1 v1 | a close | +5s | a get k1"},
	{closedSetRefused, "closed-set-refused", Sequential, subject.ClosedMap,
		laws{subject.OneWinner, subject.Value, subject.CountLaw, subject.SameHistory},
		"a Set on a closed map returns false and stores nothing",
		// shown by:
		"a close | a set k1 v1"},
	{mapSecondCloseBlocks, "map-second-close-blocks", Sequential, subject.Progress,
		laws{subject.ClosedMap, subject.SameHistory},
		"a second Close never returns",
		// shown by:
		"a close | a close"},
	{leakTicker, "leak-ticker", Sequential, subject.Leak,
		laws{subject.Progress},
		"Close leaves the cleanup's goroutine behind",
		// shown by:
		"a close"},
	{setCheckThenAct, "set-check-then-act", Interleaving, subject.OneWinner,
		laws{subject.Value, subject.DeleteLaw, subject.CountLaw, subject.SameHistory},
		"Set looks up and inserts under two locks",
		// shown by:
		"two Sets of one key, both past the look-up"},
	{countUnguarded, "count-unguarded", Interleaving, subject.CountLaw,
		laws{subject.SameHistory},
		"Set raises the count by a load and a store",
		// shown by:
		"two winning Sets, both past the load"},
}
