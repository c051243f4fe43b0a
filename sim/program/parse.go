package program

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"batchlab/sim/kind"
)

// Names says of what a seed file may speak.
type Names struct {
	Kinds    []*kind.Kind
	Subjects func(kind string) []string // nil: of any
	AnyLaw   bool                       // of laws that the kind does not have
}

func (n Names) kind(name string) *kind.Kind {
	if i := slices.IndexFunc(n.Kinds, func(k *kind.Kind) bool { return k.Name == name }); i >= 0 {
		return n.Kinds[i]
	}
	return nil
}

// SyntaxError is what is wrong with a seed file, where, and what would be right.
type SyntaxError struct {
	File      string
	Line, Col int // from 1; columns count characters
	Msg       string
	Foreign   bool // the file is of a kind that is not among those that it may speak of
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg)
}

// Parse reads a seed file. Any error is a *SyntaxError; a program that Parse
// returns is valid in the sense of Validate. The memory used is proportional to
// the text, whatever it says.
func Parse(file string, text []byte, names Names) (*Program, error) {
	ps := &parser{file: file, names: names, p: &Program{}, seen: map[string]bool{}}
	if err := ps.run(text); err != nil {
		return nil, err
	}
	return ps.p, nil
}

type parser struct {
	file    string
	names   Names
	p       *Program
	seen    map[string]bool // header keys so far
	opLines []int           // the line of each operation
	conf    int             // the line of config:
	line    int
}

func (ps *parser) errorf(col int, format string, args ...any) error {
	return &SyntaxError{File: ps.file, Line: ps.line, Col: col, Msg: fmt.Sprintf(format, args...)}
}

func (ps *parser) run(text []byte) error {
	ps.line = 1
	if len(text) > MaxFileSize {
		return ps.errorf(1, "the file has %d bytes, a seed file has at most %d", len(text), MaxFileSize)
	}
	body := false
	for line := range strings.SplitSeq(string(text), "\n") {
		if err := ps.checkCharacters(line); err != nil {
			return err
		}
		if err := ps.readLine(strings.TrimSuffix(line, "\r"), &body); err != nil {
			return err
		}
		ps.line++
	}
	ps.line = max(1, strings.Count(string(text), "\n"))
	for _, key := range []string{"batchlab", "subject", "config"} {
		if !ps.seen[key] {
			return ps.errorf(1, "no %q line in the header, want batchlab:, subject: and config:", key+":")
		}
	}
	return ps.validate()
}

func (ps *parser) readLine(line string, body *bool) error {
	trimmed := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(trimmed, "#"):
		if len(ps.seen) == 0 {
			ps.p.Comment = append(ps.p.Comment, strings.TrimSpace(trimmed[1:]))
		}
		return nil
	case trimmed == "":
		*body = *body || len(ps.seen) > 0
		return nil
	case !*body:
		return ps.header(line)
	}
	toks := tokens(line)
	if len(toks) == 0 {
		return nil
	}
	if len(ps.p.Ops) == MaxOps {
		return ps.errorf(toks[0].col, "a program has at most %d operations", MaxOps)
	}
	if ps.p.Kind == nil { // what is missing in the header is said at the end
		return nil
	}
	o, err := ps.op(toks)
	if err != nil {
		return err
	}
	if msg := markFault(ps.p.Kind, ps.p.Ops, o); msg != "" {
		return ps.errorf(toks[0].col, "%s", msg)
	}
	ps.p.Ops = append(ps.p.Ops, o)
	ps.opLines = append(ps.opLines, ps.line)
	return nil
}

func (ps *parser) checkCharacters(line string) error {
	for i, r := range line {
		invalid := r == utf8.RuneError && !strings.HasPrefix(line[i:], string(r))
		if invalid || r < ' ' && r != '\t' && !(r == '\r' && i == len(line)-1) || r == 0x7f {
			return ps.errorf(columns(line[:i])+1, "byte %#02x is not text, a seed file is plain UTF-8", line[i])
		}
	}
	return nil
}

// validate runs the program's own checks and puts what they find at its line.
func (ps *parser) validate() error {
	var oe *OpError
	if err := ps.p.Validate(); errors.As(err, &oe) {
		ps.line = ps.conf // the schedule was checked line by line
		if oe.Index >= 0 {
			ps.line = ps.opLines[oe.Index]
		}
		return ps.errorf(1, "%s", oe.Msg)
	}
	return nil
}

var headerKeys = []string{"batchlab", "subject", "config", "expect", "shows", "schedule"}

func (ps *parser) header(line string) error {
	start := strings.IndexFunc(line, func(r rune) bool { return r != ' ' && r != '\t' })
	key, rest, ok := strings.Cut(line[start:], ":")
	key = strings.TrimSpace(key)
	if !ok || !slices.Contains(headerKeys, key) {
		return ps.errorf(start+1, "%q is not a header line, want one of %s, then a blank line before the operations",
			clip(line[start:]), strings.Join(headerKeys, ":, ")+":")
	}
	valueCol := start + len(key) + 2
	value := rest
	if key != "shows" && key != "schedule" { // their text may hold any character
		value, _, _ = strings.Cut(rest, "#")
	}
	valueCol += len(value) - len(strings.TrimLeft(value, " \t"))
	value = strings.TrimSpace(value)
	if ps.seen[key] && key != "expect" && key != "shows" && key != "schedule" {
		return ps.errorf(start+1, "a second %q line, one is enough", key+":")
	}
	if key != "batchlab" && !ps.seen["batchlab"] {
		return ps.errorf(start+1, "the header begins with %q, got %q", "batchlab: "+FormatVersion, key+":")
	}
	ps.seen[key] = true
	switch key {
	case "batchlab":
		if value != FormatVersion {
			return ps.errorf(valueCol, "version %q of the seed format is unknown, want %s", clip(value), FormatVersion)
		}
	case "subject":
		if ps.p.Kind = ps.names.kind(value); ps.p.Kind == nil {
			msg := fmt.Sprintf("subject %q is unknown, want %s", clip(value),
				joined(ps.names.Kinds, ", ", func(k *kind.Kind) string { return k.Name }))
			return &SyntaxError{File: ps.file, Line: ps.line, Col: valueCol, Msg: msg, Foreign: value != ""}
		}
	case "config":
		ps.conf = ps.line
		return ps.config(value, valueCol)
	case "expect":
		return ps.expect(value, valueCol)
	case "shows":
		if value == "" {
			return ps.errorf(valueCol, "shows: needs the text of a history line")
		}
		ps.p.Shows = append(ps.p.Shows, value)
	case "schedule":
		return ps.decision(value, valueCol)
	}
	return nil
}

// expect reads "pass" or "violation LAW in SUBJECT, SUBJECT".
func (ps *parser) expect(value string, col int) error {
	if ps.p.Kind == nil {
		return ps.errorf(1, "subject: comes before expect:")
	}
	if value == "pass" {
		if len(ps.p.Expect) > 0 {
			return ps.errorf(col, "pass contradicts the violation expected above")
		}
		ps.seen["pass"] = true
		return nil
	}
	if ps.seen["pass"] {
		return ps.errorf(col, "a violation contradicts the pass expected above")
	}
	what, in, ok := strings.Cut(value, " in ")
	law, isViolation := strings.CutPrefix(what, "violation ")
	law = strings.TrimSpace(law)
	if !ok || !isViolation || law == "" {
		return ps.errorf(col, "expect %q is unknown, want %q or %q", clip(value), "pass", "violation LAW in SUBJECT")
	}
	if _, ok := ps.p.Kind.Law(kind.LawID(law)); !ok && !ps.names.AnyLaw {
		return ps.errorf(col+len("violation "), "law %q is unknown, want one of %s", clip(law),
			joined(ps.p.Kind.AllLaws(), ", ", func(l kind.Law) string { return string(l.ID) }))
	}
	e := Expect{Law: law}
	nameCol := col + len(what) + len(" in ")
	for name := range strings.SplitSeq(in, ",") {
		trimmed := strings.TrimSpace(name)
		if trimmed == "" || ps.names.Subjects != nil && !slices.Contains(ps.names.Subjects(ps.p.Kind.Name), trimmed) {
			want := "a name"
			if ps.names.Subjects != nil {
				want = "one of " + strings.Join(ps.names.Subjects(ps.p.Kind.Name), ", ")
			}
			return ps.errorf(nameCol, "implementation %q of %s is unknown, want %s", clip(trimmed), ps.p.Kind.Name, want)
		}
		nameCol += len(name) + 1
		e.Subjects = append(e.Subjects, trimmed)
	}
	ps.p.Expect = append(ps.p.Expect, e)
	return nil
}

// joined lists the texts of some things.
func joined[T any](list []T, sep string, text func(T) string) string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = text(x)
	}
	return strings.Join(texts, sep)
}

func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
