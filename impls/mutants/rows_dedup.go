package mutants

import "batchlab/sim/subject"

// dedupRows are the deduplicating batchers.
var dedupRows = []row{
	{duplicatesForwarded, "duplicates-forwarded", Sequential, subject.OncePerWindow,
		laws{subject.ExactlyOnce, subject.Order, subject.Backpressure, subject.SameHistory},
		"a duplicate is sent on",
		// shown by:
		"size=1 | a put k1 | a put k1"},
	{olderBucketForwarded, "older-bucket-forwarded", Sequential, subject.OncePerWindow,
		laws{subject.ExactlyOnce, subject.Order, subject.SameHistory},
		"a duplicate is sent on when the first is not of the same second",
		// shown by:
		"size=1 | a put k1 | +1100ms | a put k1"},
	{windowHalved, "window-halved", Sequential, subject.OncePerWindow,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"the window is 30 buckets",
		// shown by:
		"size=1 timeout=1h | a put k1 | +40s | a put k1"},
	{windowOneShort, "window-one-short", Sequential, subject.OncePerWindow,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"the window is 60 buckets",
		// shown by:
		"size=1 timeout=1h | a put k1 | +59600ms | a put k1"},
	{windowLate, "window-one-long", Sequential, subject.ExactlyOnce,
		laws{subject.OncePerWindow, subject.SameHistory},
		"the window is 62 buckets",
		// shown by:
		"size=1 timeout=1h | +1s | a put k1 | +61s | a put k1"},
	{expiryOff, "window-endless", Sequential, subject.ExactlyOnce,
		laws{subject.OncePerWindow, subject.SameHistory},
		"a key is never forgotten, so that its item is lost after the window",
		// shown by:
		"size=1 timeout=1h | a put k1 | +70s | a put k1"},
	{keyTruncated, "key-truncated", Sequential, subject.ExactlyOnce,
		laws{subject.OncePerWindow, subject.SameHistory},
		"keys are compared without their lowest bit",
		// shown by:
		"size=1 | a put k2 | a put k3"},
	{duplicateFlushes, "duplicate-flushes", Sequential, subject.TimerPhase,
		laws{subject.SizeCap, subject.TriggerLaw, subject.Progress, subject.SameHistory},
		"a duplicate has the open batch flushed",
		// shown by:
		"size=4 | a put k1 | a put k1"},
	{nilForwarded, "nil-forwarded", Sequential, subject.ExactlyOnce,
		laws{subject.AfterClose, subject.NoPanic, subject.SameHistory},
		"nil is sent on",
		// shown by:
		"size=1 | a put nil"},
	{nilDereferenced, "nil-dereferenced", Sequential, subject.NoPanic,
		laws{subject.SameHistory},
		"Put of nil panics",
		// shown by:
		"a put nil"},
	{nilAfterClosePanics, "nil-after-close-panics", Sequential, subject.SameHistory,
		laws{subject.AfterClose, subject.NoPanic},
		"Put of nil panics after Close, where it is to be ignored",
		// shown by:
		"a close | a put nil"},
	{duplicateAfterCloseSilent, "duplicate-after-close-silent", Sequential, subject.AfterClose,
		laws{subject.SameHistory},
		"a Put of a duplicate after Close is ignored instead of panicking",
		// shown by:
		"a put k1 | a close | a put k1"},
	{closeLeavesMap, "close-leaves-map", Sequential, subject.Leak,
		laws{subject.Progress},
		"Close closes the batcher and not the map",
		// shown by:
		"a close"},
	{tailForgotten, "dedup-tail-forgotten", Sequential, subject.CloseDrains,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"Close delivers full batches only",
		// shown by:
		"size=4 | a put k1 | a close"},
	{sizePlusOne, "dedup-size-plus-one", Sequential, subject.SizeCap,
		laws{subject.ExactlyOnce, subject.TimerPhase, subject.Backpressure, subject.CloseDrains, subject.TriggerLaw, subject.SameHistory},
		"a batch is full one item too late",
		// shown by:
		"size=1 | a put k1 | a put k2"},
	{drainReversed, "dedup-drain-reversed", Sequential, subject.Order,
		laws{subject.CloseDrains, subject.SameHistory},
		"Close delivers what is left from the last item to the first",
		// shown by:
		"size=4 | a put k1 | a put k2 | a close"},
	{secondCloseBlocks, "dedup-second-close-blocks", Sequential, subject.Progress,
		laws{subject.CloseDrains, subject.AfterClose, subject.SameHistory},
		"a second Close never returns",
		// shown by:
		"a close | a close"},
	{dedupCheckThenAct, "dedup-check-then-act", Interleaving, subject.OncePerWindow,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"the map looks a key up and inserts it under two locks",
		// shown by:
		"two Puts of one key, both past the look-up"},
	{racingPutLost, "dedup-racing-put-lost", Interleaving, subject.ExactlyOnce,
		laws{subject.CloseDrains, subject.Progress, subject.Leak, subject.SameHistory},
		"a Put that has seen the batcher open may send after the worker's last look",
		// shown by:
		"Put between its check and its send, the whole of Close"},
}
