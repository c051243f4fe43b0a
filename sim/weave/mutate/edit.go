package mutate

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// An edit puts text in place of some bytes of a file.
type edit = udiff.Edit

// apply returns an edited copy of a text.
func apply(text []byte, edits []edit) ([]byte, error) {
	out, err := udiff.ApplyBytes(text, edits)
	if err == nil && bytes.Equal(out, text) {
		err = fmt.Errorf("nothing was changed")
	}
	return out, err
}

// hunks are the lines that edits touch, which can be applied, and what becomes of them.
// Empty lines are left out: they are there only to keep the numbers of the others.
func hunks(text []byte, edits []edit) (before, after string) {
	diff, err := udiff.ToUnified("", "", string(text), edits, 0)
	if err != nil {
		panic("mutate: " + err.Error())
	}
	_, diff, _ = strings.Cut(diff, "@@") // the names of the files come before
	for line := range strings.Lines(diff) {
		switch sign, kept := line[0], strings.TrimRight(line[1:], " \t\n"); {
		case kept == "":
		case sign == '-':
			before += kept + "\n"
		case sign == '+':
			after += kept + "\n"
		}
	}
	return before, after
}
