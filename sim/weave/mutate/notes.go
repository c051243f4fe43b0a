package mutate

import "strings"

// neverTaken are calls that no row of the registry comes to, by caller.
var neverTaken = map[string][]string{
	"GetOptimized": {"Get"},       // only on a map without an index
	"SetOptimized": {"setLocked"}, // likewise
}

// notes say which mutants are equivalent to the original, and why. A mutant is told by
// its operator, its function, and a part of the lines that were changed or that they became.
var notes = []struct{ operator, function, part, why string }{}

// note is what is known of a mutant beforehand.
func note(m Mutant) string {
	for _, n := range notes {
		if n.operator == m.Operator && n.function == m.Func && strings.Contains(m.Before+m.After, n.part) {
			return n.why
		}
	}
	return ""
}
