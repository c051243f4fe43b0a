package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// gokerFiles are the kernels' files as they are for the module in a folder: changed in what is
// about the profile that the distribution takes of them, and with a test for each.
func gokerFiles(from, dir string) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	var tests bytes.Buffer
	tests.WriteString("package main\n\nimport \"testing\"\n")
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text, kernel, err := oneCopy(name, src)
		if err != nil {
			return nil, err
		}
		if kernel != "" {
			fmt.Fprintf(&tests, "\nfunc Test%s(t *testing.T) { %[1]s() }\n", kernel)
		}
		files[filepath.Join(dir, filepath.Base(name))] = text
	}
	files[filepath.Join(dir, "kernels_test.go")] = tests.Bytes()
	return files, nil
}

// oneCopy changes a kernel's file: what its function defers, a profile after some time, goes, and
// where it runs many copies it runs one. kernel is its name, "" if the file has none.
func oneCopy(name string, src []byte) (text []byte, kernel string, err error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		return nil, "", err
	}
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "register" {
				if lit, ok := call.Args[0].(*ast.BasicLit); ok {
					kernel, _ = strconv.Unquote(lit.Value)
				}
			}
		}
		return true
	})
	text = bytes.Clone(src)
	blank := func(from, to token.Pos, with string) {
		for i := at(from); i < at(to); i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
		copy(text[at(from):at(to)], with)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != kernel || f.Recv != nil {
			continue
		}
		for _, s := range f.Body.List {
			switch s := s.(type) {
			case *ast.AssignStmt:
				if strings.Contains(string(src[at(s.Pos()):at(s.End())]), "pprof.Lookup") {
					blank(s.Pos(), s.End(), "")
				}
			case *ast.DeferStmt:
				if strings.Contains(string(src[at(s.Pos()):at(s.End())]), "prof.WriteTo") {
					blank(s.Pos(), s.End(), "")
				}
			case *ast.ForStmt:
				if c, ok := s.Cond.(*ast.BinaryExpr); ok {
					blank(c.Y.Pos(), c.Y.End(), map[token.Token]string{token.LSS: "1", token.LEQ: "0"}[c.Op])
				}
			}
		}
	}
	for _, use := range []string{"pprof.Lookup", "os.Stdout", "time.Sleep", "runtime.Gosched"} {
		pkg, _, _ := strings.Cut(use, ".")
		for _, i := range file.Imports {
			if kernel != "" && path.Base(strings.Trim(i.Path.Value, `"`)) == pkg {
				text = append(text, fmt.Sprintf("\nvar _ = %s\n", use)...)
			}
		}
	}
	return text, kernel, nil
}
