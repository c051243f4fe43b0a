package check

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"

	"batchlab/sim/code"
	"batchlab/sim/engine"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// code writes a program to -sim.code as a plain Go test, with what is seen of it under its schedule.
func (c *checker) code(p *program.Program, f *lab.Sighting, file string) error {
	x, err := engine.Traced(p, c.s)
	if err != nil {
		return err
	}
	own, pkg, construct := c.candidate.statement(c.typ.String())
	t := c.d.Code(own, pkg, construct, p.Ops)
	t.Name = code.Name(file)
	t.Comment = append([]string{t.Name + " is what " + c.name + " found"}, c.expected(f)...)
	s := &sightings{r: &x.Run, p: p, events: calls(&x.Run, p.Ops)}
	if f != nil {
		s.marked, s.beside = f.Violation.Mark(&x.Run)
	}
	before := switches(p, x.Trace)
	t.Before, t.Seen = func(i int) []string { return before[i] }, s.of
	t.Waits = func(i int) bool { return s.events[i] != nil && s.events[i].Outcome == kind.Waits }
	text, err := t.Source()
	if err != nil {
		return err
	}
	return os.WriteFile(*flagCode, text, 0o666)
}

// expected says what is wrong, and how to read the test.
func (c *checker) expected(f *lab.Sighting) []string {
	if f == nil {
		return []string{"once, and what is not seen any more.", ""}
	}
	return append([]string{"(" + f.Violation.Reason() + "):", c.verdict() + ".", ""}, code.Reading...)
}

// statement is the component by its constructor, with the path and name of the package of that.
func (c *constructor) statement(typ string) (own, pkg, text string) {
	i := strings.LastIndexByte(c.full, '/') + 1
	first, name, _ := strings.Cut(c.full[i:], ".")
	own, pkg = c.full[:i]+first, path.Base(first)
	if f, err := parser.ParseFile(token.NewFileSet(), filepath.Base(c.file), nil, parser.PackageClauseOnly); err == nil {
		pkg = f.Name.Name
	}
	if token.IsIdentifier(name) {
		return own, pkg, "component := " + name + "(nil)"
	}
	_, short, _ := strings.Cut(typ, ".")
	if strings.HasPrefix(typ, "*") {
		short = "*" + short
	}
	return own, pkg, fmt.Sprintf("component := func() %s { panic(%q) }()", short,
		fmt.Sprintf("make it as the function at %s:%d does", filepath.Base(c.file), c.line))
}

// sightings are what is seen of the calls of a program.
type sightings struct {
	r              *kind.Run
	p              *program.Program
	events         []*kind.Event // of each operation
	marked, beside string
}

// calls are the events of each operation's call: those of a lane come in the order of its operations.
func calls(r *kind.Run, ops []kind.Op) []*kind.Event {
	list := make([]*kind.Event, len(ops))
	for _, g := range kind.Parts(ops) {
		for i := range r.Events {
			e := &r.Events[i]
			if e.Step < g.Step || e.Step > g.Last || !r.Kind.IsAnswered(*e) {
				continue
			}
			for n, o := range g.Ops {
				if at := g.Step - 1 + n; o.Lane == e.Source.Lane && o.Verb == e.Verb && list[at] == nil {
					list[at] = e
					break
				}
			}
		}
	}
	return list
}

// of is what is seen of an operation.
func (s *sightings) of(i int) string {
	e := s.events[i]
	if e == nil {
		return ""
	}
	text := ""
	if e.Outcome == kind.Waits || e.Outcome == kind.Skipped || s.r.Kind.Answer(*e) != kind.OK.String() {
		text = "seen: " + s.r.Kind.Answer(*e)
	}
	if s.marked != "" && s.r.Kind.Trimmed(*e) == s.marked {
		text = strings.TrimPrefix(text+"; "+s.beside, "; ")
	}
	return text
}

// switches says above which operations which comments stand: where a lane is when another goroutine
// goes on instead, though it could.
func switches(p *program.Program, trace []rt.Passed) map[int][]string {
	list := map[int][]string{}
	nth := map[string]int{} // of each lane, which call it is in, from 1
	for i, t := range trace {
		switch {
		case t.Site == "" && t.To == "" && !strings.HasPrefix(t.What, "-> ") && !strings.HasPrefix(t.What, " "):
			nth[t.G]++
		case t.To != "":
			n, text := nth[t.G], "in this call, before "+next(trace[i:], t)+", "+t.To+" goes on"
			if t.Site == "" {
				n, text = n+1, "before this call "+t.To+" goes on"
			}
			at := operation(p, t.G, n)
			if at < 0 {
				lane, _, _ := strings.Cut(t.G, "/")
				at, text = operation(p, lane, 1), t.G+" is before "+next(trace[i:], t)+" when "+t.To+" goes on"
			}
			list[max(at, 0)] = append(list[max(at, 0)], text)
		}
	}
	return list
}

// next is what a goroutine does when it goes on again, where it was.
func next(trace []rt.Passed, at rt.Passed) string {
	for _, t := range trace[1:] {
		if t.G == at.G && t.Site == at.Site && t.To == "" {
			return t.Site + " " + t.What
		}
	}
	return strings.TrimSuffix(at.Site+" "+at.What, " touch")
}

// operation is the n-th operation of a lane among those of which a trace tells, -1 if there is none.
func operation(p *program.Program, lane string, n int) int {
	at := 0
	for _, g := range kind.Groups(p.Ops) {
		for i, o := range g {
			if o.Lane != 0 && string(rune(o.Lane)) == lane && (len(g) > 1 || !p.Concurrent()) {
				if n--; n == 0 {
					return at + i
				}
			}
		}
		at += len(g)
	}
	return -1
}
