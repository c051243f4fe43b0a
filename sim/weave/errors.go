package weave

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// errorVariables has rt told of the errors that a package exports, so that they can be known by their names
// however they come wrapped.
func (w *weaver) errorVariables() {
	var names []string
	for _, d := range w.file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || !w.wants {
			continue
		}
		for _, spec := range g.Specs {
			v, ok := spec.(*ast.ValueSpec)
			for i := 0; ok && i < len(v.Names); i++ {
				o, isVar := w.info.Defs[v.Names[i]].(*types.Var)
				if isVar && o.Exported() && types.Implements(o.Type(), errorType) {
					names = append(names, strconv.Quote(o.Name())+", "+o.Name())
				}
			}
		}
	}
	if len(names) > 0 {
		w.plains++
		w.after(len(w.src), "\nfunc init() { "+w.fn("NameErrors")+"("+strings.Join(names, ", ")+") }\n")
	}
}
