// Package fuzz lets Go's native fuzzer look for programs on which implementations
// differ or break a law. The fuzzer mutates bytes towards code that no input has
// reached yet; a ConsumeFuzzer makes the choices of a program of any bytes, and the lab runs
// it on every implementation of a kind, in this process, and judges. Two more targets run
// nothing: FuzzText makes whole seed files in the same way, whose programs must come back
// from their text, and FuzzSeedFile parses texts that mean no good.
//
//	batchlab fuzz --time 30s                                # each target in turn
//	go test -run='^$' -fuzz=FuzzMap -fuzzminimizetime=1x ./fuzz
//
// The command is the better way: it turns a find into a seed file, shrunk. Minimizing
// is left to it, for the fuzzer's own stalls. With BATCHLAB_FUZZ_ON=kind/name in the
// environment the targets run on that subject instead, which may be a mutant: a target
// that cannot find one would find nothing else either.
//
// The package refuses to report what the specification has wrong itself (seeds in
// corpora keep those), and programs that nobody would survive or could judge: see
// program.Tame. Handlers that panic are among those, for they end the process; campaigns run them
// in processes of their own. It looks for no interleavings; nothing here says that there are none.
package fuzz
