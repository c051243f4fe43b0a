package weave

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/tools/go/packages"
)

// copied is a module of the module cache that was copied to be woven.
type copied struct{ from, to string } // to: from the writer's folder on

// module returns the copy of a module, which it makes at the first call.
func (w *writer) module(m *packages.Module) (*copied, error) {
	if m == nil {
		return nil, errors.New("a file of the module cache is in no module")
	}
	if c := w.modules[m.Path]; c != nil {
		return c, nil
	}
	goMod := m.GoMod
	if m.Replace != nil && m.Replace.GoMod != "" {
		goMod = m.Replace.GoMod
	}
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return nil, err
	}
	c := &copied{from: m.Dir, to: filepath.Join("modules", filepath.FromSlash(escaped)+"@"+m.Version)}
	if err := copyTree(c.from, filepath.Join(w.dir, c.to)); err != nil {
		return nil, err
	}
	// A module older than modules has a go.mod in the cache only.
	if to := filepath.Join(w.dir, c.to, "go.mod"); !exists(to) {
		text, err := os.ReadFile(goMod)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return nil, err
		}
	}
	w.modules[m.Path] = c
	return c, nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// copyTree copies folders, and links their files where the file system can: a module may
// have ten thousand. Nobody may write to such a file, but put another in its place.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		switch target := filepath.Join(to, rel); {
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case !d.Type().IsRegular():
			return nil
		case os.Link(name, target) == nil:
			return nil
		default:
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			return os.WriteFile(target, text, 0o644)
		}
	})
}

// modFile writes the main module's go.mod with the copies in place of their modules,
// and its go.sum next to it, where the go command looks for it.
func (w *writer) modFile() error {
	if w.env.GOWORK != "" && w.env.GOWORK != "off" {
		return fmt.Errorf("packages of the module cache cannot be woven in a workspace (%s): set GOWORK=off", w.env.GOWORK)
	}
	text, err := os.ReadFile(w.env.GOMOD)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(w.env.GOMOD, text, nil)
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(w.modules)) {
		if err := mod.AddReplace(path, "", filepath.Join(w.final, w.modules[path].to), ""); err != nil {
			return err
		}
	}
	if text, err = mod.Format(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, "go.mod"), text, 0o644); err != nil {
		return err
	}
	sum, err := os.ReadFile(strings.TrimSuffix(w.env.GOMOD, ".mod") + ".sum")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, "go.sum"), sum, 0o644)
}
