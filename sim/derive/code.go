package derive

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"batchlab/sim/code"
	"batchlab/sim/kind"
)

// coder spells the operations of a derived kind as Go code.
type coder struct {
	code.Speller
	d       *Derived
	lanes   []byte // whose answers are kept
	handles map[string]reflect.Type
	had     map[byte]int    // how many handles each lane has so far
	uses    map[string]bool // what the test has to declare: see setup
	vars    []string        // declarations of handles that some operation uses
	zero    *call
}

// Code makes of a program of the kind a plain Go test, without what was seen. The component is called component,
// which a statement makes; own is the path of the test's package, pkg the name of it.
func (d *Derived) Code(own, pkg, construct string, ops []kind.Op) *code.Test {
	c := &coder{Speller: code.Speller{Own: own}, d: d, handles: map[string]reflect.Type{}, had: map[byte]int{},
		uses: map[string]bool{}, zero: &call{instance: &instance{d: d}}}
	c.findHandles(ops)
	statements := make([]string, len(ops))
	for i, o := range ops {
		statements[i] = c.statement(o)
	}
	slices.Sort(c.lanes)
	t := &code.Test{Package: pkg, Ops: ops, Call: func(i int) string { return statements[i] }}
	t.Setup = append(append(c.setup(), construct), c.vars...)
	if !slices.ContainsFunc(statements, func(s string) bool { return strings.Contains(s, "component.") }) {
		t.Setup = append(t.Setup, "_ = component")
	}
	if len(c.lanes) > 0 {
		t.Setup = append(t.Setup, "results := func(list ...any) []any { return list }",
			"var "+letters(c.lanes, ", ")+" []any // what the calls of each goroutine answered")
		for _, l := range c.lanes {
			t.After = append(t.After, fmt.Sprintf("t.Log(%q, %c)", string(rune(l))+":", l))
		}
	}
	t.Imports = c.Imports
	return t
}

func letters(lanes []byte, sep string) string {
	list := make([]string, len(lanes))
	for i, l := range lanes {
		list[i] = string(rune(l))
	}
	return strings.Join(list, sep)
}

// setup is what the statements need.
func (c *coder) setup() (list []string) {
	if c.uses["ctx1"] || c.uses["cancel"] {
		c.Import("context", "context")
		ctx := "_"
		if c.uses["ctx1"] {
			ctx = "ctx1"
		}
		list = append(list, ctx+", cancel := context.WithCancel(context.Background())", "defer cancel()")
	}
	if c.uses["within"] {
		c.Import("context", "context")
		list = append(list, "within := func(d time.Duration) context.Context {",
			"ctx, cancel := context.WithTimeout(context.Background(), d)", "t.Cleanup(cancel)", "return ctx", "}")
	}
	if c.uses["err1"] {
		c.Import("errors", "errors")
		list = append(list, `err1 := errors.New("err1")`)
	}
	if c.uses["gate"] {
		c.Import("sync", "sync")
		list = append(list, "gate := make(chan struct{})", "release := sync.OnceFunc(func() { close(gate) })",
			"defer release()")
	}
	if c.Start {
		list = append(list, "start := time.Now()")
	}
	return list
}

// statement is an operation, "" if there is nothing like it in plain Go.
func (c *coder) statement(o kind.Op) string {
	if o.Verb == kind.Advance {
		c.Import("time", "time")
		return "time.Sleep(" + c.Duration(o.Moved()) + ")"
	}
	m := &c.d.methods[o.Verb]
	if m.own != nil {
		return c.ownStatement(m, o)
	}
	return c.keeps(o.Lane, "component."+m.name+"("+c.arguments(m, o)+")", m)
}

// keeps is a call whose answers are kept: handles in variables of their own, all others in a list.
func (c *coder) keeps(lane byte, text string, m *method) string {
	typ := m.typ
	if typ.NumOut() == 0 {
		return text
	}
	var names []string
	some := false
	for i := range typ.NumOut() {
		name := "_"
		if m.index >= 0 && c.d.isHandle(typ.Out(i)) {
			c.had[lane]++
			if h := fmt.Sprintf("%c%d", lane, c.had[lane]); slices.Contains(c.vars, "var "+h+" "+c.Type(typ.Out(i))) {
				name, some = h, true
			}
		}
		names = append(names, name)
	}
	if some {
		return strings.Join(names, ", ") + " = " + text
	}
	c.answer(lane)
	return fmt.Sprintf("%c = append(%[1]c, results(%s))", lane, text)
}

func (c *coder) answer(lane byte) {
	if !slices.Contains(c.lanes, lane) {
		c.lanes = append(c.lanes, lane)
	}
}

// findHandles finds out which handles there will be, and which of them some operation uses.
func (c *coder) findHandles(ops []kind.Op) {
	for _, o := range ops {
		m := &c.d.methods[o.Verb]
		for i := 0; m.index >= 0 && i < m.typ.NumOut(); i++ {
			if out := m.typ.Out(i); c.d.isHandle(out) && int(o.Lane-'a') < handleLanes && c.had[o.Lane] < handles {
				c.had[o.Lane]++
				c.handles[fmt.Sprintf("%c%d", o.Lane, c.had[o.Lane])] = out
			}
		}
	}
	clear(c.had)
	uses := func(handle string) {
		if v := "var " + handle + " " + c.Type(c.handles[handle]); !slices.Contains(c.vars, v) {
			c.vars = append(c.vars, v)
		}
	}
	for _, o := range ops {
		m := &c.d.methods[o.Verb]
		if h := handleName(o.Args[0]); m.uses != nil && c.fits(m, h) {
			uses(h)
		}
		for n := 0; m.index >= 0 && n < min(m.typ.NumIn(), len(m.slots)); n++ {
			in, h := m.typ.In(n), handleName(o.Args[n])
			if has := c.handles[h]; c.d.objects[in] && has != nil && isObject(has, in) {
				uses(h)
			}
		}
	}
}

// fits reports whether an operation can use a handle.
func (c *coder) fits(m *method, handle string) bool {
	t := c.handles[handle]
	return t != nil && m.uses(t)
}

// handleName is the handle that an argument stands for, if it stands for one.
func handleName(arg int64) string { return fmt.Sprintf("%c%d", 'a'+byte(arg/handles), arg%handles+1) }

func (c *coder) ownStatement(m *method, o kind.Op) string {
	handle := handleName(o.Args[0])
	if m.uses != nil && !c.fits(m, handle) {
		return "// nothing can " + m.name + " " + handle
	}
	if m.of != nil {
		_, name, _ := strings.Cut(m.name, ".")
		return c.keeps(o.Lane, handle+"."+name+"("+c.arguments(m, o)+")", m)
	}
	switch m.name {
	case "cancel":
		c.uses["cancel"] = true
		return "cancel()"
	case "release":
		c.uses["gate"] = true
		return "release()"
	case "receive":
		c.answer(o.Lane)
		return fmt.Sprintf("%c = append(%[1]c, <-%s)", o.Lane, handle)
	case "send":
		return fmt.Sprintf("%s <- *new(%s)", handle, c.Type(c.handles[handle].Elem()))
	case "close":
		return "close(" + handle + ")"
	case "call":
		return handle + "()"
	case "invariant":
		return "// here the test asks its Invariant"
	}
	return ""
}

// arguments are those of a call.
func (c *coder) arguments(m *method, o kind.Op) string {
	var list []string
	for n, slot := range m.slots {
		if m.of != nil && n == 0 {
			continue
		}
		if m.of == nil && n < m.typ.NumIn() && c.d.objects[m.typ.In(n)] {
			list = append(list, handleName(o.Args[n]))
			continue
		}
		for _, v := range slot[o.Args[n]] {
			list = append(list, c.argument(m.typ.In(len(list)), v))
		}
	}
	text := strings.Join(list, ", ")
	if m.typ.IsVariadic() {
		text += "..."
	}
	return text
}

// argument is a value of a domain: its word, where that says what no value shows.
func (c *coder) argument(t reflect.Type, v value) string {
	switch {
	case t == contextType && v.word == "ctx":
		c.Import("context", "context")
		return "context.Background()"
	case t == contextType && v.word == "ctx1":
		c.uses["ctx1"] = true
		return "ctx1"
	case t == contextType && strings.HasPrefix(v.word, "ctx+"):
		c.uses["within"] = true
		return "within(" + c.Duration(timeout) + ")"
	case t == errorType && v.word == "err1":
		c.uses["err1"] = true
		return "err1"
	case t.Kind() == reflect.Func && (v.word == "f" || strings.HasPrefix(v.word, "f=") || strings.HasPrefix(v.word, "f:")):
		return c.callback(t, v.word)
	}
	made := v.make(c.zero)
	if text := c.Value(made, t); text != "nil" || !made.IsValid() || isNil(made) {
		return text
	}
	return fmt.Sprintf("*new(%s) /* %s */", c.Type(t), v.word)
}
