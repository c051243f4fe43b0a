// Package kind says what a kind of component is: the vocabulary in which programs are
// written, runs are told, and laws are stated. A kind is data, and data is all that the
// lab knows of it.
//
// A Kind lists its operations (with their arguments: how they are spelled, their range,
// their simplest value, what is worth trying), its settings, its laws, and what is called
// at the end so that nothing may be left. The parser, the printer, the generator, the
// decoder of a fuzzer's bytes and the shrinker read these tables, and none of them knows
// a kind by name. An operation is a row:
//
//	{Name: "get", Lane: true, Params: []kind.Param{{Name: "key", Form: kind.Named, Letter: 'k', Max: 999}}}
//
// A Subject is an implementation of a kind. A Run is what happened when a program ran on
// one, as a judge reads it; a Breach is the first thing wrong with it.
//
// The package refuses to run anything, and imports nothing of the lab: whoever writes a
// kind needs this package alone.
package kind
