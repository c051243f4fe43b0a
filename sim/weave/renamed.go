package weave

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// renames are functions, types and variables in whose place package rt has its own, with
// the same signature: what they give is not the program's, and is made the same in each
// process. They are no points. What they are there begins with the text before the '='.
var renames = renameTable(map[string]string{
	"hash/maphash": "Maphash=MakeSeed Bytes String Comparable WriteComparable =Hash",
	"math/rand": "Rand=Read Seed Rand.=ExpFloat64 Float32 Float64 Int Int31 Int31n Int63 Int63n Intn NormFloat64 " +
		"Perm Shuffle Uint32 Uint64",
	"math/rand/v2": "RandV2=N RandV2.=ExpFloat64 Float32 Float64 Int Int32 Int32N Int64 Int64N IntN " +
		"NormFloat64 Perm Shuffle Uint Uint32 Uint32N Uint64 Uint64N UintN",
	"crypto/rand": "CryptoRand=Read Text Reader",
	"runtime": "Runtime=NumCPU GOMAXPROCS NumGoroutine Stack LockOSThread UnlockOSThread " +
		"SetFinalizer AddCleanup",
	"runtime/debug": "Debug=Stack PrintStack",
	"os":            "Os=Getpid Getppid",
	"weak":          "Weak=Make",
	"fmt": "Fmt=Sprint Sprintf Sprintln Append Appendf Appendln Fprint Fprintf Fprintln Print Printf Println " +
		"Errorf",
})

// linked are functions of the runtime that packages link to by name, and rt's own.
var linked = map[string]string{
	"runtime.rand": "Rand", "runtime.fastrand64": "Rand",
	"runtime.fastrand": "Rand32", "runtime.cheaprand": "Rand32",
	"runtime.fastrandn": "RandN", "runtime.cheaprandn": "RandN",
	"runtime.memhash": "Memhash", "runtime.strhash": "Strhash", "runtime.typehash": "Typehash",
}

// relink has a line go:linkname name rt's function instead of the runtime's, and reports whether it did.
func (w *weaver) relink(c *ast.Comment) bool {
	words := strings.Fields(c.Text)
	if len(words) != 3 || linked[words[2]] == "" {
		return false
	}
	at := w.off(c.Pos()) + strings.LastIndex(c.Text, words[2])
	w.replace(at, at+len(words[2]), rtPath+".Linked"+linked[words[2]])
	w.points++
	w.relinks = true
	return true
}

// renameTable is rt's name by package and name.
func renameTable(lists map[string]string) map[string]string {
	t := map[string]string{}
	for path, list := range lists {
		prefix := ""
		for _, name := range strings.Fields(list) {
			if before, first, ok := strings.Cut(name, "="); ok {
				prefix, name = before, first
			}
			t[path+"."+name] = prefix + name
		}
	}
	return t
}

// renamed weaves a name or selector of something that rt has its own of, and reports
// whether it did. What no schedule controls is named, and stays.
func (w *weaver) renamed(e ast.Expr) bool {
	o := w.info.Uses[nameOf(e)]
	if o == nil || o.Pkg() == nil {
		return false
	}
	if w.asBody(e, o) {
		return true
	}
	if fn, ok := o.(*types.Func); ok {
		w.uncontrolled(e, fn)
		if fn.Signature().Recv() != nil {
			return false
		}
	}
	name := renames[o.Pkg().Path()+"."+o.Name()]
	if name == "" || o.Parent() != o.Pkg().Scope() || w.isAssigned(e) {
		return false
	}
	if call, ok := w.parent(0).(*ast.CallExpr); ok && o.Pkg().Path() == "fmt" && call.Fun == e && !printsAddress(w, call) {
		return false
	}
	w.points++
	text := w.fn(name)
	dot := strings.LastIndex(text, ".") + 1 // where lines may be broken
	w.replace(w.off(e.Pos()), w.off(e.End()), text[:dot]+w.newlines(w.off(e.Pos()), w.off(e.End()))+text[dot:])
	w.lose(e)
	return true
}

// isAssigned reports whether the visited expression is a variable that is assigned to.
func (w *weaver) isAssigned(e ast.Expr) bool {
	switch p := w.parent(0).(type) {
	case *ast.AssignStmt:
		return slices.Contains(p.Lhs, e)
	case *ast.UnaryExpr:
		return true // its address is taken
	}
	return false
}

// ofPointer is a format that prints the address of what it is given.
var ofPointer = regexp.MustCompile(`%[-+# 0-9.*\[\]]*p`)

// printsAddress reports whether a call of package fmt may print an address.
func printsAddress(w *weaver, call *ast.CallExpr) bool {
	named := false
	for _, a := range call.Args {
		if v := w.info.Types[a].Value; v != nil && v.Kind() == constant.String {
			named = named || ofPointer.MatchString(constant.StringVal(v))
		}
	}
	for i, a := range call.Args {
		t := w.info.TypeOf(a)
		if i == 0 && isFprint(w, call) {
			continue // the writer
		}
		if tuple, ok := t.(*types.Tuple); ok {
			for v := range tuple.Variables() {
				if holdsAddress(v.Type(), named, nil) {
					return true
				}
			}
			continue
		}
		if holdsAddress(t, named, nil) {
			return true
		}
	}
	return false
}

// isFprint reports whether a call's first argument is where it prints to.
func isFprint(w *weaver, call *ast.CallExpr) bool {
	fn := w.declared(call.Fun)
	return fn != nil && (strings.HasPrefix(fn.Name(), "Fprint") || strings.HasPrefix(fn.Name(), "Append"))
}

// holdsAddress reports whether package fmt may find an address in a value of a type. An error
// is printed by its Error method, unless its address was asked for.
func holdsAddress(t types.Type, named bool, in []types.Type) bool {
	if slices.Contains(in, t) {
		return false
	}
	in = append(in, t)
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return true
	}
	if !named && types.Implements(t, errorType) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Slice:
		return named || holdsAddress(u.Elem(), named, in)
	case *types.Array:
		return holdsAddress(u.Elem(), named, in)
	case *types.Map:
		return named || holdsAddress(u.Key(), named, in) || holdsAddress(u.Elem(), named, in)
	case *types.Struct:
		for f := range u.Fields() {
			if holdsAddress(f.Type(), named, in) {
				return true
			}
		}
		return false
	}
	return true
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
