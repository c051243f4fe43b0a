// Package weave rewrites a package's source so that each of its scheduling points asks
// a scheduler who goes on.
//
// Load reads packages with their types and gives woven copies of their files: before a
// send, a receive, a lock, a go statement and the rest, a copy calls package weave/rt,
// which passes everything straight through while no scheduler is active. Prepare writes
// the copies to a cache and says with which flags the go command builds them in place
// of the originals:
//
//	b, err := weave.Prepare(ctx, cacheDir, weave.Options{}, "./impls/...", "golang.org/x/sync/errgroup")
//	// ...
//	cmd := exec.Command("go", append(append([]string{"build"}, b.Flags()...), "./cmd/x")...)
//
// The text is changed in place and keeps its lines, so a stack trace names the original
// file and line, and a diff reads like a patch. The originals, the go.mod and the go.sum are
// never touched: packages of the main module go in by -overlay, and those of
// the module cache, which the go command does not overlay, as copies of their modules
// behind a replace in a -modfile, or in a go.work where there is one (see Build.Env). BuildTest
// does all that for the test binary of a package and what it reaches.
//
// What cannot be woven stays as it was, and is named with file and line in
// Package.Gaps: never is something passed over in silence. Woven are channels (send,
// receive, close, range, select), go statements, package sync, sync/atomic, ranges over maps, and
// the clock and the timers of packages time and context, in generic code too. Not woven
// are cgo, assembly and the standard library.
//
// Nor may what a process draws anew differ between runs of one schedule. What woven code reads
// of it is one of these:
//
//	the schedule's           the order of a map, whatever its keys are: ranges, package maps, sync.Map
//	a fixed function of the  hash/maphash, the global generators of math/rand and math/rand/v2, the bytes of
//	program                  crypto/rand, addresses that package fmt prints, runtime.Stack, runtime/debug.Stack,
//	                         NumGoroutine, NumCPU, GOMAXPROCS, os.Getpid; weak pointers made in a run: they are kept;
//	                         finalizers and cleanups: they never come; the runtime's random numbers and hashes
//	                         that are linked to by name
//	a gap, which a run that  channels, maps and addresses through package reflect, addresses that become
//	comes there tells of     numbers, what the process used, files and environment, other processes,
//	                         signals, the network; keys with addresses that came into a map where it is not woven
//
// In silence remain what other packages do that are not woven (they are Gaps if they have locks
// or goroutines), the machine's time zone, program counters, addresses that packages other than
// fmt print (log, for example), and what package-level variables read before the first run,
// other than random numbers, hash seeds, the number of cores and, under go test and batchlab test, the time.
package weave
