package derive

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// call is a call of which the arguments are made.
type call struct {
	*instance
	lane *kind.Lane
}

// value is one of the values of a domain: its word, and how it is made for a call. What can be
// changed through it is made anew each time.
type value struct {
	word string
	make func(*call) reflect.Value
}

// mostValues is how many values a domain of parts has.
const mostValues = 8

// fixed is a value that nobody can change.
func fixed(word string, v any, t reflect.Type) value {
	r := reflect.ValueOf(v).Convert(t)
	return value{word, func(*call) reflect.Value { return r }}
}

func zero(word string, t reflect.Type) value {
	r := reflect.Zero(t)
	return value{word, func(*call) reflect.Value { return r }}
}

var (
	errorType    = reflect.TypeFor[error]()
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[time.Time]()
)

// errOne is the error that is handed over.
var errOne = errors.New("err1")

// within is what arguments of a type are drawn from that is a part of so many others, the simplest first; nil if it is
// not known what that could be.
func (d *Derived) within(t reflect.Type, depth int) []value {
	if given, ok := d.opts.Values[t]; ok {
		return givenValues(given, t)
	}
	switch {
	case depth > 3:
		return nil
	case t == errorType:
		return []value{zero("nil", t), {"err1", func(*call) reflect.Value { return reflect.ValueOf(&errOne).Elem() }}}
	case t == durationType:
		return d.durations(t)
	case t == timeType:
		return times()
	case d.objects[t]:
		return handed(t)
	case t == contextType:
		return contexts()
	}
	switch t.Kind() {
	case reflect.Func:
		return d.callbacks(t, depth)
	case reflect.Bool:
		return []value{fixed("true", true, t), fixed("false", false, t)}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return numbers(t, 1, 2, 0, 3, -1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return numbers(t, 1, 2, 0, 3)
	case reflect.Float32, reflect.Float64:
		return numbers(t, 1, 2, 0, -1)
	case reflect.String:
		return []value{fixed(`"a"`, "a", t), fixed(`"b"`, "b", t), fixed(`""`, "", t)}
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return anything(t)
		}
	case reflect.Struct:
		return d.structs(t, depth)
	case reflect.Pointer:
		return d.pointers(t, depth)
	case reflect.Slice:
		return d.slices(t, depth)
	case reflect.Array:
		return d.arrays(t, depth)
	case reflect.Map:
		return d.maps(t, depth)
	}
	return nil
}

func numbers(t reflect.Type, list ...int) []value {
	values := make([]value, len(list))
	for i, n := range list {
		values[i] = fixed(strconv.Itoa(n), n, t)
	}
	return values
}

// anything is what any and comparable stand for.
func anything(t reflect.Type) []value {
	list := []value{}
	for _, v := range []any{1, 2, "a"} {
		box := reflect.New(t).Elem()
		box.Set(reflect.ValueOf(v))
		list = append(list, value{wordOf(box), func(*call) reflect.Value { return box }})
	}
	return list
}

// durations are those around the ones that the component was seen to use.
func (d *Derived) durations(t reflect.Type) []value {
	list := []time.Duration{}
	for _, s := range d.Seen {
		list = append(list, s, s-1, s+1)
	}
	if len(list) == 0 {
		list = append(list, time.Second, 10*time.Millisecond)
	}
	list = append(list, 0)
	values := make([]value, 0, len(list))
	for _, at := range list {
		values = append(values, fixed(program.DurationText(at), at, t))
	}
	return values
}

// times are at and after the beginning of the program.
func times() []value {
	var list []value
	for _, after := range []time.Duration{0, time.Second, -time.Second} {
		list = append(list, value{timeWord(after), func(c *call) reflect.Value { return reflect.ValueOf(c.zero.Add(after)) }})
	}
	return append(list, zero("never", timeType))
}

// givenValues are what an option lists.
func givenValues(list []reflect.Value, t reflect.Type) []value {
	values := make([]value, len(list))
	for i, v := range list {
		values[i] = value{wordOf(v), func(*call) reflect.Value { return v }}
		for _, before := range values[:i] {
			if before.word == values[i].word { // that do not say what they are
				values[i].word += "#" + strconv.Itoa(i+1)
			}
		}
	}
	for i := range values {
		values[i].word = strings.ReplaceAll(values[i].word, "#", "'")
	}
	return values
}
