package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// captured are the local variables of a file that others may reach: those which are written after they were declared,
// and which a function literal is about that may run on another goroutine. What a literal does that is called or
// deferred on the spot, the goroutine does itself; and one of a for or range clause is another in each round.
func captured(file *ast.File, info *types.Info) map[*types.Var]bool {
	c := capture{info: info, shared: map[*types.Var]bool{}, written: map[*types.Var]bool{},
		rounds: map[*types.Var]bool{}, onSpot: map[*ast.FuncLit]bool{}}
	ast.Inspect(file, c.visit)
	maps.DeleteFunc(c.shared, func(v *types.Var, _ bool) bool { return !c.written[v] || c.rounds[v] })
	return c.shared
}

type capture struct {
	info                    *types.Info
	shared, written, rounds map[*types.Var]bool
	onSpot                  map[*ast.FuncLit]bool
	goes                    *ast.CallExpr // of the go statement that was met last
}

func (c *capture) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		c.goes = n.Call
	case *ast.CallExpr:
		if f, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok && n != c.goes {
			c.onSpot[f] = true
		}
	case *ast.ForStmt:
		if s, ok := n.Init.(*ast.AssignStmt); ok {
			for _, l := range s.Lhs {
				if id, ok := l.(*ast.Ident); ok {
					v, _ := c.info.Defs[id].(*types.Var)
					c.rounds[v] = true
				}
			}
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			c.writes(n.X)
		}
	case *ast.AssignStmt:
		for _, l := range n.Lhs {
			c.writes(l)
		}
	case *ast.IncDecStmt:
		c.writes(n.X)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			c.writes(n.Key)
			c.writes(n.Value)
		}
	case *ast.FuncLit:
		if !c.onSpot[n] {
			ast.Inspect(n, func(m ast.Node) bool {
				id, ok := m.(*ast.Ident)
				if v, local := c.info.Uses[id].(*types.Var); ok && local && v.Pos() < n.Pos() && !v.IsField() {
					c.shared[v] = true
				}
				return true
			})
		}
	}
	return true
}

// writes notes the variable that an assignment changes, or a part of.
func (c *capture) writes(e ast.Expr) {
	for e != nil {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := c.info.Uses[x].(*types.Var); ok {
				c.written[v] = true
			}
			return
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		default:
			return
		}
	}
}
