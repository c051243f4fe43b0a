package weave

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
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
			if strings.HasPrefix(c.Text, "//go:linkname ") {
				w.gap(c.Pos(), "%s", strings.TrimPrefix(c.Text, "//"))
			}
		}
	}
}

// noteUncontrolled names a use of a function that no schedule controls.
func (w *weaver) noteUncontrolled(id *ast.Ident, fn *types.Func) {
	why := whyUncontrolled(fn)
	if why == "" {
		return
	}
	// The order of a map's keys is no matter when they are sorted at once.
	if path, _ := qualified(fn); path == "maps" {
		if outer, ok := w.parent(1).(*ast.CallExpr); ok {
			if f := w.declared(outer.Fun); f != nil && f.Pkg().Path() == "slices" && strings.HasPrefix(f.Name(), "Sorted") {
				return
			}
		}
	}
	w.gap(id.Pos(), "%s: %s", strings.NewReplacer("(", "", ")", "").Replace(fn.FullName()), why)
}

// noteHash names a use of maphash.Hash, which seeds itself.
func (w *weaver) noteHash(id *ast.Ident) {
	if t, ok := w.info.Uses[id].(*types.TypeName); ok && t.Pkg() != nil && t.Pkg().Path() == "hash/maphash" && t.Name() == "Hash" {
		w.gap(id.Pos(), "hash/maphash.Hash: a random seed, unless SetSeed is called")
	}
}

// foreign names a call that gives a lock or a channel to code that is not woven.
func (w *weaver) foreign(call *ast.CallExpr) {
	var fn *types.Func
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		fn, _ = w.info.Uses[f.Sel].(*types.Func)
	default:
		fn = w.declared(f)
	}
	if fn == nil || fn.Pkg() == nil || w.links.woven[fn.Pkg().Path()] || ownHandling[fn.Pkg().Path()] {
		return
	}
	for _, a := range call.Args {
		if t := w.info.TypeOf(a); t != nil {
			if what := handedOver(t); what != "" {
				w.gap(a.Pos(), "a %s is given to %s, which is not woven", what, strings.NewReplacer("(", "", ")", "").Replace(fn.FullName()))
			}
		}
	}
}

// ownHandling are packages to which locks and channels can be given: woven calls see to
// them, or they do nothing with them.
var ownHandling = map[string]bool{
	"sync": true, "sync/atomic": true, "fmt": true, "log": true, "errors": true, "slices": true, "maps": true, "sort": true, "os/signal": true, rtPath: true,
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
