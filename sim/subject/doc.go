// Package subject holds the contracts: what an implementation under test has to
// offer, the laws it has to keep, and the events by which a client can tell.
//
// A contract is an interface of at most five methods. A subject is one
// implementation behind it, with a name. The package knows no implementation and
// runs nothing: package sim runs, package model says what must come of it.
//
// To put a component under test, wrap it:
//
//	subject.Subject{
//		Name: "mine",
//		Kind: subject.KindBatcher,
//		NewBatcher: func(c subject.BatcherConfig, clk clock.Clock, fn func([]*subject.Item)) subject.Batcher {
//			return mine.New(c.Size, c.Timeout, fn, mine.WithClock(clk))
//		},
//	}
package subject
