// Package rt is what woven code calls: at each scheduling point it asks who goes on.
//
// While Run runs, one goroutine of the program moves at a time, and only here does the
// turn pass to another. What a goroutine waits for (a lock, a channel, a group, time)
// is known, so who can go on is known too, a deadlock shows at once, and the same
// choices give the same run, on any number of cores. Outside of Run everything passes
// straight through to what was there before.
//
// The package knows no strategy: a Chooser chooses. It controls nothing but what calls
// it; a goroutine that woven code did not start, or a wait in code that was not woven,
// it cannot see. Without the race detector a run's goroutines are coroutines, so what C
// calls back must not come to a point: the thread is the goroutine's own there.
//
// Under the race detector the turns that are passed here must not look like
// synchronization, or no race would ever show. So the functions that touch what is
// shared are marked norace, pass the turn with the detector's synchronization switched
// off, and neither append nor copy nor use a map, for those are reported from within the
// runtime. The edges that the operations themselves make (an unlock before the next
// lock, a send before its receive) are left in, or made by hand where an operation is
// done here.
package rt
