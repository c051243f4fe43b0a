package weave

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/version"
	"strings"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// header is what comes before the text of a file: the name that its lines go by, and, in
// a module too old for what weaving puts in, a constraint that gives the file, and no other, the language
// of Go 1.21. That has them, and its loop variables are still the old ones.
func (w *weaver) header() string {
	bom := ""
	if bytes.HasPrefix(w.src, byteOrderMark) {
		bom = string(byteOrderMark)
		w.replace(0, len(byteOrderMark), "")
	}
	line := "//line " + w.name + ":1\n"
	if !w.tooOld() {
		return bom + line
	}
	expr, old := w.constraints()
	if old != nil {
		w.replace(w.off(old.Pos()), w.off(old.End()), "//go:build "+and(expr))
		return bom + line
	}
	return bom + "//go:build " + and(expr) + "\n" + line
}

func and(expr constraint.Expr) string {
	if expr == nil {
		return "go1.21"
	}
	return (&constraint.AndExpr{X: expr, Y: &constraint.TagExpr{Tag: "go1.21"}}).String()
}

// tooOld reports whether the file's language version has no type parameters, or none that
// the keys of every map fit.
func (w *weaver) tooOld() bool {
	v := w.info.FileVersions[w.file]
	if v == "" && w.pkg.Module != nil {
		v = "go" + w.pkg.Module.GoVersion // none means Go 1.16
	}
	return v == "go" || v != "" && version.Compare(v, "go1.20") < 0
}

// constraints are the build constraints of a file, and the comment that has them, if it is one.
func (w *weaver) constraints() (expr constraint.Expr, at *ast.Comment) {
	for _, group := range w.file.Comments {
		if group.Pos() > w.file.Package {
			break
		}
		for _, c := range group.List {
			switch {
			case constraint.IsGoBuild(c.Text):
				if x, err := constraint.Parse(c.Text); err == nil {
					return x, c
				}
			case group != w.file.Doc && constraint.IsPlusBuild(strings.TrimSpace(c.Text)):
				x, err := constraint.Parse(strings.TrimSpace(c.Text))
				if err != nil {
					continue
				}
				if expr != nil {
					x = &constraint.AndExpr{X: expr, Y: x}
				}
				expr = x
			}
		}
	}
	return expr, nil
}
