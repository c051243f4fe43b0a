package timeline

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"strings"
)

// methods are those by which one knows what an object is, by its sort.
var methods = map[string]string{
	"lock": " Lock Unlock TryLock RLock RUnlock TryRLock ", "group": " Add Done Wait Go ", "once": " Do ",
	"condition": " Wait Signal Broadcast ", "pool": " Get Put ", "map": " Range ",
}

// operand is what is operated on at a site, as the source has it; "" if that is not found.
func (s *sources) operand(site, sort string) (name string) {
	f := s.files[s.places[site]]
	if f == nil || f.syntax == nil {
		return ""
	}
	line := lineOf(site)
	take := func(n ast.Node, e ast.Expr) {
		if name == "" && f.fset.Position(n.Pos()).Line <= line && line <= f.fset.Position(n.End()).Line {
			name = f.text(e)
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if of, ok := n.Fun.(*ast.SelectorExpr); ok && strings.Contains(methods[sort], " "+of.Sel.Name+" ") {
				take(of.Sel, of.X)
			}
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "close" && sort == "channel" && len(n.Args) == 1 {
				take(n, n.Args[0])
			}
		case *ast.SendStmt:
			if sort == "channel" {
				take(n, n.Chan)
			}
		case *ast.UnaryExpr:
			if sort == "channel" && n.Op == token.ARROW {
				take(n, n.X)
			}
		case *ast.RangeStmt:
			if sort == "channel" && f.fset.Position(n.For).Line == line {
				take(n, n.X)
			}
		}
		return true
	})
	return name
}

const mostOfAName = 40

// text is an expression as it is written, "" if that is long.
func (f *file) text(e ast.Expr) string {
	var b bytes.Buffer
	if printer.Fprint(&b, f.fset, e) != nil || b.Len() > mostOfAName || bytes.ContainsAny(b.Bytes(), "\n{") {
		return ""
	}
	return b.String()
}

// cases are the channels of the cases of a select, in their order; nil if there is none at the site.
func (s *sources) cases(site string) (names []string) {
	f := s.files[s.places[site]]
	if f == nil || f.syntax == nil {
		return nil
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectStmt)
		if !ok || f.fset.Position(sel.Select).Line != lineOf(site) || names != nil {
			return true
		}
		for _, c := range sel.Body.List {
			comm := c.(*ast.CommClause).Comm
			if send, ok := comm.(*ast.SendStmt); ok {
				names = append(names, f.text(send.Chan))
				continue
			}
			if comm != nil {
				ast.Inspect(comm, func(n ast.Node) bool {
					receive, ok := n.(*ast.UnaryExpr)
					if ok = ok && receive.Op == token.ARROW; ok {
						names = append(names, f.text(receive.X))
					}
					return !ok
				})
			}
		}
		return true
	})
	return names
}
