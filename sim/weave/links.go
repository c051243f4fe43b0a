package weave

import (
	"context"

	"golang.org/x/tools/go/packages"
)

// links is what is known of the packages around those that are woven.
type links struct {
	woven   map[string]bool
	all     map[string]*packages.Package // by path, without types
	every   []*packages.Package          // test variants too
	known   map[string]bool              // paths of packages asked for by concurrent
	reached []string                     // paths of packages that are woven since others need them
	bodies  bool                         // tests are woven as bodies
}

// readLinks lists packages and all that they need, without types.
func readLinks(ctx context.Context, opts Options, patterns []string) (*links, []*packages.Package, error) {
	cfg := opts.config(ctx)
	cfg.Mode = packages.NeedName | packages.NeedFiles | packages.NeedEmbedFiles | packages.NeedImports |
		packages.NeedDeps | packages.NeedModule | packages.NeedForTest
	roots, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, nil, oneLineError(err)
	}
	l := &links{woven: map[string]bool{}, all: map[string]*packages.Package{}, known: map[string]bool{},
		bodies: opts.Bodies}
	l.add(roots)
	cfg.Tests = false
	if len(opts.Also) > 0 {
		also, err := packages.Load(cfg, opts.Also...)
		if err != nil {
			return nil, nil, oneLineError(err)
		}
		l.add(also)
		roots = append(roots, also...)
	}
	if l.all[rtPath] == nil { // whoever is woven will need it
		more, err := packages.Load(cfg, rtPath)
		if err != nil {
			return nil, nil, oneLineError(err)
		}
		l.add(more)
	}
	if opts.Reach {
		l.reach(roots)
	}
	return l, roots, nil
}

func (l *links) add(roots []*packages.Package) {
	packages.Visit(roots, nil, func(p *packages.Package) {
		l.every = append(l.every, p)
		if l.all[p.PkgPath] == nil || p.ForTest == "" {
			l.all[p.PkgPath] = p
		}
	})
}

// missing is why a package that others need is not there: the compiler knows that it is not, and
// the go command why, and what would get it.
func (l *links) missing() error {
	for _, p := range l.every {
		for _, e := range p.Errors {
			if e.Kind == packages.ListError {
				return check(p)
			}
		}
	}
	return nil
}

// isStd reports whether a package is the standard library's.
func (l *links) isStd(path string) bool {
	p := l.all[path]
	return p == nil || p.Module == nil
}

// concurrent reports whether an imported package is one that is not woven, not of the
// standard library, and has locks or goroutines, or imports such a package.
func (l *links) concurrent(path string) bool {
	if is, ok := l.known[path]; ok {
		return is
	}
	l.known[path] = false
	p := l.all[path]
	if p == nil || l.isStd(path) || l.woven[path] || path == rtPath {
		return false
	}
	is := p.Imports["sync"] != nil || p.Imports["sync/atomic"] != nil
	for _, imp := range p.Imports {
		is = is || l.concurrent(imp.PkgPath)
	}
	is = is || startsGoroutines(p.GoFiles)
	l.known[path] = is
	return is
}
