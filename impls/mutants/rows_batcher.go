package mutants

import "batchlab/sim/subject"

// batcherRows are the batchers.
var batcherRows = []row{
	{dropEveryThird, "drop-every-third", Sequential, subject.ExactlyOnce,
		laws{subject.Order, subject.SizeCap, subject.CloseDrains, subject.TimerPhase, subject.SameHistory},
		"every third item put is dropped",
		// shown by:
		"size=1 | a put x3"},
	{dropWhenFull, "drop-when-full", Sequential, subject.ExactlyOnce,
		laws{subject.Backpressure, subject.CloseDrains, subject.SameHistory},
		"an item that finds the queue full is dropped instead of waiting",
		// shown by:
		"size=1 blocks | a put x66 | release"},
	{flushTwice, "flush-twice", Sequential, subject.ExactlyOnce,
		laws{subject.Order, subject.SizeCap, subject.Serial, subject.SameHistory},
		"a full batch is delivered twice",
		// shown by:
		"size=1 | a put"},
	{lastTwoSwapped, "last-two-swapped", Sequential, subject.Order,
		laws{subject.SameHistory},
		"the last two items of a batch change places",
		// shown by:
		"size=2 | a put x2"},
	{sizePlusOne, "size-plus-one", Sequential, subject.SizeCap,
		laws{subject.ExactlyOnce, subject.TimerPhase, subject.Backpressure, subject.CloseDrains, subject.TriggerLaw, subject.SameHistory},
		"a batch is full one item too late",
		// shown by:
		"size=2 | a put x3"},
	{sizeMinusOne, "size-minus-one", Sequential, subject.TimerPhase,
		laws{subject.ExactlyOnce, subject.SizeCap, subject.Backpressure, subject.CloseDrains, subject.SameHistory},
		"a batch is full one item too early",
		// shown by:
		"size=2 | a put"},
	{emptyBatch, "empty-batch", Sequential, subject.SizeCap,
		laws{subject.ExactlyOnce, subject.TimerPhase, subject.SameHistory},
		"an expiry with nothing in the batch calls the handler all the same",
		// shown by:
		"timeout=10ms | +10ms"},
	{sliceReused, "slice-reused", Sequential, subject.SliceLease,
		laws{subject.ExactlyOnce, subject.Order, subject.SameHistory},
		"all batches share one slice, while each was given away for ever",
		// shown by:
		"size=1 | a put | a put"},
	{slicePooledEarly, "slice-pooled-early", Sequential, subject.SliceLease,
		laws{subject.ExactlyOnce, subject.Order, subject.SameHistory},
		"a batch's slice is taken back when its handler starts, not when it returns",
		// shown by:
		"size=1 bg takes=20ms | a put | a put"},
	{sliceCleared, "slice-cleared", Sequential, subject.SliceLease,
		laws{subject.SameHistory},
		"a batch's slice is cleared when its handler has returned, while it was given away for ever",
		// shown by:
		"size=1 | a put"},
	{foregroundGoroutine, "foreground-goroutine", Sequential, subject.Serial,
		laws{subject.ExactlyOnce, subject.Order, subject.Backpressure, subject.CloseDrains, subject.TriggerLaw, subject.TimerPhase, subject.SameHistory},
		"foreground handlers run in goroutines of their own",
		// shown by:
		"size=1 takes=20ms | a put x2"},
	{panicRecovered, "panic-recovered", Sequential, subject.PanicCrashes,
		laws{subject.SameHistory},
		"a handler's panic is recovered and forgotten",
		// shown by:
		"size=1 panics | a put"},
	{handlerUnderMutex, "handler-under-mutex", Sequential, subject.Progress,
		laws{subject.Serial, subject.Backpressure, subject.TimerPhase, subject.SameHistory},
		"the handler is called under a sync.Mutex that Put takes",
		// shown by:
		"size=1 puts | a put"},
	{putWaitsForHandler, "put-waits-for-handler", Sequential, subject.Backpressure,
		laws{subject.ExactlyOnce, subject.CloseDrains, subject.AfterClose, subject.TriggerLaw, subject.TimerPhase, subject.Progress, subject.SameHistory},
		"Put waits for the running handler, with room in the queue",
		// shown by:
		"size=1 takes=20ms | a put | a put"},
	{putNilPanics, "put-nil-panics", Sequential, subject.NoPanic,
		laws{subject.SameHistory},
		"Put of nil panics",
		// shown by:
		"size=1 | a put nil"},
	{queueShort, "queue-short", Sequential, subject.Backpressure,
		laws{subject.SameHistory},
		"the queue has room for 63 batches",
		// shown by:
		"size=1 blocks | a put x65"},
	{queueLong, "queue-long", Sequential, subject.Backpressure,
		laws{subject.SameHistory},
		"the queue has room for 65 batches",
		// shown by:
		"size=1 blocks | a put x66"},
	{timerFromFirstItem, "timer-from-first-item", Sequential, subject.TimerPhase,
		laws{subject.SameHistory},
		"the timer starts at the first item instead of at the start of the cycle",
		// shown by:
		"timeout=10ms | +5ms | a put | +5ms"},
	{idleExpiryStops, "idle-expiry-stops-timer", Sequential, subject.TimerPhase,
		laws{subject.ExactlyOnce, subject.Progress, subject.SameHistory},
		"an expiry with nothing in the batch starts no further timer",
		// shown by:
		"timeout=10ms | +10ms | a put | +10ms"},
	{fullKeepsPhase, "full-keeps-phase", Sequential, subject.TimerPhase,
		laws{subject.SameHistory},
		"a full batch does not restart the timer",
		// shown by:
		"size=2 timeout=10ms | +6ms | a put x3 | +4ms"},
	{triggerKeepsPhase, "trigger-keeps-phase", Sequential, subject.TimerPhase,
		laws{subject.SameHistory},
		"a trigger does not restart the timer",
		// shown by:
		"timeout=10ms | +6ms | a trigger | a put | +4ms"},
	{staleTick, "stale-tick", Sequential, subject.TimerPhase,
		laws{subject.SizeCap, subject.SameHistory},
		"the timer is reset without draining a tick that came during the handler",
		// shown by:
		"size=2 timeout=10ms takes=15ms | a put x3 | +15ms"},
	{triggerFlushesNothing, "trigger-flushes-nothing", Sequential, subject.TriggerLaw,
		laws{subject.TimerPhase, subject.SameHistory},
		"a trigger is taken and forgotten",
		// shown by:
		"size=2 | a put | a trigger"},
	{triggerBuffered, "trigger-buffered", Sequential, subject.TriggerLaw,
		laws{subject.SameHistory},
		"a trigger returns while the worker is still busy",
		// shown by:
		"size=1 takes=20ms | a put | b trigger"},
	{triggerIgnoresClose, "trigger-ignores-close", Sequential, subject.Progress,
		laws{subject.TriggerLaw, subject.AfterClose, subject.CloseDrains, subject.SameHistory},
		"a trigger that waits when Close comes goes on waiting",
		// shown by:
		"size=1 blocks | a put | b trigger | c close"},
	{triggerAfterCloseBlocks, "trigger-after-close-blocks", Sequential, subject.AfterClose,
		laws{subject.Progress, subject.TriggerLaw, subject.SameHistory},
		"a trigger after Close never returns",
		// shown by:
		"a close | a trigger"},
	{putAfterCloseAccepted, "put-after-close-accepted", Sequential, subject.AfterClose,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"a Put after Close returns, and the item is lost",
		// shown by:
		"a close | a put"},
	{tailForgotten, "tail-forgotten", Sequential, subject.CloseDrains,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"Close delivers full batches only",
		// shown by:
		"size=4 | a put | a close"},
	{closeDropsQueue, "close-drops-queue", Sequential, subject.CloseDrains,
		laws{subject.ExactlyOnce, subject.SameHistory},
		"Close delivers the open batch and forgets the queue",
		// shown by:
		"size=1 takes=20ms | a put x2 | b close | +20ms"},
	{blockedPutLost, "blocked-put-lost", Sequential, subject.ExactlyOnce,
		laws{subject.Backpressure, subject.CloseDrains, subject.AfterClose, subject.SameHistory},
		"a Put that waits for room when Close comes returns, and its item is lost",
		// shown by:
		"size=1 blocks | a put x66 | b close | release"},
	{closeSkipsHandlers, "close-skips-handlers", Sequential, subject.CloseDrains,
		laws{subject.Leak, subject.SameHistory},
		"Close does not wait for handlers in the background",
		// shown by:
		"size=1 bg takes=20ms | a put | a close"},
	{closeOneByOne, "close-one-by-one", Sequential, subject.SameHistory,
		laws{subject.CloseDrains, subject.SizeCap},
		"Close delivers what is left one item at a time",
		// shown by:
		"size=4 | a put x2 | a close"},
	{drainReversed, "drain-reversed", Sequential, subject.Order,
		laws{subject.CloseDrains, subject.SameHistory},
		"Close delivers what is left from the last item to the first",
		// shown by:
		"size=4 | a put x2 | a close"},
	{drainOversized, "drain-oversized", Sequential, subject.SizeCap,
		laws{subject.CloseDrains, subject.SameHistory},
		"Close delivers what is left in one batch of any size",
		// shown by:
		"size=1 takes=20ms | a put x3 | b close | +20ms"},
	{secondCloseBlocks, "second-close-blocks", Sequential, subject.Progress,
		laws{subject.CloseDrains, subject.AfterClose, subject.SameHistory},
		"a second Close never returns",
		// shown by:
		"a close | a close"},
	{secondCloseEarly, "second-close-early", Sequential, subject.CloseDrains,
		laws{subject.SameHistory},
		"a second Close does not wait for what the first waits for",
		// shown by:
		"size=1 bg takes=20ms | a put | a close | b close"},
	{secondClosePanics, "second-close-panics", Sequential, subject.NoPanic,
		laws{subject.AfterClose, subject.SameHistory},
		"a second Close panics",
		// shown by:
		"a close | a close"},
	{leakOnClose, "leak-on-close", Sequential, subject.Leak,
		laws{subject.Progress},
		"Close leaves a goroutine behind",
		// shown by:
		"a close"},
	{racingPutLost, "racing-put-lost", Interleaving, subject.ExactlyOnce,
		laws{subject.CloseDrains, subject.Progress, subject.Leak, subject.SameHistory},
		"a Put that has seen the batcher open may send after the worker's last look",
		// shown by:
		"Put between its check and its send, the whole of Close"},
	{doubleFlush, "double-flush", Interleaving, subject.ExactlyOnce,
		laws{subject.Order, subject.SizeCap, subject.TimerPhase, subject.CloseDrains, subject.TriggerLaw, subject.SameHistory},
		"an expiry settles what to flush before the worker flushes it",
		// shown by:
		"the tick, a batch filled and flushed, the expiry's flush"},
	{triggerMissesClose, "trigger-misses-close", Interleaving, subject.Progress,
		laws{subject.AfterClose, subject.TriggerLaw, subject.Leak, subject.SameHistory},
		"Close lets go only the Triggers that wait already",
		// shown by:
		"Trigger between its check and its wait, the whole of Close"},
	{closeRacesClose, "close-races-close", Interleaving, subject.NoPanic,
		laws{subject.AfterClose, subject.CloseDrains, subject.Progress, subject.Leak, subject.SameHistory},
		"Close checks that it is the first, lets go of the lock, and then marks it",
		// shown by:
		"two Closes, both past the check"},
}
