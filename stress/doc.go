// Package stress drives subjects with real goroutines on the real clock, and
// looks for broken laws. It is the counterpart of package sim: sim controls the
// schedule and can replay what it finds, stress takes whatever the machine does,
// millions of times, under the race detector and goleak.
//
// [Run] takes each subject through a matrix of cells: the scenarios that add something
// for its kind, each from 1, 8 and 64 producers. [RunApart] does so for each subject in a
// process of its own, several side by side.
//
//	light             small batches, a few items, pauses
//	heavy             large batches, a continuous stream
//	bursty            bursts, with pauses longer than the timeout; not for maps, which have none
//	high-concurrency  small batches, triggers and yields; for maps, Sets and Deletes of the same keys
//	duplicates        three of four items have a key that was there before; for who looks at keys
//
// A cell of a batcher is ten passes, each on a fresh subject: foreground and
// background, with half of the items each, then four short rounds of both with Close
// called from several goroutines while the producers are putting. A cell of a map
// is one pass.
//
// # What is judged
//
// Every breach carries the id of a law of package spec.
//
//   - Batchers: B1-exactly-once, B2-order, B3-size-cap, B6-slice-lease,
//     B7-close-drains, B8-after-close, B9-serial, and for the deduplicating ones
//     D8-once-per-window.
//   - Maps: D1-lifetime, D2-one-winner, D4-count, D5-delete, D6-value,
//     D7-closed-map.
//   - Both: G1-leak by goleak after each pass, G2-progress by a watchdog,
//     G3-no-panic, and memory, which has no law: see [Options.MemorySlack].
//
// Order needs care. In the foreground the batches are a sequence, so each
// producer's items must arrive in the order in which it put them. In the
// background handlers run concurrently, and which starts first is nobody's
// promise. What remains is judged: within a batch each producer's items are in
// order, and a producer whose items have moved on to another batch never comes
// back to an earlier one.
//
// An accepted item that is missing although a later one of its producer arrived
// breaks B1-exactly-once. A missing tail breaks B7-close-drains. No producer puts
// a nil item: what becomes of one is a sequential question.
//
// # Known breaches
//
// The baseline map looks a key up before it takes the lock, and does not look
// again under it. Two Sets of one key that overlap can both win (D2-one-winner);
// each adds one to the count though there may be one entry (D4-count); and a
// deduplicating batcher on top delivers both items (D8-once-per-window). The
// baseline is frozen and its quirk is a documented fact, so [Options.Known] lists
// those laws: breaches are counted and shown, but do not fail the run. Whatever
// else a key with two winners does (Delete may find it twice) follows from
// D2-one-winner and is not judged again. A known breach that does not show up is no news
// either: whether two Sets overlap is up to the machine.
//
// # What it refuses
//
// Nothing that depends on when something happens is judged, so not B4-timer-phase,
// B5-trigger, B10-backpressure or D3-expiry, and nothing is called proved: the
// verdict is "no violation in N cells, M items". Cells run well inside one
// deduplication window; where a cell took longer than the window, what depends on
// the window is not judged and the row says so. Times are shown as information and are
// not a benchmark. A seed fixes the keys and the pauses, never the schedule, so a
// find here does not replay; hunt it down with sim.
//
// A panic in one of the subject's own goroutines ends the process, and so does a
// data race with GORACE=halt_on_error=1. That is accepted: [RunApart]
// has a process for each.
package stress
