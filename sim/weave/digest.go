package weave

import (
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// rewriter is this package's source: what it wrote, another version may write otherwise.
//
//go:embed *.go
var rewriter embed.FS

// digest is a hash of all that woven packages depend on. A module of the module cache is
// its version; other files are read.
func (l *links) digest(opts Options, env environment, patterns []string) (string, error) {
	h := sha256.New()
	e := json.NewEncoder(h)
	how := []any{runtime.Version(), env, opts.Dir, opts.Quiet, opts.Tests, opts.Reach, opts.Also, opts.Flags, opts.Bodies,
		opts.Plain, patterns}
	if err := e.Encode(how); err != nil {
		return "", err
	}
	err := fs.WalkDir(rewriter, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := rewriter.ReadFile(name)
		add(h, name, text)
		return err
	})
	if err != nil {
		return "", err
	}
	var files []string
	slices.SortFunc(l.every, func(a, b *packages.Package) int { return strings.Compare(a.ID, b.ID) })
	for _, p := range l.every {
		switch {
		case p.Module == nil || strings.HasSuffix(p.ID, ".test"):
		case within(env.GOMODCACHE, p.Dir):
			add(h, p.ID, []byte(p.Module.Path+"@"+p.Module.Version+" "+p.Dir))
		default:
			files = append(files, slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles, []string{p.Module.GoMod})...)
		}
	}
	files = append(files, env.GOMOD, strings.TrimSuffix(env.GOMOD, ".mod")+".sum")
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		if _, ok := opts.Extra[name]; ok {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		add(h, name, text)
	}
	for _, name := range slices.Sorted(maps.Keys(opts.Extra)) {
		add(h, name, opts.Extra[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), nil
}

func add(h hash.Hash, name string, text []byte) {
	fmt.Fprintf(h, "%q %d\n", name, len(text))
	h.Write(text)
}
