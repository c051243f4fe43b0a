// Package mutate makes concurrency mutants of a package from its real source.
//
// An operator looks for one shape in the syntax tree (a lock and its unlock, a case of a
// select, an atomic addition) and changes the text there by one mistake that people
// make: the unlock comes too early, the case is missing, the addition became a load and a
// store. All applies every operator wherever it fits:
//
//	all, err := mutate.All("impls/batcher")
//	// ...
//	fmt.Print(all[0].Name, "\n", all[0].Diff())
//
// Packages makes packages of them, as files for an overlay of the go command, and beside
// each a copy of the registry whose rows are made of the mutant.
//
// Nothing is written to disk, and nothing is reprinted: a mutant is the original's bytes
// but for the mistake, and its lines keep their numbers where the mistake allows.
// Every mutant is type-checked, and one that fails is an error: it is a bug of its operator,
// and leaving it out would be a mutant nobody counts.
//
// The package does not judge. Where it is known that no caller can tell a mutant from the
// original, Mutant.Note says why, and the mutant is there all the same.
package mutate
