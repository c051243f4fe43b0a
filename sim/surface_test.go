package sim

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// TestSurfaceIsSmall: who imports sim to test a component of his own sees few names: three calls, what they are
// given, and an option a line.
func TestSurfaceIsSmall(t *testing.T) {
	const most = 29
	var names []string
	see := func(id *ast.Ident) {
		if id.IsExported() {
			names = append(names, id.Name)
		}
	}
	sources(t, func(folder, name string, file *ast.File, _ *token.FileSet) {
		if folder != "sim" || strings.HasSuffix(name, "_test.go") {
			return
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				see(d.Name)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						see(s.Name)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							see(id)
						}
					}
				}
			}
		}
	})
	if len(names) == 0 || len(names) > most {
		t.Errorf("sim exports %d names, want 1 to %d: %v", len(names), most, names)
	}
}
