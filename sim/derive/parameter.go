package derive

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"batchlab/sim/kind"
)

// parameter is what the n-th parameter of a method is drawn from.
func (d *Derived) parameter(name string, typ reflect.Type, n int) ([]value, error) {
	t := typ.In(n)
	known := d.within(t, 0)
	for _, a := range d.opts.Args {
		if a.Method != name || a.Index != n+1 {
			continue
		}
		var list []reflect.Value
		if chosen := wordsOf(known, a.Values, t); chosen != nil {
			return chosen, nil
		}
		for _, v := range a.Values {
			if !v.IsValid() && nilable(t.Kind()) {
				v = reflect.Zero(t)
			}
			if !v.IsValid() || !v.Type().AssignableTo(t) {
				return nil, fmt.Errorf("Arg(%q, %d): parameter %d is a %s, which %v is not", name, n+1, n+1, t, v)
			}
			box := reflect.New(t).Elem()
			box.Set(v)
			list = append(list, box)
		}
		return givenValues(list, t), nil
	}
	if len(known) == 0 && typ.IsVariadic() && n == typ.NumIn()-1 {
		return []value{zero("nil", t)}, nil // it can be left out
	}
	if len(known) == 0 {
		return nil, &unmade{name,
			fmt.Sprintf("%s.%s cannot be called: nothing is known that could be its parameter %d, a %s; say "+
				"sim.Values[%s](…), sim.Arg(%q, %d, …) or sim.Without(%q)", d.typ, name, n+1, t, t, name, n+1, name)}
	}
	return known[:min(len(known), kind.MostWords)], nil
}

// unmade is the error of a method that cannot be called with any value that is known.
type unmade struct{ method, text string }

func (u *unmade) Error() string { return u.text }

// unmadeOnes says of all methods that cannot be called what helps.
func unmadeOnes(list []*unmade) error {
	if len(list) == 1 {
		return list[0]
	}
	names := make([]string, len(list))
	for i, u := range list {
		names[i] = strconv.Quote(u.method)
	}
	return fmt.Errorf("%s, and so on: sim.Without(%s) leaves out all that cannot be called", list[0].text,
		strings.Join(names, ", "))
}

// wordsOf are the values of a domain that are named by their words, nil if these are not such names: "ctx1"
// is a context, "f=err1" a function.
func wordsOf(known []value, words []reflect.Value, t reflect.Type) (list []value) {
	for _, w := range words {
		if !w.IsValid() || w.Kind() != reflect.String || w.Type().AssignableTo(t) {
			return nil
		}
		i := slices.IndexFunc(known, func(v value) bool { return v.word == w.String() })
		if i < 0 {
			return nil
		}
		list = append(list, known[i])
	}
	return list
}

func nilable(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface:
		return true
	}
	return false
}

// slots are the arguments of an operation: one for each parameter, and if they are too many
// the last is of several.
func slots(parts [][]value) [][][]value {
	var list [][][]value
	for i, p := range parts {
		if i == kind.MaxArgs-1 && len(parts) > kind.MaxArgs {
			return append(list, product(parts[i:], kind.MostWords))
		}
		slot := make([][]value, len(p))
		for w := range p {
			slot[w] = p[w : w+1]
		}
		list = append(list, slot)
	}
	return list
}
