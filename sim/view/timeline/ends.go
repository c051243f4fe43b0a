package timeline

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// enders end a wait, by the sort of what is waited for. Who waits to send is let go on by who receives.
var enders = map[string]string{"channel": " " + sends + " " + closes + " ", "group": " Done ",
	"condition": " Signal Broadcast ", "lock": " Unlock RUnlock "}

// mostEnders is how many lines are named that could end a wait: of more nobody learns which.
const mostEnders = 4

// end is a line that could end a wait, and the site of its point: of a case that is its select's.
type end struct{ site, point string }

// ends are the lines of the file in which somebody waits that could end it: there what ends such a wait is done to
// something of that name.
func (s *sources) ends(r *Row, name, sort string) (list []end) {
	verbs := enders[sort]
	toSend := func(c selected) bool { return c.sends && c.name == name }
	if strings.HasPrefix(r.Text, "send") || slices.ContainsFunc(s.cases(r.Site), toSend) {
		verbs = " " + receives + " "
	}
	path, last := s.places[r.Site], lastName(name)
	f := s.files[path]
	lines := map[int]int{}
	f.operations(func(what string, from, _ int, on ast.Expr) {
		point := f.selectOf(from)
		if last != "" && lastName(f.text(on)) == last && strings.Contains(verbs, " "+what+" ") && point != lineOf(r.Site) {
			lines[from] = point
		}
	})
	if len(lines) > mostEnders {
		return nil
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		if site := s.also(path, line); site != "" {
			list = append(list, end{site, fmt.Sprintf("%s:%d", filepath.Base(path), lines[line])})
		}
	}
	return list
}

// selectOf is the line of the select of which a line is a case, or that line.
func (f *file) selectOf(line int) int {
	is := line
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectStmt); ok {
			for _, c := range sel.Body.List {
				if f.fset.Position(c.Pos()).Line == line {
					is = f.fset.Position(sel.Select).Line
				}
			}
		}
		return true
	})
	return is
}

// made is the line at which a channel of that name is made in the file in which somebody comes to it, for what is no
// field in that function; "" if there is none, or more than one.
func (s *sources) made(site, name string) string {
	path, last := s.places[site], lastName(name)
	f := s.files[path]
	if f == nil || f.syntax == nil || last == "" {
		return ""
	}
	from, to := 0, len(f.lines)
	if last == name {
		from, to = f.function(lineOf(site))
	}
	lines := map[int]bool{}
	makes := func(on, value ast.Expr) {
		line := f.fset.Position(value.Pos()).Line
		if lastName(f.text(on)) == last && isMake(value) && from <= line && line <= to {
			lines[line] = true
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) {
					makes(n.Lhs[i], n.Rhs[i])
				}
			}
		case *ast.KeyValueExpr:
			makes(n.Key, n.Value)
		case *ast.ValueSpec:
			for i := range n.Values {
				makes(n.Names[i], n.Values[i])
			}
		}
		return true
	})
	if len(lines) != 1 {
		return ""
	}
	return s.also(path, slices.Collect(maps.Keys(lines))[0])
}

// isMake reports whether an expression makes a channel.
func isMake(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	_, isChan := call.Args[0].(*ast.ChanType)
	return ok && id.Name == "make" && isChan
}

// lastName is the last of the names in an expression, "" if it is no name.
func lastName(text string) string {
	if text = text[strings.LastIndexByte(text, '.')+1:]; !token.IsIdentifier(text) {
		return ""
	}
	return text
}
