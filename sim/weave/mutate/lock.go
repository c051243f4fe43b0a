package mutate

import (
	"go/ast"
	"strings"
)

// section is what is done under a lock, in one list of statements.
type section struct {
	mu      string   // the lock: "m.mu"
	typ     string   // "Mutex", "RWMutex"
	read    bool     // RLock
	lock    ast.Stmt // takes it
	unlock  ast.Stmt // gives it back, or defers that
	defers  bool
	body    []ast.Stmt
	unlocks []ast.Stmt // in the body, on ways out
}

// release is the call that gives the lock back.
func (c section) release() string {
	if c.read {
		return c.mu + ".RUnlock()"
	}
	return c.mu + ".Unlock()"
}

// acquire is the call that takes the lock.
func (c section) acquire() string { return strings.Replace(c.release(), "Unlock", "Lock", 1) }

// sections are the critical sections of the package. A lock that is not given back in
// the list of statements in which it is taken makes none.
func (s *source) sections() (all []section) {
	s.lists(func(list []ast.Stmt) {
		for i, st := range list {
			m, ok := s.stmtMethod(st, "sync")
			if !ok || m.name != "Lock" && m.name != "RLock" {
				continue
			}
			c := section{mu: s.of(m.recv), typ: m.typ, read: m.name == "RLock", lock: st}
			if c.close(s, list[i+1:]) {
				all = append(all, c)
			}
		}
	})
	return all
}

// close finds the end of a section in the statements after its lock.
func (c *section) close(s *source, rest []ast.Stmt) bool {
	for j, st := range rest {
		call := st
		d, deferred := st.(*ast.DeferStmt)
		if deferred {
			call = &ast.ExprStmt{X: d.Call}
		}
		if !c.gives(s, call) {
			continue
		}
		c.unlock, c.defers, c.body = st, deferred, rest[:j]
		if deferred {
			if j > 0 {
				return false
			}
			c.body = rest[1:]
		}
		for _, b := range c.body {
			within(b, func(e *ast.ExprStmt) {
				if c.gives(s, e) {
					c.unlocks = append(c.unlocks, e)
				}
			})
		}
		return true
	}
	return false
}

// gives reports whether a statement gives the lock back.
func (c *section) gives(s *source, st ast.Stmt) bool {
	m, ok := s.stmtMethod(st, "sync")
	return ok && s.of(m.recv)+"."+m.name+"()" == c.release()
}

// dropLock removes a lock and its unlock.
func dropLock(s *source) {
	for _, c := range s.sections() {
		edits := []edit{s.blank(c.lock), s.blank(c.unlock)}
		for _, u := range c.unlocks {
			edits = append(edits, s.blank(u))
		}
		what := "%s is not taken"
		if c.read {
			what += " for reading"
		}
		s.change(c.lock, edits, what, c.mu)
	}
}

// readLock takes a lock that is needed for writing only for reading.
func readLock(s *source) {
	for _, c := range s.sections() {
		if c.read || c.typ != "RWMutex" {
			continue
		}
		edits := []edit{s.asReader(c.lock, "Lock"), s.asReader(c.unlock, "Unlock")}
		for _, u := range c.unlocks {
			edits = append(edits, s.asReader(u, "Unlock"))
		}
		s.change(c.lock, edits, "%s is taken for reading, and then written under", c.mu)
	}
}

// asReader puts an R before the name of the method that a statement calls.
func (s *source) asReader(st ast.Stmt, name string) edit {
	at := s.offset(st.Pos()) + strings.LastIndex(s.of(st), "."+name) + 1
	return edit{Start: at, End: at, New: "R"}
}
