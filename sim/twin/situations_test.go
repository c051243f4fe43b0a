package twin

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// group is a test that needs a module of the module cache, which is woven then.
const group = "package NAME\n\nimport (\n\t\"testing\"\n\n\t\"golang.org/x/sync/errgroup\"\n)\n\nfunc TestGroup(t *testing.T) {\n" +
	"\tcontrolled(t, func() {\n\t\tvar g errgroup.Group\n\t\tvar c Counter\n" +
	"\t\tg.Go(func() error { c.Add(); return nil })\n\t\tg.Wait()\n\t})\n}\n"

const needsSync = "require golang.org/x/sync v0.24.0\n"

// sums are the lines of this module's go.sum.
func sums(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// situations are ways in which a module can be found. In each, go test of it has to weave and pass.
var situations = map[string]func(t *testing.T, dir string) (in string, env, args []string, want string){
	"internal packages": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{
			"internal/deep/deep.go":      "package deep\n\nfunc Chan() chan int { c := make(chan int, 1); c <- 1; return c }\n",
			"internal/deep/deep_test.go": "package deep\n\nthis does not compile\n",
			"outside_test.go": "package NAME_test\n\nimport (\n\t\"testing\"\n\n\t\"example.com/NAME/internal/deep\"\n)\n\n" +
				"func TestOutside(t *testing.T) { <-deep.Chan() }\n",
		}.write(t, dir, "inside")
		return dir, nil, nil, "woven: 2 packages"
	},
	"main": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{"main.go": "package NAME\n\nfunc main() {}\n"}.write(t, dir, "main")
		return dir, nil, nil, "woven: 1 package,"
	},
	"no module but a file list": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{}.write(t, dir, "listed")
		return dir, nil, []string{"check_test.go", "counter.go", "counter_test.go"}, "woven: 1 package,"
	},
	"module cache": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{"group_test.go": group, "go.mod": goMod(t, "example.com/NAME", needsSync), "go.sum": sums(t)}.write(t, dir, "cached")
		return dir, []string{"GOFLAGS=-mod=mod"}, nil, "woven: 2 packages"
	},
	"vendor": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{"group_test.go": group, "go.mod": goMod(t, "example.com/NAME", needsSync), "go.sum": sums(t)}.write(t, dir, "vendored")
		command(t, dir, nil, "go", "mod", "vendor").has(t, true)
		return dir, []string{"GOFLAGS=-mod=vendor"}, nil, "woven: 2 packages"
	},
	"replace": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{"check_test.go": "", "counter_test.go": "", "go.mod": "module example.com/replaced\n\ngo 1.20\n"}.
			write(t, filepath.Join(dir, "r"), "replaced")
		files{
			"go.mod":     goMod(t, "example.com/NAME", "require example.com/replaced v0.0.0\n\nreplace example.com/replaced => ../r\n"),
			"counter.go": "package NAME\n\nimport \"example.com/replaced\"\n\ntype Counter = replaced.Counter\n",
		}.write(t, filepath.Join(dir, "m"), "replacing")
		return filepath.Join(dir, "m"), nil, nil, "woven: 2 packages"
	},
	"workspace": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{"check_test.go": "", "counter_test.go": ""}.write(t, filepath.Join(dir, "other"), "other")
		files{
			"group_test.go": group, "go.mod": goMod(t, "example.com/NAME", needsSync), "go.sum": sums(t),
			"counter.go": "package NAME\n\nimport \"example.com/other\"\n\ntype Counter = other.Counter\n",
		}.write(t, filepath.Join(dir, "m"), "worked")
		work := filepath.Join(dir, "go.work")
		if err := os.WriteFile(work, []byte("go 1.26.0\n\nuse (\n\t./m\n\t./other\n)\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, "m"), []string{"GOWORK=" + work}, nil, "woven: 3 packages"
	},
	"cgo elsewhere": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{
			"c/c.go": "package c\n\n// static int two(void) { return 2; }\nimport \"C\"\n\nfunc Two() int { return int(C.two()) }\n",
			"two.go": "package NAME\n\nimport \"example.com/NAME/c\"\n\nvar Two = c.Two()\n",
		}.write(t, dir, "withc")
		return dir, nil, nil, "woven: 1 package,"
	},
	"tags, no paths": func(t *testing.T, dir string) (string, []string, []string, string) {
		files{
			"counter.go":  "//go:build special\n\n" + counter,
			"ordinary.go": "//go:build !special\n\npackage NAME\n\ntype Counter struct{}\n\nfunc (c *Counter) Add() { panic(\"ordinary\") }\n",
		}.write(t, dir, "tagged")
		return dir, nil, []string{"-trimpath", "-tags=special,another", "-ldflags", "-X 'example.com/tagged.x=a b'", "."}, "points: true"
	},
	"spaces, and nothing may be written": func(t *testing.T, dir string) (string, []string, []string, string) {
		dir = filepath.Join(dir, "a b", "c d")
		files{"group_test.go": group, "go.mod": goMod(t, "example.com/NAME", needsSync), "go.sum": sums(t)}.write(t, dir, "spaced")
		before := listing(t, dir)
		t.Cleanup(func() {
			if after := listing(t, dir); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
		})
		goCache := strings.TrimSpace(command(t, dir, nil, "go", "env", "GOCACHE").out)
		return dir, []string{"XDG_CACHE_HOME=/dev/null/nowhere", "GOCACHE=" + goCache, "TMPDIR=" + t.TempDir()}, nil, "woven: 2 packages"
	},
}

// listing is each file below a folder with its time.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		b.WriteString(name + " " + info.ModTime().String() + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSituations: wherever a module lies and however it finds what it needs, its test is woven and passes,
// and so does a test beside it that needs no twin.
func TestSituations(t *testing.T) {
	if testing.Short() {
		t.Skip("builds binaries")
	}
	for name, make := range situations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, env, args, want := make(t, t.TempDir())
			if args == nil {
				args = []string{"."}
			}
			r := command(t, dir, env, "go", append([]string{"test", "-vet=off", "-v"}, args...)...)
			r.has(t, true, want, "points: true", "--- PASS: TestCounter")
		})
	}
}
