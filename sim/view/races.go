package view

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Race draws the first race that the detector reports: the two accesses with their stacks, and of
// these the functions of the program, each with file and line. It is "" if there is none.
//
//	| write             | earlier read      |
//	|-------------------|-------------------|
//	| Add counter.go:12 | Get counter.go:20 |
//	| main.go:7         |                   |
func Race(report string) string {
	t := &grid{}
	var stacks [][]string
	var ends []string // where the goroutines were started
	lines := strings.Split(report, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch m := access.FindStringSubmatch(line); {
		case m != nil && len(t.head) == 2, strings.HasPrefix(line, "=====") && len(t.head) == 2:
			i = len(lines)
		case m != nil:
			t.head = append(t.head, strings.ToLower(strings.Replace(m[1], "Previous", "earlier", 1)))
			stacks = append(stacks, nil)
		case started.MatchString(line):
			ends = append(ends, "")
		case strings.HasPrefix(line, "  ") && i+1 < len(lines):
			frame := frameOf(line, lines[i+1])
			i++
			switch n := len(ends); {
			case frame == "" || len(stacks) == 0:
			case n == 0:
				stacks[len(stacks)-1] = append(stacks[len(stacks)-1], frame)
			case ends[n-1] == "":
				ends[n-1] = frame
			}
		}
	}
	if len(t.head) != 2 {
		return ""
	}
	for n := range max(len(stacks[0]), len(stacks[1])) {
		row := make([]string, 2)
		for i, s := range stacks {
			if n < len(s) && n < mostFrames {
				row[i] = s[n]
			}
		}
		if row[0]+row[1] != "" {
			t.rows = append(t.rows, row)
		}
	}
	if len(ends) == 2 && ends[0]+ends[1] != "" {
		for i := range ends {
			if ends[i] != "" {
				ends[i] = "started at " + ends[i]
			}
		}
		t.rows = append(t.rows, slices.Clone(ends))
	}
	return t.String()
}

const mostFrames = 6 // of a stack

var (
	access = regexp.MustCompile(`^((?:Previous )?(?:[Aa]tomic )?(?:[Rr]ead|[Ww]rite)) at 0x[0-9a-f]+ by `)
	// standard matches files of the standard library, whether their paths are trimmed or not.
	standard = regexp.MustCompile(`^(/.*/go[^/]*/src/[a-z]+/|[a-z]+/)([a-z0-9]+/)*[a-z0-9_]+\.(go|s):`)
	started  = regexp.MustCompile(`^Goroutine \S+ \(.*\) created at:`)
)

// frameOf is a frame of a stack as a report has it, in two lines: the function without its package,
// and file and line. It is "" if it is not the program's.
func frameOf(call, place string) string {
	call, place = strings.TrimSpace(call), strings.TrimSpace(place)
	own := strings.HasPrefix(call, "batchlab/sim.") || strings.HasPrefix(call, "batchlab/sim/")
	if own || standard.MatchString(place) {
		return ""
	}
	if i := strings.LastIndexByte(call, '('); i > 0 {
		call = call[:i]
	}
	if i := strings.Index(call, "["); i > 0 { // the types of an instance
		call = call[:i] + call[strings.LastIndexByte(call, ']')+1:]
	}
	call = path.Base(call)
	if _, name, ok := strings.Cut(call, "."); ok {
		call = name
	}
	call = strings.TrimPrefix(call, "batchlab_") // a test that was woven as a body
	place, _, _ = strings.Cut(place, " ")
	if i := strings.LastIndexByte(place, '/'); i >= 0 {
		place = place[i+1:]
	}
	return call + " " + place
}
