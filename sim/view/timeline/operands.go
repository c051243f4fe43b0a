package timeline

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/printer"
	"go/token"
	"strings"
)

// What can be done to a channel, beside the methods of others.
const (
	sends    = "->"
	receives = "<-"
	closes   = "close()"
)

// methods are those by which one knows what an object is, by its sort.
var methods = map[string]string{
	"lock": " Lock Unlock TryLock RLock RUnlock TryRLock ", "group": " Add Done Wait Go ", "once": " Do ",
	"timer": " Stop Reset ", "condition": " Wait Signal Broadcast ", "pool": " Get Put ", "map": " Range ",
	"channel": " " + sends + " " + receives + " " + closes + " ",
}

// operand is what is operated on at a site, as the source has it; "" if that is not found.
func (s *sources) operand(site, sort string) (name string) {
	f, line := s.files[s.places[site]], lineOf(site)
	f.operations(func(what string, from, to int, on ast.Expr) {
		if name == "" && from <= line && line <= to && strings.Contains(methods[sort], " "+what+" ") {
			name = f.text(on)
		}
	})
	return name
}

// operations tells what is done in a file, from and to which line, and to what.
func (f *file) operations(tell func(what string, from, to int, on ast.Expr)) {
	if f == nil || f.syntax == nil {
		return
	}
	at := func(n ast.Node, what string, on ast.Expr) {
		tell(what, f.fset.Position(n.Pos()).Line, f.fset.Position(n.End()).Line, on)
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if of, ok := n.Fun.(*ast.SelectorExpr); ok {
				at(of.Sel, of.Sel.Name, of.X)
			}
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "close" && len(n.Args) == 1 {
				at(n, closes, n.Args[0])
			}
		case *ast.SendStmt:
			at(n, sends, n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				at(n, receives, n.X)
			}
		case *ast.RangeStmt: // maybe
			line := f.fset.Position(n.For).Line
			tell(receives, line, line, n.X)
		}
		return true
	})
}

const mostOfAName = 40

// text is an expression as it is written, "" if that is long.
func (f *file) text(e ast.Expr) string { return f.textUpTo(mostOfAName, e) }

func (f *file) textUpTo(most int, e ast.Expr) string {
	var b bytes.Buffer
	if printer.Fprint(&b, f.fset, e) != nil || b.Len() > most || bytes.ContainsAny(b.Bytes(), "\n{") {
		return ""
	}
	return b.String()
}

// mostOfACutName is how long a name may be of which a run has only the beginning.
const mostOfACutName = 120

// whole is a name of which a run has only the beginning, as far as all of that line have it that begin so.
func (s *sources) whole(site, name string) string {
	begins, cut := strings.CutSuffix(name, "…")
	f, line := s.files[s.places[site]], lineOf(site)
	if !cut || f == nil || f.syntax == nil {
		return name
	}
	is, ok := s.names[site+" "+name]
	if ok {
		return is
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok || f.fset.Position(n.Pos()).Line > line || f.fset.Position(n.End()).Line < line {
			return true
		}
		switch text := f.textUpTo(mostOfACutName, e); {
		case !strings.HasPrefix(strings.ReplaceAll(text, `"`, "'"), begins):
		case is == "":
			is = text
		case text != is:
			n := 0
			for n < min(len(is), len(text)) && is[n] == text[n] {
				n++
			}
			is = strings.ToValidUTF8(is[:n], "") + "…"
		}
		return true
	})
	is = cmp.Or(is, name)
	s.names[site+" "+name] = is
	return is
}

// selected is a case of a select.
type selected struct {
	name  string // of its channel
	sends bool
}

// cases are those of a select, in their order; nil if there is none at the site.
func (s *sources) cases(site string) []selected {
	list, ok := s.selects[site]
	if !ok {
		list = s.casesOf(site)
		s.selects[site] = list
	}
	return list
}

func (s *sources) casesOf(site string) (list []selected) {
	f := s.files[s.places[site]]
	if f == nil || f.syntax == nil {
		return nil
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectStmt)
		if !ok || f.fset.Position(sel.Select).Line != lineOf(site) || list != nil {
			return true
		}
		for _, c := range sel.Body.List {
			comm := c.(*ast.CommClause).Comm
			if send, ok := comm.(*ast.SendStmt); ok {
				list = append(list, selected{f.text(send.Chan), true})
				continue
			}
			if comm != nil {
				ast.Inspect(comm, func(n ast.Node) bool {
					receive, ok := n.(*ast.UnaryExpr)
					if ok = ok && receive.Op == token.ARROW; ok {
						list = append(list, selected{f.text(receive.X), false})
					}
					return !ok
				})
			}
		}
		return true
	})
	return list
}
