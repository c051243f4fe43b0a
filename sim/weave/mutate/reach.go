package mutate

import (
	"go/ast"
	"go/constant"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// row is a row of the registry, with the functions of the mutated package that it can
// come to run. Which function a variable holds is not followed: to name a function is to
// run it.
type row struct {
	id   string // kind/name
	runs map[types.Object]bool
}

// rows reads the registry: composite literals with a Name, a Kind and constructors.
func (s *source) rows(registry *packages.Package) (all []row) {
	for _, f := range registry.Syntax {
		within(f, func(lit *ast.CompositeLit) {
			var name, kind string
			var makers []*types.Func
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					return
				}
				key, _ := kv.Key.(*ast.Ident)
				if key == nil {
					return
				}
				switch v := registry.TypesInfo.Types[kv.Value]; {
				case key.Name == "Name" && v.Value != nil:
					name = constant.StringVal(v.Value)
				case key.Name == "Kind" && v.Value != nil:
					kind = constant.StringVal(v.Value)
				}
				if id, ok := kv.Value.(*ast.Ident); ok {
					if fn, ok := registry.TypesInfo.Uses[id].(*types.Func); ok {
						makers = append(makers, fn)
					}
				}
			}
			if name != "" && kind != "" && makers != nil {
				r := row{kind + "/" + name, map[types.Object]bool{}}
				for _, fn := range makers {
					s.root(registry, fn, r.runs)
				}
				all = append(all, r)
			}
		})
	}
	return all
}

// root adds what a function of the registry runs in the mutated package: what it
// names, and the methods that its result is used by.
func (s *source) root(registry *packages.Package, fn *types.Func, runs map[types.Object]bool) {
	for _, f := range registry.Syntax {
		within(f, func(d *ast.FuncDecl) {
			if registry.TypesInfo.Defs[d.Name] != fn {
				return
			}
			s.mark(registry.TypesInfo, d, runs)
			within(d, func(r *ast.ReturnStmt) {
				if len(r.Results) != 1 {
					return
				}
				i, ok := fn.Signature().Results().At(0).Type().Underlying().(*types.Interface)
				if !ok {
					return
				}
				made := types.NewMethodSet(registry.TypesInfo.TypeOf(r.Results[0]))
				for m := range i.Methods() {
					sel := made.Lookup(registry.Types, m.Name())
					if sel == nil {
						continue
					}
					method := origin(sel.Obj()).(*types.Func)
					if method.Pkg() == registry.Types {
						s.root(registry, method, runs)
					} else {
						s.reach(method, runs)
					}
				}
			})
		})
	}
}

// mark adds the functions of the package that a node names.
func (s *source) mark(info *types.Info, n ast.Node, runs map[types.Object]bool) {
	caller := ""
	if d, ok := n.(*ast.FuncDecl); ok {
		caller = d.Name.Name
	}
	within(n, func(id *ast.Ident) {
		if fn, ok := origin(info.Uses[id]).(*types.Func); ok && !slices.Contains(neverTaken[caller], id.Name) {
			s.reach(fn, runs)
		}
	})
}

func (s *source) reach(fn *types.Func, runs map[types.Object]bool) {
	if runs[fn] || fn.Pkg() == nil || fn.Pkg().Path() != s.path {
		return
	}
	runs[fn] = true
	every(s, func(d *ast.FuncDecl) {
		if s.info.Defs[d.Name] == types.Object(fn) {
			s.mark(s.info, d, runs)
		}
	})
}

// affects says which rows run what a mutant changed, and of which kinds they are.
func (s *source) affects(m *Mutant, rows []row, edits []edit) {
	functions := s.changed(m.File, edits)
	for _, r := range rows {
		if !slices.ContainsFunc(functions, func(o types.Object) bool { return r.runs[o] }) {
			continue
		}
		m.Affects = append(m.Affects, r.id)
		kind, _, _ := strings.Cut(r.id, "/")
		if !slices.Contains(m.Kinds, kind) {
			m.Kinds = append(m.Kinds, kind)
		}
	}
}

// changed are the functions that edits are in, and those that use a field whose
// declaration they are in.
func (s *source) changed(file string, edits []edit) (functions []types.Object) {
	for _, f := range s.files {
		if filepath.Base(s.fset.Position(f.Package).Filename) != file {
			continue
		}
		touched := func(n ast.Node) bool {
			return slices.ContainsFunc(edits, func(e edit) bool {
				return s.offset(n.Pos()) <= e.Start &&
					e.Start < s.offset(n.End())
			})
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && touched(d) {
				functions = append(functions, s.info.Defs[fn.Name])
			}
		}
		within(f, func(field *ast.Field) {
			for _, name := range field.Names {
				v, ok := s.info.Defs[name].(*types.Var)
				if !ok || !v.IsField() || !touched(field) {
					continue
				}
				for _, use := range s.uses[v] {
					if fn, ok := s.decl(use.Pos()).(*ast.FuncDecl); ok {
						functions = append(functions, s.info.Defs[fn.Name])
					}
				}
			}
		})
	}
	return functions
}
