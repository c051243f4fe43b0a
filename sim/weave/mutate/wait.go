package mutate

import (
	"go/ast"
)

// groupCall is a call of a method of a WaitGroup.
type groupCall struct {
	method
	stmt ast.Stmt // an expression or a defer
}

func (s *source) groupCalls(name string) (all []groupCall) {
	every(s, func(call *ast.CallExpr) {
		m, ok := s.methodOf(call, "sync")
		if !ok || m.typ != "WaitGroup" || m.name != name {
			return
		}
		if st, ok := s.parent[call].(ast.Stmt); ok {
			all = append(all, groupCall{m, st})
		}
	})
	return all
}

// skipWaitGroup removes an Add and the Done that belongs to it: Wait does not wait for
// that goroutine. The Done is in the same function, or it is any, if the package has one
// Add only.
func skipWaitGroup(s *source) {
	adds, dones := s.groupCalls("Add"), s.groupCalls("Done")
	for _, add := range adds {
		group, others := s.object(add.recv), 0
		for _, a := range adds {
			if s.object(a.recv) == group {
				others++
			}
		}
		edits := []edit{s.stand(add.stmt, s.keep(add.stmt))}
		for _, done := range dones {
			if s.object(done.recv) == group && (others == 1 || s.decl(done.stmt.Pos()) == s.decl(add.stmt.Pos())) {
				edits = append(edits, s.blank(done.stmt))
			}
		}
		if len(edits) > 1 {
			s.change(add.stmt, edits, "%s does not know of the goroutine, and does not wait for it", s.of(add.recv))
		}
	}
}

// lateAdd lets the goroutine add itself to the group, which may then be waited for
// before.
func lateAdd(s *source) {
	s.lists(func(list []ast.Stmt) {
		for k := 0; k+1 < len(list); k++ {
			m, ok := s.stmtMethod(list[k], "sync")
			if !ok || m.typ != "WaitGroup" || m.name != "Add" {
				continue
			}
			g, ok := list[k+1].(*ast.GoStmt)
			if !ok {
				continue
			}
			lit, ok := g.Call.Fun.(*ast.FuncLit)
			if !ok || len(lit.Body.List) == 0 {
				continue
			}
			s.change(list[k], []edit{s.blank(list[k]), s.insert(lit.Body.List[0].Pos(), s.of(list[k])+"; ")},
				"%s is called in the goroutine instead of before it", s.of(list[k]))
		}
	})
}

// undefer does at once what was to be done at the end: Done, a close, a Put to a pool.
func undefer(s *source) {
	every(s, func(d *ast.DeferStmt) {
		m, ok := s.methodOf(d.Call, "sync")
		ends := ok && (m.typ == "WaitGroup" && m.name == "Done" || m.typ == "Pool" && m.name == "Put")
		if _, closes := s.isBuiltin(d.Call, "close"); !ends && !closes {
			return
		}
		s.change(d, []edit{s.replace(d.Pos(), d.Call.Pos(), "")}, "%s is done at the beginning instead of at the end",
			s.of(d.Call))
	})
}
