package weave

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/go/packages"
)

// Options say where packages are looked for and how they are woven.
type Options struct {
	Dir string   // where the go command runs, in the main module; "": the current directory
	Env []string // of the go command; nil: os.Environ()
	// Quiet are the import paths of packages whose operations are modelled, but are no
	// points where a schedule may switch.
	Quiet []string
	// Tests has the packages' _test.go files woven as well.
	Tests bool
	// Reach has woven as well what the packages need, their tests too if those are woven:
	// whatever may have a scheduling point, but for the standard library and the lab itself. Test
	// files of those are not looked at.
	Reach bool
	Also  []string // patterns of more packages to weave, without their tests
	Flags []string // of the go command, such as -race and -tags
	// Bodies has *testing.T be a *body.T in what is woven, and each test run as a body under
	// many schedules: see bodies.go.
	Bodies bool
	// Plain has plain reads and writes woven as well: see plain.go.
	Plain bool
	// Extra are files that are not there, or are other than they are there, by absolute
	// path. They may make whole packages of the main module, and are woven like others.
	Extra map[string][]byte
}

// Package is a package that was woven.
type Package struct {
	Path   string
	Dir    string
	Module *packages.Module
	Files  []File // those that the go command builds, by name
	Gaps   []Gap
	Points int // places where rt is called
	plains int // and those of plain accesses
}

// File is a Go file of a package.
type File struct {
	Name   string // absolute
	Source []byte
	Woven  []byte // nil: there is nothing to weave in it
}

// Load reads the packages that patterns name, in the way of the go command, and weaves
// them. The error for a source that does not compile is file:line:col: message.
func Load(ctx context.Context, opts Options, patterns ...string) ([]*Package, error) {
	l, _, err := readLinks(ctx, opts, patterns)
	if err != nil {
		return nil, err
	}
	return load(ctx, opts, l, patterns)
}

func (o Options) config(ctx context.Context) *packages.Config {
	return &packages.Config{Context: ctx, Dir: o.Dir, Env: o.Env, Tests: o.Tests, Overlay: o.Extra, BuildFlags: o.Flags}
}

func load(ctx context.Context, opts Options, l *links, patterns []string) ([]*Package, error) {
	loaded, err := loadTyped(ctx, opts, l, patterns)
	if err != nil {
		return nil, err
	}
	byPath := map[string]*Package{}
	var all []*packages.Package
	for _, p := range loaded {
		if err := check(p); err != nil {
			return nil, cmp.Or(l.missing(), err)
		}
		if !strings.HasSuffix(p.ID, ".test") { // the main package of a test, which the go command writes
			l.woven[p.PkgPath] = true
			all = append(all, p)
		}
	}
	if p := l.all[rtPath]; p == nil || len(p.Errors) > 0 {
		return nil, fmt.Errorf("the main module must require batchlab, since woven code imports %s", rtPath)
	}
	seen := map[string]bool{}
	for _, p := range all {
		path := cmp.Or(p.ForTest, p.PkgPath)
		to := byPath[path]
		if to == nil {
			to = &Package{Path: path, Dir: p.Dir, Module: p.Module, Gaps: packageGaps(p)}
			byPath[path] = to
		}
		if err := to.add(p, opts, l, seen); err != nil {
			return nil, err
		}
	}
	used := usedBy(all, byPath, l)
	maps.DeleteFunc(byPath, func(path string, p *Package) bool {
		return p.Points == 0 && slices.Contains(l.reached, path) && (p.plains == 0 || !used[path])
	})
	woven := slices.SortedFunc(maps.Values(byPath), func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	if len(woven) == 0 {
		return nil, fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
	}
	return woven, nil
}

// usedBy are the packages that are imported by those which were named, or have points: their plain accesses
// are worth to be seen.
func usedBy(all []*packages.Package, byPath map[string]*Package, l *links) map[string]bool {
	used := map[string]bool{}
	for _, p := range all {
		to := byPath[cmp.Or(p.ForTest, p.PkgPath)]
		if to.Points == 0 && slices.Contains(l.reached, to.Path) {
			continue
		}
		for _, imp := range p.Imports {
			used[imp.PkgPath] = true
		}
	}
	return used
}

// loadTyped loads the packages that patterns name, and beside them those that they reach.
func loadTyped(ctx context.Context, opts Options, l *links, patterns []string) ([]*packages.Package, error) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
		packages.NeedImports | packages.NeedTypes |
		packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule | packages.NeedForTest
	named := opts.config(ctx)
	named.Mode = mode
	if len(opts.Extra) > 0 { // to compile many packages for the types that they export costs more than to read all imports
		named.Mode |= packages.NeedDeps
	}
	beside := opts.config(ctx)
	beside.Mode, beside.Tests = mode, false
	var (
		wg   sync.WaitGroup
		more []*packages.Package
		err  error
	)
	if also := slices.Concat(opts.Also, l.reached); len(also) > 0 {
		wg.Go(func() { more, err = packages.Load(beside, also...) })
	}
	loaded, first := packages.Load(named, patterns...)
	wg.Wait()
	if err = cmp.Or(first, err); err != nil {
		return nil, oneLineError(err)
	}
	return append(loaded, more...), nil
}

// check reports why a package cannot be woven.
func check(p *packages.Package) error {
	if len(p.Errors) > 0 {
		e := p.Errors[0]
		msg := firstLine(e.Msg)
		if e.Pos != "" && e.Pos != "-" {
			msg = e.Pos + ": " + msg
		}
		if n := len(p.Errors) - 1; n > 0 {
			msg += fmt.Sprintf(" (and %d more)", n)
		}
		return errors.New(msg)
	}
	if p.Module == nil && p.PkgPath != "command-line-arguments" && !strings.HasSuffix(p.ID, ".test") {
		return fmt.Errorf("%s is a package of the standard library, or of no module: it cannot be woven", p.PkgPath)
	}
	if p.PkgPath == rtPath && p.ForTest == "" {
		return fmt.Errorf("%s is what woven code calls, and cannot be woven itself", rtPath)
	}
	return nil
}

// add weaves the files of a package that were not seen before.
func (to *Package) add(p *packages.Package, opts Options, l *links, seen map[string]bool) error {
	prefix := freePrefix(p.Syntax)
	trees := map[string]*ast.File{}
	for _, f := range p.Syntax {
		trees[p.Fset.File(f.Package).Name()] = f
	}
	for _, name := range p.GoFiles {
		if seen[name] || ofTheLab(to.Path) && !strings.HasSuffix(name, "_test.go") {
			continue
		}
		seen[name] = true
		src, ok := opts.Extra[name]
		if !ok {
			var err error
			if src, err = os.ReadFile(name); err != nil {
				return err
			}
		}
		f := File{Name: name, Source: src}
		if tree := trees[name]; tree == nil {
			to.Gaps = append(to.Gaps, Gap{name, 1, "cgo"})
		} else {
			w := weaveFile(p, tree, src, prefix, opts, l)
			f.Woven = w.woven()
			to.Gaps = append(to.Gaps, w.gaps...)
			to.Points += w.points
			to.plains += w.plains
		}
		to.Files = append(to.Files, f)
	}
	if f, ok := bodiesFile(p, prefix); ok && opts.Bodies {
		to.Files = append(to.Files, f)
	}
	slices.SortFunc(to.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// relative spells a file's name from the package's import path on.
func (p *Package) relative(name string) string {
	if rel, err := filepath.Rel(p.Dir, name); err == nil {
		return p.Path + "/" + filepath.ToSlash(rel)
	}
	return name
}

// oneLineError is an error of the go command, shortened to what a person needs.
func oneLineError(err error) error {
	text := err.Error()
	if _, after, ok := strings.Cut(text, "stderr: "); ok {
		text = after
	}
	return errors.New(firstLine(text))
}

// firstLine is the first line of a compiler's or the go command's text that tells something.
// One that ends in a colon announces what to do about it, which is on the next.
func firstLine(text string) string {
	told := ""
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if told += line; !strings.HasSuffix(line, ":") {
			return told
		}
		told += " "
	}
	return strings.TrimSpace(cmp.Or(told, text))
}

// Diff is what weaving changed in the package's files, as a unified diff.
func (p *Package) Diff() string {
	var b strings.Builder
	for _, f := range p.Files {
		if f.Woven != nil {
			name := p.relative(f.Name)
			b.WriteString(udiff.Unified("a/"+name, "b/"+name, string(f.Source), string(f.Woven)))
		}
	}
	return b.String()
}
