// Package derive makes a kind from a Go type. The operations are the type's exported methods;
// their arguments come from small domains by type, and every one has a word, which is its Go
// spelling without spaces:
//
//	a Push 1        lane a calls Push(1)
//	& b Put "a" nil
//
// What a call answers is made a text at once, so that all that came of a run can be
// compared, printed and kept (kind.Event.Text). To the rest of the lab such a kind is like one
// written by hand.
//
// Under the race detector nothing here may order what two lanes do, beside what the component
// does itself: arguments are made for each call, results are printed into memory of the
// call's own, without package fmt, and what lanes share is touched by norace functions.
//
// The package refuses to guess: an argument that it cannot make is an error, which names the
// method, the parameter and the option that helps. It runs nothing and judges nothing.
package derive
