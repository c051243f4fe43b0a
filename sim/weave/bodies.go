package weave

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/packages"
)

// Tests are woven as bodies: everywhere *body.T stands in place of *testing.T, each test has
// another name, and under its own is one that runs it as package body does. So the rest is
// the go command's: which tests are run, TestMain, the log.

// bodyPath is the package whose T such tests are given.
const bodyPath = "batchlab/sim/body"

// asBody puts package body's T, or a test's other name, in place of a name or selector, and reports
// whether it did.
func (w *weaver) asBody(e ast.Expr, o types.Object) bool {
	switch {
	case !w.links.bodies:
		return false
	case isTestingT(o):
		w.points++
		w.bodies = true
		w.replace(w.off(e.Pos()), w.off(e.End()), w.prefix+"body.T")
		w.lose(e)
		return true
	case w.isTest(o):
		w.before(w.off(nameOf(e).Pos()), w.prefix)
		return true
	}
	return false
}

// testDecl gives a test its other name where it is declared.
func (w *weaver) testDecl(f *ast.FuncDecl) {
	if w.links.bodies && w.isTest(w.info.Defs[f.Name]) {
		w.before(w.off(f.Name.Pos()), w.prefix)
	}
}

func isTestingT(o types.Object) bool {
	_, ok := o.(*types.TypeName)
	return ok && o.Name() == "T" && o.Pkg() != nil && o.Pkg().Path() == "testing" && o.Parent() == o.Pkg().Scope()
}

// isTest reports whether an object is a test of this package, as the go command sees it.
func (w *weaver) isTest(o types.Object) bool {
	fn, ok := o.(*types.Func)
	if !ok || fn.Pkg() != w.pkg.Types || fn.Signature().Recv() != nil || fn.Signature().TypeParams().Len() > 0 ||
		fn.Signature().Params().Len() != 1 || fn.Signature().Results().Len() > 0 {
		return false
	}
	after, ok := strings.CutPrefix(fn.Name(), "Test")
	first, _ := utf8.DecodeRuneInString(after)
	return ok && (after == "" || !unicode.IsLower(first)) && isPointerToT(fn.Signature().Params().At(0).Type()) &&
		strings.HasSuffix(w.fset.Position(fn.Pos()).Filename, "_test.go")
}

func isPointerToT(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && isTestingT(n.Obj())
}

// ofBubbles are functions of package testing/synctest, and what of package body stands in for them.
var ofBubbles = map[string]string{"testing/synctest.Test": "Synctest", "testing/synctest.Wait": "SynctestWait"}

// outside has a test that gives its T to the standard library say that it cannot be run. A function
// of a T that is given along is made to fit.
func (w *weaver) outside(call *ast.CallExpr) {
	fn := w.declared(call.Fun)
	if !w.links.bodies || fn == nil || fn.Pkg() == nil || !w.links.isStd(fn.Pkg().Path()) {
		return
	}
	if served, ok := ofBubbles[fn.FullName()]; ok {
		w.points++
		w.bodies = true
		w.replace(w.off(call.Fun.Pos()), w.off(call.Fun.End()), w.prefix+"body."+served)
		w.lose(call.Fun)
		if served == "SynctestWait" {
			w.after(w.off(call.Lparen)+1, w.site(call.Pos()))
		}
		return
	}
	params := fn.Signature().Params()
	for i, a := range call.Args[:min(params.Len(), len(call.Args))] {
		t := w.info.TypeOf(a)
		switch f, ok := t.(*types.Signature); {
		case isPointerToT(params.At(i).Type()) && isPointerToT(t):
			what := fmt.Sprintf("%s%d: %s takes a *testing.T", w.site0, w.line(a.Pos()), fn.FullName())
			w.points++
			w.around(a, "(", ").Outside("+strconv.Quote(what)+")")
		case ok && !types.IsInterface(params.At(i).Type()) && f.Params().Len() == 1 &&
			isPointerToT(f.Params().At(0).Type()) && f.Results().Len() < 2:
			w.points++
			w.bodies = true
			w.around(a, w.prefix+"body."+[]string{"Never", "NeverOf"}[f.Results().Len()]+"(", ")")
		}
	}
}

// bodiesFile is the file with the tests of a package under their own names; ok is false if it has none.
func bodiesFile(p *packages.Package, prefix string) (f File, ok bool) {
	w := &weaver{pkg: p, fset: p.Fset, info: p.TypesInfo}
	var tests []string
	for _, tree := range p.Syntax {
		for _, d := range tree.Decls {
			if fd, is := d.(*ast.FuncDecl); is && w.isTest(p.TypesInfo.Defs[fd.Name]) {
				tests = append(tests, fd.Name.Name)
			}
		}
	}
	if len(tests) == 0 || p.ForTest == "" {
		return File{}, false
	}
	slices.Sort(tests)
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n\t%sbody %q\n\t%stesting \"testing\"\n)\n", p.Name, prefix, bodyPath, prefix)
	for _, name := range tests {
		fmt.Fprintf(&b, "\nfunc %s(t *%[2]stesting.T) { %[2]sbody.Test(t, %[2]s%[1]s) }\n", name, prefix)
	}
	name := "batchlab_bodies_test.go"
	if strings.HasSuffix(p.Name, "_test") {
		name = "batchlab_xbodies_test.go"
	}
	return File{Name: filepath.Join(p.Dir, name), Woven: []byte(b.String())}, true
}
