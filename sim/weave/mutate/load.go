package mutate

import (
	"fmt"
	"go/types"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// load reads the package in a folder, and the rows of the registry in the folder above,
// if there is a registry.
func load(dir string) (*source, []row, error) {
	cfg := &packages.Config{
		Dir: dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo,
	}
	loaded, err := packages.Load(cfg, ".", "..")
	if err != nil {
		return nil, nil, fmt.Errorf("mutate: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	var s *source
	var registry *packages.Package
	for _, p := range loaded {
		switch p.Dir {
		case abs:
			if s, err = fromPackage(p); err != nil {
				return nil, nil, err
			}
		case filepath.Dir(abs):
			registry = p
		}
	}
	if s == nil {
		return nil, nil, fmt.Errorf("mutate: no Go package in %s", dir)
	}
	if registry == nil || len(registry.Syntax) == 0 {
		return s, nil, nil
	}
	if len(registry.Errors) > 0 {
		return nil, nil, fmt.Errorf("mutate: %w", registry.Errors[0])
	}
	return s, s.rows(registry), nil
}

func fromPackage(p *packages.Package) (*source, error) {
	if len(p.Errors) > 0 {
		return nil, fmt.Errorf("mutate: %w", p.Errors[0])
	}
	text := map[string][]byte{}
	for _, name := range p.GoFiles {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("mutate: %w", err)
		}
		text[filepath.Base(name)] = content
	}
	if len(text) == 0 || len(p.CompiledGoFiles) != len(p.GoFiles) {
		return nil, fmt.Errorf("mutate: %s has no Go files, or some that cgo makes", p.PkgPath)
	}
	known := map[string]*types.Package{}
	for path, i := range p.Imports {
		known[path] = i.Types
	}
	return newSource(p.PkgPath, p.Fset, p.Syntax, text, p.TypesInfo, fromPackages(known)), nil
}
