package mutate

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// dropSelectCase drops each case of each select in turn.
func dropSelectCase(s *source) {
	every(s, func(sel *ast.SelectStmt) {
		if len(sel.Body.List) < 2 {
			return
		}
		for i, st := range sel.Body.List {
			c := st.(*ast.CommClause)
			if s.sameWithout(sel, c) {
				continue
			}
			edits := []edit{s.stand(sel.Body.List[i], "")}
			if keep := s.keep(c); keep != "" {
				edits = append(edits, s.insert(sel.Pos(), keep+"; "))
			}
			if c.Comm != nil {
				s.change(c, edits, "the select does not wait for %s any more", s.of(c.Comm))
			} else {
				s.change(c, edits, "the select has no default any more")
			}
		}
	})
}

// sameWithout reports whether a select without a case is the same, or a mutant that
// another operator makes: a drain without its case is no drain, and a case that the
// default repeats is done in any case.
func (s *source) sameWithout(sel *ast.SelectStmt, c *ast.CommClause) bool {
	if s.drains(sel) != "" && c.Comm != nil {
		return true
	}
	if len(sel.Body.List) != 2 || !s.hasDefault(sel) {
		return false
	}
	var comm, other *ast.CommClause
	for _, st := range sel.Body.List {
		if cl := st.(*ast.CommClause); cl.Comm == nil {
			other = cl
		} else {
			comm = cl
		}
	}
	return len(comm.Body) == 0 && len(other.Body) == 1 && s.of(other.Body[0]) == s.of(comm.Comm)
}

// buffer makes the buffers of channels larger or smaller by one. A channel on which
// nothing is sent, but which is only closed, has no use for its buffer.
func buffer(s *source, by int) {
	every(s, func(e *ast.CallExpr) {
		call, ok := s.isBuiltin(e, "make")
		if !ok {
			return
		}
		if _, ok := s.info.TypeOf(call.Args[0]).Underlying().(*types.Chan); !ok || s.neverSent(call) {
			return
		}
		size, known := 0, len(call.Args) == 1
		if !known {
			if v := s.info.Types[call.Args[1]].Value; v != nil {
				n, ok := constant.Int64Val(v)
				size, known = int(n), ok
			}
		}
		if known && size+by < 0 {
			return
		}
		text := fmt.Sprint(size + by)
		switch {
		case !known && by < 0:
			text = fmt.Sprintf("(%s)-%d", s.of(call.Args[1]), -by)
		case !known:
			text = fmt.Sprintf("(%s)+%d", s.of(call.Args[1]), by)
		}
		room := s.insert(call.Rparen, ", "+text)
		if len(call.Args) > 1 {
			room = s.replace(call.Args[1].Pos(), call.Args[1].End(), text)
		}
		s.change(call, []edit{room}, "the channel has room for %s", strings.NewReplacer("(", "", ")", "").Replace(text))
	})
}

// neverSent reports whether the package sends nothing on what a make makes. It does not
// follow a channel that is handed on: then it says no.
func (s *source) neverSent(call *ast.CallExpr) bool {
	var made types.Object
	switch p := s.parent[call].(type) {
	case *ast.KeyValueExpr:
		made = s.object(p.Key)
	case *ast.AssignStmt:
		if len(p.Lhs) == 1 {
			made = s.object(p.Lhs[0])
		}
	}
	if made == nil {
		return false
	}
	sent := false
	every(s, func(send *ast.SendStmt) { sent = sent || s.object(send.Chan) == made })
	every(s, func(c *ast.CallExpr) {
		_, closes := s.isBuiltin(c, "close")
		for _, a := range c.Args {
			sent = sent || !closes && s.object(a) == made
		}
	})
	return !sent
}

// closes is what a statement closes, or nil.
func (s *source) closes(st ast.Stmt) ast.Expr {
	if e, ok := st.(*ast.ExprStmt); ok {
		if call, ok := s.isBuiltin(e.X, "close"); ok {
			return call.Args[0]
		}
	}
	return nil
}

// swapClose swaps a close with the statement before it, and with the one after it.
func swapClose(s *source) {
	s.lists(func(list []ast.Stmt) {
		for k, st := range list {
			ch := s.closes(st)
			if ch == nil {
				continue
			}
			if k > 0 && !defines(list[k-1]) {
				s.change(st, s.swap(list[k-1], st), "%s is closed before %s instead of after", s.of(ch), s.short(list[k-1]))
			}
			if k+1 < len(list) && !trivial(list[k+1]) && s.closes(list[k+1]) == nil {
				s.change(st, s.swap(st, list[k+1]), "%s is closed after %s instead of before", s.of(ch), s.short(list[k+1]))
			}
		}
	})
}

// swapSend sends before the statement that has to come first, a call.
func swapSend(s *source) {
	s.lists(func(list []ast.Stmt) {
		for k := 1; k < len(list); k++ {
			first, ok := list[k-1].(*ast.ExprStmt)
			if !ok || s.closes(first) != nil || !s.sends(list[k]) {
				continue
			}
			if _, isCall := first.X.(*ast.CallExpr); isCall {
				s.change(list[k], s.swap(first, list[k]), "%s comes after the send instead of before", s.of(first))
			}
		}
	})
}

// sends reports whether a statement is a send, or a select with one.
func (s *source) sends(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.SendStmt:
		return true
	case *ast.SelectStmt:
		for _, c := range st.Body.List {
			if _, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
				return true
			}
		}
	}
	return false
}

// dropClosedCheck drops a look at whether something is closed: an if that leaves and
// has "clos" in a name that it asks for, or a call of a function with "closed" in its
// name. What the condition does, it goes on doing.
func dropClosedCheck(s *source) {
	every(s, func(i *ast.IfStmt) {
		asks := false
		within(i.Cond, func(id *ast.Ident) { asks = asks || strings.Contains(strings.ToLower(id.Name), "clos") })
		if !asks || i.Init != nil || i.Else != nil || !s.leaves(i.Body) {
			return
		}
		text := "_ = " + s.of(i.Cond)
		if keep := s.keep(i.Body); keep != "" {
			text += "; " + keep
		}
		s.change(i, []edit{s.stand(i, text)}, "the way out when %s is gone", s.of(i.Cond))
	})
	every(s, func(e *ast.ExprStmt) {
		call, ok := e.X.(*ast.CallExpr)
		if !ok {
			return
		}
		if name := called(call); name != "close" && strings.Contains(strings.ToLower(name), "closed") {
			s.change(e, []edit{s.stand(e, s.keep(e))}, "%s is not called", name)
		}
	})
}
