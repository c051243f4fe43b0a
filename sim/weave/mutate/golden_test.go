package mutate

import (
	"cmp"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// snippet makes a source of some declarations.
func snippet(t *testing.T, body string) *source {
	t.Helper()
	var imports strings.Builder
	for _, path := range []string{"sync", "sync/atomic", "time"} {
		if strings.Contains(body, path[strings.LastIndex(path, "/")+1:]+".") {
			imports.WriteString("import \"" + path + "\"\n")
		}
	}
	text := "package p\n" + imports.String() + body
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
	}
	std := importer.Default()
	if _, err := (&types.Config{Importer: std}).Check("p", fset, []*ast.File{f}, info); err != nil {
		t.Fatal(err)
	}
	return newSource("p", fset, []*ast.File{f}, map[string][]byte{"p.go": []byte(text)}, info, std)
}

// TestOperators shows each operator where it fits and where it does not: a source, and
// what becomes of its lines. " | " joins the lines of one mutant.
func TestOperators(t *testing.T) {
	for _, c := range golden {
		t.Run(c.operator, func(t *testing.T) {
			s := snippet(t, c.source)
			all, err := s.mutants(nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range all {
				if m.Operator == c.operator {
					got = append(got, join(m.Before)+" -> "+join(m.After))
				}
			}
			want := strings.Split(strings.TrimSpace(strings.ReplaceAll(c.want, "\t", "")), "\n")
			if c.want == "" {
				want = nil
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("of\n%s\ngot\n%s\nwant\n%s", c.source, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	shown := map[string]bool{}
	for _, c := range golden {
		shown[c.operator] = shown[c.operator] || c.want != ""
	}
	for _, op := range operators {
		if !shown[op.name] {
			t.Errorf("operator %s is not shown", op.name)
		}
	}
}

// join is a text on one line.
func join(text string) string {
	var parts []string
	for line := range strings.Lines(text) {
		parts = append(parts, strings.TrimSpace(line))
	}
	return cmp.Or(strings.Join(parts, " | "), "nothing")
}
