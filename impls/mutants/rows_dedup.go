package mutants

import "batchlab/impls/spec"

// dedupRows are the deduplicating batchers, in the columns of batcherRows.
var dedupRows = []row{
	{
		duplicatesForwarded, "duplicates-forwarded", Sequential, spec.OncePerWindow,
		and(delivery, spec.ExactlyOnce, spec.Order),
		"a duplicate is sent on",
		"size=1 | a put k1 | a put k1",
	},
	{
		olderBucketForwarded, "older-bucket-forwarded", Sequential, spec.OncePerWindow,
		and(delivery, spec.ExactlyOnce, spec.Order),
		"a duplicate is sent on when the first is not of the same second",
		"size=1 | a put k1 | +1100ms | a put k1",
	},
	{
		windowHalved, "window-halved", Sequential, spec.OncePerWindow,
		and(delivery, spec.ExactlyOnce),
		"the window is 30 buckets",
		"size=1 timeout=1h | a put k1 | +40s | a put k1",
	},
	{
		windowOneShort, "window-one-short", Sequential, spec.OncePerWindow,
		and(delivery, spec.ExactlyOnce),
		"the window is 60 buckets",
		"size=1 timeout=1h | a put k1 | +59600ms | a put k1",
	},
	{
		windowLate, "window-one-long", Sequential, spec.ExactlyOnce,
		and(delivery, spec.OncePerWindow),
		"the window is 62 buckets",
		"size=1 timeout=1h | +1s | a put k1 | +61s | a put k1",
	},
	{
		expiryOff, "window-endless", Sequential, spec.ExactlyOnce,
		and(delivery, spec.OncePerWindow),
		"a key is never forgotten, so that its item is lost after the window",
		"size=1 timeout=1h | a put k1 | +70s | a put k1",
	},
	{
		keyTruncated, "key-truncated", Sequential, spec.ExactlyOnce,
		and(delivery, spec.OncePerWindow),
		"keys are compared without their lowest bit",
		"size=1 | a put k2 | a put k3",
	},
	{
		duplicateFlushes, "duplicate-flushes", Sequential, spec.TimerPhase,
		and(delivery, spec.SizeCap, spec.Progress),
		"a duplicate has the open batch flushed",
		"size=4 | a put k1 | a put k1",
	},
	{
		nilForwarded, "nil-forwarded", Sequential, spec.ExactlyOnce,
		and(delivery, spec.AfterClose, spec.NoPanic),
		"nil is sent on",
		"size=1 | a put nil",
	},
	{
		nilDereferenced, "nil-dereferenced", Sequential, spec.NoPanic,
		laws{spec.SameHistory},
		"Put of nil panics",
		"a put nil",
	},
	{
		nilAfterClosePanics, "nil-after-close-panics", Sequential, spec.AfterClose,
		laws{spec.NoPanic, spec.SameHistory},
		"Put of nil panics after Close, where it is to be ignored",
		"a close | a put nil",
	},
	{
		duplicateAfterCloseSilent, "duplicate-after-close-silent", Sequential, spec.AfterClose,
		laws{spec.SameHistory},
		"a Put of a duplicate after Close is ignored instead of panicking",
		"a put k1 | a close | a put k1",
	},
	{
		closeLeavesMap, "close-leaves-map", Sequential, spec.Leak,
		laws{spec.Progress},
		"Close closes the batcher and not the map",
		"a close",
	},
	{
		tailForgotten, "dedup-tail-forgotten", Sequential, spec.CloseDrains,
		and(delivery, spec.ExactlyOnce),
		"Close delivers full batches only",
		"size=4 | a put k1 | a close",
	},
	{
		sizePlusOne, "dedup-size-plus-one", Sequential, spec.SizeCap,
		and(delivery, spec.ExactlyOnce, spec.CloseDrains),
		"a batch is full one item too late",
		"size=1 | a put k1 | a put k2",
	},
	{
		drainReversed, "dedup-drain-reversed", Sequential, spec.Order,
		and(delivery, spec.CloseDrains),
		"Close delivers what is left from the last item to the first",
		"size=4 | a put k1 | a put k2 | a close",
	},
	{
		secondCloseBlocks, "dedup-second-close-blocks", Sequential, spec.Progress,
		laws{spec.CloseDrains, spec.AfterClose, spec.SameHistory},
		"a second Close never returns",
		"a close | a close",
	},
	{
		dedupCheckThenAct, "dedup-check-then-act", Interleaving, spec.OncePerWindow,
		and(delivery, spec.ExactlyOnce),
		"the map looks a key up and inserts it under two locks",
		"two Puts of one key, both past the look-up",
	},
	{
		racingPutLost, "dedup-racing-put-lost", Interleaving, spec.ExactlyOnce,
		and(delivery, spec.CloseDrains, spec.Progress, spec.Leak),
		"a Put that has seen the batcher open may send after the worker's last look",
		"Put between its check and its send, the whole of Close",
	},
}
