package weave

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// rtPath is the package that woven code calls.
const rtPath = "batchlab/sim/weave/rt"

// weaver weaves one file.
type weaver struct {
	edits
	fset *token.FileSet
	pkg  *packages.Package
	info *types.Info
	file *ast.File
	tok  *token.File

	name    string // of the file
	site0   string // what comes before the line in a site
	prefix  string // of all names that are put in
	links   *links
	stack   []ast.Node // what the node that is visited lies in
	held    map[ast.Node]bool
	labels  map[*types.Label]*label
	lost    map[*types.PkgName]int // uses of an import that are gone
	dots    map[string]bool        // packages imported with a dot, of whose names one is gone
	sorted  map[*ast.CallExpr]bool // of a map's keys, which are put in order at once
	temps   int
	points  int
	plain   bool                // plain accesses are woven here
	wants   bool                // and in the file
	plains  int                 // how many were
	shared  map[*types.Var]bool // see captured
	bodies  bool                // package body is called
	relinks bool                // to functions of package rt, which is not called for that
	gaps    []Gap
}

// label is where a label is used.
type label struct {
	gotos  int
	breaks []*ast.Ident
}

// weaveFile returns the woven text of a file, nil if there is nothing to weave in it.
func weaveFile(p *packages.Package, file *ast.File, src []byte, prefix string, opts Options, l *links) *weaver {
	w := &weaver{
		edits: edits{src: src}, fset: p.Fset, pkg: p, info: p.TypesInfo, file: file, tok: p.Fset.File(file.Package),
		prefix: prefix, links: l, held: map[ast.Node]bool{}, labels: map[*types.Label]*label{},
		lost: map[*types.PkgName]int{}, dots: map[string]bool{}, wants: opts.Plain,
	}
	w.name = w.tok.Name()
	w.site0 = filepath.Base(w.name) + ":"
	if slices.Contains(opts.Quiet, p.PkgPath) {
		w.site0, w.wants = "~"+w.site0, false
	}
	if w.plain = w.wants; w.plain {
		w.shared = captured(file, w.info)
	}
	w.findLabels()
	w.findSorted()
	w.fileGaps()
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil {
			w.enter(n)
			w.stack = append(w.stack, n)
			return true
		}
		n = w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		w.leave(n)
		return true
	})
	w.errorVariables()
	slices.SortStableFunc(w.gaps, func(a, b Gap) int { return cmp.Compare(a.Line, b.Line) })
	return w
}

// woven is the file's new text, nil if it is the old one.
func (w *weaver) woven() []byte {
	if w.points+w.plains == 0 {
		return nil
	}
	imports := fmt.Sprintf("; import %srt %q", w.prefix, rtPath)
	alive := w.keepAlive()
	if w.bodies {
		imports += fmt.Sprintf("; import %sbody %q", w.prefix, bodyPath)
	}
	if w.bodies || w.relinks { // package rt may not be used in such a file
		alive += "var _ = " + w.fn("Active") + "\n"
	}
	w.after(w.off(w.file.Name.End()), imports)
	if alive != "" {
		w.after(len(w.src), "\n"+alive)
	}
	return []byte(w.header() + w.text(0, len(w.src)))
}

// enter keeps what a statement weaves itself from being woven by itself.
func (w *weaver) enter(n ast.Node) {
	switch n := n.(type) {
	case *ast.CommClause:
		if n.Comm != nil {
			w.held[n.Comm] = true
			if r := received(n.Comm); r != nil {
				w.held[r] = true
			}
		}
	case *ast.GoStmt:
		w.held[n.Call] = true
	case *ast.DeferStmt:
		w.held[n.Call] = w.isAsked(n.Call)
	case *ast.FuncDecl: // the compiler may be told that there is to be no call in it
		w.plain = w.wants && (n.Doc == nil ||
			!slices.ContainsFunc(n.Doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:") }))
	}
}

// leave weaves a node in which everything is woven already.
func (w *weaver) leave(n ast.Node) {
	if w.held[n] {
		return
	}
	switch n := n.(type) {
	case *ast.SendStmt:
		w.send(n)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			w.receive(n)
		}
	case *ast.RangeStmt:
		w.rangeOver(n)
	case *ast.SelectStmt:
		w.selectStmt(n)
	case *ast.GoStmt:
		w.spawn(n, n.Call, "go")
	case *ast.DeferStmt:
		if w.held[n.Call] {
			w.spawn(n, n.Call, "defer")
		}
	case *ast.CallExpr:
		w.call(n)
		w.cleared(n)
	case *ast.IndexExpr:
		w.storedKey(n)
		w.place(n)
	case *ast.StarExpr:
		w.place(n)
	case *ast.IncDecStmt:
		w.counted(n)
	case *ast.AssignStmt:
		w.assigned(n)
	case *ast.CompositeLit:
		w.literalKeys(n)
	case *ast.FuncDecl:
		w.testDecl(n)
		w.plain = w.wants
	case *ast.SelectorExpr:
		w.selector(n)
		w.place(n)
	case *ast.Ident:
		if _, ok := w.parent(0).(*ast.SelectorExpr); !ok {
			w.ident(n)
		}
		w.place(n)
	}
}

// parent is what the visited node lies in: directly, or n levels further out.
func (w *weaver) parent(n int) ast.Node {
	if len(w.stack) <= n {
		return nil
	}
	return w.stack[len(w.stack)-1-n]
}

func (w *weaver) off(p token.Pos) int { return w.tok.Offset(p) }

// line is a position's line in the file, as //line comments in it do not change it.
func (w *weaver) line(p token.Pos) int { return w.fset.PositionFor(p, false).Line }

// rt spells the beginning of a call of package rt for the operation at a position.
func (w *weaver) rt(name string, p token.Pos) string {
	return w.fn(name) + "(" + w.site(p)
}

// fn is a function of package rt.
func (w *weaver) fn(name string) string { return w.prefix + "rt." + name }

// site counts a point and names it.
func (w *weaver) site(p token.Pos) string {
	w.points++
	return strconv.Quote(w.site0 + strconv.Itoa(w.line(p)))
}

// temp is a new name.
func (w *weaver) temp(letter string) string {
	w.temps++
	return w.prefix + letter + strconv.Itoa(w.temps)
}

// gap names what is not woven.
func (w *weaver) gap(p token.Pos, format string, args ...any) {
	w.gaps = append(w.gaps, Gap{File: w.name, Line: w.line(p), What: fmt.Sprintf(format, args...)})
}

// around puts text before a node and after it.
func (w *weaver) around(n ast.Node, before, after string) {
	w.before(w.off(n.Pos()), before)
	w.after(w.off(n.End()), after)
}

// between puts text in place of what stands between two nodes, and of the blanks
// around it. Lines are kept, at the end of the text.
func (w *weaver) between(lo, hi token.Pos, text string) {
	l, h := w.off(lo), w.off(hi)
	w.replace(l, h, text+w.newlines(l, h))
}

func (w *weaver) findLabels() {
	ast.Inspect(w.file, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		if !ok || b.Label == nil {
			return true
		}
		l, ok := w.info.Uses[b.Label].(*types.Label)
		if !ok {
			return true
		}
		if w.labels[l] == nil {
			w.labels[l] = &label{}
		}
		switch b.Tok {
		case token.GOTO:
			w.labels[l].gotos++
		case token.BREAK:
			w.labels[l].breaks = append(w.labels[l].breaks, b.Label)
		}
		return true
	})
}

// keepAlive declares a use of each import that has lost all of its own.
func (w *weaver) keepAlive() string {
	left := map[*types.PkgName]int{}
	ast.Inspect(w.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if p, ok := w.info.Uses[id].(*types.PkgName); ok {
				left[p]++
			}
		}
		return true
	})
	var lines []string
	for p, n := range w.lost {
		if left[p] == n {
			lines = append(lines, "var _ = "+p.Name()+"."+keepAlive[p.Imported().Path()]+"\n")
		}
	}
	for path := range w.dots {
		lines = append(lines, "var _ = "+keepAlive[path]+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// freePrefix is the beginning of names that no file of a package has.
func freePrefix(files []*ast.File) string {
	prefix := "batchlab_"
	for i := 2; ; i++ {
		taken := false
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				taken = taken || ok && strings.HasPrefix(id.Name, prefix)
				return !taken
			})
		}
		if !taken {
			return prefix
		}
		prefix = fmt.Sprintf("batchlab%d_", i)
	}
}
