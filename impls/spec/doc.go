// Package spec holds what the implementations of the case study have to be: the contracts
// of the three kinds, their laws, and the words of their programs.
//
// A contract is an interface of at most five methods. A Subject is one
// implementation behind it, with a name. The package knows no implementation and
// runs nothing. Below it are the model, which says what must come of a program, and a
// package for each kind, which puts contract, operations, laws and model together.
//
// To put another implementation under test, wrap it:
//
//	spec.Subject{
//		Name: "mine",
//		Kind: spec.KindBatcher,
//		NewBatcher: func(c spec.BatcherConfig, clk clock.Clock, fn func([]*spec.Item)) spec.Batcher {
//			return mine.New(c.Size, c.Timeout, fn, mine.WithClock(clk))
//		},
//	}
package spec
