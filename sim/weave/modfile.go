package weave

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// replaceModules writes the file that puts copies in place of modules: the main module's
// go.mod, or in a workspace its go.work, and the sums next to it, where the go command looks
// for them.
func (w *writer) replaceModules(b *Build) error {
	if len(w.modules) == 0 {
		return nil
	}
	if work := w.env.GOWORK; work != "" && work != "off" {
		b.Work = filepath.Join(w.final, "go.work")
		return w.rewrite(work, "go.work", ".work.sum", w.workFile)
	}
	b.ModFile = filepath.Join(w.final, "go.mod")
	return w.rewrite(w.env.modFile(), "go.mod", ".sum", w.modFile)
}

// modFile is the go.mod in use: another, if GOFLAGS says so.
func (e environment) modFile() string {
	name := e.GOMOD
	for _, flag := range strings.Fields(e.GOFLAGS) {
		if _, file, ok := strings.Cut(flag, "-modfile="); ok {
			name = file
		}
	}
	return name
}

// rewrite writes a file anew, under a name, and its sums.
func (w *writer) rewrite(file, name, sums string, change func(file string, text []byte) ([]byte, error)) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if text, err = change(file, text); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(w.dir, name), text, 0o644); err != nil {
		return err
	}
	bare := func(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) + sums }
	sum, err := os.ReadFile(bare(file))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, bare(name)), sum, 0o644)
}

func (w *writer) modFile(file string, text []byte) ([]byte, error) {
	mod, err := modfile.Parse(file, text, nil)
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(w.modules)) {
		if err := mod.AddReplace(path, "", w.modules[path].dir, ""); err != nil {
			return nil, err
		}
	}
	return mod.Format()
}

// workFile is a go.work, which will lie elsewhere, with the copies.
func (w *writer) workFile(file string, text []byte) ([]byte, error) {
	work, err := modfile.ParseWork(file, text, nil)
	if err != nil {
		return nil, err
	}
	at := func(dir string) string {
		if filepath.IsAbs(dir) {
			return dir
		}
		return filepath.Join(filepath.Dir(file), dir)
	}
	var uses []*modfile.Use
	for _, u := range work.Use {
		uses = append(uses, &modfile.Use{Path: at(u.Path), ModulePath: u.ModulePath})
	}
	work.SetUse(uses)
	for _, r := range work.Replace {
		if modfile.IsDirectoryPath(r.New.Path) {
			if err := work.AddReplace(r.Old.Path, r.Old.Version, at(r.New.Path), ""); err != nil {
				return nil, err
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(w.modules)) {
		if err := work.AddReplace(path, "", w.modules[path].dir, ""); err != nil {
			return nil, err
		}
	}
	work.Cleanup()
	return modfile.Format(work.Syntax), nil
}
