package mutate

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// source is a package to be mutated.
type source struct {
	path    string
	fset    *token.FileSet
	files   []*ast.File
	text    map[string][]byte // by base name
	info    *types.Info
	imports types.Importer
	parent  map[ast.Node]ast.Node
	uses    map[types.Object][]*ast.Ident // of variables, outside of declarations
	changes []change                      // that the operator at work has found
}

func newSource(path string, fset *token.FileSet, files []*ast.File, text map[string][]byte, info *types.Info,
	imports types.Importer) *source {
	s := &source{path, fset, files, text, info, imports, map[ast.Node]ast.Node{}, map[types.Object][]*ast.Ident{}, nil}
	for _, f := range files {
		var stack []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if len(stack) > 0 {
				s.parent[n] = stack[len(stack)-1]
			}
			stack = append(stack, n)
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := origin(info.Uses[id]).(*types.Var); ok {
					s.uses[v] = append(s.uses[v], id)
				}
			}
			return true
		})
	}
	return s
}

// origin is an object as it was declared, without type arguments.
func origin(o types.Object) types.Object {
	switch o := o.(type) {
	case *types.Var:
		return o.Origin()
	case *types.Func:
		return o.Origin()
	}
	return o
}

// every calls visit with each node of one type, in the order of the files' names.
func every[N ast.Node](s *source, visit func(N)) {
	for _, f := range s.files {
		within(f, visit)
	}
}

// within is every for what is in a node.
func within[N ast.Node](root ast.Node, visit func(N)) {
	ast.Inspect(root, func(n ast.Node) bool {
		if n, ok := n.(N); ok {
			visit(n)
		}
		return true
	})
}

// offset is where a position is in its file.
func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// of is the text of a node.
func (s *source) of(n ast.Node) string {
	return string(s.text[filepath.Base(s.fset.Position(n.Pos()).Filename)][s.offset(n.Pos()):s.offset(n.End())])
}

// The four edits that operators are made of.

func (s *source) replace(lo, hi token.Pos, text string) edit {
	return edit{Start: s.offset(lo), End: s.offset(hi), New: text}
}

func (s *source) insert(at token.Pos, text string) edit { return s.replace(at, at, text) }

// blank removes a node and keeps its line breaks.
func (s *source) blank(n ast.Node) edit { return s.stand(n, "") }

// stand puts text in place of a node, and the node's line breaks after it.
func (s *source) stand(n ast.Node, text string) edit {
	missing := strings.Count(s.of(n), "\n") - strings.Count(text, "\n")
	return s.replace(n.Pos(), n.End(), text+strings.Repeat("\n", max(0, missing)))
}

// swap exchanges two nodes.
func (s *source) swap(a, b ast.Node) []edit {
	return []edit{s.replace(a.Pos(), a.End(), s.of(b)), s.replace(b.Pos(), b.End(), s.of(a))}
}

// keep is a statement that uses the local variables that would be unused without a
// node, or "".
func (s *source) keep(n ast.Node) string {
	var names []string
	within(n, func(id *ast.Ident) {
		v, ok := s.info.Uses[id].(*types.Var)
		if !ok || v.IsField() || v.Parent() == nil || v.Parent() == v.Pkg().Scope() || inside(n, v.Pos()) {
			return
		}
		read := slices.ContainsFunc(s.uses[v], func(use *ast.Ident) bool { return !inside(n, use.Pos()) && s.reads(use) })
		if !read && !slices.Contains(names, id.Name) && !s.isParameter(v) {
			names = append(names, id.Name)
		}
	})
	if names == nil {
		return ""
	}
	return strings.Repeat("_, ", len(names)-1) + "_ = " + strings.Join(names, ", ")
}

func inside(n ast.Node, p token.Pos) bool { return n.Pos() <= p && p < n.End() }

// reads reports whether an identifier is more than the left side of an assignment.
func (s *source) reads(id *ast.Ident) bool {
	switch p := s.parent[id].(type) {
	case *ast.IncDecStmt:
		return false
	case *ast.AssignStmt:
		return !slices.Contains(p.Lhs, ast.Expr(id))
	}
	return true
}

func (s *source) isParameter(v *types.Var) bool {
	for _, f := range s.files {
		is := false
		within(f, func(t *ast.FuncType) { is = is || inside(t, v.Pos()) })
		within(f, func(d *ast.FuncDecl) { is = is || d.Recv != nil && inside(d.Recv, v.Pos()) })
		if is {
			return true
		}
	}
	return false
}

// decl is the function or the type that a position is in, or nil.
func (s *source) decl(p token.Pos) ast.Node {
	for _, f := range s.files {
		for _, d := range f.Decls {
			if !inside(d, p) {
				continue
			}
			if g, ok := d.(*ast.GenDecl); ok {
				for _, spec := range g.Specs {
					if inside(spec, p) {
						return spec
					}
				}
			}
			return d
		}
	}
	return nil
}

// funcName is what the function or the type around a position is called.
func (s *source) funcName(p token.Pos) string {
	switch d := s.decl(p).(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		t := d.Recv.List[0].Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		name, _, _ := strings.Cut(s.of(t), "[")
		return name + "." + d.Name.Name
	case *ast.TypeSpec:
		return d.Name.Name
	}
	return ""
}

// recheck type-checks the package with another text for one file.
func (s *source) recheck(file string, text []byte) error {
	files := slices.Clone(s.files)
	fset := s.fset
	for i, f := range files {
		if name := s.fset.Position(f.Pos()).Filename; filepath.Base(name) == file {
			mutated, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			files[i] = mutated
		}
	}
	_, err := (&types.Config{Importer: s.imports}).Check(s.path, fset, files, nil)
	return err
}

// importerFunc makes an importer of a function.
type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

func fromPackages(known map[string]*types.Package) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if p := known[path]; p != nil {
			return p, nil
		}
		return nil, fmt.Errorf("no package %s", path)
	})
}

// An edit puts text in place of some bytes of a file.
type edit = udiff.Edit

// apply returns an edited copy of a text.
func apply(text []byte, edits []edit) ([]byte, error) {
	out, err := udiff.ApplyBytes(text, edits)
	if err == nil && bytes.Equal(out, text) {
		err = fmt.Errorf("nothing was changed")
	}
	return out, err
}

// hunks are the lines that edits touch, which can be applied, and what becomes of them.
// Empty lines are left out: they are there only to keep the numbers of the others.
func hunks(text []byte, edits []edit) (before, after string) {
	diff, err := udiff.ToUnified("", "", string(text), edits, 0)
	if err != nil {
		panic("mutate: " + err.Error())
	}
	_, diff, _ = strings.Cut(diff, "@@") // the names of the files come before
	for line := range strings.Lines(diff) {
		switch sign, kept := line[0], strings.TrimRight(line[1:], " \t\n"); {
		case kept == "":
		case sign == '-':
			before += kept + "\n"
		case sign == '+':
			after += kept + "\n"
		}
	}
	return before, after
}
