package mutate

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

const atomicPath = "sync/atomic"

// update is how an atomic read-modify-write is done in steps: what is stored, with old
// for what was loaded and the arguments as %s, and what is returned.
type update struct{ store, result string }

var updates = map[string]update{
	"Add":            {"old + (%s)", "old + (%s)"},
	"Or":             {"old | (%s)", "old"},
	"And":            {"old & (%s)", "old"},
	"Swap":           {"%s", "old"},
	"CompareAndSwap": {"%s", "true"},
}

// lostUpdate makes an atomic read-modify-write a load and a store, both atomic: what
// another does in between is lost.
func lostUpdate(s *source) {
	every(s, func(call *ast.CallExpr) {
		m, ok := s.methodOf(call, atomicPath)
		u, known := updates[m.name]
		if !ok || !known || m.typ == "Value" || !s.simple(m.recv) {
			return
		}
		x, arg := s.of(m.recv), s.of(call.Args[len(call.Args)-1])
		var text string
		_, alone := s.parent[call].(*ast.ExprStmt)
		switch {
		case m.name == "CompareAndSwap":
			text = fmt.Sprintf("func() bool { if %s.Load() != (%s) { return false }; %s.Store(%s); return true }()", x,
				s.of(call.Args[0]), x, arg)
		case alone:
			text = fmt.Sprintf("%s.Store(%s)", x, strings.Replace(fill(u.store, arg), "old", x+".Load()", 1))
		default:
			text = fmt.Sprintf("func() %s { old := %s.Load(); %s.Store(%s); return %s }()",
				s.info.TypeOf(call), x, x, fill(u.store, arg), fill(u.result, arg))
		}
		s.change(call, []edit{s.stand(call, text)},
			"%s.%s is a load and then a store, and forgets what others did in between", x, m.name)
	})
}

func fill(format, arg string) string { return strings.ReplaceAll(format, "%s", arg) }

// simple reports whether an expression can be written twice: names and selectors.
func (s *source) simple(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return s.simple(e.X)
	}
	return false
}

// plain are the types of sync/atomic whose values are of a basic type.
var plain = map[string]string{"Int32": "int32", "Int64": "int64", "Uint32": "uint32", "Uint64": "uint64",
	"Bool": "bool"}

// plainField gives a field of an atomic type a type with the same methods that is not
// atomic. The type goes to the end of the file: lines keep their numbers.
func plainField(s *source) {
	every(s, func(st *ast.StructType) {
		for _, f := range st.Fields.List {
			sel, ok := f.Type.(*ast.SelectorExpr)
			if !ok || len(f.Names) != 1 || plain[sel.Sel.Name] == "" || s.packageOf(sel) != atomicPath ||
				s.addressed(f.Names[0]) {
				continue
			}
			end := s.fileOf(st).FileEnd
			s.change(f, []edit{s.replace(sel.Pos(), sel.End(), "plain"+sel.Sel.Name),
				s.insert(end, plainType(s.of(sel.X), sel.Sel.Name))},
				"%s is read and written without synchronization", f.Names[0].Name)
		}
	})
}

// plainType declares a type like one of sync/atomic, for one goroutine at a time.
func plainType(pkg, name string) string {
	text := `
var _ atomic.NAME

type plainNAME struct{ v TYPE }

func (p *plainNAME) Load() TYPE { return p.v }

func (p *plainNAME) Store(v TYPE) { p.v = v }

func (p *plainNAME) Swap(v TYPE) (old TYPE) { old, p.v = p.v, v; return old }

func (p *plainNAME) CompareAndSwap(old, v TYPE) bool { if p.v != old { return false }; p.v = v; return true }
`
	if name != "Bool" {
		text += `
func (p *plainNAME) Add(v TYPE) TYPE { p.v += v; return p.v }

func (p *plainNAME) And(v TYPE) (old TYPE) { old = p.v; p.v &= v; return old }

func (p *plainNAME) Or(v TYPE) (old TYPE) { old = p.v; p.v |= v; return old }
`
	}
	return strings.NewReplacer("atomic.", pkg+".", "NAME", name, "TYPE", plain[name]).Replace(text)
}

// addressed reports whether a field is used other than to call its methods: then
// something may want its real type.
func (s *source) addressed(field *ast.Ident) bool {
	return slices.ContainsFunc(s.uses[s.info.Defs[field]], func(id *ast.Ident) bool {
		sel, ok := s.parent[id].(*ast.SelectorExpr)
		if !ok {
			return true
		}
		_, called := s.parent[sel].(*ast.SelectorExpr)
		return !called
	})
}

// plainOperation makes a call of a function of sync/atomic the operation itself.
func plainOperation(s *source) {
	every(s, func(call *ast.CallExpr) {
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || s.packageOf(sel) != atomicPath || len(call.Args) == 0 {
			return
		}
		address, ok := call.Args[0].(*ast.UnaryExpr)
		if !ok || !s.simple(address.X) {
			return
		}
		x := s.of(address.X)
		_, alone := s.parent[call].(*ast.ExprStmt)
		var text string
		switch name := sel.Sel.Name; {
		case alone && strings.HasPrefix(name, "Add"):
			text = x + " += " + s.of(call.Args[1])
		case alone && strings.HasPrefix(name, "Store"):
			text = x + " = " + s.of(call.Args[1])
		case !alone && strings.HasPrefix(name, "Load"):
			text = x
		default:
			return
		}
		s.change(call, []edit{s.stand(call, text), s.insert(s.fileOf(call).FileEnd, "\nvar _ "+s.of(sel.X)+".Bool\n")},
			"%s is not atomic", s.of(call))
	})
}

// packageOf is the path of the package in a qualified name, or "".
func (s *source) packageOf(sel *ast.SelectorExpr) string {
	if id, ok := sel.X.(*ast.Ident); ok {
		if p, ok := s.info.Uses[id].(*types.PkgName); ok {
			return p.Imported().Path()
		}
	}
	return ""
}

// fileOf is the file that a node is in.
func (s *source) fileOf(n ast.Node) *ast.File {
	for _, f := range s.files {
		if f.FileStart <= n.Pos() && n.Pos() < f.FileEnd {
			return f
		}
	}
	panic("mutate: a node of no file")
}
