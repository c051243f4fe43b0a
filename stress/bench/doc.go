// Package bench measures implementations side by side: batchers under five kinds of
// load, maps with one, ten and sixty live buckets, and the two combined.
//
// A row is an implementation in a scenario, named as benchstat wants it:
//
//	Batcher/impl=baseline/scenario=bursty/producers=8
//
// Rivals in one scenario take turns, sample by sample, in processes of their own that
// live for one turn each, so that a drift of the machine, a hash seed or the layout
// of a heap does not fall on one of them alone. What is measured is completed work: an
// item counts when its handler has seen it.
//
// Some scenarios have a limit: the part of their work that nobody can leave out, as a row
// that takes its turns like a rival's. See LockedAppend, BareMap and LockedMap.
//
// Latency is the time from Put to handler; where items come at a pace it counts from when an
// item was due, not from when its producer got round to it.
//
// The samples are in .batchlab/bench.txt, which benchstat reads. Of make bench, SCENARIO=Batcher/put
// and IMPL=direct measure less, SAMPLES=20 more; PROFILE=1 writes CPU and heap profiles of each row
// and lists what is on top; BASE=FILE compares with an earlier run on this machine, and fails if a
// row got worse; PEERS=1 measures bundler, go-resiliency, otter, ttlcache and golang-lru beside
// ours (package peers, a module of its own; each adapter says where its component differs).
//
// The package judges nothing. It does not say who is faster, nor whether anybody
// may see the figures: see package gate.
package bench
