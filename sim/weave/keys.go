package weave

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A map's keys come in an order that rt makes. Where they hold addresses that is the order
// in which rt met them, so it is shown each key that is put in.

// storedKey weaves m[k] = v into m[rt.Key(k)] = v, where keys may hold addresses.
func (w *weaver) storedKey(x *ast.IndexExpr) {
	m, ok := core(w.info.TypeOf(x.X)).(*types.Map)
	if !ok || !keyHoldsAddress(m.Key()) {
		return
	}
	var inner ast.Expr = x
	for i := 0; ; i++ {
		switch p := w.parent(i).(type) {
		case *ast.ParenExpr:
			inner = p
			continue
		case *ast.AssignStmt:
			if slices.Contains(p.Lhs, inner) {
				w.key(x.Index)
			}
		case *ast.IncDecStmt:
			w.key(x.Index)
		case *ast.RangeStmt:
			if p.Key == inner || p.Value == inner {
				w.key(x.Index)
			}
		}
		return
	}
}

// key shows rt a key. One that is the same wherever it stands holds no address.
func (w *weaver) key(e ast.Expr) {
	if w.isStatic(e) || w.untyped(e) {
		return
	}
	w.points++
	w.around(e, w.fn("Key")+"(", ")")
}

// literalKeys does the same for the keys of a map that is written down. In one whose type is
// left out that is put in.
func (w *weaver) literalKeys(lit *ast.CompositeLit) {
	t := w.info.TypeOf(lit)
	if p, ok := t.Underlying().(*types.Pointer); ok { // an element of a list of pointers
		t = p.Elem()
	}
	m, ok := core(t).(*types.Map)
	if !ok || !keyHoldsAddress(m.Key()) {
		return
	}
	for _, e := range lit.Elts {
		k := e.(*ast.KeyValueExpr).Key
		if inner, ok := k.(*ast.CompositeLit); ok && inner.Type == nil {
			of, amp := m.Key(), ""
			if p, ok := of.Underlying().(*types.Pointer); ok {
				of, amp = p.Elem(), "&"
			}
			text, ok := w.typeText(of, k.Pos())
			if !ok {
				w.gap(k.Pos(), "a key of a type with no name here (%s)", w.short(of))
				continue
			}
			w.before(w.off(k.Pos()), amp+text)
		}
		w.key(k)
	}
}

// storesKey reports whether a method puts its first argument into a sync.Map.
func storesKey(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	path, name := qualified(fn)
	return path == "sync" && (name == "Map.Store" || name == "Map.Swap" || strings.HasPrefix(name, "Map.LoadOrStore"))
}

// keyHoldsAddress reports whether a map's keys may hold addresses.
func keyHoldsAddress(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		terms := termsOf(p)
		return len(terms) == 0 || slices.ContainsFunc(terms, keyHoldsAddress)
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return keyHoldsAddress(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if keyHoldsAddress(f.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// findSorted finds the calls of maps.Keys and its like whose result is put in order at
// once: in which order they come is no matter, and no choice. Where a function compares
// them it may be, since it can call two the same.
func (w *weaver) findSorted() {
	w.sorted = map[*ast.CallExpr]bool{}
	ast.Inspect(w.file, func(n ast.Node) bool {
		outer, ok := n.(*ast.CallExpr)
		if !ok || len(outer.Args) == 0 {
			return true
		}
		f := w.declared(outer.Fun)
		inner, ok := ast.Unparen(outer.Args[0]).(*ast.CallExpr)
		if f == nil || f.Pkg() == nil || !ok {
			return true
		}
		g := w.declared(inner.Fun)
		if f.Pkg().Path() == "slices" && f.Name() == "Sorted" && g != nil && g.Pkg() != nil && g.Pkg().Path() == "maps" {
			w.sorted[inner] = true
		}
		return true
	})
}
