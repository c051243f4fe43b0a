package mutate

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// everyList calls visit with each list of statements, and with the node it belongs to.
func everyList(root ast.Node, visit func(list []ast.Stmt)) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			visit(n.List)
		case *ast.CaseClause:
			visit(n.Body)
		case *ast.CommClause:
			visit(n.Body)
		}
		return true
	})
}

// lists calls visit with each list of statements of the package.
func (s *source) lists(visit func(list []ast.Stmt)) {
	for _, f := range s.files {
		everyList(f, visit)
	}
}

// method is a call of a method of a type: pkg.typ, "*" for any.
type method struct {
	call *ast.CallExpr
	recv ast.Expr
	typ  string // "Mutex"
	name string // "Lock"
}

// methodOf is the call n, if it is one of a method whose receiver has a type of one of
// the packages.
func (s *source) methodOf(n ast.Node, packages ...string) (method, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return method{}, false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return method{}, false
	}
	t := s.info.TypeOf(sel.X)
	if t == nil {
		return method{}, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return method{}, false
	}
	return method{call, sel.X, named.Obj().Name(), sel.Sel.Name}, slices.Contains(packages, named.Obj().Pkg().Path())
}

// stmtMethod is methodOf for a statement that is nothing but the call.
func (s *source) stmtMethod(st ast.Stmt, packages ...string) (method, bool) {
	if e, ok := st.(*ast.ExprStmt); ok {
		return s.methodOf(e.X, packages...)
	}
	return method{}, false
}

// isBuiltin reports whether a call is one of a builtin function.
func (s *source) isBuiltin(e ast.Expr, name string) (*ast.CallExpr, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	b, ok := typeutil.Callee(s.info, call).(*types.Builtin)
	return call, ok && b.Name() == name
}

// called is the name of the function or method that a call calls, or "".
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// object is what an identifier or a selector stands for, as it was declared.
func (s *source) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		if o := s.info.Defs[e]; o != nil {
			return o
		}
		return origin(s.info.Uses[e])
	case *ast.SelectorExpr:
		return origin(s.info.Uses[e.Sel])
	case *ast.ParenExpr:
		return s.object(e.X)
	}
	return nil
}

// trivial reports whether a statement touches nothing that is shared: a declaration
// without a value, a return of names and literals, a jump.
func trivial(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.ReturnStmt:
		for _, r := range st.Results {
			switch r.(type) {
			case *ast.Ident, *ast.BasicLit:
			default:
				return false
			}
		}
		return true
	case *ast.BranchStmt, *ast.EmptyStmt:
		return true
	case *ast.DeclStmt:
		for _, spec := range st.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) > 0 {
				return false
			}
		}
		return true
	}
	return false
}

func allTrivial(list []ast.Stmt) bool {
	return !slices.ContainsFunc(list, func(st ast.Stmt) bool { return !trivial(st) })
}

// returns reports whether a return of the same function is in a node.
func returns(n ast.Node) bool { return len(returnsIn(n)) > 0 }

// returnsIn are the returns in a node, but for those of function literals in it.
func returnsIn(n ast.Node) (list []*ast.ReturnStmt) {
	ast.Inspect(n, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			list = append(list, r)
		}
		_, lit := n.(*ast.FuncLit)
		return !lit
	})
	return list
}

// leaves reports whether a block ends by leaving the function.
func (s *source) leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch last := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		_, ok := s.isBuiltin(last.X, "panic")
		return ok
	}
	return false
}

// defines reports whether a statement declares variables.
func defines(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.AssignStmt:
		return st.Tok == token.DEFINE
	case *ast.DeclStmt:
		return true
	}
	return false
}
