package derive

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// What a method is for is read from its name, and from what it takes and returns.

// closerNames are the methods that end a component, in the order in which they are called
// when all is over.
var closerNames = []string{"Close", "Stop", "StopAndWait", "StopWait", "Shutdown", "Wait"}

// isCloser recognizes a method by which a component is ended: with a context or without, with an
// error or without.
func isCloser(name string, typ reflect.Type) bool {
	in := typ.NumIn() == 0 || typ.NumIn() == 1 && typ.In(0) == contextType
	out := typ.NumOut() == 0 || typ.NumOut() == 1 && typ.Out(0) == errorType
	return slices.Contains(closerNames, name) && in && out
}

// lookers are how methods begin that change nothing by their name.
var lookers = []string{
	"Len", "Size", "Count", "Cap", "Get", "Peek", "Has", "Is", "Contains", "Load", "Empty", "Keys", "Values",
	"Items", "All", "Range", "Stats", "Snapshot", "String", "Available", "Running", "Closed", "Err", "Front", "Back",
}

// looks reports whether a method shows what others have done, by its name and its results.
func looks(name string, typ reflect.Type) bool {
	begins := func(with string) bool { return strings.HasPrefix(name, with) }
	if typ.NumOut() == 0 || begins("GetOr") || begins("LoadOr") || begins("LoadAnd") {
		return false
	}
	return slices.ContainsFunc(lookers, func(prefix string) bool {
		rest, ok := strings.CutPrefix(name, prefix)
		return ok && (rest == "" || unicode.IsUpper(rune(rest[0])))
	})
}

// goesThrough reports whether a method goes through the contents of the component, by its name and by
// the function that it takes or returns.
func goesThrough(name string, typ reflect.Type) bool {
	prefixes := []string{"Range", "ForEach", "Each", "Walk", "Iter", "All", "Keys", "Values", "Items", "Entries"}
	named := slices.ContainsFunc(prefixes,
		func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	takes := typ.NumIn() > 0 && typ.In(typ.NumIn()-1).Kind() == reflect.Func
	return named && (takes || typ.NumOut() == 1 && typ.Out(0).Kind() == reflect.Func)
}
