package program

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Decision is one choice of a schedule. Goroutines are named by how they came to be,
// see ValidPath.
type Decision struct {
	Who   string // the goroutine that was at a scheduling point
	Nth   int    // which of its scheduling points, from 1
	Where string // what that is, for a person to read; nobody compares it
	To    string // the goroutine that goes on; "" if Alt is chosen
	Alt   int    // which of the alternatives there, from 0; -1 if To is set
}

// arrow stands between where a choice is and what is chosen.
const arrow = "->"

// String is the decision as the value of a schedule: line.
func (d Decision) String() string {
	s := fmt.Sprintf("%s %d ", d.Who, d.Nth)
	if d.Where != "" {
		s += d.Where + " "
	}
	if d.To != "" {
		return s + arrow + " " + d.To
	}
	return s + fmt.Sprintf("%s #%d", arrow, d.Alt)
}

// ValidPath reports whether a text names a goroutine: segments of lower case letters,
// digits and '+', joined by '/', such as lab/1 or a.
func ValidPath(s string) bool {
	return !slices.ContainsFunc(strings.Split(s, "/"), func(segment string) bool {
		return segment == "" || strings.Trim(segment, "abcdefghijklmnopqrstuvwxyz0123456789+") != ""
	})
}

func (d Decision) fault() string {
	switch {
	case !ValidPath(d.Who):
		return fmt.Sprintf("%q names no goroutine, want for example a or lab/1", clip(d.Who))
	case d.Nth < 1 || d.Nth > MaxNth:
		return fmt.Sprintf("scheduling points go from 1 to %d, got %d", MaxNth, d.Nth)
	case strings.Contains(d.Where, arrow) || strings.TrimSpace(d.Where) != d.Where ||
		strings.ContainsFunc(d.Where, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }):
		return fmt.Sprintf("%q is no place, want one line of text without %q", clip(d.Where), arrow)
	case d.To == "" && (d.Alt < 0 || d.Alt > MaxNth):
		return fmt.Sprintf("alternatives go from 0 to %d, got %d", MaxNth, d.Alt)
	case d.To != "" && (d.Alt != -1 || !ValidPath(d.To)):
		return fmt.Sprintf("%q is no choice, want a goroutine, or a number like #0", clip(d.To))
	}
	return ""
}

func (p *Program) scheduleFault() string {
	if len(p.Schedule) > MaxDecisions {
		return fmt.Sprintf("a schedule has at most %d decisions", MaxDecisions)
	}
	for i, d := range p.Schedule {
		if msg := d.fault(); msg != "" {
			return fmt.Sprintf("decision %d: %s", i+1, msg)
		}
	}
	return ""
}

// ParseDecision reads what String writes. The error says where in the file that is wrong.
func ParseDecision(file string, line, col int, value string) (Decision, error) {
	ps := &parser{file: file, line: line, p: &Program{}}
	if err := ps.decision(value, col); err != nil {
		return Decision{}, err
	}
	return ps.p.Schedule[0], nil
}

// decision reads WHO NTH WHERE -> CHOICE.
func (ps *parser) decision(value string, col int) error {
	left, choice, ok := strings.Cut(value, arrow)
	words := strings.Fields(left)
	if !ok || len(words) < 2 || strings.TrimSpace(choice) == "" {
		return ps.errorf(col, "%q is no decision, want WHO NTH WHERE -> CHOICE, for example %q", clip(value),
			"a 7 queue.go:101 send -> b")
	}
	if len(ps.p.Schedule) == MaxDecisions {
		return ps.errorf(col, "a schedule has at most %d decisions", MaxDecisions)
	}
	who, rest := words[0], strings.TrimLeftFunc(left[len(words[0]):], unicode.IsSpace)
	d := Decision{Who: who, Where: strings.TrimSpace(rest[len(words[1]):]), Alt: -1}
	nth, err := ps.number(words[1], col+columns(left[:len(left)-len(rest)]), 1, MaxNth)
	if err != nil {
		return err
	}
	d.Nth = int(nth)
	at := col + columns(left) + len(arrow) + columns(choice) - columns(strings.TrimLeftFunc(choice, unicode.IsSpace))
	choice = strings.TrimSpace(choice)
	if n, isAlt := strings.CutPrefix(choice, "#"); isAlt {
		alt, err := ps.number(n, at+1, 0, MaxNth)
		if err != nil {
			return err
		}
		d.Alt = int(alt)
	} else if d.To = choice; !ValidPath(choice) {
		return ps.errorf(at, "%q is no choice, want a goroutine like lab/1, or an alternative like #0", clip(choice))
	}
	if msg := d.fault(); msg != "" {
		return ps.errorf(col, "%s", msg)
	}
	ps.p.Schedule = append(ps.p.Schedule, d)
	return nil
}

func columns(s string) int { return len([]rune(s)) }
