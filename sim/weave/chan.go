package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// send weaves ch <- v into rt.To(site, ch).Send(v).
func (w *weaver) send(s *ast.SendStmt) {
	w.around(s.Chan, w.rt("To", s.Arrow)+", ", ")")
	w.between(s.Chan.End(), s.Value.Pos(), ".Send(")
	w.after(w.off(s.Value.End()), ")")
}

// receive weaves <-ch into <-rt.From(site, ch).
func (w *weaver) receive(r *ast.UnaryExpr) {
	w.around(r.X, w.rt("From", r.OpPos)+", ", ")")
}

// received is the receive of a statement that stands in a case of a select.
func received(comm ast.Stmt) *ast.UnaryExpr {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	default:
		return nil
	}
	return ast.Unparen(e).(*ast.UnaryExpr)
}

// rangeOver weaves a range over a channel or a map into a loop over what package rt
// gives. A variable that the loop declares is declared by the new one, in which each
// iteration has its own exactly if it had before.
func (w *weaver) rangeOver(s *ast.RangeStmt) {
	switch core(w.info.TypeOf(s.X)).(type) {
	case *types.Chan:
		w.loop(s, "Over", []ast.Expr{s.Key})
	case *types.Map:
		if w.plain {
			w.ofMap("ReadMap", s.X)
		}
		w.loop(s, "OverMap", []ast.Expr{s.Key, s.Value})
	}
}

// loop weaves for k, v := range x { into for r, k, v := rt.Over(site, x); r.Next(&k, &v); {.
// What is not declared but assigned to is assigned to in the body.
func (w *weaver) loop(s *ast.RangeStmt, over string, vars []ast.Expr) {
	r := w.temp("r")
	head, next := " "+r, ""
	var left, right string
	for i, v := range vars {
		name, ptr := "_", "nil"
		if id, ok := v.(*ast.Ident); v != nil && !(ok && id.Name == "_") {
			if s.Tok == token.DEFINE {
				name = id.Name
			} else {
				name = w.temp("v")
				left, right = left+", "+w.move(v), right+", "+name
			}
			ptr = "&" + name
		}
		head += ", " + name
		if i > 0 {
			next += ", "
		}
		next += ptr
	}
	lo, hi := w.off(s.For)+len("for"), w.off(s.X.Pos())
	nl := w.newlines(lo, hi)
	w.take(lo, hi)
	w.replace(lo, hi, head+" := "+w.fn(over)+"("+nl+w.site(s.For)+", ")
	w.after(w.off(s.X.End()), "); "+r+".Next("+next+");")
	if left != "" {
		text := " " + left[2:] + " = " + right[2:] + ";"
		if strings.Contains(left, lineMarks) {
			text += lineMark(w.fset.Position(s.Body.Lbrace).Line)
		}
		w.before(w.off(s.Body.Lbrace)+1, text)
	}
}

// move takes an expression's text to put it elsewhere.
func (w *weaver) move(e ast.Expr) string {
	return oneLine(w.take(w.off(e.Pos()), w.off(e.End())), w.fset.Position(e.Pos()).Line)
}
