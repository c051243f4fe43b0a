package overview

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"batchlab/sim/view/timeline"
)

// Reach is what schedules reached of the source.
type Reach struct {
	Runs, Schedules       int // how many, and of each program whose operations run together
	Points, Reached, Both int // lines with points, those of them that were reached, and pairs seen in both orders
	OneOrder              []Pair
	Missed                []Place
	Files                 []File
}

// Pair is two lines at which two goroutines did something to one object, and one of them changed it: First always came
// before Second, in so many Runs.
type Pair struct {
	First, Second Place
	Runs          int
}

// Place is a line of the source.
type Place struct{ Site, Text, Anchor string }

// File is a file of the source.
type File struct {
	Name                      string
	Points, Reached, OneOrder int // lines
	Lines                     []Line
}

// Line is a line of a File. Its Class is hit, miss or once (there are pairs that were seen in one order only) if it has
// a point, else "".
type Line struct {
	N                         int
	Text, Class, Mark, Anchor string
}

// Sources are the files that can be reached, by path, and their lines with points.
type Sources struct {
	Text   map[string][]byte
	Points map[string][]int
}

// NewReach puts together what was reached: in how many runs each point was, named file.go:12, and in how many the first
// point of each pair, named by both with a blank between them, came before the second and after it. What is in none of
// the sources is left out.
func NewReach(s Sources, points map[string]int, pairs map[string][2]int) *Reach {
	r := &Reach{}
	places, once := map[string]Place{}, map[string]bool{}
	paths := slices.SortedFunc(maps.Keys(s.Points), func(a, b string) int {
		return cmp.Or(cmp.Compare(filepath.Base(a), filepath.Base(b)), cmp.Compare(a, b))
	})
	for i, path := range paths {
		f := File{Name: filepath.Base(path)}
		for n, text := range strings.Split(string(bytes.TrimRight(s.Text[path], "\n")), "\n") {
			f.Lines = append(f.Lines, Line{N: n + 1, Text: timeline.Clean(text)})
		}
		for _, n := range s.Points[path] {
			if n > len(f.Lines) {
				continue // the file has changed since
			}
			l := &f.Lines[n-1]
			l.Class, l.Anchor = "miss", fmt.Sprintf("f%d-%d", i, n)
			p := Place{f.Name + ":" + strconv.Itoa(n), strings.TrimSpace(l.Text), l.Anchor}
			places[p.Site] = p
			if f.Points++; points[p.Site] > 0 {
				l.Class = "hit"
				f.Reached++
			} else {
				r.Missed = append(r.Missed, p)
			}
		}
		r.Points, r.Reached = r.Points+f.Points, r.Reached+f.Reached
		r.Files = append(r.Files, f)
	}
	for _, pair := range slices.Sorted(maps.Keys(pairs)) {
		a, b, _ := strings.Cut(pair, " ")
		n, first, second := pairs[pair], places[a], places[b]
		switch {
		case first.Site == "" || second.Site == "":
		case n[0] > 0 && n[1] > 0:
			r.Both++
		default:
			if n[0] == 0 {
				first, second = second, first
			}
			r.OneOrder = append(r.OneOrder, Pair{first, second, n[0] + n[1]})
			once[a], once[b] = true, true
		}
	}
	slices.SortStableFunc(r.OneOrder, func(a, b Pair) int { return b.Runs - a.Runs })
	r.mark(once)
	return r
}

// marks are what stands beside lines, for those who do not see colours.
var marks = map[string]string{"hit": "●", "miss": "○", "once": "◐"}

// mark marks the lines, and those with pairs that were seen in one order only.
func (r *Reach) mark(once map[string]bool) {
	for i := range r.Files {
		f := &r.Files[i]
		for n := range f.Lines {
			l := &f.Lines[n]
			if l.Class == "hit" && once[f.Name+":"+strconv.Itoa(l.N)] {
				l.Class = "once"
				f.OneOrder++
			}
			l.Mark = marks[l.Class]
		}
	}
}

// Pairs are all that were seen.
func (r *Reach) Pairs() int { return r.Both + len(r.OneOrder) }

// Missing is how many of a file's lines with points were not reached.
func (f File) Missing() int { return f.Points - f.Reached }
