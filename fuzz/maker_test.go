package fuzz

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"batchlab/impls"
	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// pieces are texts that mean something to the parser, or nearly.
var pieces = []string{
	"", "#", "# ", "-> ", "->", "pass", "violation ", " in ", ", ", ":", "batchlab: 1", "config:  ", "\t", "\r", "\n",
	"\n\n",
	"\u00a0", "\u0085", "\u2028", "\ufeff", "\ufffd", "\xff", "\x00", "\x7f", "é", "日本", "& ", "+1s", "+1s-1ns",
	"a put x3", "k1..k9",
	"9999999999", "-1", "nil", "schedule: a 1 -> b\n", "#0",
}

// words are characters of laws and names, and paths those of goroutines.
const (
	words = "abcxyzABDEG0123456789-._"
	paths = "abclab0123456789+"
)

// Text makes a seed file of a fuzzer's bytes: a program, and its text with some changes.
func Text(data []byte) (p *program.Program, spoilt []byte) {
	m := &maker{newSource(data)}
	kinds := impls.Kinds()
	k := kinds[m.Choice(len(kinds))]
	comment, expect := m.lines(), m.expects(k)
	shows := slices.DeleteFunc(m.lines(), func(s string) bool { return s == "" })
	schedule := m.schedule()
	ops := m.spoils()
	p = program.Decode(k, m)
	p.Comment, p.Expect, p.Schedule = comment, expect, schedule
	if len(shows) > 0 {
		p.Shows = shows
	}
	return p, spoil([]byte(p.String()), ops)
}

type maker struct{ *source }

// text is any bytes at all, as many as the first four of them say. It is empty if there are
// not so many, and then they belong to what comes next.
func (s *source) text() string {
	const length = 4
	if !s.takes(length) {
		return ""
	}
	text, err := s.fuzzer.GetString()
	if err != nil {
		return ""
	}
	s.left -= len(text)
	return text
}

// textOf is a text of n of the characters given.
func (s *source) textOf(characters string, n int) string {
	if !s.takes(n) {
		return ""
	}
	text, _ := s.fuzzer.GetStringFrom(characters, n)
	return text
}

// anything is a text that may hold all sorts of bytes.
func (m *maker) anything() string {
	switch m.Choice(textForms) {
	case textOfLetters:
		return m.textOf(words, m.Choice(24))
	case textOfPieces:
		return pieces[m.Choice(len(pieces))]
	}
	return m.text()
}

// word is a text that names something; never "", which names nothing.
func (m *maker) word() string {
	return "X" + m.textOf(words, m.Choice(12))
}

// line is what a line of a seed file may hold: one line of UTF-8 without space around it.
func (m *maker) line() string {
	var b strings.Builder
	for range 1 + m.Choice(3) {
		b.WriteString(m.anything())
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\t' && r < ' ' || r == 0x7f || r == utf8.RuneError {
			return '~'
		}
		return r
	}, b.String()))
}

func (m *maker) lines() (list []string) {
	for range m.Choice(mostLines) {
		list = append(list, m.line())
	}
	return list
}

func (m *maker) expects(k *kind.Kind) (list []program.Expect) {
	laws := k.AllLaws()
	for range m.Choice(mostLines) {
		var e program.Expect
		if i := m.Choice(len(laws) + 1); i < len(laws) {
			e.Law = string(laws[i].ID)
		} else {
			e.Law = m.word()
		}
		for range 1 + m.Choice(mostSubjects) {
			e.Subjects = append(e.Subjects, m.word())
		}
		list = append(list, e)
	}
	return list
}

func (m *maker) path() string {
	path := "a" + m.textOf(paths, m.Choice(6))
	for range m.Choice(3) {
		path += "/1" + m.textOf(paths, m.Choice(4))
	}
	return path
}

func (m *maker) schedule() (list []program.Decision) {
	for range m.Choice(mostLines) {
		d := program.Decision{
			Who: m.path(), Nth: 1 + int(m.Number(program.MaxNth-1)), Alt: -1,
			Where: strings.NewReplacer(">", "~", "\t", "~").Replace(m.line()),
		}
		if m.Choice(2) == 0 {
			d.To = m.path()
		} else {
			d.Alt = int(m.Number(program.MaxNth))
		}
		list = append(list, d)
	}
	return list
}

// change takes some bytes of a text away and puts others there.
type change struct {
	at   uint64 // modulo the length of the text
	cut  int
	with string
}

func (m *maker) spoils() (list []change) {
	for range m.Choice(mostSpoils) {
		list = append(list, change{m.Number(program.MaxFileSize), m.Choice(16), m.anything()})
	}
	return list
}

func spoil(text []byte, changes []change) []byte {
	for _, c := range changes {
		at := int(c.at % uint64(len(text)+1))
		text = slices.Replace(text, at, min(at+c.cut, len(text)), []byte(c.with)...)
	}
	return text
}

// faithful returns what is wrong with printing or parsing of a program and of its spoilt text.
func faithful(p *program.Program, spoilt []byte) error {
	if err := parse(spoilt); err != nil {
		return err
	}
	text := []byte(p.String())
	if err := parse(text); err != nil {
		return err
	}
	again, err := program.Parse("x.seed", text, names)
	switch {
	case len(text) > program.MaxFileSize && err != nil: // and parse has looked at the error
		return nil
	case err != nil:
		return fmt.Errorf("its own text is refused: %w\n%s", err, text)
	case !reflect.DeepEqual(again, p):
		return fmt.Errorf("another program came back:\n%s\nwant\n%s", again, text)
	}
	return nil
}
