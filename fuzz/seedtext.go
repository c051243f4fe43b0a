package fuzz

import (
	"slices"

	"batchlab/impls"
	"batchlab/sim/program"
)

// A whole seed file is made of choices: its comment, what it expects and shows, its
// schedule, and its program, in this order, then how its text is spoilt. What a program may
// hold comes back from its text as it was; of a spoilt text parse says what is right.

// Limits of what is in the header.
const (
	mostLines    = 4 // of each sort
	mostSubjects = 3 // of an expectation
	mostSpoils   = 4
)

// The forms of a text.
const (
	textOfLetters = iota
	textOfPieces
	textOfBytes
	textForms
)

// EncodeText returns bytes of which Text makes the seed again, unspoilt: as far as it can,
// for it says nothing of names and laws.
func EncodeText(p *program.Program) []byte {
	s := &sink{}
	s.Choice(slices.Index(impls.Kinds(), p.Kind), len(impls.Kinds()))
	s.lines(p.Comment)
	s.Choice(0, mostLines)
	s.lines(p.Shows)
	s.Choice(0, mostLines)
	s.Choice(0, mostSpoils)
	program.Encode(p, s)
	return s.out
}

func (s *sink) lines(list []string) {
	list = list[:min(len(list), mostLines-1)]
	s.Choice(len(list), mostLines)
	for _, line := range list {
		s.Choice(0, 3)
		s.Choice(textOfBytes, textForms)
		s.text(line)
	}
}
