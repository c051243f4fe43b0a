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
// The package judges nothing. It does not say who is faster, nor whether anybody
// may see the figures: see package gate.
package bench
