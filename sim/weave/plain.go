package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// Plain reads and writes of memory that others may reach by a pointer go through rt as well, if that is
// asked for (Options.Plain): rt sees which lines touch the same memory without a common lock, and makes those
// points.
//
//	c.n++        becomes  *rt.Wrote(site, "c.n", &c.n) = rt.Then(site, "c.n", (*rt.Read(site, "c.n", &c.n))+1)
//	c.m[k] = v   becomes  rt.WriteMap(site, "c.m", (*rt.Read(site, "c.m", &c.m)))[k] = v
//	c.e = f()    becomes  { t := f(); *rt.Write(site, "c.e", &c.e) = t }
//
// The address comes when the compiler would load or store: what a call on the right does to it comes first.

// use is what happens to an expression that is a place in memory.
type use int

const (
	unread  use = iota // only its address, or a part of it, is taken
	isRead             //
	changed            // see assigned
)

// place weaves the read of a place.
func (w *weaver) place(e ast.Expr) {
	if !w.plain || w.useOf(e) != isRead {
		return
	}
	if x, ok := e.(*ast.IndexExpr); ok && isMap(w.info.TypeOf(x.X)) {
		w.ofMap("ReadMap", x.X)
	} else if w.isPlace(e) {
		w.around(e, "(*"+w.access("Read", e)+", &", "))")
	}
}

// ofMap weaves what is done to the contents of a map.
func (w *weaver) ofMap(name string, m ast.Expr) {
	w.around(m, w.access(name, m)+", ", ")")
}

// access spells the beginning of a call for an access.
func (w *weaver) access(name string, e ast.Expr) string {
	w.plains++
	return w.fn(name) + "(" + strconv.Quote(w.site0+strconv.Itoa(w.line(e.Pos()))) + ", " + strconv.Quote(w.shortly(e))
}

// isPlace reports whether an expression is a place that others may reach too: behind a pointer, in a slice, a variable
// of the package, or one that is captured.
func (w *weaver) isPlace(e ast.Expr) bool {
	e = ast.Unparen(e)
	if tv := w.info.Types[e]; !tv.Addressable() {
		return false
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := w.info.Uses[e].(*types.Var)
		return ok && (v.Parent() == w.pkg.Types.Scope() || w.shared[v])
	case *ast.StarExpr:
		return true
	case *ast.SelectorExpr:
		s := w.info.Selections[e]
		return s != nil && s.Kind() == types.FieldVal && (s.Indirect() || w.isPlace(e.X))
	case *ast.IndexExpr:
		switch core(w.info.TypeOf(e.X)).(type) {
		case *types.Slice, *types.Pointer:
			return true
		case *types.Array:
			return w.isPlace(e.X)
		}
	}
	return false
}

// useOf is what is done to the visited expression, by what it lies in.
func (w *weaver) useOf(e ast.Expr) use {
	var inner ast.Node = e
	for i := range w.stack {
		if x, ok := w.parent(i).(ast.Expr); ok && w.info.Types[x].Value != nil {
			return unread // len(c.array) is a constant
		}
	}
	for i := 0; ; i++ {
		switch p := w.parent(i).(type) {
		case *ast.ParenExpr:
			inner = p
			continue
		case *ast.SelectorExpr:
			return w.selected(e, p)
		case *ast.UnaryExpr:
			return only(p.Op != token.AND)
		case *ast.IndexExpr:
			return only(p.X != inner || !isArray(w.info.TypeOf(e)))
		case *ast.SliceExpr:
			return only(p.X != inner || !isArray(w.info.TypeOf(e)))
		case *ast.RangeStmt:
			return only(p.X == inner && !isArray(w.info.TypeOf(e)))
		case *ast.AssignStmt:
			if slices.Contains(p.Lhs, inner.(ast.Expr)) {
				return changed
			}
		case *ast.IncDecStmt:
			return changed
		case *ast.CallExpr:
			b, ok := w.info.Uses[calledName(p.Fun)].(*types.Builtin)
			if ok && (isArray(w.info.TypeOf(e)) || b.Pkg() != nil) { // len, or of package unsafe
				return unread
			}
		}
		return isRead
	}
}

func only(reads bool) use {
	if reads {
		return isRead
	}
	return unread
}

// selected is what is done to an expression of which something is selected: a struct is not read for one of
// its fields, or for a method that takes its address.
func (w *weaver) selected(e ast.Expr, p *ast.SelectorExpr) use {
	s := w.info.Selections[p]
	if s == nil || p.X != e && ast.Unparen(p.X) != e {
		return unread
	}
	switch core(w.info.TypeOf(e)).(type) {
	case *types.Pointer, *types.Interface:
		return isRead
	}
	if s.Kind() == types.FieldVal {
		return unread
	}
	_, byAddress := s.Obj().(*types.Func).Signature().Recv().Type().Underlying().(*types.Pointer)
	return only(!byAddress)
}

func calledName(fun ast.Expr) *ast.Ident {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

func isMap(t types.Type) bool   { _, ok := core(t).(*types.Map); return ok }
func isArray(t types.Type) bool { _, ok := core(t).(*types.Array); return ok }

// shortly is an expression for a person.
func (w *weaver) shortly(e ast.Expr) string {
	text := strings.Join(strings.Fields(string(w.src[w.off(e.Pos()):w.off(e.End())])), " ")
	if r := []rune(text); len(r) > mostDoes {
		text = string(r[:mostDoes-1]) + "…"
	}
	return strings.NewReplacer("->", "", "`", "'", `"`, "'").Replace(text)
}
