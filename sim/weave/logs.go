package weave

import (
	"go/ast"
	"go/types"
	"strings"
)

// Loggers of the standard library take a lock while they write, and a writer that is woven lets others go on
// then: they must not come to that lock, where no scheduler sees them. So who logs waits first until it is
// free.

// logging are the methods and functions of packages log and log/slog that do.
var logging = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields("Print Printf Println Fatal Fatalf Fatalln Panic Panicf Panicln Output " +
		"Debug Info Warn Error DebugContext InfoContext WarnContext ErrorContext Log LogAttrs Handle") {
		m[name] = true
	}
	return m
}()

// logs has a call of a logger, or of what may be one behind an interface, wait until the logger's lock is free.
func (w *weaver) logs(call *ast.CallExpr) {
	fn := w.declared(call.Fun)
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if fn == nil && ok {
		if s := w.info.Selections[sel]; s != nil {
			fn, _ = s.Obj().(*types.Func)
		}
	}
	if !ok || fn == nil || !logging[fn.Name()] || len(call.Args) == 0 {
		return
	}
	of, on := string(w.src[w.off(sel.X.Pos()):w.off(sel.X.End())]), call.Args[len(call.Args)-1]
	recv := fn.Signature().Recv()
	if recv != nil && !isPath(sel.X) { // it is asked for once only, before what is logged
		of, on = "nil", sel.X
	}
	switch ofLog := fn.Pkg() != nil && (fn.Pkg().Path() == "log" || fn.Pkg().Path() == "log/slog"); {
	case ofLog && recv == nil:
		of += ".Default()"
	case recv == nil, !ofLog && !types.IsInterface(recv.Type()):
		return
	}
	name := "Unlocked"
	before, after, ok := w.conversion(on)
	if !ok {
		return
	}
	if _, alone := w.parent(0).(*ast.ExprStmt); alone && isList(w.parent(1)) {
		name = "Logs"
		w.after(w.off(call.End()), "; "+w.fn("Logged")+"()")
	}
	w.around(on, w.rt(name, call.Pos())+", "+of+", "+before, after+")")
}

// isList reports whether a node has statements one after the other.
func isList(n ast.Node) bool {
	switch n.(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// isPath reports whether an expression is made of names and dots only.
func isPath(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPath(e.X)
	}
	return false
}
