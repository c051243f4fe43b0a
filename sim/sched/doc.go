// Package sched holds the strategies: who goes on at each point of a run under
// weave/rt, and which ready case, order or pooled item is taken.
//
// A strategy is used for one schedule after another: Begin, a run with it as the
// Chooser, End. All but DFS, POR, coarse and replay draw from a seed, so the same seed gives the same
// schedules. The decision log of a run, less the choices that are the default, is a
// schedule that a person can read and a seed file holds: see Deviations and NewReplay. By name:
//
//	sequential      whoever is at it goes on until it waits
//	random          any, at each point
//	pct2, pct3      PCT, for faults of depth 2 and 3 (Burckhardt et al., ASPLOS 2010)
//	urw             a uniform random walk (Zhao et al., ASPLOS 2025)
//	surw            a walk that is uniform over the points at one object, another in each schedule (the same paper)
//	portfolio       random, pct2, pct3 and urw in turn
//	feedback        those, every other time with sites that wait for others, in orders that are new or led to new ones
//	                (Wolff et al., ASPLOS 2024)
//	dfs0 to dfs3    all schedules of at most so many preemptions, one after another
//	por             as many schedules as stand for all there are, of any number of preemptions: the others differ only
//	                in the order of what commutes (Abdulla et al., JACM 2017)
//	por0 to por3    meant to be the same for all of at most so many preemptions, of which some of those taken may have
//	                more: as far as they were compared with plain ones they have the same outcomes; no verdict of the
//	                lab rests on them
//	whole           as many as stand for all there are, if that comes to an end; else all of at most two preemptions, or,
//	                where few are to be run, some of the portfolio
//	mixed           one of por and one of the portfolio in turn, until por is whole
//	mixed1 to mixed3  one of dfs1 to dfs3 and one of the portfolio in turn, until that search is whole
//	coarse          all in which nobody is preempted inside a call
//
// The package knows no program and no subject, and says of coverage only what is so:
// see Strategy.Covered.
//
// What runs at a point runs on the goroutine under test, without happens-before between
// two of them. So it is written like package rt: marked norace, no append, no copy, no
// map.
package sched
