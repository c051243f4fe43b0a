package mutate

import (
	"go/ast"
	"go/token"
)

// poolEarly puts an item back into its pool before each of the statements that come
// before the Put, as far as the item is known there.
func poolEarly(s *source) {
	s.lists(func(list []ast.Stmt) {
		for k, st := range list {
			m, ok := s.stmtMethod(st, "sync")
			if !ok || m.typ != "Pool" || m.name != "Put" {
				continue
			}
			for j := k - 1; j >= 0 && s.known(st, list[j].Pos()); j-- {
				if defines(list[j]) {
					continue // nothing is done with the item yet
				}
				s.change(list[j], []edit{s.insert(list[j].Pos(), s.of(st)+"; "), s.blank(st)},
					"the item is back in the pool before %s", s.short(list[j]))
			}
		}
	})
}

// known reports whether all variables of a statement are declared at a place.
func (s *source) known(st ast.Stmt, at token.Pos) bool {
	known := true
	within(st, func(id *ast.Ident) {
		if v := s.info.Uses[id]; v != nil && v.Parent() != nil && v.Pos() > at && v.Pos() < st.Pos() {
			known = false
		}
	})
	return known
}
