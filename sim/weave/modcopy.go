package weave

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/tools/go/packages"
)

// copied is a module of the module cache that is copied to be woven.
type copied struct {
	of    *packages.Module
	files map[string][]byte // the woven ones, by name from the module's folder on
	dir   string            // where the copy is
}

// module is what is known of a module's copy.
func (w *writer) module(m *packages.Module) (*copied, error) {
	if m == nil {
		return nil, errors.New("a file of the module cache is in no module")
	}
	c := w.modules[m.Path]
	if c == nil {
		c = &copied{of: m, files: map[string][]byte{}}
		w.modules[m.Path] = c
	}
	return c, nil
}

// copyModules copies modules, each into a folder named by what is woven in it: if another package
// is woven and this as before, it need not be compiled again.
func (w *writer) copyModules() error {
	for _, path := range slices.Sorted(maps.Keys(w.modules)) {
		if err := w.copyModule(w.modules[path]); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) copyModule(c *copied) error {
	escaped, err := module.EscapePath(c.of.Path)
	if err != nil {
		return err
	}
	h := sha256.New()
	add(h, c.of.Dir, nil)
	for _, name := range slices.Sorted(maps.Keys(c.files)) {
		add(h, name, c.files[name])
	}
	name := filepath.FromSlash(escaped) + "@" + c.of.Version
	home := filepath.Join(w.copies, fmt.Sprintf("%x", h.Sum(nil)[:8]))
	c.dir = filepath.Join(home, name)
	now := time.Now()
	if os.Chtimes(home, now, now) == nil { // somebody needs it still
		return nil
	}
	if err := os.MkdirAll(w.copies, 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(w.copies, "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	if err := c.write(filepath.Join(made, name)); err != nil {
		return err
	}
	// Another process may have written the same in the meantime: then that is as good.
	if err := os.Rename(made, home); err != nil && !exists(c.dir) {
		return err
	}
	return nil
}

// write writes the copy.
func (c *copied) write(dir string) error {
	if err := copyTree(c.of.Dir, dir); err != nil {
		return err
	}
	for name, text := range c.files {
		if err := replaceFile(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	// A module older than modules has a go.mod in the cache only.
	to := filepath.Join(dir, "go.mod")
	if exists(to) {
		return nil
	}
	from := c.of.GoMod
	if c.of.Replace != nil && c.of.Replace.GoMod != "" {
		from = c.of.Replace.GoMod
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// replaceFile puts a file in place of another, whose contents other names may share.
func replaceFile(name string, text []byte) error {
	if err := os.Remove(name); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
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
