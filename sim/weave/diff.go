package weave

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// Diff is what weaving changed in the package's files, as a unified diff.
func (p *Package) Diff() string {
	var b strings.Builder
	for _, f := range p.Files {
		if f.Woven != nil {
			name := p.relative(f.Name)
			b.WriteString(udiff.Unified("a/"+name, "b/"+name, string(f.Source), string(f.Woven)))
		}
	}
	return b.String()
}
