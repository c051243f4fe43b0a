package rt

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unsafe"
)

// In a run, what package fmt makes of a pointer, a channel, a function, a map or a slice has
// in place of each address one that is made of the address's number. The text is made
// by package fmt, and changed then: what a String method does stays what it is.

// FmtSprintf is fmt.Sprintf(format, args...).
func FmtSprintf(format string, args ...any) string {
	text := fmt.Sprintf(format, args...)
	changed := disguise(text, args)
	if changed != text && padded(format) {
		note(caller() + ": an address that is padded, by as much as its digits leave")
	}
	return changed
}

// FmtSprint is fmt.Sprint(args...).
func FmtSprint(args ...any) string { return disguise(fmt.Sprint(args...), args) }

// FmtSprintln is fmt.Sprintln(args...).
func FmtSprintln(args ...any) string { return disguise(fmt.Sprintln(args...), args) }

// FmtAppendf is fmt.Appendf(b, format, args...).
func FmtAppendf(b []byte, format string, args ...any) []byte {
	return append(b, FmtSprintf(format, args...)...)
}

// FmtAppend is fmt.Append(b, args...).
func FmtAppend(b []byte, args ...any) []byte { return append(b, FmtSprint(args...)...) }

// FmtAppendln is fmt.Appendln(b, args...).
func FmtAppendln(b []byte, args ...any) []byte { return append(b, FmtSprintln(args...)...) }

// FmtFprintf is fmt.Fprintf(w, format, args...).
func FmtFprintf(w io.Writer, format string, args ...any) (int, error) {
	return w.Write([]byte(FmtSprintf(format, args...)))
}

// FmtFprint is fmt.Fprint(w, args...).
func FmtFprint(w io.Writer, args ...any) (int, error) { return w.Write([]byte(FmtSprint(args...))) }

// FmtFprintln is fmt.Fprintln(w, args...).
func FmtFprintln(w io.Writer, args ...any) (int, error) {
	return w.Write([]byte(FmtSprintln(args...)))
}

// FmtPrintf is fmt.Printf(format, args...).
func FmtPrintf(format string, args ...any) (int, error) {
	return FmtFprintf(os.Stdout, format, args...)
}

// FmtPrint is fmt.Print(args...).
func FmtPrint(args ...any) (int, error) { return FmtFprint(os.Stdout, args...) }

// FmtPrintln is fmt.Println(args...).
func FmtPrintln(args ...any) (int, error) { return FmtFprintln(os.Stdout, args...) }

// FmtErrorf is fmt.Errorf(format, args...). The text stands first in each of the types that
// package fmt makes.
func FmtErrorf(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if !active {
		return err
	}
	if changed := disguise(err.Error(), args); changed != err.Error() {
		*textOf(&err) = changed
	}
	return err
}

// textOf is where the text of an error of package fmt stands.
func textOf(err *error) *string { return (*string)((*interfaceHeader)(unsafe.Pointer(err)).data) }

func init() {
	for _, format := range []string{"%p", "%p %w", "%p %w %[2]w"} {
		err := fmt.Errorf(format, new(int), io.EOF)
		if unsafe.StringData(*textOf(&err)) != unsafe.StringData(err.Error()) {
			panic("batchlab: rt does not know the errors of this Go version")
		}
	}
}

// disguise puts addresses' numbers in place of the addresses in a text that was made of
// values.
func disguise(text string, args []any) string {
	if !active || !mayHoldAddress(text) {
		return text
	}
	var a addresses
	for i := range args {
		a.inAny(&args[i], 0)
	}
	var pairs []string
	for _, p := range a.list[:a.n] {
		pairs = appendPairs(pairs, text, p)
	}
	if pairs != nil {
		text = strings.NewReplacer(pairs...).Replace(text)
	}
	if a.missed && leftover(text, pairs, uintptr(unsafe.Pointer(&a))) {
		note(caller() + ": the text of an address that is in a map, or among very many")
	}
	return text
}

// appendPairs appends the forms in which an address stands in a text, and what is to stand
// there.
func appendPairs(pairs []string, text string, p unsafe.Pointer) []string {
	real, prefix := uint64(uintptr(p)), ""
	if real < 1<<32 { // of the program itself, not of its heap: it could be a number
		prefix = "0x"
	}
	for _, form := range []struct {
		base   int
		prefix string
		upper  bool
	}{{16, prefix, false}, {16, strings.ToUpper(prefix), true}, {10, "", false}} {
		is := func(n uint64) string {
			digits := strconv.FormatUint(n, form.base)
			if form.upper {
				digits = strings.ToUpper(digits)
			}
			return form.prefix + digits
		}
		if form.base == 10 && prefix != "" {
			continue
		}
		if old := is(real); strings.Contains(text, old) {
			pairs = append(pairs, old, is(see(p).address()))
		}
	}
	return pairs
}

// mayHoldAddress reports whether a text has so many hexadecimal digits in a row.
func mayHoldAddress(text string) bool {
	n := 0
	for _, c := range []byte(text) {
		if !isHex(c) {
			n = 0
		} else if n++; n == 6 {
			return true
		}
	}
	return false
}

//go:norace
func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// leftover reports whether something in a text looks like an address of the heap, where
// another one is, and was not put there by disguise.
func leftover(text string, pairs []string, heap uintptr) bool {
	for {
		_, after, ok := strings.Cut(text, "0x")
		if !ok {
			return false
		}
		text = after
		n := 0
		for n < len(text) && isHex(text[n]) {
			n++
		}
		at, err := strconv.ParseUint(text[:n], 16, 64)
		if err != nil || max(uintptr(at), heap)-min(uintptr(at), heap) > 1<<38 {
			continue
		}
		ours := false
		for i := 1; i < len(pairs); i += 2 {
			ours = ours || pairs[i] == text[:n]
		}
		if !ours {
			return true
		}
	}
}

// padded reports whether a format gives a width to what may be an address.
func padded(format string) bool {
	for {
		_, after, ok := strings.Cut(format, "%")
		if !ok {
			return false
		}
		verb := strings.TrimLeft(after, "-+# 0")
		format = strings.TrimLeft(verb, "123456789*")
		if format != verb && strings.HasPrefix(strings.TrimLeft(format, "0123456789*.[]"), "p") {
			return true
		}
		if strings.HasPrefix(after, "%") {
			format = after[1:]
		}
	}
}
