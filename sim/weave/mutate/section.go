package mutate

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// splitSection lets go of the lock and takes it again between two statements of a
// section, at any depth. Where nothing is left to do but to return there is no gap: who
// waits longer for the lock has not done anything wrong.
func splitSection(s *source) {
	for _, c := range s.sections() {
		gap := func(list []ast.Stmt, top bool) {
			for k := 1; k < len(list); k++ {
				rest := list[k:]
				_, ends := rest[len(rest)-1].(*ast.ReturnStmt)
				if allTrivial(rest) && (ends || top) || trivial(list[k-1]) {
					continue
				}
				s.change(rest[0], []edit{s.insert(rest[0].Pos(), c.release()+"; "+c.acquire()+"; ")},
					"%s is let go and taken again in the middle of the section, before %s", c.mu, s.short(rest[0]))
			}
		}
		gap(c.body, true)
		for _, st := range c.body {
			notLiterals(st, func(list []ast.Stmt) { gap(list, false) })
		}
	}
}

// notLiterals is everyList, but for what is in function literals.
func notLiterals(root ast.Node, visit func(list []ast.Stmt)) {
	var literals []ast.Node
	within(root, func(f *ast.FuncLit) { literals = append(literals, f) })
	everyList(root, func(list []ast.Stmt) {
		for _, l := range literals {
			if len(list) > 0 && inside(l, list[0].Pos()) {
				return
			}
		}
		visit(list)
	})
}

// short is a statement's first line.
func (s *source) short(n ast.Node) string {
	line, _, more := strings.Cut(s.of(n), "\n")
	if more {
		line = strings.TrimRight(line, "{ ")
	}
	return line
}

// unlockEarly swaps the unlock with the last statement of the section. A deferred unlock
// becomes one before that statement, and one before each return on the way there.
func unlockEarly(s *source) {
	for _, c := range s.sections() {
		last := len(c.body) - 1
		for last >= 0 && trivial(c.body[last]) {
			last--
		}
		if last < 1 || allTrivial(c.body[:last]) {
			continue // nothing would be left under the lock: that is dropLock
		}
		var edits []edit
		if c.defers {
			var ok bool
			if edits, ok = s.unlockedReturns(c, last); !ok {
				continue
			}
		} else {
			if returns(c.body[last]) || last != len(c.body)-1 {
				continue
			}
			edits = s.swap(c.body[last], c.unlock)
		}
		s.change(c.body[last], edits, "%s is let go one statement too early, before %s", c.mu, s.short(c.body[last]))
	}
}

// unlockedReturns makes a deferred unlock explicit. It does not when a return has
// something to work out, which must be under the lock.
func (s *source) unlockedReturns(c section, last int) ([]edit, bool) {
	edits := []edit{s.blank(c.unlock)}
	for _, st := range c.body[:last] {
		for _, r := range returnsIn(st) {
			if !trivial(r) {
				return nil, false
			}
			edits = append(edits, s.insert(r.Pos(), c.release()+"; "))
		}
	}
	return append(edits, s.insert(c.body[last].Pos(), c.release()+"; ")), true
}

// lockBelowCheck takes the lock after the section's first statement, if that is a check
// that can leave, and if something is done afterwards.
func lockBelowCheck(s *source) {
	for _, c := range s.sections() {
		if len(c.body) < 2 || !returns(c.body[0]) || allTrivial(c.body[1:]) {
			continue
		}
		text := "; " + c.acquire()
		edits := []edit{s.blank(c.lock)}
		if c.defers {
			text += "; defer " + c.release()
			edits = append(edits, s.blank(c.unlock))
		}
		for _, u := range c.unlocks {
			if inside(c.body[0], u.Pos()) {
				edits = append(edits, s.blank(u))
			}
		}
		edits = append(edits, s.insert(c.body[0].End(), text))
		s.change(c.lock, edits, "%s is taken below the check that it is to guard", c.mu)
	}
}

// dropRecheck drops the second look in a section for writing: an if that leaves, and
// each side of the && that it asks.
func dropRecheck(s *source) {
	for _, c := range s.sections() {
		if c.read {
			continue
		}
		for _, st := range c.body {
			i, ok := st.(*ast.IfStmt)
			if !ok || i.Init != nil || i.Else != nil || !returns(i.Body) || s.unlocksIn(c, i) {
				continue
			}
			s.change(i, []edit{s.stand(i, "_ = "+s.of(i.Cond))},
				"what was looked at before the lock is not looked at again under it")
			if and, ok := i.Cond.(*ast.BinaryExpr); ok && and.Op == token.LAND {
				for _, keep := range []ast.Expr{and.X, and.Y} {
					s.change(i, []edit{s.replace(and.Pos(), and.End(), s.of(keep))},
						"the second look under the lock asks only for %s", s.of(keep))
				}
			}
		}
	}
}

// unlocksIn reports whether an early way out of a section gives the lock back itself: such
// a check cannot be removed by its text alone.
func (s *source) unlocksIn(c section, n ast.Node) bool {
	return slices.ContainsFunc(c.unlocks, func(u ast.Stmt) bool { return inside(n, u.Pos()) })
}
