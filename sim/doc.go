// Package sim tells whether a concurrent Go component does what it should, whatever the order of its goroutines: go
// test runs it under many orders, and under a clock, that the package controls, and shows the shortest way to what
// is wrong.
//
// # One call
//
//	func TestRing(t *testing.T)  { sim.Equivalent(t, newLocked, newRing) }
//	func TestCache(t *testing.T) { sim.Linearizable(t, newCache) }
//	func TestStop(t *testing.T)  { sim.Explore(t, func(t *sim.T) { ... }) }
//
// Equivalent: whatever the second does, the first can do under some schedule. Linearizable: whatever the component
// does, it also does when its calls are made one at a time. Explore: no schedule of a function hangs, panics, spins,
// races, leaves something behind, or fails t. newRing is a func(*sim.Env) Ring, where Ring is a type with methods,
// or an interface that both have; a component that takes a clock.Clock gets it from Env, one that uses package time
// needs nothing.
//
// Six whole ones, with a bug each that one line brings back and what is said then, are example_*_test.go here: a
// queue, a cache, a semaphore, a worker pool, publish and subscribe, a rate limiter.
//
// The first run builds, which takes some seconds; the next ones do not. go test -v says what was looked at, -short
// takes a second for each call, -race looks for data races as well, on the schedule that has them.
//
// # A find
//
//	| a            | b            |
//	|--------------|--------------|
//	| Push(1)      |              |
//	| Pop() 1 true | Pop() 1 true |  <- want 0 false in b
//
// A column is a goroutine, a row what is done beside each other, and behind a call stands what came of it. Below it
// stand the steps of that run, with file and line; at "switch" one who could have gone on does not. Then the table
// of who waits for whom, the race, and three lines: the file in testdata/sim, where the find is kept and tried first
// the next time; a page for a browser; and the command that shows it again. Of that file
//
//	batchlab show FILE    prints these tables, writes the page, and with --perfetto a trace
//	batchlab code FILE    prints a plain Go test, for somebody who does not have batchlab
//
// where batchlab is the command batchlab/sim/cmd/batchlab. README.md in this folder says what to do about each text
// that can come, and how all this works, with pictures.
//
// # What is called, and with what
//
// The operations are a type's exported methods, but for those of a lock or a group of package sync that it embeds,
// and arguments come from small domains by type (package derive). Programs are small: a few calls that set the scene,
// two or three lanes with up to three calls each, and calls that look. Each is run under as many schedules as stand
// for all, if these are not too many, and under random ones in turn with them. What is seen is what calls answer, as a
// text; which of them wait; that callbacks are called, and with what; what Env.Note says.
//
//   - A context is one that never ends (ctx), one that the operation cancel ends (ctx1), or one with a
//     deadline (ctx+1s). A function that is handed over returns (f, f=err1), takes time (f:slow), waits for the
//     operation release (f:wait), panics (f:panics), or calls the component (f:again, f:Set). A channel or function
//     that comes back is a handle: later operations call it, receive from it, send on it, and close it unless the
//     component has a Close; a channel that another method takes (Unsubscribe) is handed back instead. A call under
//     way need not see that its context has ended.
//   - What comes back and has methods of its own, such as what a pool lends, a subscription or a task, is a handle,
//     too, and its methods are operations (Lease.Release a1). What has a method by which it is given back is used by
//     one lane at a time, and given back when all is over; what has a Close is closed then. Without takes such names.
//   - Unlock is called by the lane alone that has called Lock or TryLock with the same arguments; so are RUnlock, and
//     Done after an Add without arguments. What a Lock leaves locked may be waited for for ever.
//   - Close, Stop, Shutdown, StopAndWait and Wait are called when all is over, if the program has not. They have to
//     return, Wait aside, and no goroutine may outlive them. Without an original nobody says what becomes of a
//     component that is used after its end.
//   - Without an original a call may wait as long as it does where calls are made one at a time. But a wake-up is lost
//     (W1-wake-up) if it waits, the same call made once more returns at once, and fewer calls would wait had
//     each been made when all was quiet.
//   - A panic of a call is an answer: it is wrong where the original does not panic, or the component itself, one call
//     at a time. One in a goroutine of the component is always wrong, and so is one of the runtime (a channel closed
//     twice, a nil pointer) that comes only since another call is under way.
//   - What goes through the contents (Range, All with a function) is called alone where there is no original,
//     for it is seldom meant to be a snapshot.
//   - A component that uses package time, or the clock of Env, is moved to the moments that it was
//     seen to wait for, or at which what it answers was seen to change, and just beside them.
//
// # Options and flags
//
// The options say what the type does not say. One that speaks of a method that there is not fails the test.
//
//	Values, Arg                      what arguments are drawn from, of a type or of one parameter
//	Without, Only                    which methods are called
//	OneLane, Once, Last              by one goroutine alone; once at most; with nothing after them
//	End                              what ends the component, if it is none of Close, Stop, Shutdown and Wait
//	Invariant                        what holds when all is quiet
//	See                              what of an answer is compared
//	Model                            what Linearizable asks in place of the component itself
//	Promises, Waives                 laws that hold beyond the usual; laws that do not: Leak, Progress, NoPanic, NoRace
//	Lanes, Calls, Preemptions        how big: 3, 3 and any number
//	Budget                           for how long, at most
//
//	-sim.seed=1                      of the programs and schedules
//	-sim.budget=10s                  for each call; it goes before Budget
//	-sim.schedules=400               of each program, at most
//	-sim.strategy=NAME               as package sched knows it, and no other
//	-sim.replay=FILE                 this find only; with -sim.code=OUT, -sim.timeline=OUT as batchlab code and show do
//	-sim.v                           also what the woven binary prints
//
// # Any function, and existing tests
//
// Explore runs a function, such as a test, under many schedules and judges it by the laws that
// need no reference: see package body. Existing tests need no change at all:
//
//	batchlab test PACKAGE --run TestStop
//
// weaves their files with *testing.T replaced by *T, and runs each as Explore would.
//
// # What controlled scheduling sees
//
// A woven copy asks, before each channel operation, select, lock, group, once, condition,
// atomic, pool, map range, timer and clock call, who goes on. One goroutine moves at a time, so
// a schedule is a list of choices, and the same choices give the same run. An exploration is
// many runs of one program on one subject, each under a schedule of its own; what was
// observed of them is its outcomes.
//
//   - Which schedules: package sched. All of at most so many preemptions, or many at random.
//   - Who judges: package oracle. Beside the laws a model; or the subject's original, or the
//     subject itself, whose outcomes a run has to be among.
//   - Deadlocks are seen at once, with who waits for whom; a loop that never gives way by a
//     limit of steps.
//   - Data races: the scheduler's own hand-offs are hidden from the race detector, so that it
//     reports a race on the schedule that has it, whether or not the two accesses were close
//     in time, and does not take the scheduler for synchronization.
//   - A find is shrunk to few operations and few preemptions. Its schedule says who passed the
//     turn to whom, at which line of the source. It survives small edits: what cannot be
//     followed is said, and the default goes on.
//
// # What it does not see
//
//   - Code that is not woven: a wait in it stops the run, and is reported as the lab's limit.
//     What a weave cannot reach it names with file and line; batchlab weave PACKAGE lists it.
//   - The weak memory model: an interleaving is one of whole operations, in one order for all.
//     What breaks only with reordered memory is a data race, and those are the race detector's.
//   - Plain reads and writes, other than by what Equivalent and Linearizable call: there those are points that touch
//     memory which others touch beside them without a common lock. They are judged by what calls answer; whether they
//     race, go test -race says.
//   - What random numbers lead to (math/rand, hash seeds): they are the same in each run. I/O and
//     the garbage collector, of which a run that comes upon them tells.
//   - More than it was asked to. "All 110 schedules of at most two preemptions" is all of those,
//     and of the end after the program, which takes the default, one. "No violation in N
//     programs" is what it says, and no more. Nothing is called proved.
//
// # A kind of your own
//
// Who wants to say more than a type does writes a kind, a table (package kind), and one test:
//
//	func TestMine(t *testing.T) {
//		s := kind.Subject{Name: "mine", Kind: queues, New: mine, Clockless: true, Original: &plain}
//		sim.Test(t, s, sim.TestOptions{})
//	}
//
// A kind says what can be done, and what must hold; it is data, and a subject is an implementation of it. A program
// (package program) says what is done and when, a history (package history) what happened, a violation (package
// oracle) the first thing wrong with it: law, step, want, got. The package knows no component by name. Of the fields
// of a subject:
//
//   - Clockless says that the component uses package time, which runs on the time of the world
//     it is in; without it the subject is given a clock.Clock, which is mocked.
//   - Original is what the component has to be like: whatever it does of a program, the original
//     can do. The laws judge beside it; the kind's model is not asked.
//   - LawsOnly says that it is not meant to be what the kind's model says: the laws judge it, and
//     beside them what it does itself, one call at a time.
//   - Waives are the laws that it does not promise, such as G1-leak, if goroutines may outlive it.
//     What else it does not promise, its New makes up for.
//
// Operations that follow one another run in a bubble of testing/synctest, where a timer, a callback and a call
// happen in the same order every time. What can end a process (a panic in a goroutine, a loop that spins) is run in
// a child that says what it is about to do before it does it: see package lab. Plain go test does one operation
// after another. For schedules,
//
//	batchlab explore --test . -- -run TestMine
//
// runs the same test with your code woven, and with it the packages that it needs, straight from the module cache. A
// violation fails the test, and leaves its program in testdata/batchlab, where the next run begins. testdata/foreign
// does that to a component of go-resiliency v1.5.0, which nobody has changed: two calls, and two goroutines wait for
// ever. With v1.7.0 nothing is found.
//
// # Limits
//
//   - In a bubble goroutines run in Go's own order within one operation. One that waits for a
//     sync.Mutex whose holder waits stops a bubble, sound or not. Such a program is run again in woven code,
//     where it is judged like any other. Plain go test has none: it names the place and the
//     command that has, and fails, for what was not judged has not passed.
//   - Time moves by ticks: a program may fire 200,000 timers. An hour of 1ns timeouts is
//     refused, with the line that asks for it.
//   - What a specification can follow is bounded: a program beyond that is counted as not judged.
//
// # How to see what is said here
//
//	go test -run TestExamples ./sim     the six examples pass, their bugs are found, and what is said is what they show
//	go test -run TestDerived ./sim      a hundred tests more: finds, options, misuse, and thirty races
//	go test -run TestForeign ./sim      the component of go-resiliency, at both versions
//	make cases; make goker              bugs of components that nobody here wrote
//	batchlab weave PACKAGE              what is woven, and what cannot be
//
// Read next: README.md here, kind/kind.go, engine/drive.go, oracle/judge.go, lab/campaign.go, lab/explore.go.
package sim
