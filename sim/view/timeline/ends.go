package timeline

import (
	"cmp"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// ender is what ends a wait: as the source has it, as a row has it, what one says who did it, and who is to.
type ender struct{ verbs, rows, did, do string }

// enders are those, by the sort of what is waited for.
var enders = map[string]ender{
	"channel":   {" " + sends + " " + closes + " ", " send close ", "sent to it or closed it", "send to or close"},
	"group":     {" Done ", " group done ", "called its Done", "call Done of"},
	"condition": {" Signal Broadcast ", " signal broadcast ", "called its Signal or Broadcast", "signal"},
	"lock":      {" Unlock RUnlock ", " unlock read unlock ", "unlocked it", "unlock"},
}

// ender is what ends the wait of a row for something of a name and sort.
func (s *sources) ender(r *Row, name, sort string) ender {
	toSend := func(c selected) bool { return c.sends && c.name == name }
	switch {
	case strings.HasPrefix(r.Text, "send") || slices.ContainsFunc(s.cases(r.Site), toSend):
		return ender{" " + receives + " ", " receive ", "received from it", "receive from"}
	case strings.HasSuffix(name, ".Done()"):
		return ender{did: "cancelled it"}
	}
	return enders[sort]
}

// isEnd reports whether a row does what ends a wait; one of a select is taken for all of its cases.
func (s *sources) isEnd(r *Row, e ender) bool {
	what := r.does()
	if what == "select" {
		return slices.ContainsFunc(s.cases(r.Site), func(c selected) bool {
			return strings.Contains(e.verbs, map[bool]string{false: receives, true: sends}[c.sends])
		})
	}
	return r.Kind != Waits && strings.Contains(e.rows, " "+what+" ")
}

// does is what a row does: of one that goes on, what it waited for to do.
func (r *Row) does() string { return cmp.Or(r.op, r.was, r.Text) }

// isTimers reports whether a row is of the channel of a timer.
func (r *Row) isTimers() bool {
	return strings.HasSuffix(r.Text, "timer") || strings.HasSuffix(r.Text, "ticker")
}

// mostEnders is how many lines are named that could end a wait: of more nobody learns which.
const mostEnders = 6

// end is a line that could end a wait, and the site of its point: of a case that is its select's.
type end struct{ site, point string }

// ends are the lines of the file of a site that could end the wait of a row: there what ends such a wait is done to
// something of that name that may be the same. Of a lock those of the function are enough that has locked it there,
// if it has any.
func (s *sources) ends(r *Row, site, name, sort string) (list []end) {
	verbs := s.ender(r, name, sort).verbs
	path, last := s.places[site], lastName(name)
	f := s.files[path]
	if f == nil {
		return nil
	}
	lines, is := map[int]int{}, f.called(lineOf(site), name)
	f.operations(func(what string, from, _ int, on ast.Expr) {
		point := f.selectOf(from)
		if last != "" && lastName(f.text(on)) == last && strings.Contains(verbs, " "+what+" ") && point != lineOf(r.Site) &&
			!s.differ(path, is, on) {
			lines[from] = point
		}
	})
	if from, to := f.function(lineOf(site)); sort == "lock" {
		within := maps.Clone(lines)
		maps.DeleteFunc(within, func(line, _ int) bool { return line < from || line > to })
		if len(within) > 0 {
			lines = within
		}
	}
	if len(lines) > mostEnders {
		return nil
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		list = append(list, end{s.also(path, line), s.siteOf(path, lines[line])})
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
	lines, is := map[int]bool{}, f.called(lineOf(site), name)
	makes := func(on, value ast.Expr) {
		line := f.fset.Position(value.Pos()).Line
		if lastName(f.text(on)) == last && isMake(value) && from <= line && line <= to && !s.differ(path, is, on) {
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
