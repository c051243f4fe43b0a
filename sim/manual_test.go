package sim_test

import (
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManual: the package comment names every option and flag that there is, and the find that it shows is an example's.
func TestManual(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	manual, example := read("doc.go"), read("example_queue_test.go")
	tables, flags := regexp.MustCompile(`(?m)^//(\t\|.*)$`).FindAllStringSubmatch(manual, -1), 0
	for _, m := range tables {
		if !strings.Contains(example, m[1]+"\n") {
			t.Errorf("no example shows %s", m[1])
		}
	}
	options := regexp.MustCompile(`(?m)^func ([A-Z]\w*)[\[(].* Option `).FindAllStringSubmatch(read("options.go"), -1)
	for _, m := range options {
		if !regexp.MustCompile(`(?m)^//\t(\w+, )*` + m[1] + `\b.*  `).MatchString(manual) {
			t.Errorf("it does not list the option %s", m[1])
		}
	}
	flag.VisitAll(func(f *flag.Flag) {
		if strings.HasPrefix(f.Name, "sim.") {
			if flags++; !strings.Contains(manual, "-"+f.Name) {
				t.Errorf("it does not list -%s", f.Name)
			}
		}
	})
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		tests.WriteString(read(name))
	}
	for _, m := range regexp.MustCompile(`-run (\w+) \./sim`).FindAllStringSubmatch(manual+read("README.md"), -1) {
		if !strings.Contains(tests.String(), "\nfunc "+m[1]) {
			t.Errorf("there is no %s", m[1])
		}
	}
	for _, name := range exampleFiles(t) {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if _, whole := doc.Examples(f)[0].Code.(*ast.File); !whole {
			t.Errorf("%s is not shown whole: it is to have one example, no test, and something else", name)
		}
	}
	if len(tables) < 4 || len(options) < 17 || flags < 7 {
		t.Errorf("%d rows, %d options, %d flags were looked at", len(tables), len(options), flags)
	}
}
