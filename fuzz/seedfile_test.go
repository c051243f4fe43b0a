package fuzz

import (
	"fmt"
	"reflect"
	"runtime/metrics"
	"unicode/utf8"

	"batchlab/sim/program"
)

// parse reads a text as a seed file and returns what is wrong with the parser: an
// error without a place in the text, memory beyond the text's, or a program that its
// own text does not give back.
func parse(text []byte) error {
	before := allocated()
	p, err := program.Parse("x.seed", text, names)
	if used, most := allocated()-before, uint64(8<<20+256*len(text)); used > most {
		return fmt.Errorf("%d bytes of text cost %d bytes of memory", len(text), used)
	}
	if err != nil {
		return placed(text, err)
	}
	if err := p.Validate(); err != nil {
		return fmt.Errorf("accepted what is not valid: %w", err)
	}
	printed := p.String()
	if len(printed) > program.MaxFileSize { // ".1h" prints as "6m", and others grow a little
		return nil
	}
	again, err := program.Parse("printed.seed", []byte(printed), names)
	if err != nil {
		return fmt.Errorf("its own text is refused: %w\n%s", err, printed)
	}
	if !reflect.DeepEqual(again, p) {
		return fmt.Errorf("another program came back:\n%s\nwant\n%s", again, printed)
	}
	return nil
}

// placed returns what is wrong with an error of the parser.
func placed(text []byte, err error) error {
	se, ok := err.(*program.SyntaxError)
	if !ok {
		return fmt.Errorf("error of type %T, want a *program.SyntaxError: %v", err, err)
	}
	line, lines := 0, 1
	longest := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if line++; r == '\n' {
			lines++
			line = 0
		}
		longest = max(longest, line)
	}
	// A column may be just behind the last character, where something is missing.
	if se.Line < 1 || se.Line > lines || se.Col < 1 || se.Col > longest+2 || se.Msg == "" {
		return fmt.Errorf("an error that is nowhere in %d lines of at most %d characters: %v", lines, longest, err)
	}
	return nil
}

// allocated is how many bytes this process has allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
