package code

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"batchlab/sim/program"
)

// facePath is the package that tests import.
const facePath = "batchlab/sim"

// Body is a function that was explored: that of sim.Explore, or a test.
type Body struct {
	test string // in which it is
	fset *token.FileSet
	file *ast.File
	src  []byte
	name string // of the file
	typ  *ast.FuncType
	body *ast.BlockStmt
	face string // what the file calls package sim, "" if it does not import it
}

// Source is the function as a test, with comments where a schedule switches: what a file of a find
// says, with the first line of its comment.
func (t *Body) Source(file string, comment []string, schedule []program.Decision) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "package %s\n\n%s\n", t.file.Name.Name, t.imports())
	name := Name(file)
	fmt.Fprintf(&b, "// %s is what %s found", name, t.test)
	if len(comment) > 0 {
		fmt.Fprintf(&b, ":\n// %s", comment[0])
	}
	b.WriteString("\n//\n// " + strings.Join(Reading, "\n// ") + "\n" +
		"// The first goroutine is test, test/1 is the first that it starts.\n")
	inner, left := t.commented(schedule)
	for _, text := range left {
		fmt.Fprintf(&b, "// %s\n", text)
	}
	param := "t"
	if p := t.typ.Params.List; len(p) == 1 && len(p[0].Names) == 1 {
		param = p[0].Names[0].Name
	}
	fmt.Fprintf(&b, "func %s(%s *testing.T) %s\n", name, param, inner)
	text, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("%s: it cannot be printed: %w", file, err)
	}
	return text, nil
}

// Explores reports whether its file imports package sim, as one that calls Explore does.
func (t *Body) Explores() bool { return t.face != "" }

// FindBody looks through the tests of a folder for one of that name.
func FindBody(dir, test string) (*Body, error) {
	top, _, _ := strings.Cut(test, "/")
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t := &Body{test: test, fset: token.NewFileSet(), src: src, name: filepath.Base(name)}
		if t.file, err = parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			continue // the go command says what is wrong with it
		}
		t.face = t.faceName()
		if f := t.function(top); f != nil {
			return t, t.explored(f)
		}
	}
	return nil, fmt.Errorf("no function %s is in the tests of %s any more", top, dir)
}

func (t *Body) function(name string) *ast.FuncDecl {
	for _, d := range t.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name && f.Body != nil {
			return f
		}
	}
	return nil
}

// faceName is what the file calls package sim.
func (t *Body) faceName() string {
	for _, i := range t.file.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); path == facePath {
			if i.Name != nil {
				return i.Name.Name
			}
			return "sim"
		}
	}
	return ""
}

// explored is the function that a test hands to sim.Explore, or the test itself if it calls none.
func (t *Body) explored(f *ast.FuncDecl) (err error) {
	t.typ, t.body = f.Type, f.Body
	if t.face == "" {
		return nil
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Explore" {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); !ok || x.Name != t.face {
			return true
		}
		switch arg := call.Args[1].(type) {
		case *ast.FuncLit:
			t.typ, t.body = arg.Type, arg.Body
		case *ast.Ident:
			if g := t.function(arg.Name); g != nil {
				t.typ, t.body = g.Type, g.Body
				return false
			}
			err = fmt.Errorf("the function %s that %s explores is in another file", arg.Name, f.Name.Name)
		default:
			err = errors.New("what is explored is no function that stands there")
		}
		return false
	})
	return err
}

// commented is the function's body with comments above the lines at which the schedule switches. What
// is of other files, or is no line of it, is left.
func (t *Body) commented(schedule []program.Decision) (text string, left []string) {
	first, last := t.fset.Position(t.body.Pos()), t.fset.Position(t.body.End())
	lines := strings.Split(string(t.src[first.Offset:last.Offset]), "\n")
	above := map[int][]string{}
	for _, d := range schedule {
		if d.To == "" {
			left = append(left, fmt.Sprintf("At %s %s takes choice %d.", d.Where, d.Who, d.Alt+1))
			continue
		}
		site, what, _ := strings.Cut(d.Where, " ")
		file, number, _ := strings.Cut(site, ":")
		n, err := strconv.Atoi(number)
		if i := n - first.Line; err == nil && file == t.name && i > 0 && i < len(lines) {
			above[i] = append(above[i], fmt.Sprintf("here %s goes on: %s is before its %s", d.To, d.Who, what))
			continue
		}
		left = append(left, fmt.Sprintf("Where %s is at %s, %s goes on.", d.Who, d.Where, d.To))
	}
	for i, line := range lines {
		for _, c := range above[i] {
			text += "// " + c + "\n"
		}
		text += line + "\n"
	}
	if t.face != "" {
		text = strings.ReplaceAll(text, "*"+t.face+".T", "*testing.T")
	}
	return strings.TrimRight(text, "\n"), left
}

// imports are those of the file that the function uses, and testing.
func (t *Body) imports() string {
	used := map[string]bool{}
	see := func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	}
	ast.Inspect(t.body, see)
	list := []string{`"testing"`}
	for _, i := range t.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		name, text := importName(path), i.Path.Value
		if i.Name != nil {
			name, text = i.Name.Name, i.Name.Name+" "+i.Path.Value
		}
		if path != facePath && path != "testing" && (used[name] || name == ".") {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return "import (\n" + strings.Join(list, "\n") + "\n)"
}

// importName is how a package is called, as a rule: by the last part of its path that is no version.
func importName(path string) string {
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	if len(parts) > 1 && len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = parts[len(parts)-2]
	}
	name, _, _ = strings.Cut(name, ".v")
	return strings.TrimPrefix(name, "go-")
}
