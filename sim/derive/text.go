package derive

import (
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"batchlab/sim/kind"
	"batchlab/sim/program"
	"batchlab/sim/weave/rt"
)

// printer makes a text of values, in memory of its own. Pointers, functions and channels have
// none but their type; times count from the beginning of the program.
type printer struct {
	b    []byte
	zero time.Time
	i    *instance // that tells objects apart, or nil
}

// mostText is how long the text of one answer gets.
const mostText = 400

// knownErrors are compared by errors.Is, as those that woven packages export are: what stands around them is
// nobody's promise.
var knownErrors = []error{
	context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, io.ErrShortWrite,
	errors.ErrUnsupported,
}

// value appends a value.
func (p *printer) value(v reflect.Value, depth int) {
	if len(p.b) > mostText {
		p.b = append(p.b[:mostText], "…"...)
		return
	}
	switch {
	case !v.IsValid():
		p.b = append(p.b, "nil"...)
		return
	case v.Type() == timeType && v.CanInterface():
		p.time(v.Interface().(time.Time))
		return
	case v.Type() == durationType:
		p.b = append(p.b, program.DurationText(time.Duration(v.Int()))...)
		return
	case v.Kind() != reflect.Interface && v.CanInterface() && v.Type().Implements(errorType) && !isNil(v):
		p.error(v.Interface().(error))
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		p.b = strconv.AppendBool(p.b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.b = strconv.AppendInt(p.b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.b = strconv.AppendUint(p.b, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		p.b = strconv.AppendFloat(p.b, v.Float(), 'g', -1, 64)
	case reflect.Complex64, reflect.Complex128:
		p.b = append(p.b, strconv.FormatComplex(v.Complex(), 'g', -1, 128)...)
	case reflect.String:
		p.b = strconv.AppendQuote(p.b, v.String())
	case reflect.Interface:
		p.value(v.Elem(), depth)
	default:
		p.parts(v, depth)
	}
}

func isNil(v reflect.Value) bool { return nilable(v.Kind()) && v.IsNil() }

// parts appends what has parts, or an address.
func (p *printer) parts(v reflect.Value, depth int) {
	switch {
	case isNil(v):
		p.b = append(p.b, "nil"...)
	case depth > 4:
		p.b = append(p.b, "…"...)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uintptr: // where in the code
		p.b = append(p.b, typeName(v.Type())...)
	case isStack(v):
		p.b = append(strconv.AppendQuote(p.b, unstacked(string(v.Bytes()))), "…"...)
	case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
		p.list(v.Len(), "[", "]", func(i int) { p.value(v.Index(i), depth+1) })
	case v.Kind() == reflect.Map:
		p.entries(v, depth)
	case v.Kind() == reflect.Func && (v.Type().CanSeq() || v.Type().CanSeq2()):
		p.sequence(v, depth)
	case v.Kind() == reflect.Struct && isData(v.Type(), true, 0):
		p.list(v.NumField(), "{", "}", func(i int) { p.value(v.Field(i), depth+1) })
	case v.Kind() == reflect.Pointer && isData(v.Type().Elem(), false, 0):
		p.b = append(p.b, '&')
		p.value(v.Elem(), depth+1)
	default:
		p.b = append(p.b, typeName(v.Type())...)
		if p.i != nil && v.Kind() == reflect.Pointer && p.i.d.tells() {
			p.b = append(p.b, kind.Unnumbered...)
			p.b = append(strconv.AppendInt(p.b, int64(p.i.object(v.UnsafePointer())), 10), kind.Unnumbered...)
		}
	}
}

func (p *printer) list(n int, open, end string, one func(i int)) {
	p.b = append(p.b, open...)
	for i := range n {
		if i > 0 {
			p.b = append(p.b, ' ')
		}
		one(i)
	}
	p.b = append(p.b, end...)
}

// mostItems is how many items of a sequence are looked at.
const mostItems = 16

// sequence goes through what a method returned to be gone through.
func (p *printer) sequence(v reflect.Value, depth int) {
	p.b = append(p.b, "seq["...)
	n := 0
	item := func(parts ...reflect.Value) bool {
		for i, part := range parts {
			if n > 0 || i > 0 {
				p.b = append(p.b, " :"[min(i, 1)])
			}
			p.value(part, depth+1)
		}
		n++
		return n < mostItems
	}
	if v.Type().CanSeq() {
		v.Seq()(func(a reflect.Value) bool { return item(a) })
	} else {
		v.Seq2()(func(a, b reflect.Value) bool { return item(a, b) })
	}
	p.b = append(p.b, ']')
}

// entries appends a map's entries in the order of their texts.
func (p *printer) entries(v reflect.Value, depth int) {
	var texts []string
	for it := v.MapRange(); it.Next(); {
		e := printer{zero: p.zero}
		e.value(it.Key(), depth+1)
		e.b = append(e.b, ':')
		e.value(it.Value(), depth+1)
		texts = append(texts, string(e.b))
	}
	slices.Sort(texts)
	p.list(len(texts), "map[", "]", func(i int) { p.b = append(p.b, texts[i]...) })
}

func (p *printer) time(t time.Time) {
	if t.IsZero() {
		p.b = append(p.b, "never"...)
		return
	}
	p.b = append(p.b, timeWord(t.Sub(p.zero))...)
}

func (p *printer) error(err error) {
	if name := rt.ErrorName(err); name != "" {
		p.b = append(p.b, name...)
		return
	}
	for _, known := range knownErrors {
		if errors.Is(err, known) {
			p.b = append(p.b, known.Error()...)
			return
		}
	}
	p.b = append(p.b, oneLine(err.Error())...)
}

// unstacked is a text without the stack that it ends with, if it does: goroutines have other numbers each time.
func unstacked(s string) string {
	if at := strings.Index(s, "goroutine "); at >= 0 && strings.Contains(s[at:], " [running]:\n") {
		return s[:at]
	}
	return s
}

// isStack reports whether a value is bytes that end with a stack.
func isStack(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 &&
		len(unstacked(string(v.Bytes()))) < v.Len()
}

// oneLine is a text without what a line of a history cannot hold.
func oneLine(s string) string {
	if own := unstacked(s); len(own) < len(s) {
		s = strings.TrimSpace(own)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
		s = strings.Join(strings.Fields(s), " ")
	}
	if len(s) > mostText {
		s = s[:mostText] + "…"
	}
	return s
}

// isData reports whether all of a type may be read and compared: there is no lock in it, nor
// anything else that is somebody's own, such as a field that is not exported, if it is no copy.
func isData(t reflect.Type, isCopy bool, depth int) bool {
	switch t.Kind() {
	case reflect.Struct:
		if t == timeType {
			return true
		}
		if pkg := t.PkgPath(); pkg == "sync" || pkg == "sync/atomic" || depth > 3 {
			return false
		}
		for i := range t.NumField() {
			if f := t.Field(i); !isCopy && !f.IsExported() || !isData(f.Type, isCopy, depth+1) {
				return false
			}
		}
		return true
	case reflect.Array, reflect.Slice:
		return isData(t.Elem(), isCopy && t.Kind() == reflect.Array, depth+1)
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Pointer:
		return false
	}
	return true
}

// typeName is a type as it is spelled, without spaces.
func typeName(t reflect.Type) string { return strings.ReplaceAll(t.String(), " ", "") }

// timeWord is a time as it is counted from the beginning of the program.
func timeWord(after time.Duration) string {
	switch {
	case after == 0:
		return "t0"
	case after < 0:
		return "t0-" + program.DurationText(-after)
	}
	return "t0+" + program.DurationText(after)
}

// wordOf is a value as a word of a seed file.
func wordOf(v reflect.Value) string {
	var p printer
	p.value(v, 0)
	var b strings.Builder
	for _, r := range string(p.b) {
		switch {
		case r == ' ' && v.Kind() == reflect.String:
			b.WriteString(`\x20`)
		case r == ' ':
			b.WriteByte(',')
		case r == '#':
			b.WriteString(`\x23`)
		case r < ' ' || r == 0x7f || r == 0xfffd:
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
