package sim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"batchlab/sim/kind"
)

// speaking are the folders whose texts a test or a command may say; false: of all that is said there, only the errors.
var speaking = map[string]bool{
	".": true, "check": true, "derive": true, "twin": true, "body": true, "weave": true, "cmd/twin": true, "oracle": true,
	"kind": true, "program": true, "lab": false, "engine": false, "cmd/batchlab": false, "cluster": false, "fleet": false,
	"view/page": false, "view/timeline": false, "../stress": false, "../stress/gate": false, "../stress/bench": false,
	"../fuzz": false,
}

// printing are files whose texts are comments of the Go code that they print.
var printing = []string{"check/code.go", "derive/code.go", "derive/code_callback.go"}

var (
	verbs  = regexp.MustCompile(`%(\[\d\])?[-+#]?\d*(\.\d+)?[a-zA-Z]`)
	prose  = regexp.MustCompile(`([A-Za-z']+,? ){3}[a-z]`) // four words in a row
	phrase = regexp.MustCompile(`[a-z] [a-z]`)
	span   = regexp.MustCompile("`([^`]+)`")
)

// literal is a text, or several that are added, with … for what is put in.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, _ := strconv.Unquote(e.Value)
			return verbs.ReplaceAllString(s, "…")
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return literal(e.X) + literal(e.Y)
		}
	}
	return "…"
}

// texts are the texts in a part of a file that are like this; those of flags are what -help is for.
func texts(n ast.Node, like *regexp.Regexp) (list []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field:
			return false
		case *ast.CallExpr:
			x, _ := callee(n)
			return x != "flag"
		case *ast.BasicLit, *ast.BinaryExpr:
			if s := literal(n.(ast.Expr)); like.MatchString(s) {
				list = append(list, s)
				return false
			}
		}
		return true
	})
	return list
}

// failures are the texts of the errors that a part of a file makes.
func failures(n ast.Node) (list []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Msg" {
				list = append(list, texts(n.Value, phrase)...)
			}
		case *ast.CallExpr:
			if x, f := callee(n); f == "Errorf" || x == "errors" && f == "New" {
				list = append(list, texts(n.Args[0], phrase)...)
			}
		}
		return true
	})
	return list
}

// callee is the name of the function that is called, and of its package, or of what it is a method of.
func callee(call *ast.CallExpr) (of, name string) {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name, s.Sel.Name
		}
	}
	return "", ""
}

// says reports whether a text of the source says what a row has.
func says(text, row string) bool {
	for _, piece := range strings.Split(row, "…") {
		_, after, ok := strings.Cut(text, piece)
		if !ok {
			return false
		}
		text = after
	}
	return true
}

// TestSays shows it a row of a text, of one with something put in, and of none.
func TestSays(t *testing.T) {
	for row, want := range map[string]bool{"is not a … of": true, "a … of b": true, "of … is not": false, "that": false} {
		if says("x is not a … of b", row) != want {
			t.Errorf("%s: want %v", row, want)
		}
	}
}

// TestEveryMessageHasARow: what a user's test can say stands in the table of README.md with what to do about it, and
// what stands there can be said.
func TestEveryMessageHasARow(t *testing.T) {
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## When it says X, do Y")
	for _, l := range kind.Universal {
		if !strings.Contains(string(page), "| "+string(l.ID)+" |") {
			t.Errorf("README.md does not list the law %s", l.ID)
		}
	}
	var rows []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, m := range span.FindAllStringSubmatch(cells[1], -1) {
				rows = append(rows, m[1])
			}
		}
	}
	var known []string
	for folder, all := range speaking {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") || slices.Contains(printing, filepath.ToSlash(name)) {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			said := failures(file)
			if all {
				said = append(said, texts(file, prose)...)
			}
			for _, m := range said {
				if !slices.ContainsFunc(rows, func(row string) bool { return says(m, row) }) {
					t.Errorf("README.md has no row for a text of %s: %q", name, m)
				}
			}
			known = append(known, texts(file, phrase)...)
		}
	}
	if len(known) < 100 || len(rows) < 50 {
		t.Fatalf("%d texts and %d rows are few", len(known), len(rows))
	}
	for _, row := range rows {
		if !slices.ContainsFunc(known, func(m string) bool { return says(m, row) }) {
			t.Errorf("README.md has a row for what nothing says: %q", row)
		}
	}
}
