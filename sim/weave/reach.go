package weave

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// clockPath is a clock that subjects are given, by the lab too: where it is needed it is woven.
const clockPath = "github.com/benbjohnson/clock"

// reach finds what the roots need, but not the standard library, the lab, and what that needs.
// What has nothing to weave shows when it is woven.
func (l *links) reach(roots []*packages.Package) {
	seen := map[*packages.Package]bool{}
	named := map[string]bool{}
	for _, r := range roots {
		named[r.PkgPath] = true
	}
	var visit func(p *packages.Package)
	visit = func(p *packages.Package) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, imp := range p.Imports {
			if l.isStd(imp.PkgPath) || ofTheLab(imp.PkgPath) && !named[imp.PkgPath] {
				continue
			}
			visit(imp)
			if !named[imp.PkgPath] {
				l.reached = append(l.reached, imp.PkgPath)
			}
		}
	}
	for _, r := range roots {
		visit(r)
	}
	if l.all[clockPath] != nil && !named[clockPath] {
		l.reached = append(l.reached, clockPath)
	}
	slices.Sort(l.reached)
	l.reached = slices.Compact(l.reached)
}

// ofTheLab reports whether a package is part of the lab, which does the weaving and the
// scheduling, and is not woven. Its tests can be.
func ofTheLab(path string) bool {
	const lab = "batchlab/sim"
	return (path == lab || strings.HasPrefix(path, lab+"/")) && !strings.Contains(path, "/testdata/")
}

func startsGoroutines(files []string) bool {
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return true // it may
		}
		found := false
		ast.Inspect(f, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt:
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}
