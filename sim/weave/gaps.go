package weave

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// Gap is something that the scheduler will not control, since it cannot be woven.
type Gap struct {
	File string // absolute
	Line int
	What string
}

// String is the gap as file:line: what.
func (g Gap) String() string { return fmt.Sprintf("%s:%d: %s", g.File, g.Line, g.What) }

// packageGaps names what a package has beside its Go files.
func packageGaps(p *packages.Package) (gaps []Gap) {
	for _, f := range p.OtherFiles {
		switch filepath.Ext(f) {
		case ".s", ".S", ".sx":
			gaps = append(gaps, Gap{f, 1, "assembly"})
		default:
			gaps = append(gaps, Gap{f, 1, "code that is not Go"})
		}
	}
	return gaps
}

// fileGaps names what a file's imports and comments tell.
func (w *weaver) fileGaps() {
	for _, spec := range w.file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		switch {
		case path == "unsafe":
			w.gap(spec.Pos(), "package unsafe: what it reaches is not seen")
		case w.links.concurrent(path):
			w.gap(spec.Pos(), "package %s, which is not woven, and has locks or goroutines", path)
		}
	}
	for _, group := range w.file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:linkname ") && !w.relink(c) {
				w.gap(c.Pos(), "%s", strings.TrimPrefix(c.Text, "//"))
			}
		}
	}
}

// uncontrolled names a use of a function that no schedule controls, and has a run that comes
// there tell so: e is the use, a name or selector.
func (w *weaver) uncontrolled(e ast.Expr, fn *types.Func) {
	why := whyUncontrolled(fn)
	if why == "" {
		return
	}
	what := fullName(fn) + ": " + why
	w.gap(nameOf(e).Pos(), "%s", what)
	w.tells(e, e.Pos(), what)
}

// fullName is a function's name with its package and the type it is a method of.
func fullName(fn *types.Func) string {
	return strings.NewReplacer("(", "", ")", "").Replace(fn.FullName())
}

// tells puts a call around an expression, or around the receiver of a selected method, that
// says what a run comes upon there.
func (w *weaver) tells(e ast.Expr, at token.Pos, what string) {
	w.points++
	if s, ok := e.(*ast.SelectorExpr); ok {
		if selection := w.info.Selections[s]; selection != nil && selection.Kind() == types.MethodVal {
			e = s.X
		}
	}
	site := w.site0 + strconv.Itoa(w.line(at)) + ": "
	w.around(e, w.fn("Gap")+"("+strconv.Quote(site+what)+", ", ")")
}

// nameOf is the name in a name or selector.
func nameOf(e ast.Expr) *ast.Ident {
	if s, ok := e.(*ast.SelectorExpr); ok {
		return s.Sel
	}
	return e.(*ast.Ident)
}

// addressNumber names a conversion of an address to a number, unless it is one on the way
// to another address.
func (w *weaver) addressNumber(call *ast.CallExpr) {
	to, ok := core(w.info.TypeOf(call.Fun)).(*types.Basic)
	if !ok || to.Kind() != types.Uintptr || !w.info.Types[call.Fun].IsType() ||
		!isUnsafePointer(w.info.TypeOf(call.Args[0])) {
		return
	}
	for i := 0; ; i++ {
		switch p := w.parent(i).(type) {
		case *ast.BinaryExpr, *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			if w.info.Types[p.Fun].IsType() && isUnsafePointer(w.info.TypeOf(p.Fun)) {
				return
			}
		}
		break
	}
	const what = "an address as a number"
	w.gap(call.Pos(), what)
	w.tells(call.Args[0], call.Pos(), what)
}

func isUnsafePointer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// foreign names a call that gives a lock or a channel to code that is not woven.
func (w *weaver) foreign(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(w.info, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil || w.links.woven[fn.Pkg().Path()] || ownHandling[fn.Pkg().Path()] {
		return
	}
	for _, a := range call.Args {
		if t := w.info.TypeOf(a); t != nil {
			if what := handedOver(t); what != "" {
				w.gap(a.Pos(), "a %s is given to %s, which is not woven", what, fullName(fn))
			}
		}
	}
}

// ownHandling are packages to which locks and channels can be given: woven calls see to
// them, or they do nothing with them.
var ownHandling = map[string]bool{
	"sync": true, "sync/atomic": true, "hash/maphash": true, "fmt": true, "log": true, "errors": true,
	"slices": true, "maps": true, "sort": true, "os/signal": true, rtPath: true,
}

// handedOver is what of a type matters to the scheduler, or "".
func handedOver(t types.Type) string {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return "channel"
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "sync" {
		return ""
	}
	return "sync." + n.Obj().Name()
}
