// Package model is the specification: what must come of a program, as a pure
// function. It has no clock, no goroutines and no channels; time is a number that
// an operation adds to, and a worker is a few fields.
//
// Read [timedMap] first, which is deterministic, then [batcher]. Where the baseline may
// do one of several things (a worker that returns from a handler and finds both an
// item and a trigger waiting takes either), the model has a state for each, and a
// [Follower] keeps all those that agree with what was observed.
//
// What is called most is marked norace: one goroutine follows a model, and under the race
// detector most of its time would go into looking for others.
//
// The model refuses to judge: that a history is impossible is all it says. Which
// law that breaks is for package sim to say.
package model
