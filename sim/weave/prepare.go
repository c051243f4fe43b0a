package weave

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Build is where woven packages lie, and how they are built.
type Build struct {
	Dir      string `json:"-"` // of all that was written
	Overlay  string `json:"-"` // the file that puts woven files in place of the originals
	ModFile  string // a go.mod that puts woven modules in place of the originals; "" if there are none
	Work     string // the same as a go.work, in a workspace
	Copies   string // where the woven modules are
	Packages []Summary
}

// Summary is a Package without its files' contents.
type Summary struct {
	Path   string
	Points int
	Gaps   []Gap
}

// Go is a go command that builds, tests or runs what is woven, run where it was prepared. Add -vet=off
// to go test: vet has opinions on woven code. Nobody debugs it, so that it is linked without what that needs.
func (b Build) Go(ctx context.Context, verb string, args ...string) *exec.Cmd {
	woven := []string{"-ldflags", "-s -w -X " + rtPath + ".Woven=" + filepath.Base(b.Dir)}
	cmd := exec.CommandContext(ctx, "go", slices.Concat([]string{verb}, b.Flags(), woven, args)...)
	cmd.Env = b.Env(os.Environ())
	return cmd
}

// Flags are those of such a command, but for the one that tells package rt that it is woven.
func (b Build) Flags() []string {
	flags := []string{"-overlay=" + b.Overlay}
	if b.ModFile != "" {
		flags = append(flags, "-modfile="+b.ModFile)
	}
	return flags
}

// Env is the environment of the go command that takes those flags.
func (b Build) Env(env []string) []string {
	if b.Work == "" {
		return env
	}
	return append(env[:len(env):len(env)], "GOWORK="+b.Work)
}

// environment is what the go command says of where it runs.
type environment struct{ GOMOD, GOWORK, GOMODCACHE, GOVERSION, GOFLAGS, GOOS, GOARCH string }

func (o Options) environment(ctx context.Context) (e environment, err error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOMOD", "GOWORK", "GOMODCACHE", "GOVERSION", "GOFLAGS", "GOOS",
		"GOARCH")
	cmd.Dir, cmd.Env = o.Dir, o.Env
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return e, oneLineError(errors.New(string(exit.Stderr)))
	}
	if err == nil {
		err = json.Unmarshal(out, &e)
	}
	if err == nil && (e.GOMOD == "" || e.GOMOD == os.DevNull) {
		err = fmt.Errorf("%s is in no module", cmp.Or(o.Dir, "the current directory"))
	}
	return e, err
}

// Prepare weaves packages and writes them below a folder, unless just this was written
// there before. The name of what it writes is a hash of all that it depends on: the
// sources, this package, the Go version, and the flags of the environment.
func Prepare(ctx context.Context, cacheDir string, opts Options, patterns ...string) (Build, error) {
	env, err := opts.environment(ctx)
	if err != nil {
		return Build{}, err
	}
	l, roots, err := readLinks(ctx, opts, patterns)
	if err != nil {
		return Build{}, err
	}
	for _, r := range roots {
		if len(r.Errors) > 0 { // load knows more of it
			_, err := load(ctx, opts, l, patterns)
			return Build{}, cmp.Or(err, error(r.Errors[0]))
		}
	}
	key, err := l.digest(opts, env, patterns)
	if err != nil {
		return Build{}, err
	}
	if cacheDir, err = filepath.Abs(cacheDir); err != nil {
		return Build{}, err
	}
	dir := filepath.Join(cacheDir, key)
	if b, err := readBuild(dir); err == nil {
		return b, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Build{}, err
	}
	woven, err := load(ctx, opts, l, patterns)
	if err != nil {
		return Build{}, err
	}
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return Build{}, err
	}
	w := newWriter(env, dir, cacheDir)
	if w.dir, err = os.MkdirTemp(cacheDir, "new-"); err != nil {
		return Build{}, err
	}
	defer os.RemoveAll(w.dir)
	if err := w.write(woven, opts.Extra); err != nil {
		return Build{}, err
	}
	// Another process may have written the same in the meantime: then that is as good.
	if err := os.Rename(w.dir, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return Build{}, err
	}
	return readBuild(dir)
}

func readBuild(dir string) (b Build, err error) {
	text, err := os.ReadFile(filepath.Join(dir, "build.json"))
	if err != nil {
		return b, err
	}
	b.Dir, b.Overlay = dir, filepath.Join(dir, "overlay.json")
	return b, json.Unmarshal(text, &b)
}

// writer writes what Prepare prepares.
type writer struct {
	env     environment
	dir     string // where it is written
	final   string // where it will be
	copies  string // where copies of modules are
	overlay map[string]string
	modules map[string]*copied // by path
	n       int
}

func newWriter(env environment, final, cacheDir string) *writer {
	return &writer{env: env, final: final, copies: filepath.Join(cacheDir, "modules"),
		overlay: map[string]string{}, modules: map[string]*copied{}}
}

func (w *writer) write(woven []*Package, extra map[string][]byte) error {
	b := Build{Copies: w.copies}
	for _, p := range woven {
		b.Packages = append(b.Packages, Summary{p.Path, p.Points, p.Gaps})
		if err := w.put(p); err != nil {
			return err
		}
	}
	for name, text := range extra {
		if w.overlay[name] == "" {
			if err := w.lay(name, text); err != nil {
				return err
			}
		}
	}
	if err := w.copyModules(); err != nil {
		return err
	}
	if err := w.replaceModules(&b); err != nil {
		return err
	}
	if err := w.json("overlay.json", map[string]any{"Replace": w.overlay}); err != nil {
		return err
	}
	return w.json("build.json", b)
}

// put writes a package's woven files: over the module cache in a copy of their module,
// and into the overlay anywhere else.
func (w *writer) put(p *Package) error {
	for _, f := range p.Files {
		switch {
		case f.Woven == nil:
		case within(w.env.GOMODCACHE, f.Name):
			m, err := w.module(p.Module)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(m.of.Dir, f.Name)
			if err != nil {
				return err
			}
			m.files[rel] = f.Woven
		default:
			if err := w.lay(f.Name, f.Woven); err != nil {
				return err
			}
		}
	}
	return nil
}

// lay writes a file that the overlay puts in place of another.
func (w *writer) lay(name string, text []byte) error {
	w.n++
	rel := filepath.Join("overlay", strconv.Itoa(w.n)+"_"+filepath.Base(name))
	w.overlay[name] = filepath.Join(w.final, rel)
	if err := os.MkdirAll(filepath.Join(w.dir, "overlay"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, rel), text, 0o644)
}

func (w *writer) json(name string, v any) error {
	b, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, name), append(b, '\n'), 0o644)
}

// within reports whether a file lies below a folder.
func within(dir, name string) bool {
	return dir != "" && strings.HasPrefix(name, filepath.Clean(dir)+string(filepath.Separator))
}

// Points are the lines at which there are scheduling points, in ascending order, by the path of the file that was
// woven, as far as it is in the main module and not woven quietly.
func (b Build) Points() (map[string][]int, error) {
	text, err := os.ReadFile(b.Overlay)
	if err != nil {
		return nil, err
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(text, &overlay); err != nil {
		return nil, err
	}
	points := map[string][]int{}
	for file, woven := range overlay.Replace {
		if woven == "" {
			continue
		}
		text, err := os.ReadFile(woven)
		if err != nil {
			return nil, err
		}
		site := regexp.MustCompile(`"` + regexp.QuoteMeta(filepath.Base(file)) + `:(\d+)"`)
		var lines []int
		for _, m := range site.FindAllSubmatch(text, -1) {
			n, _ := strconv.Atoi(string(m[1])) // digits
			lines = append(lines, n)
		}
		if slices.Sort(lines); len(lines) > 0 {
			points[file] = slices.Compact(lines)
		}
	}
	return points, nil
}
