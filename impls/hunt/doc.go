// Package hunt shows that the lab catches what is broken on purpose: it hunts mutants, and says of
// each what became of it. Those that programs reach whose operations follow one another it hunts with
// campaigns, see Sequential; those that need interleavings, written by hand or made from the source,
// with the litmus programs, see Hunter.
//
//	list := slices.Concat(hunt.Controls(), hunt.Written())
//	err := hunter.All(ctx, list, progress)
//	holes := hunter.Print(out, list)
//
// Of the litmus programs those come first that kill the mutants beside it in the source, or of its operator: that
// is found out once in a while, and kept. What kills the mutant itself is not looked at.
//
// The package builds no binary and knows no command: whoever calls it has both. It refuses to take a
// mutant for killed whose original breaks the same law in the same hunt.
package hunt
