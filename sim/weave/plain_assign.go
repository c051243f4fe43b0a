package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// cleared weaves the call of a builtin that changes a map.
func (w *weaver) cleared(call *ast.CallExpr) {
	id, _ := call.Fun.(*ast.Ident)
	if id == nil || !w.plain || len(call.Args) == 0 || !isMap(w.info.TypeOf(call.Args[0])) {
		return
	}
	if b, ok := w.info.Uses[id].(*types.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") {
		w.ofMap("WriteMap", call.Args[0])
	}
}

// counted weaves x++ and x--.
func (w *weaver) counted(s *ast.IncDecStmt) {
	if w.plain && w.isWritten(s.X) && !w.hasCalls(s.X) && w.oneLiners([]ast.Expr{s.X}) {
		w.replaceAll(s, w.updated(s.X, s.Tok.String()[:1], "1"))
	}
}

// assigned weaves the writes of an assignment.
func (w *weaver) assigned(s *ast.AssignStmt) {
	if !w.plain || s.Tok == token.DEFINE || !slices.ContainsFunc(s.Lhs, w.isWritten) {
		return
	}
	last := s.Rhs[len(s.Rhs)-1]
	calls := slices.ContainsFunc(s.Rhs, w.hasCalls)
	switch {
	case slices.ContainsFunc(s.Lhs, w.hasCalls) || !w.oneLiners(s.Lhs):
	case calls:
		w.kept(s)
	case s.Tok != token.ASSIGN && w.oneLiners(s.Rhs):
		by := "(" + w.text(w.off(last.Pos()), w.off(last.End())) + ")"
		w.replaceAll(s, w.updated(s.Lhs[0], strings.TrimSuffix(s.Tok.String(), "="), by))
	case s.Tok != token.ASSIGN || !w.reads(last) || len(s.Rhs) < len(s.Lhs) || !w.then(last, s.Lhs[len(s.Lhs)-1]):
		w.stores("Write", s.Lhs)
	default:
		w.stores("Wrote", s.Lhs)
	}
}

// then puts a point behind what is assigned to a place, unless its type cannot be said here.
func (w *weaver) then(e, to ast.Expr) bool {
	before, after, ok := w.conversion(e)
	if ok {
		w.around(e, w.access("Then", to)+", "+before, after+")")
	}
	return ok
}

// stores weaves the places on the left.
func (w *weaver) stores(name string, left []ast.Expr) {
	for _, l := range left {
		if m, ok := ast.Unparen(l).(*ast.IndexExpr); ok && isMap(w.info.TypeOf(m.X)) {
			w.ofMap(name+"Map", m.X)
		} else if w.isWritten(l) {
			w.around(l, "*"+w.access(name, l)+", &", ")")
		}
	}
}

// updated is the text for a place that is read, changed and written.
func (w *weaver) updated(l ast.Expr, op, by string) string {
	lo, hi := w.off(l.Pos()), w.off(l.End())
	now := w.text(lo, hi)
	if m, ok := ast.Unparen(l).(*ast.IndexExpr); !ok || !isMap(w.info.TypeOf(m.X)) { // the map is seen when it is written
		now = "(*" + w.access("Read", l) + ", &" + now + "))"
	}
	w.stores("Wrote", []ast.Expr{l})
	return w.take(lo, hi) + " = " + w.access("Then", l) + ", " + now + " " + op + " " + by + ")"
}

// replaceAll puts text in place of a statement.
func (w *weaver) replaceAll(s ast.Stmt, text string) {
	w.take(w.off(s.Pos()), w.off(s.End()))
	w.replace(w.off(s.Pos()), w.off(s.End()), text)
}

// kept weaves an assignment of what calls give: that comes first, and then the places are looked at.
func (w *weaver) kept(s *ast.AssignStmt) {
	if !isList(w.parent(0)) { // but of an if or a for
		return
	}
	for _, r := range s.Rhs {
		if _, _, ok := w.conversion(r); !ok || w.info.Types[r].IsNil() || len(s.Rhs) != len(s.Lhs) && !w.isTuple(s.Rhs) {
			return
		}
	}
	var names []string
	for range s.Lhs {
		names = append(names, w.temp("t"))
	}
	for _, r := range s.Rhs {
		before, after, _ := w.conversion(r)
		w.around(r, before, after)
	}
	text := ""
	if s.Tok == token.ASSIGN {
		w.stores("Write", s.Lhs)
		text = w.take(w.off(s.Pos()), w.off(s.Lhs[len(s.Lhs)-1].End())) + " = " + strings.Join(names, ", ")
	} else {
		text = w.updated(s.Lhs[0], strings.TrimSuffix(s.Tok.String(), "="), names[0])
	}
	w.between(s.Pos(), s.Rhs[0].Pos(), "{ "+strings.Join(names, ", ")+" := ")
	if home, now := w.fset.Position(s.Pos()).Line, w.fset.Position(s.End()).Line; home != now {
		text = lineMark(home) + text + lineMark(now)
	}
	w.after(w.off(s.End()), "; "+text+" }")
}

// isWritten reports whether what is assigned to is a place that others may reach, or in a map.
func (w *weaver) isWritten(l ast.Expr) bool {
	m, ok := ast.Unparen(l).(*ast.IndexExpr)
	return ok && isMap(w.info.TypeOf(m.X)) || w.isPlace(l)
}

// reads reports whether a place is read in an expression.
func (w *weaver) reads(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		found = found || ok && w.isWritten(x)
		return !found
	})
	return found
}

// hasCalls reports whether an expression calls what may change things, or waits.
func (w *weaver) hasCalls(e ast.Expr) bool {
	return receivesOr(e, func(call *ast.CallExpr) bool {
		tv := w.info.Types[call.Fun]
		return !tv.IsType() && !tv.IsBuiltin()
	})
}

// oneLiners reports whether none of some expressions has several lines.
func (w *weaver) oneLiners(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool { return w.line(e.Pos()) != w.line(e.End()) })
}
