package rt

// Effect is what an operation does to its object, as far as it matters in which order two of them come. Two
// that stay apart in this, or have different objects, may change places, and nobody can tell.
type Effect uint8

const (
	Nothing Effect = iota
	Shares         // commutes with its like, as two looks do
	Counts         // commutes with its like, but not with Shares
	Empties        // is Counts, but what counts after it does something else
	Changes        // commutes with nothing
	Takes          // a lock, for which others wait until it is given: what it may come before is another Takes
	Gives
	Wants // a lock that is held: nobody sees that, but the Takes of now could come after this one's
	// What is no effect, but an order: the object is a goroutine, a step of the run, or none.
	Starts   // a goroutine
	Carries  // has a goroutine take the next step, for nobody else may have the turn
	GivesWay // somebody does, of his own accord: who goes on then at no cost is another one after another order
	Quiet    // all that was before, for all others wait
)

// Commute reports whether two operations on one object may change places.
//
//go:norace
func Commute(a, b Effect) bool {
	return a == Shares && b == Shares || a.counts() && b.counts() || a == Nothing || b == Nothing
}

//go:norace
func (e Effect) counts() bool { return e == Counts || e == Empties }

// Shared reports whether there may be others like it after which something else comes.
//
//go:norace
func (e Effect) Shared() bool { return e == Shares || e.counts() }

// operation is a row of the table of dependencies.
type operation uint8

const (
	opUnknown operation = iota
	opTouched
	opLoaded
	opLocked
	opUnlocked
	opLockAwaited
	opTryFailed
	opTryLocked
	opTriedFirst
	opTriedSeen
	opReadLocked
	opReadQueued
	opReadUnlocked
	opAdded
	opDoneOne
	opDoneLast
	opGroupWaited
	opOnceTaken
	opOnceGiven
	opCondEnlisted
	opSignals
	opGranted
	opChannelUsed
	opChannelSeen
	opPoolUsed
	opMapRanged
	opTimeSeen
	opTimeMoved
	opTimerSet
	opSlept
	opFlagSet
	opFlagSeen
	opAddressMet
	opAddressSeen
	opGoroutineBorn
	opGoroutineGone
	opGoroutinesCounted
	opCallBegun
	opCallOver
	opNoticed
	opClockStepped
	opRunEnded
)

// Row is an operation, what it does, and why that is enough.
type Row struct {
	Name string
	Does Effect
	Why  string
}

// Effects is the table of dependencies. What is not certain Changes. A row that is left out, as a test does with
// each, does Nothing.
var Effects = [...]Row{
	opUnknown: {"unknown", Changes, "of everything: nothing is known of what it touches, such as " +
		"a context that is cancelled, or whose time is up"},
	opTouched: {"touched", Changes, "an operation on one address that may store: two of them do not commute"},
	opLoaded: {"loaded", Shares, "an operation on one address that only loads: sees the " +
		"last store, and none sees it"},
	opLocked:      {"locked", Takes, "who has the lock first decides; who finds it held waits, and that nobody sees"},
	opUnlocked:    {"unlocked", Gives, "of several who wait for it any may be next, and a try before it fails"},
	opLockAwaited: {"lockAwaited", Wants, "who waits for a lock could have come first"},
	opTryFailed:   {"tryFailed", Counts, "sees that the lock is held, by whom does not matter"},
	opTryLocked:   {"tryLocked", Changes, "as a lock does, but it can come before an unlock as well, and fail"},
	opTriedFirst: {"triedFirst", Changes, "from here on an unlock is a point before as well, to " +
		"come in while the lock is held"},
	opTriedSeen:    {"triedSeen", Shares, "an unlock before that is none"},
	opReadLocked:   {"readLocked", Shares, "readers do not see each other, and writers wait for them"},
	opReadQueued:   {"readQueued", Changes, "has the lock with the next unlock, before any writer"},
	opReadUnlocked: {"readUnlocked", Shares, "as a read lock"},
	opAdded:        {"added", Shares, "two additions give one sum, but one before the last Done keeps those who wait"},
	opDoneOne:      {"doneOne", Counts, "which Done is the last nobody sees"},
	opDoneLast:     {"doneLast", Empties, "which Done is the last nobody sees, unless one more comes"},
	opGroupWaited:  {"groupWaited", Changes, "sees whether the count is zero"},
	opOnceTaken:    {"onceTaken", Takes, "who comes first runs the function"},
	opOnceGiven:    {"onceGiven", Gives, "who comes before it waits"},
	opCondEnlisted: {"condEnlisted", Changes, "who waits first is signalled first, and not by a signal of before"},
	opSignals:      {"signals", Changes, "wakes who waits by then"},
	opGranted: {"granted", Changes, "what somebody waits for; if that was there already, who " +
		"comes first decides which of the two he gets"},
	opChannelUsed: {"channelUsed", Changes, "sends, receives, closes, begins to wait, or is set or stopped as " +
		"a timer's: who comes first is served first"},
	opChannelSeen: {"channelSeen", Shares, "a select found a case that it did not take"},
	opPoolUsed:    {"poolUsed", Changes, "what is put is there to get, and the last first"},
	opMapRanged:   {"mapRanged", Shares, "sees which keys there are; in which order is a choice of its own"},
	opTimeSeen:    {"timeSeen", Shares, "sees how late it is; in a Timed run each look moves time on, and Changes"},
	opTimeMoved:   {"timeMoved", Changes, "all who look or set a timer see it"},
	opTimerSet:    {"timerSet", Changes, "of two timers at one instant the first that was set fires first"},
	opSlept:       {"slept", Shares, "sees how late it is; sleepers that wake at once may go on in any order"},
	opFlagSet:     {"flagSet", Changes, "who waits for the flag goes on"},
	opFlagSeen:    {"flagSeen", Shares, "sees that the flag is set"},
	opAddressMet:  {"addressMet", Changes, "who meets an address first numbers it"},
	opAddressSeen: {"addressSeen", Shares, "sees the number of an address"},
	opGoroutineBorn: {"goroutineBorn", Counts, "one more goroutine, and the sum is all that is seen; its " +
		"number is that of a place in order"},
	opGoroutineGone:     {"goroutineGone", Counts, "one less"},
	opGoroutinesCounted: {"goroutinesCounted", Shares, "sees how many goroutines there are"},
	opCallBegun:         {"callBegun", Shares, "which call ended before which began is judged"},
	opCallOver:          {"callOver", Counts, "as the beginning of one"},
	opNoticed: {"noticed", Changes, "what happens besides calls is judged by what ended " +
		"before and began after"},
	opRunEnded: {"runEnded", Changes, "of everything: a panic, or the main function's end, is " +
		"the end of all others"},
	opClockStepped: {"clockStepped", Changes, "of everything: how many early steps are left, and whether " +
		"one is early, hangs on all others"},
}
