package mutants

// A fault is one thing done wrong. The rows in rows_*.go say what each of them is.
type fault uint8

// none is the control.
const none fault = 0

// Faults of the batcher.
const (
	dropEveryThird fault = iota + 1
	dropWhenFull
	flushTwice
	lastTwoSwapped
	sizePlusOne
	sizeMinusOne
	emptyBatch
	sliceReused
	slicePooledEarly
	sliceCleared
	foregroundGoroutine
	panicRecovered
	handlerUnderMutex
	putWaitsForHandler
	putNilPanics
	queueShort
	queueLong
	timerFromFirstItem
	idleExpiryStops
	fullKeepsPhase
	triggerKeepsPhase
	staleTick
	triggerFlushesNothing
	triggerBuffered
	triggerIgnoresClose
	triggerAfterCloseBlocks
	putAfterCloseAccepted
	tailForgotten
	closeDropsQueue
	blockedPutLost
	closeSkipsHandlers
	closeOneByOne
	drainReversed
	drainOversized
	secondCloseBlocks
	secondCloseEarly
	secondClosePanics
	leakOnClose
	heldDropsQueue

	// Of these, two goroutines are needed.
	racingPutLost
	doubleFlush
	triggerMissesClose
	closeRacesClose
)

// held is no fault: Close waits for a sync.Mutex that the worker holds until it is done.
const held fault = 63

// Faults of the map.
const (
	windowEarly fault = iota + 64
	windowLate
	expiryOff
	idNeverRefreshed
	idAlwaysExact
	filterNotFed
	filterForgets
	zeroIDSentinel
	negativeIDsSkipped
	walkStopsAtGap
	oldestWrongAfterDelete
	gapClears
	getExtendsLife
	losingSetExtendsLife
	setOverwrites
	valueRemembered
	deleteClaimsAbsent
	deleteRemovesNothing
	deleteEmptyPanics
	countIgnoresDelete
	countCountsLosers
	countLosesOnExpiry
	closeEmpties
	closeKeepsExpiring
	closedSetRefused
	mapSecondCloseBlocks
	leakTicker

	// Of these, two goroutines are needed.
	setCheckThenAct
	countUnguarded
)

// Faults of the deduplicating batcher, beside those of its parts.
const (
	duplicatesForwarded fault = iota + 128
	olderBucketForwarded
	windowHalved
	windowOneShort
	keyTruncated
	duplicateFlushes
	nilForwarded
	nilDereferenced
	nilAfterClosePanics
	duplicateAfterCloseSilent
	closeLeavesMap
	dedupCheckThenAct
)
