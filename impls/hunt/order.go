package hunt

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A kill says of a mutant after how many schedules each litmus program kills it, as far as that is known.
type kill struct {
	kind, name string
	after      map[string]int // by the program's name; on average
}

// KillsFile is where kills are kept, from the module's root on: batchlab mutants --learn makes it.
const KillsFile = "impls/hunt/kills.txt"

//go:embed kills.txt
var keptKills string

var kills = readKills(keptKills)

// readKills reads lines of a kind, a mutant and programs with how many schedules they take, which stand by their
// numbers, and before them the numbers with their programs.
func readKills(text string) (list []kill) {
	names := map[string]string{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0] == "#":
		case len(f) == 2:
			names[f[0]] = f[1]
		default:
			k := kill{f[0], f[1], map[string]int{}}
			for _, c := range f[2:] {
				number, after, _ := strings.Cut(c, ":")
				k.after[names[number]], _ = strconv.Atoi(after)
			}
			list = append(list, k)
		}
	}
	return list
}

// writeKills is readKills backwards.
func writeKills(list []kill) string {
	var names []string
	for _, k := range list {
		for name := range k.after {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var b strings.Builder
	fmt.Fprintf(&b, "# Which litmus program kills which mutant after how many schedules, on average of %d hunts of at "+
		"most\n# %d; made by batchlab mutants --only interleaving --repeats 1 --learn\n", lessons, lesson)
	for i, name := range names {
		fmt.Fprintln(&b, i, name)
	}
	for _, k := range list {
		fmt.Fprint(&b, k.kind, " ", k.name)
		for i, name := range names {
			if n := k.after[name]; n > 0 {
				fmt.Fprintf(&b, " %d:%d", i, n)
			}
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

// Of which programs so many schedules of a hunt are is chosen.
const chosen = 200

// litmus is a litmus program. A schedule of one of many calls takes as long as so many of others.
type litmus struct {
	name string
	cost int
}

// calledWith are the keys or items of calls that stand as one.
var calledWith = regexp.MustCompile(`[a-z](\d+)\.\.[a-z](\d+)`)

func newLitmus(file, text string) litmus {
	calls := 0
	for _, m := range calledWith.FindAllStringSubmatch(text, -1) {
		from, _ := strconv.Atoi(m[1])
		to, _ := strconv.Atoi(m[2])
		calls += to - from
	}
	return litmus{strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), 1 + calls/50}
}

// order is of which of the programs the first schedules of a hunt are. That the mutant behaves as one that
// was killed before is a guess, the likelier the nearer they are; each schedule is of the program that kills most
// for what it costs, and takes from each guess as much as the program would have killed. Of a program that nothing
// is known of there is a small chance. What killed this mutant itself is not looked at: it is hunted as one that is
// seen for the first time. (Whole numbers, so that it is the same on every machine.)
func order(list []kill, kind, name string, programs []litmus) (first []int) {
	type guess struct {
		weight int
		after  []int
	}
	var guesses []guess
	chance, all := make([]int, len(programs)), 0
	for _, k := range list {
		if k.kind != kind || k.name == name {
			continue
		}
		g := guess{near(name, k.name) << 24, make([]int, len(programs))}
		for i, p := range programs {
			g.after[i] = k.after[p.name]
		}
		guesses = append(guesses, g)
		all += g.weight
	}
	for i := range chance {
		chance[i] = all / 200
	}
	for len(first) < chosen && len(guesses) > 0 {
		best, most := 0, -1
		for i := range programs {
			sum := chance[i]
			for _, g := range guesses {
				if g.after[i] > 0 {
					sum += g.weight / g.after[i]
				}
			}
			if sum /= programs[i].cost; sum > most {
				best, most = i, sum
			}
		}
		first = append(first, best)
		chance[best] -= chance[best] / 5
		for i := range guesses {
			if g := &guesses[i]; g.after[best] > 0 {
				g.weight -= g.weight / g.after[best]
			}
		}
	}
	return first
}

// near is how alike two mutants are, by their names: file:line-operator.
func near(a, b string) int {
	fileA, lineA, operatorA := place(a)
	fileB, lineB, operatorB := place(b)
	n := 1
	if fileA != "" && fileA == fileB {
		n += 160 / (4 + max(lineA-lineB, lineB-lineA))
	}
	if operatorA != "" && operatorA == operatorB {
		n += 8
	}
	return n
}

// place is where a mutant is, and by which operator; nothing of one that was written by hand.
func place(name string) (file string, line int, operator string) {
	file, rest, ok := strings.Cut(name, ":")
	if !ok {
		return "", 0, ""
	}
	number, operator, _ := strings.Cut(rest, "-")
	line, _ = strconv.Atoi(number)
	return file, line, operator
}
