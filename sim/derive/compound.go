package derive

import (
	"reflect"
	"slices"
	"strings"
)

// product is the values of several parts: all of them if they are few, else those in which one
// part alone is not its simplest.
func product(parts [][]value, most int) [][]value {
	total := 1
	for _, p := range parts {
		if total = total * len(p); total > most {
			total = most + 1
		}
	}
	first := make([]value, len(parts))
	for i, p := range parts {
		first[i] = p[0]
	}
	list := [][]value{first}
	for i, p := range parts {
		from := list
		if total > most {
			from = list[:1]
		}
		for _, old := range from {
			for _, v := range p[1:] {
				one := slices.Clone(old)
				one[i] = v
				list = append(list, one)
			}
		}
	}
	return list[:min(len(list), most)]
}

// words are the words of several values.
func words(list []value, open, sep, end string) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = v.word
	}
	return open + strings.Join(texts, sep) + end
}

func (d *Derived) structs(t reflect.Type, depth int) []value {
	var fields []int
	var parts [][]value
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		part := d.within(t.Field(i).Type, depth+1)
		if part == nil { // its zero value does
			continue
		}
		fields, parts = append(fields, i), append(parts, part)
	}
	if len(parts) == 0 {
		return []value{zero("{}", t)}
	}
	var list []value
	for _, tuple := range product(parts, mostValues) {
		list = append(list, value{words(tuple, "{", ",", "}"), func(in *call) reflect.Value {
			v := reflect.New(t).Elem()
			for i, f := range fields {
				v.Field(f).Set(tuple[i].make(in))
			}
			return v
		}})
	}
	return list
}

func (d *Derived) pointers(t reflect.Type, depth int) []value {
	var list []value
	for _, to := range d.within(t.Elem(), depth+1) {
		list = append(list, value{"&" + to.word, func(in *call) reflect.Value {
			p := reflect.New(t.Elem())
			p.Elem().Set(to.make(in))
			return p.Convert(t)
		}})
	}
	if list == nil {
		return nil
	}
	return append(list[:min(len(list), mostValues-1)], zero("nil", t))
}

func (d *Derived) slices(t reflect.Type, depth int) []value {
	of := d.within(t.Elem(), depth+1)
	if of == nil {
		return nil
	}
	list := []value{}
	for _, n := range []int{1, 0, 2, 3} {
		tuple := make([]value, n)
		for i := range tuple {
			tuple[i] = of[i%len(of)]
		}
		list = append(list, value{words(tuple, "[", ",", "]"), func(in *call) reflect.Value {
			v := reflect.MakeSlice(t, n, n)
			for i := range tuple {
				v.Index(i).Set(tuple[i].make(in))
			}
			return v
		}})
	}
	return append(list, zero("nil", t))
}

func (d *Derived) arrays(t reflect.Type, depth int) []value {
	of := d.within(t.Elem(), depth+1)
	if of == nil || t.Len() > 64 {
		return nil
	}
	list := []value{zero("[0]", t)}
	return append(list, value{"[" + of[0].word + "]", func(in *call) reflect.Value {
		v := reflect.New(t).Elem()
		if t.Len() > 0 {
			v.Index(0).Set(of[0].make(in))
		}
		return v
	}})
}

func (d *Derived) maps(t reflect.Type, depth int) []value {
	keys, of := d.within(t.Key(), depth+1), d.within(t.Elem(), depth+1)
	if keys == nil || of == nil {
		return nil
	}
	return []value{
		{"{" + keys[0].word + ":" + of[0].word + "}", func(in *call) reflect.Value {
			v := reflect.MakeMap(t)
			v.SetMapIndex(keys[0].make(in), of[0].make(in))
			return v
		}},
		zero("nil", t),
	}
}
