package weave

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	// Bodies has *testing.T be a *body.T in what is woven, and each test run as a body under
	// many schedules: see bodies.go.
	Bodies bool
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
	return &packages.Config{Context: ctx, Dir: o.Dir, Env: o.Env, Tests: o.Tests, Overlay: o.Extra}
}

func load(ctx context.Context, opts Options, l *links, patterns []string) ([]*Package, error) {
	cfg := opts.config(ctx)
	cfg.Mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
		packages.NeedImports | packages.NeedTypes |
		packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule | packages.NeedForTest
	if len(opts.Extra) > 0 { // to compile many packages for the types that they export costs more than to read all imports
		cfg.Mode |= packages.NeedDeps
	}
	loaded, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, oneLineError(err)
	}
	if p := l.all[rtPath]; p == nil || len(p.Errors) > 0 {
		return nil, fmt.Errorf("the main module must require batchlab, since woven code imports %s", rtPath)
	}
	byPath := map[string]*Package{}
	var all []*packages.Package
	for _, p := range loaded {
		if err := check(p); err != nil {
			return nil, err
		}
		if !strings.HasSuffix(p.ID, ".test") { // the main package of a test, which the go command writes
			l.woven[p.PkgPath] = true
			all = append(all, p)
		}
	}
	seen := map[string]bool{}
	for _, p := range all {
		path := p.PkgPath
		if p.ForTest != "" {
			path = p.ForTest
		}
		to := byPath[path]
		if to == nil {
			to = &Package{Path: path, Dir: p.Dir, Module: p.Module, Gaps: packageGaps(p)}
			byPath[path] = to
		}
		if err := to.add(p, opts, l, seen); err != nil {
			return nil, err
		}
	}
	woven := slices.SortedFunc(maps.Values(byPath), func(a, b *Package) int { return strings.Compare(a.Path, b.Path) })
	if len(woven) == 0 {
		return nil, fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
	}
	return woven, nil
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
	if p.PkgPath == rtPath {
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
		if seen[name] {
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
			w := weaveFile(p, tree, src, prefix, slices.Contains(opts.Quiet, to.Path), l)
			f.Woven = w.woven()
			to.Gaps = append(to.Gaps, w.gaps...)
			to.Points += w.points
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
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			return line
		}
	}
	return strings.TrimSpace(text)
}
