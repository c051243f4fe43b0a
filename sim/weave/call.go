package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// callee is what a call calls, if that is woven.
type callee struct {
	operation
	fn   *types.Func       // nil: a context.CancelFunc, or the builtin close
	sel  *ast.SelectorExpr // of a method
	path string            // from sel.X to the receiver: the embedded fields
	amp  string            // "&", if the receiver is a value
}

// calleeOf looks at what a call calls. The operation is plain if it is nothing to weave,
// and if it cannot be woven, which is named if named is set.
func (w *weaver) calleeOf(call *ast.CallExpr, named bool) callee {
	if fn := w.declared(call.Fun); fn != nil {
		op := operationOf(fn, nil)
		if w.sorted[call] {
			op = operation{}
		}
		if named && op.form != plain && w.isTuple(call.Args) {
			w.gap(call.Pos(), "%s of all the results of a call", fn.Name())
			return callee{}
		}
		return callee{operation: op, fn: fn}
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := w.info.Uses[id].(*types.Builtin); ok {
			if b.Name() == "close" {
				return callee{operation: operation{called, "Close"}}
			}
			return callee{}
		}
	}
	if isCancel(w.info.TypeOf(call.Fun)) && !w.info.Types[call.Fun].IsType() {
		return callee{operation: operation{asked, ""}}
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return callee{}
	}
	c := w.methodOf(sel, named)
	if named && c.form != plain && w.isTuple(call.Args) {
		w.gap(call.Pos(), "%s of all the results of a call", c.fn.Name())
		return callee{}
	}
	return c
}

// isTuple reports whether arguments are the results of one call.
func (w *weaver) isTuple(args []ast.Expr) bool {
	if len(args) != 1 {
		return false
	}
	t, ok := w.info.TypeOf(args[0]).(*types.Tuple)
	return ok && t.Len() > 1
}

// isCancel reports whether a type is that of functions that cancel a context.
func isCancel(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "context" {
		return false
	}
	return n.Obj().Name() == "CancelFunc" || n.Obj().Name() == "CancelCauseFunc"
}

// methodOf looks at a method that is selected of a value.
func (w *weaver) methodOf(sel *ast.SelectorExpr, named bool) callee {
	s := w.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return callee{}
	}
	c := callee{fn: s.Obj().(*types.Func), sel: sel}
	t, hidden := s.Recv(), ""
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		f := t.Underlying().(*types.Struct).Field(i)
		if !f.Exported() && f.Pkg().Path() != w.pkg.Types.Path() {
			hidden = f.Name()
		}
		c.path += "." + f.Name()
		t = f.Type()
	}
	c.operation = operationOf(c.fn, t)
	if c.form == plain {
		if named && types.IsInterface(t) && mayBeLock[c.fn.Name()] && c.fn.Signature().Params().Len() == 0 {
			w.gap(sel.Sel.Pos(), "%s of an interface, behind which may be a lock", c.fn.Name())
		}
		return callee{}
	}
	if hidden != "" {
		if named {
			w.gap(sel.Sel.Pos(), "%s of an embedded field that another package hides (%s)", c.fn.Name(), hidden)
		}
		return callee{}
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
	default:
		c.amp = "&"
	}
	return c
}

// mayBeLock are methods that an interface may have of a lock, other than sync.Locker's.
var mayBeLock = map[string]bool{"Lock": true, "Unlock": true, "RLock": true, "RUnlock": true, "TryLock": true,
	"TryRLock": true}

// isAsked reports whether a call is one before which rt is only asked.
func (w *weaver) isAsked(call *ast.CallExpr) bool {
	return w.calleeOf(call, false).form == asked
}

// call weaves a call in its place.
func (w *weaver) call(call *ast.CallExpr) {
	w.foreign(call)
	w.outside(call)
	w.logs(call)
	w.addressNumber(call)
	c := w.calleeOf(call, true)
	args := w.off(call.Lparen) + 1
	switch {
	case c.form == plain:
	case c.form == called && c.sel != nil:
		head, text := w.rt(c.name, c.sel.Sel.Pos())+", ", c.path
		nl := w.newlines(w.off(c.sel.X.End()), args)
		if nl != "" { // the call is on the method's line, and the receiver on its own
			head = lineMark(w.fset.Position(c.sel.Sel.Pos()).Line) + head + lineMark(w.fset.Position(call.Pos()).Line)
		}
		w.before(w.off(call.Pos()), head+c.amp)
		if nl != "" || len(call.Args) > 0 {
			text += ", " + nl
		}
		w.replace(w.off(c.sel.X.End()), args, text)
	case c.form == called:
		w.rename(call.Fun, c)
		text := w.site(call.Pos())
		if c.name == "TimeSleep" && w.info.Types[call.Args[0]].Value == nil { // see rt.TimeSleep
			text = strings.Replace(text, `"~`, `"`, 1)
		}
		if len(call.Args) > 0 {
			text += ", "
		}
		w.after(args, text)
	case c.sel != nil:
		does := w.does(c.fn, c.sel.X, c.path)
		w.before(w.off(call.Pos()), w.touch(does, c.sel.Sel.Pos(), call.Args)+c.amp)
		w.after(w.off(c.sel.X.End()), c.path+")")
		if storesKey(c.fn) {
			w.key(call.Args[0])
		}
		w.again(call, does, call.Args)
	case c.fn == nil:
		does := w.does(nil, call.Fun, "")
		w.around(call.Fun, w.touch(does, call.Fun.Pos(), call.Args), ")")
		w.again(call, does, call.Args)
	case len(call.Args) > 0:
		does := w.does(c.fn, call.Args[0], "")
		w.around(call.Args[0], w.touch(does, call.Pos(), call.Args[1:]), ")")
		w.again(call, does, call.Args[1:])
	}
}

// rename puts rt's name in place of a function's or builtin's.
func (w *weaver) rename(fun ast.Expr, c callee) {
	fun = generic(fun) // what is instantiated keeps its types
	w.replace(w.off(fun.Pos()), w.off(fun.End()), w.fn(c.name))
	w.lose(ast.Unparen(fun))
}

// lose counts a use of an import that is gone.
func (w *weaver) lose(e ast.Expr) {
	switch x := e.(type) {
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok {
			if p, ok := w.info.Uses[id].(*types.PkgName); ok {
				w.lost[p]++
			}
		}
	case *ast.Ident:
		if o := w.info.Uses[x]; o != nil && o.Pkg() != nil && o.Pkg() != w.pkg.Types {
			w.dots[o.Pkg().Path()] = true
		}
	}
}

// mayYield reports whether a scheduling point may be passed while an expression is
// computed: its own, or one in a function that it calls, unless that is the standard library's.
func (w *weaver) mayYield(e ast.Expr) bool { return receivesOr(e, w.callYields) }

// receivesOr reports whether an expression receives from a channel while it is computed, or makes a call of a sort.
func receivesOr(e ast.Expr, isOf func(*ast.CallExpr) bool) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			found = found || isOf(n)
		}
		return !found
	})
	return found
}

func (w *weaver) callYields(call *ast.CallExpr) bool {
	if tv := w.info.Types[call.Fun]; tv.IsType() || tv.IsBuiltin() {
		return false
	}
	if w.calleeOf(call, false).form != plain {
		return true
	}
	fn := typeutil.StaticCallee(w.info, call) // nil: of an interface, or a variable
	return fn == nil || fn.Pkg() == nil || !w.links.isStd(fn.Pkg().Path())
}
