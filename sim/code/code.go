// Package code prints a program as a plain Go test: the component by its constructor, the calls
// one after another, a goroutine for each lane where they run together, and comments that say
// where the schedule let another goroutine go on and what was seen. Whoever reads it needs to know nothing
// of the lab.
//
// A function that was explored as it stands it prints as it stands, with such comments; see Body.
//
// What the calls are in Go the caller says, who knows the component. The package runs nothing, and
// promises nothing of what the test does: Go's own scheduler comes the same way by chance only.
package code

import (
	"fmt"
	"go/format"
	"slices"
	"strings"

	"batchlab/sim/kind"
)

// Reading is how to read a printed test.
var Reading = []string{
	"Who is at it goes on until it waits or is done, but where a comment says otherwise. Go's own scheduler",
	"comes this way by chance only: a sleep where another goroutine goes on makes that likely.",
}

// Test is what is printed.
type Test struct {
	Package string
	Name    string   // of the test function
	Comment []string // above it
	Imports []string // paths, or names and paths: `x "example.com/y"`; testing and sync are added
	Decls   []string // above the test
	Setup   []string // statements before the first call
	Ops     []kind.Op

	// Call is the statement of an operation, by its index; "" if it has none.
	Call func(i int) string
	// Before are comments above an operation, Seen is one behind it. Nil: there are none.
	Before func(i int) []string
	Seen   func(i int) string
	// Waits reports whether a call does not return, by its index. Nil: all do.
	Waits func(i int) bool
	After []string // statements at the end
}

// Source is the text of the file. An error is a statement that is no Go.
func (t *Test) Source() ([]byte, error) {
	var b strings.Builder
	body, waits := t.body()
	fmt.Fprintf(&b, "package %s\n\nimport (\n", t.Package)
	imports := append(slices.Clone(t.Imports), "testing")
	if waits {
		imports = append(imports, "sync")
	}
	slices.SortFunc(imports, func(a, b string) int { return strings.Compare(pathOf(a), pathOf(b)) })
	for _, i := range slices.Compact(imports) {
		if !strings.Contains(i, `"`) {
			i = fmt.Sprintf("%q", i)
		}
		fmt.Fprintf(&b, "\t%s\n", i)
	}
	b.WriteString(")\n\n")
	for _, d := range t.Decls {
		b.WriteString(d + "\n\n")
	}
	for _, c := range t.Comment {
		b.WriteString(strings.TrimRight("// "+c, " ") + "\n")
	}
	fmt.Fprintf(&b, "func %s(t *testing.T) {\n", t.Name)
	for _, s := range t.Setup {
		b.WriteString(s + "\n")
	}
	if waits {
		b.WriteString("var wg sync.WaitGroup\n")
	}
	b.WriteString(body)
	if len(t.After) == 0 {
		trimmed := strings.TrimRight(b.String(), "\n") + "\n"
		b.Reset()
		b.WriteString(trimmed)
	}
	for _, s := range t.After {
		b.WriteString(s + "\n")
	}
	b.WriteString("}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("the test cannot be printed: %w", err)
	}
	return text, nil
}

func pathOf(spec string) string {
	_, path, ok := strings.Cut(spec, `"`)
	if !ok {
		return spec
	}
	return path
}

// body is the calls, and whether some run in goroutines that are waited for.
func (t *Test) body() (text string, waits bool) {
	var b strings.Builder
	first, left := 0, false
	for _, g := range kind.Groups(t.Ops) {
		lanes := lanesOf(g)
		alone := len(g) == 1 && !t.waits(first)
		if !alone {
			waits = true
			if len(lanes) > 1 {
				b.WriteString("\n")
			}
		}
		for _, l := range lanes {
			if !alone {
				fmt.Fprintf(&b, "wg.Go(func() { // %s\n", laneName(l))
			}
			for i, o := range g {
				if o.Lane == l {
					t.call(&b, first+i)
					left = left || t.waits(first+i)
				}
			}
			if !alone {
				b.WriteString("})\n")
			}
		}
		first += len(g)
		if !alone && !left {
			b.WriteString("wg.Wait()\n\n")
		}
	}
	if left {
		b.WriteString("wg.Wait() // for a call that waits\n")
	}
	return b.String(), waits
}

func (t *Test) waits(i int) bool { return t.Waits != nil && t.Waits(i) }

func (t *Test) call(b *strings.Builder, i int) {
	if t.Before != nil {
		for _, c := range t.Before(i) {
			fmt.Fprintf(b, "// %s\n", c)
		}
	}
	text := t.Call(i)
	if text == "" {
		return
	}
	b.WriteString(text)
	if t.Seen != nil {
		if seen := t.Seen(i); seen != "" {
			fmt.Fprintf(b, " // %s", seen)
		}
	}
	b.WriteByte('\n')
}

// lanesOf are the lanes of a group, in the order in which they begin.
func lanesOf(g []kind.Op) []byte {
	var lanes []byte
	for _, o := range g {
		if !slices.Contains(lanes, o.Lane) {
			lanes = append(lanes, o.Lane)
		}
	}
	return lanes
}

func laneName(l byte) string {
	if l == 0 {
		return "time"
	}
	return string(rune(l))
}
