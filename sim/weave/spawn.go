package weave

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// spawn weaves a go statement: what is called and with what is computed now, as Go
// does, and called in the goroutine that rt starts.
//
//	go f(x, 1)
//
// becomes, without the names' prefix,
//
//	{ a1 := x; rt.Go(site, func() { f(a1, 1) }) }
//
// In the same way it defers an operation before which rt is only asked, since it is to
// be asked when the operation is done, not when it is deferred.
func (w *weaver) spawn(s ast.Stmt, call *ast.CallExpr, keyword string) {
	w.foreign(call)
	for i, a := range call.Args {
		if _, _, ok := w.conversion(a); !ok && !w.isStatic(a) {
			w.gap(s.Pos(), "a %s statement whose argument %d has a type with no name here (%s)", keyword, i+1,
				w.short(w.info.TypeOf(a)))
			return
		}
	}
	c := w.calleeOf(call, true)
	if keyword == "go" && w.isDirect(call, c) { // rt can have the function as it is
		w.replace(w.off(s.Pos()), w.off(call.Pos()), w.rt("Go", s.Pos())+", ")
		w.between(call.Lparen, call.Rparen+1, ")")
		return
	}
	fun, lead, begun := w.spawned(s.Pos(), call, c)
	args, begun := w.arguments(call.Args, begun)
	if c.form == asked && c.sel == nil && c.fn != nil {
		args[0] = w.named(c.fn, call.Pos()) + args[0] + ")"
	}
	args = append(lead, args...)
	if call.Ellipsis != token.NoPos {
		args[len(args)-1] += "..."
	}
	open, end := "defer func() { ", " }()"
	if keyword == "go" {
		open, end = w.rt("Go", s.Pos())+", func() { ", " })"
	}
	if begun {
		open, end = "; "+open, end+" }"
	}
	last := call.Lparen + 1
	if n := len(call.Args); n > 0 {
		last = call.Args[n-1].End()
	}
	text := open + fun + "(" + strings.Join(args, ", ") + ")" + end
	if home, now := w.fset.Position(s.Pos()).Line, w.fset.Position(last).Line; home != now {
		text = lineMark(home) + text + lineMark(now)
	}
	w.between(last, call.Rparen+1, text)
}

// isDirect reports whether a call is one of a function value without arguments or results.
func (w *weaver) isDirect(call *ast.CallExpr, c callee) bool {
	sig, ok := core(w.info.TypeOf(call.Fun)).(*types.Signature)
	return ok && c.form == plain && sig.Params().Len() == 0 && sig.Results().Len() == 0 && !w.isNamed(call.Fun)
}

// isNamed reports whether what is called is a function or builtin by its name.
func (w *weaver) isNamed(fun ast.Expr) bool {
	return w.info.Types[fun].IsBuiltin() || w.declared(fun) != nil
}

// spawned computes what is called, and returns what to call then, and the arguments that
// come before the call's own. It begins a block, unless that would stay empty.
func (w *weaver) spawned(start token.Pos, call *ast.CallExpr, c callee) (fun string, lead []string, begun bool) {
	switch {
	case c.sel != nil:
		p := w.temp("p")
		w.between(start, call.Pos(), "{ "+p+" := "+c.amp)
		w.between(c.sel.X.End(), call.Lparen+1, c.path)
		if c.form == called {
			return w.fn(c.name), []string{w.site(c.sel.Sel.Pos()), p}, true
		}
		return w.named(c.fn, c.sel.Sel.Pos()) + p + ")." + c.fn.Name(), nil, true
	case c.form == called:
		w.rename(call.Fun, c)
		lead = []string{w.site(call.Pos())}
		fallthrough
	case w.isNamed(call.Fun):
		fun = oneLine(w.take(w.off(call.Fun.Pos()), w.off(call.Fun.End())), 0)
		block := ""
		if slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return !w.isStatic(a) }) {
			block = "{ "
		}
		w.between(start, call.Lparen+1, block)
		return fun, lead, false
	}
	f := w.temp("f")
	w.between(start, call.Pos(), "{ "+f+" := ")
	w.between(call.Lparen, call.Lparen+1, "")
	if c.form == asked {
		return w.named(nil, call.Pos()) + f + ")", nil, true
	}
	return f, nil, true
}

// arguments computes arguments into variables, in place, and returns what to pass then.
// A block that was begun goes on with a semicolon.
func (w *weaver) arguments(list []ast.Expr, begun bool) (args []string, _ bool) {
	next := func() string {
		if begun {
			return "; "
		}
		begun = true
		return ""
	}
	if w.isTuple(list) {
		for range w.info.TypeOf(list[0]).(*types.Tuple).Len() {
			args = append(args, w.temp("a"))
		}
		w.before(w.off(list[0].Pos()), next()+strings.Join(args, ", ")+" := ")
		return args, begun
	}
	for i, a := range list {
		if i > 0 {
			w.between(list[i-1].End(), a.Pos(), "")
		}
		lo, hi := w.off(a.Pos()), w.off(a.End())
		if w.isStatic(a) {
			args = append(args, oneLine(w.take(lo, hi), 0))
			w.replace(lo, hi, w.newlines(lo, hi))
			continue
		}
		name := w.temp("a")
		before, after, _ := w.conversion(a)
		w.around(a, next()+name+" := "+before, after)
		args = append(args, name)
	}
	return args, begun
}
