package mutants

import "batchlab/sim/subject"

// dedupRows are the deduplicating batchers, in the columns of batcherRows.
var dedupRows = []row{
	{
		duplicatesForwarded, "duplicates-forwarded", Sequential, subject.OncePerWindow,
		and(delivery, subject.ExactlyOnce, subject.Order),
		"a duplicate is sent on",
		"size=1 | a put k1 | a put k1",
	},
	{
		olderBucketForwarded, "older-bucket-forwarded", Sequential, subject.OncePerWindow,
		and(delivery, subject.ExactlyOnce, subject.Order),
		"a duplicate is sent on when the first is not of the same second",
		"size=1 | a put k1 | +1100ms | a put k1",
	},
	{
		windowHalved, "window-halved", Sequential, subject.OncePerWindow,
		and(delivery, subject.ExactlyOnce),
		"the window is 30 buckets",
		"size=1 timeout=1h | a put k1 | +40s | a put k1",
	},
	{
		windowOneShort, "window-one-short", Sequential, subject.OncePerWindow,
		and(delivery, subject.ExactlyOnce),
		"the window is 60 buckets",
		"size=1 timeout=1h | a put k1 | +59600ms | a put k1",
	},
	{
		windowLate, "window-one-long", Sequential, subject.ExactlyOnce,
		and(delivery, subject.OncePerWindow),
		"the window is 62 buckets",
		"size=1 timeout=1h | +1s | a put k1 | +61s | a put k1",
	},
	{
		expiryOff, "window-endless", Sequential, subject.ExactlyOnce,
		and(delivery, subject.OncePerWindow),
		"a key is never forgotten, so that its item is lost after the window",
		"size=1 timeout=1h | a put k1 | +70s | a put k1",
	},
	{
		keyTruncated, "key-truncated", Sequential, subject.ExactlyOnce,
		and(delivery, subject.OncePerWindow),
		"keys are compared without their lowest bit",
		"size=1 | a put k2 | a put k3",
	},
	{
		duplicateFlushes, "duplicate-flushes", Sequential, subject.TimerPhase,
		and(delivery, subject.SizeCap, subject.Progress),
		"a duplicate has the open batch flushed",
		"size=4 | a put k1 | a put k1",
	},
	{
		nilForwarded, "nil-forwarded", Sequential, subject.ExactlyOnce,
		and(delivery, subject.AfterClose, subject.NoPanic),
		"nil is sent on",
		"size=1 | a put nil",
	},
	{
		nilDereferenced, "nil-dereferenced", Sequential, subject.NoPanic,
		laws{subject.SameHistory},
		"Put of nil panics",
		"a put nil",
	},
	{
		nilAfterClosePanics, "nil-after-close-panics", Sequential, subject.AfterClose,
		laws{subject.NoPanic, subject.SameHistory},
		"Put of nil panics after Close, where it is to be ignored",
		"a close | a put nil",
	},
	{
		duplicateAfterCloseSilent, "duplicate-after-close-silent", Sequential, subject.AfterClose,
		laws{subject.SameHistory},
		"a Put of a duplicate after Close is ignored instead of panicking",
		"a put k1 | a close | a put k1",
	},
	{
		closeLeavesMap, "close-leaves-map", Sequential, subject.Leak,
		laws{subject.Progress},
		"Close closes the batcher and not the map",
		"a close",
	},
	{
		tailForgotten, "dedup-tail-forgotten", Sequential, subject.CloseDrains,
		and(delivery, subject.ExactlyOnce),
		"Close delivers full batches only",
		"size=4 | a put k1 | a close",
	},
	{
		sizePlusOne, "dedup-size-plus-one", Sequential, subject.SizeCap,
		and(delivery, subject.ExactlyOnce, subject.CloseDrains),
		"a batch is full one item too late",
		"size=1 | a put k1 | a put k2",
	},
	{
		drainReversed, "dedup-drain-reversed", Sequential, subject.Order,
		and(delivery, subject.CloseDrains),
		"Close delivers what is left from the last item to the first",
		"size=4 | a put k1 | a put k2 | a close",
	},
	{
		secondCloseBlocks, "dedup-second-close-blocks", Sequential, subject.Progress,
		laws{subject.CloseDrains, subject.AfterClose, subject.SameHistory},
		"a second Close never returns",
		"a close | a close",
	},
	{
		dedupCheckThenAct, "dedup-check-then-act", Interleaving, subject.OncePerWindow,
		and(delivery, subject.ExactlyOnce),
		"the map looks a key up and inserts it under two locks",
		"two Puts of one key, both past the look-up",
	},
	{
		racingPutLost, "dedup-racing-put-lost", Interleaving, subject.ExactlyOnce,
		and(delivery, subject.CloseDrains, subject.Progress, subject.Leak),
		"a Put that has seen the batcher open may send after the worker's last look",
		"Put between its check and its send, the whole of Close",
	},
}
