package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"unicode"
)

// touch is the point before an operation that is one step, up to what is touched: it says for a
// person what that does, unless a later argument asks once more, which then says so.
func (w *weaver) touch(does string, at token.Pos, args []ast.Expr) string {
	if w.lastYield(args) >= 0 {
		return w.rt("At", at) + ", "
	}
	return w.rt("Touch", at) + ", " + strconv.Quote(does) + ", "
}

// again asks rt once more after the last argument in which others may have had their turn:
// nothing may come between the point and what it is a point of.
func (w *weaver) again(call *ast.CallExpr, does string, args []ast.Expr) {
	if i := w.lastYield(args); i >= 0 {
		before, after, ok := w.conversion(args[i])
		if !ok {
			w.gap(args[i].Pos(), "an operation that is not one step with its point, since a later argument has points of its "+
				"own")
			return
		}
		w.around(args[i], w.rt("Again", call.Pos())+", "+strconv.Quote(does)+", "+before, after+")")
	}
}

// named is the point of an operation whose operand has a new name: only what is done is said.
func (w *weaver) named(fn *types.Func, at token.Pos) string {
	return w.rt("Touch", at) + ", " + strconv.Quote(operationText(fn)) + ", "
}

// lastYield is the last of some arguments in which others may have their turn, -1 if there is none.
func (w *weaver) lastYield(args []ast.Expr) int {
	for i := len(args) - 1; i >= 0; i-- {
		if w.mayYield(args[i]) {
			return i
		}
	}
	return -1
}

// mostDoes is how long the text of what is touched may be.
const mostDoes = 24

// does is an operation and what it is done to: "compare-and-swap q.tail".
func (w *weaver) does(fn *types.Func, on ast.Expr, path string) string {
	text := operationText(fn)
	what := strings.TrimPrefix(string(w.src[w.off(on.Pos()):w.off(on.End())])+path, "&")
	if fn == nil || len(what) > mostDoes || strings.ContainsAny(what, "\n\"`(") {
		return text
	}
	return text + " " + what
}

// operationText is the name of an operation in words: LoadInt64 and Load are "load", CompareAndSwap is
// "compare-and-swap". Without a function it is a context that is cancelled.
func operationText(fn *types.Func) string {
	if fn == nil {
		return "cancel"
	}
	name := fn.Name()
	for _, of := range []string{"Int32", "Int64", "Uint32", "Uint64", "Uintptr", "Pointer"} {
		if fn.Signature().Recv() == nil {
			name = strings.TrimSuffix(name, of)
		}
	}
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
