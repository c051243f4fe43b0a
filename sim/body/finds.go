package body

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// How long others are looked for beside the first find.
const (
	mostFinds     = 5
	besides       = 300       // schedules with no news
	besidesPoints = 2_000_000 // a second, or less
)

// take takes in what a schedule broke, if that is no cause which is known already and comes of no
// schedule before: it is shrunk and kept.
func (x *explorer) take(f *Find) {
	if f == nil || x.knows(f) || !x.confirm(f) {
		return
	}
	x.shrink(f)
	switch {
	case x.knows(f):
		return
	case f.Ahead != "":
		x.ahead = f
		return
	}
	x.keep(f)
	if x.news = x.r.Schedules; len(x.finds) == 0 {
		x.first = x.r.Points
	}
	x.finds = append(x.finds, f)
	slices.SortStableFunc(x.finds, func(a, b *Find) int { return cmp.Compare(a.Law.gravity(), b.Law.gravity()) })
}

// enough reports whether what was found ends the search.
func (x *explorer) enough() bool {
	switch {
	case x.r.Apart == mostApart:
		return true
	case len(x.finds) == 0:
		return false
	case x.o.Rough: // told as it was found, but what is left behind hides nothing graver
		first := x.finds[0]
		return first.Law != Left && first.Law != Held || x.r.Schedules >= first.At+besides
	}
	return len(x.finds) == mostFinds || x.r.Schedules >= x.news+besides || x.r.Points > x.first+besidesPoints
}

// told puts the finds into the report, the gravest first, and last what is none but on a slow machine.
func (x *explorer) told() {
	all := x.finds
	if x.ahead != nil {
		all = append(all, x.ahead)
	}
	if len(all) == 0 {
		return
	}
	x.r.Find = all[0]
	if !x.o.Rough {
		x.r.Others = all[1:]
	}
}

// Failed reports whether something was found that counts on any machine.
func (r *Report) Failed() bool { return r.Find != nil && r.Find.Ahead == "" }

// All are the finds, the gravest first.
func (r *Report) All() []*Find {
	if r.Find == nil {
		return nil
	}
	return append([]*Find{r.Find}, r.Others...)
}

func (l Law) gravity() int {
	return slices.Index([]Law{Panics, Races, Fails, Deadlock, Spins, Left, Held}, l)
}

// knows reports whether a find of the same cause is there.
func (x *explorer) knows(f *Find) bool {
	return f.Ahead != "" && x.ahead != nil || slices.ContainsFunc(x.finds, func(o *Find) bool { return o.sameCause(f) })
}

// sameCause reports whether two finds break the same law in the same place.
func (f *Find) sameCause(o *Find) bool {
	a, b := f.places(), o.places()
	in := func(place string) bool { return slices.Contains(b, place) }
	return f.Law == o.Law && (len(a)+len(b) == 0 || slices.ContainsFunc(a, in))
}

var placeInCode = regexp.MustCompile(`[^\s(/]+\.go:\d+`)

// places are the lines of code by which one cause is told from another.
func (f *Find) places() []string {
	var list []string
	switch f.Law {
	case Held:
		list = placeInCode.FindAllString(f.Text, 1)
	case Fails: // all that the test said, a line each
		for _, l := range f.Detail {
			if at := placeInCode.FindStringIndex(l); at != nil && at[0] == 0 {
				list = append(list, l[:at[1]])
			}
		}
	case Panics, Races:
		list = placeInCode.FindAllString(strings.Join(f.Detail, "\n"), 1)
	case Deadlock, Left: // the test itself waits in most
		for _, l := range f.Detail {
			if waits, _, _ := strings.Cut(l, " (started at "); !strings.HasPrefix(waits, "test ") {
				list = append(list, placeInCode.FindAllString(waits, 1)...)
			}
		}
	}
	if list == nil && f.Law != Spins { // in a loop any line may be the last
		list = append(list, f.Text)
	}
	return list
}

// dirty says that a schedule found what of before it has found, and has each schedule from now on run in
// a process of its own.
func (x *explorer) dirty(what string) {
	x.apart = true
	x.note(fmt.Sprintf("%s: only after other schedules of this process: package-level state outlives a schedule; "+
		"from here on each has a process of its own", what))
}
