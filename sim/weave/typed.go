package weave

import (
	"go/ast"
	"go/token"
	"go/types"
)

// core is a type's underlying type; of a type parameter, the one that all types it
// stands for have in common, or nil.
func core(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	var one types.Type
	for _, u := range termsOf(p) {
		u = u.Underlying()
		c, isChan := u.(*types.Chan)
		d, wasChan := one.(*types.Chan)
		switch {
		case one == nil || types.Identical(one, u):
			one = u
		case isChan && wasChan && types.Identical(c.Elem(), d.Elem()):
			if d.Dir() == types.SendRecv {
				one = u
			}
		default:
			return nil
		}
	}
	return one
}

// termsOf lists the types that a type parameter's constraint names.
func termsOf(p *types.TypeParam) []types.Type {
	var terms []types.Type
	var visit func(t types.Type)
	visit = func(t types.Type) {
		switch u := types.Unalias(t).(type) {
		case *types.Union:
			for term := range u.Terms() {
				visit(term.Type())
			}
			return
		case *types.TypeParam:
			visit(u.Constraint())
			return
		}
		i, ok := t.Underlying().(*types.Interface)
		if !ok {
			terms = append(terms, t)
			return
		}
		for e := range i.EmbeddedTypes() {
			visit(e)
		}
	}
	visit(p.Constraint())
	return terms
}

// short spells a type for a person.
func (w *weaver) short(t types.Type) string {
	return types.TypeString(t, types.RelativeTo(w.pkg.Types))
}

// typeText spells a type as the source could at a position, if it could.
func (w *weaver) typeText(t types.Type, at token.Pos) (string, bool) {
	text := types.TypeString(t, func(p *types.Package) string {
		if p.Path() == w.pkg.Types.Path() {
			return ""
		}
		for _, spec := range w.file.Imports {
			if n := w.info.PkgNameOf(spec); n != nil && n.Imported().Path() == p.Path() {
				if n.Name() == "." {
					return ""
				}
				return n.Name()
			}
		}
		return p.Name()
	})
	// What the text means there, the type checker knows: a name may be hidden by another.
	tv, err := types.Eval(w.fset, w.pkg.Types, at, text)
	return text, err == nil && tv.IsType() && types.Identical(tv.Type, t)
}

// isStatic reports whether an expression's value is the same wherever it stands: a
// constant, nil, or a function that was declared.
func (w *weaver) isStatic(e ast.Expr) bool {
	if tv := w.info.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	return w.declared(e) != nil
}

// declared is the function that an expression names, instantiated or not, but no method.
func (w *weaver) declared(e ast.Expr) *types.Func {
	e = ast.Unparen(generic(e))
	if s, ok := e.(*ast.SelectorExpr); ok {
		e = s.Sel
	}
	if id, ok := e.(*ast.Ident); ok {
		if fn, ok := w.info.Uses[id].(*types.Func); ok && fn.Signature().Recv() == nil {
			return fn
		}
	}
	return nil
}

// generic is an expression without its type arguments.
func generic(e ast.Expr) ast.Expr {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return x.X
	case *ast.IndexListExpr:
		return x.X
	}
	return e
}

// untyped reports whether an expression takes its type from where it stands.
func (w *weaver) untyped(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return isUntyped(w.info.ObjectOf(e))
	case *ast.SelectorExpr:
		return isUntyped(w.info.ObjectOf(e.Sel))
	case *ast.UnaryExpr:
		return e.Op != token.AND && e.Op != token.ARROW && w.untyped(e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			return true
		case token.SHL, token.SHR:
			return w.untyped(e.X)
		}
		return w.untyped(e.X) && w.untyped(e.Y)
	}
	return false
}

func isUntyped(o types.Object) bool {
	c, ok := o.(*types.Const)
	if !ok {
		return false
	}
	b, ok := c.Type().(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

// conversion is what to put before and after an expression for it to have the type that
// it takes where it stands, also where it stands alone. It is not always possible.
func (w *weaver) conversion(e ast.Expr) (before, after string, ok bool) {
	if w.info.Types[e].IsNil() {
		t, ok := w.typeText(w.info.TypeOf(e), e.Pos())
		return "(" + t + ")(", ")", ok && w.info.TypeOf(e) != types.Typ[types.UntypedNil]
	}
	if !w.untyped(e) {
		return "", "", true
	}
	t, ok := w.typeText(w.info.TypeOf(e), e.Pos())
	return t + "(", ")", ok
}
