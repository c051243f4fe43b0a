package rt

import (
	"errors"
	"reflect"
)

// named is an error that a woven package exports.
type named struct {
	name string
	err  error
}

var names []named

// NameErrors tells of the errors that a package exports: names and values in turn.
func NameErrors(list ...any) {
	for i := 0; i < len(list); i += 2 {
		err, ok := list[i+1].(error)
		if v := reflect.ValueOf(list[i+1]); ok && v.Comparable() && !(v.Kind() == reflect.Pointer && v.IsNil()) {
			names = append(names, named{list[i].(string), err})
		}
	}
}

// ErrorName is the name of the exported error that an error is, however it is wrapped: of several the
// outermost. It is "" if it is none of them.
func ErrorName(err error) string {
	for e := err; e != nil; e = errors.Unwrap(e) {
		for i := range names {
			if reflect.TypeOf(e) == reflect.TypeOf(names[i].err) && e == names[i].err {
				return names[i].name
			}
		}
	}
	for i := range names {
		if errors.Is(err, names[i].err) {
			return names[i].name
		}
	}
	return ""
}
