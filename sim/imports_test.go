package sim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "batchlab"
	clocks = "github.com/benbjohnson/clock"
)

// importRules say what a folder may import beside the standard library and itself:
// prefixes for its tests and its other files. The first rule that fits a folder holds.
// What no rule names may import anything.
var importRules = []struct {
	folder string // and what is below it, if it ends in '/'
	may    []string
	tests  []string // in addition
}{
	{"sim/weave/rt", nil, nil},
	{"sim/weave/mutate", ofSource, nil},
	{"sim/weave", ofSource, nil},

	{"sim/fleet", nil, nil},
	{"sim/cluster", []string{"batchlab/sim/fleet", "github.com/nats-io/"}, nil},
	{"sim/twin", []string{"batchlab/sim/weave/rt"}, nil},
	{"sim/kind", []string{clocks}, nil},
	{"sim/program", []string{"batchlab/sim/kind"}, kinds},
	{
		"sim/derive",
		[]string{"batchlab/sim/code", "batchlab/sim/kind", "batchlab/sim/program", "batchlab/sim/weave/rt", clocks}, nil,
	},
	{"sim/history", []string{"batchlab/sim/kind"}, kinds},
	{"sim/code", []string{"batchlab/sim/kind", "batchlab/sim/program"}, nil},
	{
		"sim/body",
		[]string{"batchlab/sim/program", "batchlab/sim/sched", "batchlab/sim/view", "batchlab/sim/view/timeline", "batchlab/sim/weave/rt"},
		nil,
	},
	{
		"sim/view",
		[]string{"batchlab/sim/kind", "batchlab/sim/history", "batchlab/sim/view/timeline", "batchlab/sim/weave/rt"}, kinds,
	},
	{"sim/view/timeline", []string{"batchlab/sim/weave/rt"}, nil},
	{"sim/view/page", []string{"batchlab/sim/view/timeline"}, nil},
	{"sim/view/overview", []string{"batchlab/sim/view/timeline"}, nil},
	{"sim/view/browser", []string{""}, nil},
	{"sim/sched", []string{"batchlab/sim/program", "batchlab/sim/weave/rt"}, nil},
	{"sim/oracle", []string{"batchlab/sim/kind", "batchlab/sim/program", "batchlab/sim/history"}, kinds},
	{"sim/engine", append([]string{"batchlab/sim/sched", "batchlab/sim/weave/rt", clocks}, things...), kinds},
	{
		"sim/lab",
		append([]string{"batchlab/sim/fleet", "batchlab/sim/oracle", "batchlab/sim/engine", "batchlab/sim/sched", "batchlab/sim/weave/rt",
			clocks}, things...),
		append([]string{"batchlab/sim/derive"}, kinds...),
	},
	{
		"sim/check",
		append([]string{
			"batchlab/sim/body", "batchlab/sim/code", "batchlab/sim/derive", "batchlab/sim/engine", "batchlab/sim/lab",
			"batchlab/sim/oracle", "batchlab/sim/twin", "batchlab/sim/view", "batchlab/sim/view/", "batchlab/sim/weave/rt",
		},
			things...),
		nil,
	},
	{
		"sim",
		[]string{"batchlab/sim/body", "batchlab/sim/check", "batchlab/sim/derive", "batchlab/sim/kind"},
		append(append(kinds, things...), "batchlab/impls", "batchlab/sim/engine", "batchlab/sim/lab", "batchlab/sim/oracle",
			"batchlab/sim/weave/rt", clocks),
	},
	{"sim/cmd/", []string{""}, nil},
	{"sim/testdata/", []string{""}, nil},

	{"impls/batcher", []string{clocks, "github.com/bits-and-blooms/bloom/v3"}, []string{"go.uber.org/goleak"}},
	{"impls/mutants", []string{"batchlab/impls/spec", clocks}, []string{"go.uber.org/goleak"}},
	{"impls/mutated", []string{"batchlab/impls/spec"}, nil},
	{"impls/spec/model", []string{"batchlab/impls/spec", "batchlab/sim/kind"}, append(kinds, "batchlab/sim/program")},
	{
		"impls/spec/judge",
		[]string{"batchlab/impls/spec", "batchlab/impls/spec/model", "batchlab/sim/kind", "github.com/anishathalye/porcupine"},
		append(kinds, "batchlab/sim/program", "batchlab/sim/history", "batchlab/sim/oracle"),
	},
	{"impls/spec", []string{"batchlab/sim/kind", clocks}, kinds},
	{"impls/spec/", append([]string{"batchlab/sim/kind"}, kinds...), nil},
	{"impls/hunt", []string{"batchlab/impls", "batchlab/impls/", "batchlab/sim/"}, nil},
	{"impls", []string{"batchlab/impls/", "batchlab/sim/kind", clocks}, []string{"go.uber.org/goleak", "batchlab/sim"}},
	{"fuzz", []string{""}, nil},
	{"stress/", []string{""}, nil},
	{"stress", []string{""}, nil},
}

var (
	// ofSource are what reads and changes Go source.
	ofSource = []string{"golang.org/x/tools/", "golang.org/x/mod/", "github.com/aymanbagabas/go-udiff"}
	// things are what runs are made of.
	things = []string{"batchlab/sim/kind", "batchlab/sim/program", "batchlab/sim/history"}
	// kinds are the case study's, on which tests are tried.
	kinds = []string{"batchlab/impls/spec", "batchlab/impls/spec/"}
)

// forbidden is the first import of a file that its folder may not have, or "".
func forbidden(folder string, isTest bool, imports []string) string {
	for _, r := range importRules {
		if r.folder != folder && !(strings.HasSuffix(r.folder, "/") && strings.HasPrefix(folder, r.folder)) {
			continue
		}
		may := append([]string{}, r.may...)
		if isTest {
			may = append(may, r.tests...)
		}
		for _, imp := range imports {
			first, _, _ := strings.Cut(imp, "/")
			own := imp == module+"/"+folder
			if own || !strings.Contains(first, ".") && first != module {
				continue
			}
			if !allowed(imp, may) {
				return imp
			}
		}
		return ""
	}
	return "(no rule for the folder " + folder + ")"
}

func allowed(imp string, may []string) bool {
	for _, m := range may {
		if imp == m || m == "" || strings.HasSuffix(m, "/") && strings.HasPrefix(imp, m) {
			return true
		}
	}
	return false
}

// TestForbidden shows the rules a breach of each.
func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		folder  string
		isTest  bool
		imports string
		want    string
	}{
		{"sim", false, "fmt batchlab/sim/check batchlab/sim/lab", "batchlab/sim/lab"},
		{"sim", false, "batchlab/sim/kind batchlab/impls/spec", "batchlab/impls/spec"},
		{"sim", true, "batchlab/sim batchlab/impls batchlab/impls/mutants", "batchlab/impls/mutants"},
		{"sim", true, "batchlab/sim testing/synctest github.com/benbjohnson/clock", ""},
		{"sim", false, "github.com/spf13/cobra", "github.com/spf13/cobra"},
		{"sim/weave/rt", false, "sync batchlab/sim/kind", "batchlab/sim/kind"},
		{"sim/twin", false, "testing batchlab/sim/weave/rt batchlab/sim/weave", "batchlab/sim/weave"},
		{"sim/weave/mutate", false, "golang.org/x/tools/go/packages batchlab/sim/weave", "batchlab/sim/weave"},
		{"sim/weave", false, "golang.org/x/mod/modfile batchlab/sim/weave/rt", "batchlab/sim/weave/rt"},
		{"sim/kind", false, "time github.com/benbjohnson/clock batchlab/sim/program", "batchlab/sim/program"},
		{"sim/program", false, "fmt batchlab/sim/kind batchlab/sim/history", "batchlab/sim/history"},
		{"sim/program", false, "batchlab/impls/spec/dedup", "batchlab/impls/spec/dedup"},
		{"sim/program", true, "batchlab/impls/spec/dedup", ""},
		{"sim/history", false, "batchlab/sim/kind batchlab/sim/oracle", "batchlab/sim/oracle"},
		{"sim/view", false, "batchlab/sim/history batchlab/sim/lab", "batchlab/sim/lab"},
		{"sim/sched", false, "batchlab/sim/program batchlab/sim/engine", "batchlab/sim/engine"},
		{"sim/oracle", false, "batchlab/sim/history batchlab/sim/engine", "batchlab/sim/engine"},
		{"sim/body", false, "batchlab/sim/sched batchlab/sim/lab", "batchlab/sim/lab"},
		{"sim/engine", false, "batchlab/sim/sched batchlab/sim/oracle", "batchlab/sim/oracle"},
		{"sim/lab", false, "batchlab/sim/oracle batchlab/sim/engine", ""},
		{"sim/lab", false, "batchlab/sim/oracle batchlab/sim", "batchlab/sim"},
		{"sim/lab", false, "batchlab/sim/oracle batchlab/stress", "batchlab/stress"},
		{"sim/check", false, "batchlab/sim/lab batchlab/sim", "batchlab/sim"},
		{"impls/batcher", false, "batchlab/impls/spec", "batchlab/impls/spec"},
		{"impls/batcher", false, "go.uber.org/goleak", "go.uber.org/goleak"},
		{"impls/batcher", true, "go.uber.org/goleak", ""},
		{"impls/mutants", false, "batchlab/impls/spec batchlab/impls/batcher", "batchlab/impls/batcher"},
		{"impls/mutated", false, "batchlab/sim/kind", "batchlab/sim/kind"},
		{"impls/spec", false, "batchlab/sim/kind batchlab/impls/spec/model", "batchlab/impls/spec/model"},
		{"impls/spec/model", false, "batchlab/impls/spec batchlab/impls/spec/judge", "batchlab/impls/spec/judge"},
		{"impls/spec/judge", false, "batchlab/sim/kind batchlab/sim/oracle", "batchlab/sim/oracle"},
		{"impls/spec/dedup", false, "batchlab/impls/spec/judge batchlab/sim/program", "batchlab/sim/program"},
		{"impls", false, "batchlab/impls/batcher batchlab/sim/kind", ""},
		{"impls", false, "batchlab/sim/program", "batchlab/sim/program"},
		{"sim/cmd/batchlab", false, "batchlab/impls batchlab/sim github.com/spf13/cobra", ""},
		{"fuzz", false, "batchlab/sim/lab", ""},
		{"somewhere", false, "fmt", "(no rule for the folder somewhere)"},
	} {
		if got := forbidden(c.folder, c.isTest, strings.Fields(c.imports)); got != c.want {
			t.Errorf("%s, test %v, %s: got %q, want %q", c.folder, c.isTest, c.imports, got, c.want)
		}
	}
}

// sources walks over the Go files of the module.
func sources(t *testing.T, visit func(folder, name string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	root := ".."
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	n := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go"):
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		n++
		visit(path.Dir(rel), path.Base(rel), f, fset)
		return nil
	})
	if err != nil || n < 20 {
		t.Fatalf("%d files, %v", n, err)
	}
}

// TestImports: the design's import rules hold in every file, tests too.
func TestImports(t *testing.T) {
	sources(t, func(folder, name string, file *ast.File, _ *token.FileSet) {
		var imports []string
		for _, i := range file.Imports {
			imp, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports = append(imports, imp)
		}
		if bad := forbidden(folder, strings.HasSuffix(name, "_test.go"), imports); bad != "" {
			t.Errorf("%s/%s imports %s", folder, name, bad)
		}
	})
}

// TestShape: every package says what it is, files and functions stay readable.
func TestShape(t *testing.T) {
	const fileLines, functionLines, longLines = 400, 90, 60
	documented := map[string]bool{}
	sources(t, func(folder, name string, file *ast.File, fset *token.FileSet) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		documented[folder] = documented[folder] || file.Doc.Text() != ""
		if n := fset.Position(file.End()).Line; n > fileLines {
			t.Errorf("%s/%s has %d lines, at most %d are wanted", folder, name, n, fileLines)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1
			if n > functionLines {
				t.Errorf("%s/%s: %s has %d lines, at most %d are wanted", folder, name, f.Name, n, functionLines)
			} else if n > longLines {
				t.Logf("%s/%s: %s has %d lines", folder, name, f.Name, n)
			}
		}
	})
	for folder, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", folder)
		}
	}
}
