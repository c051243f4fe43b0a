package weave

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// moduleOf writes a module that requires batchlab, and an old one that it replaces.
func moduleOf(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	all := map[string]string{
		"main/go.mod": "module example.com/main\n\ngo 1.26.0\n\nrequire (\n\tbatchlab v0.0.0\n\texample.com/old v0.0.0\n)\n\n" +
			"replace batchlab => " + root + "\n\nreplace example.com/old => ../old\n",
		"main/need.go": "package main\n\nimport _ \"batchlab/sim/weave/rt\"\n",
		"main/main.go": "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/old\"\n)\n\nfunc main() {\n" +
			"\tch := make(chan int, 1)\n\tch <- old.Answer()\n\tfmt.Println(<-ch)\n}\n",
		"old/go.mod": "module example.com/old\n\ngo 1.12\n",
		"old/old.go": "// Package old is older than type parameters.\npackage old\n\nfunc Answer() int {\n" +
			"\tch := make(chan int, 1)\n\tch <- 40\n\treturn <-ch + two()\n}\n",
		"old/two.go": "// +build linux darwin\n// +build !ignore\n\n// Package old has a comment, too.\n" +
			"package old\n\nfunc two() int {\n\tvar fs []func() int\n\tch := make(chan int, 3)\n" +
			"\tfor i := 0; i < 3; i++ {\n\t\tch <- i\n\t\tfs = append(fs, func() int { return i })\n\t}\n" +
			"\treturn fs[0]() - 1\n}\n",
		"old/other.go": "//go:build !linux && !darwin\n\npackage old\n\nfunc two() int { return <-make(chan int) }\n",
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(text, "ROOT", root)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "main")
}

// TestForeignModules: a main module that is not batchlab, and a module that a folder
// replaces, whose language is too old to call rt, with its old loop variables. Files that
// are nowhere but in Extra are built like others.
func TestForeignModules(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	dir := moduleOf(t, nil)
	opts := Options{Dir: dir, Quiet: []string{"example.com/old"}, Extra: map[string][]byte{
		filepath.Join(dir, "extra", "main.go"): []byte("package main\n\nimport \"example.com/old\"\n\n" +
			"func main() {\n\tch := make(chan int, 1)\n\tch <- old.Answer()\n\tprintln(<-ch)\n}\n"),
	}}
	b, err := Prepare(t.Context(), t.TempDir(), opts, "./...", "example.com/main/extra", "example.com/old")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Packages) != 3 || b.ModFile != "" {
		t.Errorf("%+v", b)
	}
	for _, p := range []string{".", "./extra"} {
		if out := strings.TrimSpace(goRun(t, dir, append(append([]string{"run"}, b.Flags()...), p)...)); out != "42" {
			t.Errorf("%s printed %s", p, out)
		}
	}
	points, err := b.Points()
	if at := points[filepath.Join(dir, "extra", "main.go")]; err != nil || !slices.Equal(at, []int{7, 8}) || len(points) != 2 {
		t.Errorf("points at %v, %v", points, err)
	}
	files, err := filepath.Glob(b.Dir + "/overlay/*")
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, f := range files {
		all += read(t, f)
	}
	for _, want := range []string{
		"//go:build (linux || darwin) && !ignore && go1.21\n//line ",
		"//go:build go1.21\n//line ",
		`To("~old.go:6", ch)`, `From("main.go:12", ch)`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in\n%s", want, all)
		}
	}
}

// TestOldMaps: the keys of every map are put in order where the language is too old for rt to
// be given maps of interfaces.
func TestOldMaps(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	const old = "// Package old is a bit older.\npackage old\n\nfunc Answer() (n int) {\n" +
		"\tfor k, v := range map[interface{}]int{1: 40, \"a\": 2} {\n\t\tif k != nil {\n\t\t\tn += v\n\t\t}\n" +
		"\t}\n\treturn n\n}\n"
	dir := moduleOf(t, map[string]string{
		"old/go.mod": "module example.com/old\n\ngo 1.19\n", "old/old.go": old,
		"old/two.go": "package old\n", "old/other.go": "package old\n",
	})
	b, err := Prepare(t.Context(), t.TempDir(), Options{Dir: dir}, ".", "example.com/old")
	if err != nil {
		t.Fatal(err)
	}
	if out := strings.TrimSpace(goRun(t, dir, append(append([]string{"run"}, b.Flags()...), ".")...)); out != "42" {
		t.Error(out)
	}
}

// TestTests: a package's tests are woven if that is asked for, and only then.
func TestTests(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	dir := moduleOf(t, map[string]string{
		"main/a_test.go": "package main\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {\n" +
			"\tclose(make(chan int))\n}\n",
		"main/b_test.go": "package main_test\n\nimport \"testing\"\n\nfunc TestB(t *testing.T) {\n" +
			"\tgo func() {}()\n}\n",
	})
	for tests, want := range map[bool]int{false: 2, true: 4} {
		ps, err := Load(t.Context(), Options{Dir: dir, Tests: tests}, ".")
		if err != nil {
			t.Fatal(err)
		}
		if len(ps) != 1 || ps[0].Points != want {
			t.Errorf("tests %v: %d packages, %d points", tests, len(ps), ps[0].Points)
		}
	}
	b, err := Prepare(t.Context(), t.TempDir(), Options{Dir: dir, Tests: true}, ".")
	if err != nil {
		t.Fatal(err)
	}
	goRun(t, dir, append(append([]string{"test"}, b.Flags()...), ".")...)
}

// TestReach: what a package and its tests need is woven with it, if there is something to weave, and
// what is asked for beside; not test files of those, which may be broken, and not the lab.
func TestReach(t *testing.T) {
	dir := moduleOf(t, map[string]string{
		"main/a_test.go":      "package main\n\nimport (\n\t_ \"batchlab/sim/twin\"\n\t_ \"example.com/main/idle\"\n\t_ \"example.com/main/tested\"\n)\n",
		"main/tested/t.go":    "package tested\n\nfunc Close() { close(make(chan int)) }\n",
		"main/idle/idle.go":   "package idle\n\nvar Idle int\n\nfunc Inc() { Idle++ }\n",
		"main/beside/b.go":    "package beside\n\nimport _ \"example.com/main/behind\"\n",
		"main/behind/b.go":    "package behind\n\nfunc Close() { close(make(chan int)) }\n",
		"main/away/away.go":   "package away\n\nfunc Close() { close(make(chan int)) }\n",
		"main/idle/i_test.go": "package idle\n\nbroken\n",
		"old/old_test.go":     "package old\n\nbroken\n",
	})
	for plain, want := range map[bool]string{
		false: "example.com/main example.com/main/behind example.com/main/beside example.com/main/tested example.com/old",
		// idle is imported by what was named, and has plain accesses.
		true: "example.com/main example.com/main/behind example.com/main/beside example.com/main/idle example.com/main/tested " +
			"example.com/old",
	} {
		ps, err := Load(t.Context(), Options{Dir: dir, Tests: true, Reach: true, Also: []string{"./beside"}, Plain: plain}, ".")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range ps {
			got = append(got, p.Path)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("woven, plain %v: %v, want %s", plain, got, want)
		}
	}
	if _, err := Load(t.Context(), Options{Dir: dir, Reach: true, Also: []string{"sync"}}, "."); err == nil {
		t.Error("a package that was asked for and cannot be woven is no error")
	}
}

// TestErrors: each says in one line what is wrong.
func TestErrors(t *testing.T) {
	dir := moduleOf(t, map[string]string{
		"main/bad/bad.go":       "package bad\n\nvar x int = \"s\"\n",
		"main/syntax/syntax.go": "package syntax\n\nfunc {\n",
	})
	unsummed := moduleOf(t, map[string]string{
		"main/go.mod": "module example.com/main\n\ngo 1.26.0\n\nrequire (\n\tbatchlab v0.0.0\n\tgolang.org/x/sync v0.24.0\n)\n\n" +
			"replace batchlab => ROOT\n",
		"main/main.go": "package main\n\nimport _ \"golang.org/x/sync/errgroup\"\n", "main/need.go": "package main\n"})
	lone := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module lone\n\ngo 1.26.0\n", "lone.go": "package lone\n"} {
		if err := os.WriteFile(filepath.Join(lone, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ dir, pattern, want string }{
		{dir, "./bad", "bad.go:3:13: cannot use \"s\""},
		{dir, "./syntax", "syntax.go:3:6: "},
		{dir, "./nowhere", "nowhere"},
		{dir, "example.com/nobody/needs", "example.com/nobody/needs"},
		{dir, "sync", "sync is a package of the standard library"},
		{dir, rtPath, "cannot be woven itself"},
		{unsummed, ".", "missing go.sum entry for module providing package golang.org/x/sync/errgroup (imported by example.com/main); " +
			"to add: go get example.com/main"},
		{lone, ".", "the main module must require batchlab"},
	} {
		for name, f := range map[string]func() error{
			"Load":    func() error { _, err := Load(t.Context(), Options{Dir: c.dir}, c.pattern); return err },
			"Prepare": func() error { _, err := Prepare(t.Context(), t.TempDir(), Options{Dir: c.dir}, c.pattern); return err },
		} {
			if err := f(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s %s: %v, want %s", name, c.pattern, err, c.want)
			}
		}
	}
}

// TestDiff shows what weaving changed.
func TestDiff(t *testing.T) {
	ps, err := Load(t.Context(), Options{Dir: moduleOf(t, nil)}, ".")
	if err != nil {
		t.Fatal(err)
	}
	diff := ps[0].Diff()
	for _, want := range []string{
		"--- a/example.com/main/main.go\n+++ b/example.com/main/main.go\n@@ ", "\n-\tfmt.Println(<-ch)\n" +
			"", "\n+\tfmt.Println(<-batchlab_rt.From(\"main.go:12\", ch))\n",
	} {
		if !strings.Contains(diff, want) {
			t.Errorf("%q is not in\n%s", want, diff)
		}
	}
}
