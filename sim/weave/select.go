package weave

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// maxCases is how many cases package rt can choose from.
const maxCases = 64

// selectStmt weaves a select: its channels and values are computed before it, in their
// order; then rt chooses a case; then the select finds only this case's channel ready.
//
//	select { case x := <-a: A; case b <- f(): B; default: D }
//
// becomes, without the names' prefix,
//
//	{ c1 := a; c2 := b; v3 := f(); s4 := rt.Select(site, true, rt.OnRecv(c1), rt.OnSend(c2));
//	select { case x := <-rt.Recv(s4, 0, c1): A; case rt.Send(s4, 1, c2) <- v3: B; default: D } }
func (w *weaver) selectStmt(s *ast.SelectStmt) {
	var cases []*ast.CommClause
	hasDefault := false
	for _, c := range s.Body.List {
		if c := c.(*ast.CommClause); c.Comm != nil {
			cases = append(cases, c)
		} else {
			hasDefault = true
		}
	}
	if len(cases) > maxCases {
		w.gap(s.Select, "a select of %d cases; %d is the most", len(cases), maxCases)
		return
	}
	for _, c := range cases {
		if send, ok := c.Comm.(*ast.SendStmt); ok && !w.isStatic(send.Value) {
			if _, _, ok := w.conversion(send.Value); !ok {
				w.gap(send.Pos(), "a select that sends a value of a type with no name here (%s)",
					w.short(w.info.TypeOf(send.Value)))
				return
			}
		}
	}
	h := hoister{w: w, home: w.fset.Position(s.Select).Line}
	h.at = h.home
	choice, operands := w.temp("s"), ""
	for i, c := range cases {
		operands += ", " + h.comm(c.Comm, choice, i)
	}
	call := w.rt("Select", s.Select) + ", " + strconv.FormatBool(hasDefault) + operands + "); "
	if len(cases) > 0 {
		call = choice + " := " + call
	}
	w.around(s, "{ "+h.String()+h.back()+call+w.innerLabel(s), " }")
}

// innerLabel gives the select inside of the block the label of the whole, if breaks need
// it there; a goto needs the label where it was.
func (w *weaver) innerLabel(s *ast.SelectStmt) string {
	outer, ok := w.parent(0).(*ast.LabeledStmt)
	if !ok {
		return ""
	}
	obj, _ := w.info.Defs[outer.Label].(*types.Label)
	l := w.labels[obj]
	if l == nil || len(l.breaks) == 0 {
		return ""
	}
	name := outer.Label.Name
	if l.gotos == 0 {
		w.replace(w.off(outer.Pos()), w.off(outer.Colon)+1, "")
		return name + ": "
	}
	name = w.temp("l")
	for _, b := range l.breaks {
		w.replace(w.off(b.Pos()), w.off(b.End()), name)
	}
	return name + ": "
}

// hoister gathers statements that compute before a select what stood in its cases.
type hoister struct {
	strings.Builder
	w        *weaver
	home, at int // the line of the select, and the one that was marked last
}

// comm hoists the operands of a case and returns what rt is told of it.
func (h *hoister) comm(comm ast.Stmt, choice string, i int) string {
	w := h.w
	if send, ok := comm.(*ast.SendStmt); ok {
		ch := h.hoist(send.Chan, "c", w.fn("Send")+"(", choice+", "+strconv.Itoa(i)+", ")
		if !w.isStatic(send.Value) && !is[*ast.FuncLit](send.Value) {
			h.hoist(send.Value, "v", "", "")
		}
		return w.fn("OnSend") + "(" + ch + ")"
	}
	ch := h.hoist(received(comm).X, "c", w.fn("Recv")+"(", choice+", "+strconv.Itoa(i)+", ")
	return w.fn("OnRecv") + "(" + ch + ")"
}

// hoist computes an expression into a variable, and puts the variable in its place: in
// a call, if one is given, whose lines are broken where the expression's were.
func (h *hoister) hoist(e ast.Expr, letter, call, args string) string {
	w := h.w
	before, after, _ := w.conversion(e)
	name := w.temp(letter)
	lo, hi := w.off(e.Pos()), w.off(e.End())
	text := before + w.move(e) + after
	if line := w.fset.Position(e.Pos()).Line; line != h.at && !is[*ast.Ident](e) {
		h.WriteString(lineMark(line))
		h.at = line
	}
	if strings.Contains(text, lineMarks) {
		h.at = -1
	}
	h.WriteString(name + " := " + text + "; ")
	put := call + w.newlines(lo, hi) + args + name
	if call != "" {
		put += ")"
	}
	w.replace(lo, hi, put)
	return name
}

// back goes back to the line of the select.
func (h *hoister) back() string {
	if h.at == h.home {
		return ""
	}
	return lineMark(h.home)
}

func is[T ast.Expr](e ast.Expr) bool {
	_, ok := ast.Unparen(e).(T)
	return ok
}
