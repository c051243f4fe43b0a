package mutate

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Mutant is a package with one mistake in it.
type Mutant struct {
	ID       string // m01, m02, ... in order of file and line
	Name     string // file:line-operator, in lower case: batcher.go:155-drop-select-case
	Operator string
	File     string // base name
	Line     int
	Func     string // where the mistake is: "Batcher.Close", or "Batcher" in the type itself
	What     string // one sentence
	Before   string // the lines that were changed
	After    string // what became of them
	// Sources are the whole files of the package without its tests, by base name.
	Sources map[string][]byte
	Kinds   []string // of the subjects in Affects
	// Affects are the rows of the registry that run what was changed, as kind/name:
	// "batcher/baseline". None: the registry's rows never run it.
	Affects []string
	// Note says why no caller can tell the mutant from the original. It is "" where
	// nobody has argued that.
	Note string
}

// Diff shows what was changed, like a patch.
func (m Mutant) Diff() string {
	var b strings.Builder
	fmt.Fprintf(&b, "@@ %s:%d %s @@\n", m.File, m.Line, m.Func)
	for sign, text := range []string{m.Before, m.After} {
		for line := range strings.Lines(text) {
			fmt.Fprintf(&b, "%c%s\n", "-+"[sign], strings.TrimSuffix(line, "\n"))
		}
	}
	return b.String()
}

// An operator finds the places where one kind of mistake can be made.
type operator struct {
	name string
	find func(*source) // adds changes
}

// A change is one mistake: edits of one file, and the place that it is named after.
type change struct {
	at    token.Pos
	what  string
	edits []edit
}

// change adds what an operator has found.
func (s *source) change(at ast.Node, edits []edit, what string, args ...any) {
	s.changes = append(s.changes, change{at.Pos(), fmt.Sprintf(what, args...), edits})
}

var operators = []operator{
	{"drop-lock", dropLock},
	{"rlock-for-lock", readLock},
	{"split-section", splitSection},
	{"unlock-early", unlockEarly},
	{"lock-below-check", lockBelowCheck},
	{"drop-recheck", dropRecheck},
	{"lost-update", lostUpdate},
	{"plain-field", plainField},
	{"plain-operation", plainOperation},
	{"drop-stop", dropStop},
	{"drop-drain", dropDrain},
	{"drop-select-case", dropSelectCase},
	{"buffer-less", func(s *source) { buffer(s, -1) }},
	{"buffer-more", func(s *source) { buffer(s, 1) }},
	{"swap-close", swapClose},
	{"swap-send", swapSend},
	{"drop-closed-check", dropClosedCheck},
	{"skip-wait-group", skipWaitGroup},
	{"late-add", lateAdd},
	{"undefer", undefer},
	{"pool-early", poolEarly},
}

// All returns every mutant of the package in a folder, in order of file, line and
// operator. The registry whose rows it may affect is the package of the folder above.
func All(dir string) ([]Mutant, error) {
	s, rows, err := load(dir)
	if err != nil {
		return nil, err
	}
	return s.mutants(rows)
}

// found is a mutant with what it was made by.
type found struct {
	Mutant
	change
	rank int
}

// mutants applies the operators.
func (s *source) mutants(rows []row) ([]Mutant, error) {
	var list []found
	for rank, op := range operators {
		s.changes = nil
		op.find(s)
		for _, c := range s.changes {
			p := s.fset.Position(c.at)
			m := Mutant{Operator: op.name, File: filepath.Base(p.Filename), Line: p.Line, Func: s.funcName(c.at), What: c.what}
			if m.Func != "" {
				m.What = "in " + m.Func + ", " + c.what
			}
			list = append(list, found{m, c, rank})
		}
	}
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.rank, b.rank),
			cmp.Compare(a.at, b.at))
	})
	width := max(2, len(fmt.Sprint(len(list))))
	names := map[string]int{}
	all := make([]Mutant, len(list))
	for i, f := range list {
		m := &all[i]
		*m = f.Mutant
		m.ID = fmt.Sprintf("m%0*d", width, i+1)
		m.Name = fmt.Sprintf("%s:%d-%s", strings.ToLower(strings.ReplaceAll(m.File, "_", "-")), m.Line, m.Operator)
		if names[m.Name]++; names[m.Name] > 1 {
			m.Name += fmt.Sprintf("-%d", names[m.Name])
		}
		text, err := apply(s.text[m.File], f.edits)
		if err != nil {
			return nil, fmt.Errorf("mutate: %s: %w", m.Name, err)
		}
		m.Before, m.After = hunks(s.text[m.File], f.edits)
		m.Sources = maps.Clone(s.text)
		m.Sources[m.File] = text
		s.affects(m, rows, f.edits)
		m.Note = note(*m)
		if err := s.recheck(m.File, text); err != nil {
			return nil, fmt.Errorf("mutate: %s does not compile, its operator is wrong: %w\n%s", m.Name, err, m.Diff())
		}
	}
	return all, nil
}
