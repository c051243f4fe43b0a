package weave

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// reach finds what the roots need that is not the standard library's or the lab's. What has
// nothing to weave shows when it is woven.
func (l *links) reach(roots []*packages.Package) {
	named := map[string]bool{}
	for _, r := range roots {
		named[r.PkgPath], named[r.ForTest] = true, true
	}
	for _, p := range l.every {
		if p.ForTest == "" && !strings.HasSuffix(p.ID, ".test") && !named[p.PkgPath] && !l.isStd(p.PkgPath) && !ofTheLab(p.PkgPath) {
			l.reached = append(l.reached, p.PkgPath)
		}
	}
	slices.Sort(l.reached)
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
