package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// findCaptured finds the variables of functions that functions inside them use, too, and that change when they are
// declared: others may reach them as well.
func (w *weaver) findCaptured() {
	inside, changed := map[types.Object]bool{}, map[types.Object]bool{}
	var literals []*ast.FuncLit
	var stack []ast.Node
	ast.Inspect(w.file, func(n ast.Node) bool {
		if n == nil {
			if _, ok := stack[len(stack)-1].(*ast.FuncLit); ok {
				literals = literals[:len(literals)-1]
			}
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		switch n := n.(type) {
		case *ast.FuncLit:
			literals = append(literals, n)
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				changed[w.info.Uses[w.base(l)]] = true
			}
		case *ast.IncDecStmt:
			changed[w.info.Uses[w.base(n.X)]] = true
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				changed[w.info.Uses[w.base(n.X)]] = true
			}
		case *ast.Ident:
			if v, ok := w.info.Uses[n].(*types.Var); ok && !v.IsField() && len(literals) > 0 {
				in := literals[len(literals)-1]
				inside[v] = inside[v] || v.Pos() < in.Pos() || v.Pos() > in.End()
			}
		}
		return true
	})
	w.captured = map[types.Object]bool{}
	for v := range inside {
		w.captured[v] = changed[v]
	}
}

// base is the variable that a place is or lies in, nil if it is none.
func (w *weaver) base(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		if s := w.info.Selections[e]; s != nil && s.Kind() == types.FieldVal && !s.Indirect() {
			return w.base(e.X)
		}
	case *ast.IndexExpr:
		if isArray(w.info.TypeOf(e.X)) {
			return w.base(e.X)
		}
	}
	return nil
}

// parted weaves an access to a place, all of whose parts are taken in if it is a struct.
func (w *weaver) parted(name string, e ast.Expr) {
	open, end, around := "*"+w.access(name, e)+", &", ")", ""
	if name == "Read" {
		around = "("
	}
	if at := w.parts(nil, w.info.TypeOf(e), 0); len(at) > 1 {
		open = "*" + w.fn("Parts") + "(" + strconv.Quote(w.site0+strconv.Itoa(w.line(e.Pos()))) + ", " +
			strconv.Quote(string(at[1:])) + ", " + strconv.FormatBool(name != "Read") + ", " + open[1:]
		end += ")"
	}
	w.before(w.off(e.Pos()), around+open)
	w.after(w.off(e.End()), end+strings.Repeat(")", len(around)))
}

// mostParts is how many parts of a struct are taken in, and mostOffset how far they lie inside.
const mostParts, mostOffset = 16, 127

// parts appends where the parts of a type begin, behind an offset.
func (w *weaver) parts(at []byte, t types.Type, offset int64) []byte {
	if !sized(t) {
		return at
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		if offset <= mostOffset && len(at) < mostParts {
			at = append(at, byte(offset))
		}
		return at
	}
	var fields []*types.Var
	for f := range s.Fields() {
		fields = append(fields, f)
	}
	for i, from := range w.pkg.TypesSizes.Offsetsof(fields) {
		at = w.parts(at, fields[i].Type(), offset+from)
	}
	return at
}

// sized reports whether the size of a type is known here.
func sized(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return sized(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !sized(f.Type()) {
				return false
			}
		}
	}
	return true
}
