package derive

import (
	"reflect"
	"strings"
)

// simplest are the arguments of a call by a callback.
func (c *coder) simplest(b back) string {
	m, _ := c.d.typ.MethodByName(b.name)
	t := signature(c.d.typ, m.Index)
	var list []string
	for i, v := range b.in {
		list = append(list, c.argument(t.In(i), v))
	}
	return strings.Join(list, ", ")
}

// callback is a function that does what its word says: see callbacks.
func (c *coder) callback(t reflect.Type, word string) string {
	text := "func" + c.Signature(t) + " {"
	switch word {
	case "f:slow":
		text += "\ntime.Sleep(" + c.Duration(slow) + ")"
	case "f:wait":
		c.uses["gate"] = true
		text += "\n<-gate"
	case "f:panics":
		return text + ` panic("as the program says") }`
	}
	for _, b := range c.d.backs() {
		if b.word == word {
			text += "\ncomponent." + b.name + "(" + c.simplest(b) + ")"
		}
	}
	var out []string
	for i := range t.NumOut() {
		list := c.d.within(t.Out(i), 1)
		chosen := list[0]
		if which, ok := strings.CutPrefix(word, "f="); ok && i == t.NumOut()-1 {
			for _, v := range list {
				if v.word == which {
					chosen = v
				}
			}
		}
		out = append(out, c.argument(t.Out(i), chosen))
	}
	switch {
	case len(out) > 0 && !strings.Contains(text, "\n"):
		return text + " return " + strings.Join(out, ", ") + " }"
	case len(out) > 0:
		text += "\nreturn " + strings.Join(out, ", ")
	}
	if strings.Contains(text, "\n") {
		text += "\n"
	}
	return text + "}"
}
