package code

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"batchlab/sim/kind"
	"batchlab/sim/program"
)

// OfSeed is a seed file's program as a test, if its kind has a form in plain Go.
func OfSeed(file string, p *program.Program) ([]byte, error) {
	if p.Kind.Code == nil {
		return nil, fmt.Errorf("%s: kind %s has no form in plain Go", file, p.Kind.Name)
	}
	subject := "baseline"
	t := &Test{Name: Name(file), Ops: p.Ops}
	t.Comment = append([]string{t.Name + " is " + filepath.ToSlash(file) + "."}, p.Comment...)
	if len(p.Expect) > 0 {
		e := p.Expect[0]
		subject = cmp.Or(append(e.Subjects, subject)...)
		law, _ := p.Kind.Law(kind.LawID(e.Law))
		t.Comment = append(t.Comment, "", fmt.Sprintf("Expected: %s (%s).", law.Text, e.Law),
			"That is broken in "+strings.Join(e.Subjects, ", ")+".")
	}
	if len(p.Shows) > 0 {
		t.Comment = append(t.Comment, "", "Seen, among other things:")
		for _, s := range p.Shows {
			t.Comment = append(t.Comment, "  "+s)
		}
	}
	c := p.Kind.Code(p.Config, subject, p.Ops)
	t.Package, t.Imports, t.Decls, t.Setup = c.Package, c.Imports, c.Decls, c.Setup
	t.Call = func(i int) string { return c.Calls[i] }
	t.Waits = func(i int) bool { return waited(p, p.Ops[i]) }
	first := firstTogether(p.Ops)
	t.Before = func(i int) []string {
		if i == first {
			return switchesOf(p.Schedule)
		}
		return nil
	}
	return t.Source()
}

// waited reports whether the seed shows that a call like this one waits.
func waited(p *program.Program, o kind.Op) bool {
	call := string(rune(o.Lane)) + " " + p.Kind.Ops[o.Verb].Name
	return o.Lane != 0 && slices.ContainsFunc(p.Shows, func(s string) bool {
		return strings.Contains(" "+s, " "+call) && strings.HasSuffix(s, "-> waits")
	})
}

// firstTogether is the first operation that runs together with others, or just the first.
func firstTogether(ops []kind.Op) int {
	for i := range ops {
		if i+1 < len(ops) && ops[i+1].And {
			return i
		}
	}
	return 0
}

// switchesOf says where a schedule lets another goroutine go on.
func switchesOf(schedule []program.Decision) (list []string) {
	for _, d := range schedule {
		if d.To != "" {
			list = append(list, fmt.Sprintf("where %s is at %s, %s goes on", d.Who, d.Where, d.To))
		}
	}
	return list
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9]+(.?)`)

// Name is the name of a file as that of a test.
func Name(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if strings.HasPrefix(name, "Test") {
		return strings.Map(func(r rune) rune {
			if notInNames.MatchString(string(r)) {
				return '_'
			}
			return r
		}, name)
	}
	return "Test" + notInNames.ReplaceAllStringFunc("-"+name, func(s string) string {
		return strings.ToUpper(s[len(s)-1:])
	})
}
