package timeline

import (
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/types"
	"path/filepath"
	"strings"
)

// typed is what is known of the expressions of a file from its package alone: what it imports stays unknown.
func (s *sources) typed(path string) *types.Info {
	f := s.files[path]
	if f.info != nil {
		return f.info
	}
	f.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
		Defs: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	all := []*ast.File{f.syntax}
	if dir, err := build.ImportDir(filepath.Dir(path), 0); err == nil {
		names := dir.GoFiles
		if strings.HasSuffix(path, "_test.go") {
			names = append(append(names, dir.TestGoFiles...), dir.XTestGoFiles...)
		}
		for _, name := range names {
			text, err := s.read(filepath.Join(dir.Dir, name))
			if err != nil || name == filepath.Base(path) {
				continue
			}
			other, err := parser.ParseFile(f.fset, name, text, parser.SkipObjectResolution)
			if err == nil && other.Name.Name == f.syntax.Name.Name {
				all = append(all, other)
			}
		}
	}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}}
	_, _ = conf.Check(path, f.fset, all, f.info) // what it complains of is not known, no more
	return f.info
}

// nothing imports nothing.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	return nil, errors.New("unread: " + path)
}

// differ reports whether two expressions of one name are known to be of different things: they are not one field, or,
// if one of them is none, not of one type.
func (s *sources) differ(path string, a, b ast.Expr) bool {
	if a == nil || b == nil {
		return false
	}
	info := s.typed(path)
	if x, y := fieldOf(info, a), fieldOf(info, b); x != nil && y != nil {
		return x != y
	}
	x, y := carries(info.TypeOf(a)), carries(info.TypeOf(b))
	return x != "" && y != "" && x != y
}

// fieldOf is the field that an expression names, nil if it names none, or that is not known.
func fieldOf(info *types.Info, e ast.Expr) *types.Var {
	var of types.Object
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		if s := info.Selections[e]; s != nil {
			of = s.Obj()
		}
	case *ast.Ident:
		of = info.Uses[e]
	}
	if v, ok := of.(*types.Var); ok && v.IsField() {
		return v.Origin()
	}
	return nil
}

// carries is the type of what a channel carries, in whatever direction; of anything else its type. "" if it is not
// known.
func carries(t types.Type) string {
	if t == nil {
		return ""
	}
	if ch, ok := t.Underlying().(*types.Chan); ok {
		t = ch.Elem()
	}
	text := types.TypeString(t, nil)
	if strings.Contains(text, "invalid type") {
		return ""
	}
	return text
}

// called is the first expression from a line on, in its function, that is written like a name.
func (f *file) called(line int, name string) (found ast.Expr) {
	_, end := f.function(line)
	f.operations(func(_ string, from, to int, on ast.Expr) {
		if found == nil && to >= line && from <= end && f.text(on) == name {
			found = on
		}
	})
	return found
}
