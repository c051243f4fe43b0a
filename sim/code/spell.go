package code

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Speller spells types and values as Go code of one package, and remembers what that imports.
type Speller struct {
	Own     string   // the path of that package
	Imports []string // as Test has them
	Start   bool     // a time was spelled, from a variable start on
	Zero    time.Time
}

// Import adds a package.
func (s *Speller) Import(p, name string) {
	spec := p
	if path.Base(p) != name {
		spec = fmt.Sprintf("%s %q", name, p)
	}
	if !slices.Contains(s.Imports, spec) {
		s.Imports = append(s.Imports, spec)
	}
}

// paths are those of packages within the name of an instance, such as List[example.com/x.Pair].
var paths = regexp.MustCompile(`[\w.~-]+(/[\w.~-]+)*\.(\w+)`)

// Type spells a type.
func (s *Speller) Type(t reflect.Type) string {
	if t.Name() != "" {
		if t.PkgPath() == "" {
			return t.Name()
		}
		name := paths.ReplaceAllStringFunc(t.Name(), func(full string) string { return s.named(full) })
		if t.PkgPath() == s.Own {
			return name
		}
		pkg, _, _ := strings.Cut(t.String(), ".")
		s.Import(t.PkgPath(), pkg)
		return pkg + "." + name
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + s.Type(t.Elem())
	case reflect.Slice:
		return "[]" + s.Type(t.Elem())
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), s.Type(t.Elem()))
	case reflect.Map:
		return "map[" + s.Type(t.Key()) + "]" + s.Type(t.Elem())
	case reflect.Chan:
		return t.ChanDir().String() + " " + s.Type(t.Elem())
	case reflect.Func:
		return "func" + s.Signature(t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return "any"
		}
	}
	return t.String()
}

// named is a type within the name of an instance: its path, a dot and its name.
func (s *Speller) named(full string) string {
	i := strings.LastIndexByte(full, '.')
	pkg := full[:i]
	if pkg == s.Own {
		return full[i+1:]
	}
	s.Import(pkg, path.Base(pkg))
	return path.Base(pkg) + full[i:]
}

// Signature spells what a function takes and gives, without names.
func (s *Speller) Signature(t reflect.Type) string {
	in, out := make([]string, t.NumIn()), make([]string, t.NumOut())
	for i := range in {
		if in[i] = s.Type(t.In(i)); t.IsVariadic() && i == len(in)-1 {
			in[i] = "..." + s.Type(t.In(i).Elem())
		}
	}
	for i := range out {
		out[i] = s.Type(t.Out(i))
	}
	text := "(" + strings.Join(in, ", ") + ")"
	switch len(out) {
	case 0:
	case 1:
		text += " " + out[0]
	default:
		text += " (" + strings.Join(out, ", ") + ")"
	}
	return text
}

// Value spells a value that is given to something of a type.
func (s *Speller) Value(v reflect.Value, to reflect.Type) string {
	if v.Kind() == reflect.Interface {
		if v.IsNil() {
			return "nil"
		}
		v = v.Elem()
	}
	t := v.Type()
	text := ""
	switch k := v.Kind(); {
	case t == reflect.TypeFor[time.Duration]() && (v.Int() != 0 || t == to):
		return s.Duration(time.Duration(v.Int()))
	case t == reflect.TypeFor[time.Time]() && v.CanInterface():
		return s.time(v.Interface().(time.Time))
	case reflect.Bool <= k && k <= reflect.Complex128 || k == reflect.String:
		text = basic(v)
		if natural, ok := naturals[k]; t != to && (!ok || t != natural) {
			text = s.Type(t) + "(" + text + ")"
		}
		return text
	case k == reflect.Struct, k == reflect.Array, k == reflect.Slice && !v.IsNil(), k == reflect.Map && !v.IsNil():
		return s.Type(t) + "{" + strings.Join(s.parts(v), ", ") + "}"
	case k == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct && t.Name() == "":
		return "&" + s.Value(v.Elem(), t.Elem())
	case k == reflect.Pointer && !v.IsNil() && t.Name() == "":
		return fmt.Sprintf("func() %s { v := %s(%s); return &v }()", s.Type(t), s.Type(t.Elem()), s.Value(v.Elem(), t.Elem()))
	case k == reflect.Func && !v.IsNil():
		return "func" + s.Signature(t) + ` { panic("as the options of the test have it") }`
	}
	return "nil"
}

// naturals are the types that a constant has by itself.
var naturals = map[reflect.Kind]reflect.Type{
	reflect.Bool: reflect.TypeFor[bool](), reflect.Int: reflect.TypeFor[int](), reflect.String: reflect.TypeFor[string](),
	reflect.Complex128: reflect.TypeFor[complex128](),
}

func basic(v reflect.Value) string {
	switch k := v.Kind(); {
	case k == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case k == reflect.String:
		return strconv.Quote(v.String())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	default:
		return strconv.FormatComplex(v.Complex(), 'g', -1, 128)
	}
}

// parts are the elements of a composite value.
func (s *Speller) parts(v reflect.Value) (list []string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !v.Field(i).IsZero() {
				list = append(list, f.Name+": "+s.Value(v.Field(i), f.Type))
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			list = append(list, s.Value(it.Key(), v.Type().Key())+": "+s.Value(it.Value(), v.Type().Elem()))
		}
		slices.Sort(list)
	default:
		last := v.Len()
		for v.Kind() == reflect.Array && last > 0 && v.Index(last-1).IsZero() {
			last--
		}
		for i := range last {
			list = append(list, s.Value(v.Index(i), v.Type().Elem()))
		}
	}
	return list
}

// Duration spells a duration.
func (s *Speller) Duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	s.Import("time", "time")
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"},
		{time.Microsecond, "Microsecond"}} {
		if d%u.unit == 0 {
			if d == u.unit {
				return "time." + u.name
			}
			return fmt.Sprintf("%d*time.%s", d/u.unit, u.name)
		}
	}
	return fmt.Sprintf("%d*time.Nanosecond", d)
}

func (s *Speller) time(t time.Time) string {
	s.Import("time", "time")
	if t.IsZero() {
		return "time.Time{}"
	}
	s.Start = true
	if d := t.Sub(s.Zero); d != 0 {
		return "start.Add(" + s.Duration(d) + ")"
	}
	return "start"
}
