package derive

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"batchlab/sim/kind"
)

// Objects are what calls answer by pointer and nobody looks into. Where the component is its own original it is
// seen whether two answers are one object: a pool that hands one out twice shows itself by nothing
// else. They are numbered when a run is over, in the canonical order of its events, so that a number does not
// say which of two calls that overlapped was first.
//
//	a Get -> *conn#1
//	b Get -> *conn#2

const maxObjects = 64

// tells reports whether objects are told apart. Those of an original may be others where the component's
// are not.
func (d *Derived) tells() bool { return !d.opts.Original }

// object is the number of an object, in the order in which they were met.
//
//go:norace
func (i *instance) object(p unsafe.Pointer) int {
	for n := range i.nmet {
		if i.met[n] == p {
			return n
		}
	}
	if i.nmet < maxObjects {
		i.met[i.nmet] = p
		i.nmet++
	}
	return i.nmet - 1
}

// number numbers the objects in the events of a run.
func number(events []kind.Event) {
	if !slices.ContainsFunc(events, func(e kind.Event) bool { return strings.Contains(e.Text, kind.Unnumbered) }) {
		return
	}
	order := make([]int, len(events))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(events[a].Step-events[b].Step, events[a].Compare(&events[b]))
	})
	names := map[string]string{}
	for _, at := range order {
		parts := strings.Split(events[at].Text, kind.Unnumbered)
		for n := 1; n < len(parts); n += 2 {
			if names[parts[n]] == "" {
				names[parts[n]] = "#" + strconv.Itoa(len(names)+1)
			}
			parts[n] = names[parts[n]]
		}
		events[at].Text = strings.Join(parts, "")
	}
}
