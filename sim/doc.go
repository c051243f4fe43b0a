// Package sim runs programs on subjects under a clock that it controls, and judges
// what happens.
//
// A program (package program) says what is done and when. A subject (package
// subject) is an implementation behind a contract. The model (package model) says
// what must come of a program. A history is what did: its events in virtual time, in
// canonical order, a digest. A violation is the first thing wrong with it: law,
// step, want, got.
//
// Every run is a bubble of testing/synctest around a clock.Mock. After each
// operation the lab waits until every goroutine of the subject waits too, so that a
// timer, a batch and a Close happen in the same order every time and everywhere.
// run.go is the only loop; check.go compares its history with the model, and the
// files audit*.go with the laws, which know less and rely on nothing.
//
// Where operations run together, the order of goroutines decides. Then the subject's code
// is a woven copy (package weave) whose scheduling points ask a strategy (package sched)
// who goes on, and no bubble is needed: see explore_run.go for the run, linear.go for what
// answers of a map can be explained, judge.go for the rest, study.go for the comparison of
// all that may be observed of two subjects.
//
// What can end a process (a panic in a goroutine, a wait on a mutex, a loop that
// spins) is run in a child that says what it is about to do before it does it: see
// Lab.Spawn, worker.go and watchdog.go.
//
// To put a component of your own under test, write one test:
//
//	func TestMine(t *testing.T) {
//		sim.Test(t, subject.Subject{
//			Name: "mine", Kind: subject.KindDedup, Clockless: true, LawsOnly: true,
//			NewMap: func(c subject.MapConfig, _ clock.Clock) subject.Map { return mine.New(c.Bucket, c.Buckets) },
//		}, sim.TestOptions{})
//	}
//
// The package refuses to know any implementation by name, to control the order of
// goroutines in code that is not woven, and to call anything proved. Read next:
// subject/laws.go, model/dedup.go, model/batcher.go, run.go, check.go.
package sim
