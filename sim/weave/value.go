package weave

import (
	"go/ast"
	"go/types"
	"strings"
)

// selector weaves a function or method that is a value and not called: a selector.
func (w *weaver) selector(s *ast.SelectorExpr) {
	if w.renamed(s) || w.isCalled(s) {
		return
	}
	selection := w.info.Selections[s]
	switch {
	case selection == nil:
		w.function(s, s.Sel)
	case selection.Kind() == types.MethodExpr:
		w.methodExpr(s, selection)
	case selection.Kind() == types.MethodVal:
		if c := w.methodOf(s, true); c.form != plain {
			w.methodValue(s, c)
		}
	}
}

// ident is selector for a name that is not selected of anything.
func (w *weaver) ident(id *ast.Ident) {
	if !w.renamed(id) && !w.isCalled(id) {
		w.function(id, id)
	}
}

// isCalled reports whether the visited expression is what a call calls. The method of a
// call in parentheses counts as a value, as does a function that is instantiated and not called.
func (w *weaver) isCalled(e ast.Expr) bool {
	var inner ast.Node = e
	_, isMethod := e.(*ast.SelectorExpr)
	isMethod = isMethod && w.info.Selections[e.(*ast.SelectorExpr)] != nil
	for i := 0; ; i++ {
		switch p := w.parent(i).(type) {
		case *ast.CallExpr:
			return p.Fun == inner
		case *ast.ParenExpr:
			if isMethod {
				return false
			}
			inner = p
		case *ast.IndexExpr, *ast.IndexListExpr:
			if generic(p.(ast.Expr)) != inner {
				return false
			}
			inner = p
		default:
			return false
		}
	}
}

// function weaves time.Now as a value into a function that calls rt's.
func (w *weaver) function(e ast.Expr, id *ast.Ident) {
	fn, ok := w.info.Uses[id].(*types.Func)
	if !ok || fn.Signature().Recv() != nil {
		return
	}
	op := operationOf(fn, nil)
	if op.form == plain {
		return
	}
	params, args, results, ok := w.signature(fn.Signature(), e)
	if !ok {
		w.gap(e.Pos(), "%s as a value, whose type has no name here", fn.FullName())
		return
	}
	source := string(w.src[w.off(e.Pos()):w.off(e.End())])
	body := ""
	if op.form == called {
		body = w.rt(op.name, e.Pos()) + commas(args) + ")"
		w.lose(e)
	} else {
		body = source + "(" + w.named(fn, e.Pos()) + args[0] + ")" + commas(args[1:]) + ")"
	}
	w.replace(w.off(e.Pos()), w.off(e.End()), literal(params, results, body))
}

// methodValue weaves mu.Lock as a value: the receiver is computed now, and rt asked later.
func (w *weaver) methodValue(s *ast.SelectorExpr, c callee) {
	sig := w.info.TypeOf(s).(*types.Signature)
	end := func(text string) { w.replace(w.off(s.X.End()), w.off(s.End()), c.path+text) }
	recv, isLocker := c.fn.Signature().Recv().Type(), strings.HasPrefix(c.name, "Locker")
	if c.form == called && sig.Params().Len() == 0 && sig.Results().Len() == 0 &&
		(!isLocker || c.path == "" && types.Identical(w.info.TypeOf(s.X), recv)) {
		w.before(w.off(s.Pos()), w.rt("Bound", s.Sel.Pos())+", "+w.fn(c.name)+", "+c.amp)
		end(w.newlines(w.off(s.X.End()), w.off(s.End())) + ")")
		return
	}
	if tv := w.info.TypeOf(s.X); c.path == "" { // an instance, where the method is of a generic type
		recv = tv
		if _, ok := tv.Underlying().(*types.Pointer); !ok && c.amp != "" {
			recv = types.NewPointer(tv)
		}
	}
	text, known := w.typeText(recv, s.Pos())
	params, args, results, ok := w.signature(sig, s)
	if !ok || !known {
		w.gap(s.Pos(), "%s as a value, whose type has no name here", c.fn.FullName())
		return
	}
	p := w.temp("p")
	body := ""
	if c.form == called {
		body = w.rt(c.name, s.Sel.Pos()) + commas(append([]string{p}, args...)) + ")"
	} else {
		body = w.named(c.fn, s.Sel.Pos()) + p + ")." + c.fn.Name() + "(" + strings.Join(args, ", ") + ")"
	}
	w.before(w.off(s.Pos()), "func("+p+" "+text+") "+strings.TrimSpace("func("+params+") "+results)+" { return "+
		literalOf(params, results, body)+" }("+c.amp)
	end(w.trailing(s) + ")")
}

// trailing is what closes a list of arguments after the operand of a selector, whose
// lines may be broken.
func (w *weaver) trailing(s *ast.SelectorExpr) string {
	if nl := w.newlines(w.off(s.X.End()), w.off(s.End())); nl != "" {
		return "," + nl
	}
	return ""
}

// methodExpr weaves (*sync.Mutex).Lock.
func (w *weaver) methodExpr(s *ast.SelectorExpr, selection *types.Selection) {
	fn := selection.Obj().(*types.Func)
	op := operationOf(fn, selection.Recv())
	if op.form == plain {
		return
	}
	params, args, results, ok := w.signature(w.info.TypeOf(s).(*types.Signature), s)
	if !ok || len(selection.Index()) > 1 {
		w.gap(s.Pos(), "the method expression %s", string(w.src[w.off(s.Pos()):w.off(s.End())]))
		return
	}
	body := ""
	if op.form == called {
		body = w.rt(op.name, s.Pos()) + commas(args) + ")"
	} else {
		body = w.named(fn, s.Pos()) + args[0] + ")." + fn.Name() + "(" + strings.Join(args[1:], ", ") + ")"
	}
	nl := w.newlines(w.off(s.Pos()), w.off(s.End()))
	w.take(w.off(s.Pos()), w.off(s.End()))
	w.replace(w.off(s.Pos()), w.off(s.End()), literal(params, results, nl+body))
}

// signature spells what a function takes and gives, with new names for what it takes,
// if all of it can be spelled at e.
func (w *weaver) signature(sig *types.Signature, e ast.Expr) (params string, args []string, results string, ok bool) {
	if sig.TypeParams().Len() > 0 || sig.Variadic() {
		return "", nil, "", false
	}
	var ps, rs []string
	ok = true
	for p := range sig.Params().Variables() {
		t, known := w.typeText(p.Type(), e.Pos())
		name := w.temp("a")
		ok = ok && known
		args, ps = append(args, name), append(ps, name+" "+t)
	}
	for r := range sig.Results().Variables() {
		t, known := w.typeText(r.Type(), e.Pos())
		ok = ok && known
		rs = append(rs, t)
	}
	results = strings.Join(rs, ", ")
	if len(rs) > 1 {
		results = "(" + results + ")"
	}
	return strings.Join(ps, ", "), args, results, ok
}

// literal spells a function, in parentheses: a block may follow it.
func literal(params, results, body string) string {
	return "(" + literalOf(params, results, body) + ")"
}

func literalOf(params, results, body string) string {
	if results != "" {
		return "func(" + params + ") " + results + " { return " + body + " }"
	}
	return "func(" + params + ") { " + body + " }"
}

// commas spells arguments that come after others.
func commas(args []string) string {
	text := ""
	for _, a := range args {
		text += ", " + a
	}
	return text
}
