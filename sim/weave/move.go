package weave

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
)

// lineMarks is how each lineMark begins.
const lineMarks = "/*line "

// lineMark is a comment after which the compiler counts from a line on.
func lineMark(line int) string { return fmt.Sprintf(lineMarks+":%d:1*/", line) }

// oneLine puts a text that begins on a line of the source on one line, so that it can
// be moved: what was on a later line is marked so, unless the line is 0. Comments are lost.
func oneLine(text string, line int) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	var (
		b     strings.Builder
		s     scanner.Scanner
		fset  = token.NewFileSet()
		file  = fset.AddFile("", -1, len(text))
		ended int // of the last token
		at    = 1 // its line
	)
	s.Init(file, []byte(text), nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return b.String()
		}
		off := file.Offset(pos)
		switch {
		case tok == token.SEMICOLON && lit == "\n":
			if off < len(text) {
				b.WriteByte(';')
			}
			continue
		case tok == token.COMMENT && !strings.HasPrefix(lit, lineMarks):
			continue
		case lit == "":
			lit = tok.String()
		case tok == token.STRING && strings.Contains(lit, "\n"):
			value, err := strconv.Unquote(lit)
			if err != nil {
				panic("batchlab: " + err.Error())
			}
			lit = strconv.Quote(value)
		}
		// PositionFor, since Position would follow the marks in the text.
		if now := fset.PositionFor(pos, false).Line; now != at {
			at = now
			if line > 0 {
				b.WriteString(" " + lineMark(line+now-1)) // a blank: after a / it would be another comment
			} else {
				b.WriteByte(' ')
			}
		} else if off > ended && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(lit)
		ended = file.Offset(pos) + len(lit)
	}
}
