package mutate

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// timers are the packages whose timers and tickers are to be stopped and reset.
var timers = []string{"time", "github.com/benbjohnson/clock"}

// dropStop removes a Stop or a Reset of a timer or a ticker. Where its result is used,
// the answer is that the timer was not running.
func dropStop(s *source) {
	every(s, func(call *ast.CallExpr) {
		m, ok := s.methodOf(call, timers...)
		if !ok || m.typ != "Timer" && m.typ != "Ticker" || m.name != "Stop" && m.name != "Reset" {
			return
		}
		s.change(call, s.without(call, "false"), "%s is not called", s.of(call))
	})
}

// without removes a call: the statement or the defer that it is, or its value.
func (s *source) without(call *ast.CallExpr, value string) []edit {
	switch p := s.parent[call].(type) {
	case *ast.ExprStmt:
		return []edit{s.stand(p, s.keep(p))}
	case *ast.DeferStmt:
		return []edit{s.stand(p, s.keep(p))}
	}
	return []edit{s.stand(call, value)}
}

// dropDrain removes what empties a channel or a queue: a call of a function that says
// so in its name, and a select that receives what is there and else goes on.
func dropDrain(s *source) {
	every(s, func(call *ast.CallExpr) {
		name := called(call)
		_, alone := s.parent[call].(*ast.ExprStmt)
		if alone && strings.Contains(strings.ToLower(name), "drain") {
			s.change(call, s.without(call, ""), "%s is not called", name)
		}
	})
	every(s, func(sel *ast.SelectStmt) {
		if ch := s.drains(sel); ch != "" {
			s.change(sel, []edit{s.stand(sel, s.keep(sel))}, "what is left in %s stays there", ch)
		}
	})
}

// drains is the channel that a select with a default receives from, or "".
func (s *source) drains(sel *ast.SelectStmt) string {
	if len(sel.Body.List) != 2 || !s.hasDefault(sel) {
		return ""
	}
	ch := ""
	for _, st := range sel.Body.List {
		c := st.(*ast.CommClause)
		if c.Comm == nil && len(c.Body) > 0 {
			return ""
		}
		if e, ok := c.Comm.(*ast.ExprStmt); ok {
			if u, ok := e.X.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
				ch = s.of(u.X)
			}
		}
	}
	return ch
}

func (s *source) hasDefault(sel *ast.SelectStmt) bool {
	return slices.ContainsFunc(sel.Body.List, func(st ast.Stmt) bool { return st.(*ast.CommClause).Comm == nil })
}
