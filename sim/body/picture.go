package body

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"batchlab/sim/view"
	"batchlab/sim/view/timeline"
	"batchlab/sim/weave/rt"
)

// timeline is what there is to see of a find: it opens where the goroutine is at last that the find is about.
func (o *once) timeline(f *Find, stuck []rt.Waiter) *timeline.Timeline {
	who, site := "test", ""
	switch f.Law {
	case Panics:
		who = cmp.Or(o.res.Panicked, who)
	case Held:
		who, site = o.held[0].By, o.held[0].Site
	case Spins:
		if len(o.res.Spinning) > 0 {
			who = o.res.Spinning[0].Name
		}
	case Deadlock, Left:
		for _, w := range stuck {
			if !w.Timed && w.What != sleeps && (who == "test" || w.By != "") {
				who = w.Name
			}
		}
	}
	t := timeline.Timeline{Title: o.x.name, Verdict: []string{string(f.Law) + ": " + f.Text}}
	switch f.Law { // what a table of waiters does not say
	case Fails, Panics:
		t.Detail = strings.Join(f.Detail[:min(len(f.Detail), mostDetail)], "\n")
	case Races: // it was at one of these lines, whoever was
		t.Detail = view.Race(strings.Join(f.Detail, "\n"))
		who, site = "", cmp.Or(timeline.Sites.FindString(t.Detail), "none")
	}
	rec := &timeline.Recording{Trace: o.res.Trace, Seen: o.res.Seen, Stuck: stuck,
		Open: timeline.Event{G: who, Site: site, Seq: math.MaxInt64, Note: noteOf(f.Law)}}
	if f.Law == Fails && o.fails.Seq > 0 {
		rec.Open = o.fails
		rec.Open.Note = "after this " + f.Text
	}
	if f.Law == Spins && len(rec.Trace) > mostSpun { // more of the same tells nothing
		t.Cut, rec.Trace = mostSpun, rec.Trace[:mostSpun]
		last := rec.Trace[mostSpun-1].Seq
		later := func(a rt.Accessed) bool { return a.Seq > last }
		rec.Seen.Accesses = slices.DeleteFunc(slices.Clone(rec.Seen.Accesses), later)
	}
	return timeline.New(t, nil, rec)
}

// noteOf says what is wrong beside the row at which the goroutine was last.
func noteOf(law Law) string {
	switch law {
	case Fails:
		return "after this the test fails"
	case Deadlock, Left:
		return "waits for ever"
	case Held:
		return "it is never unlocked"
	}
	return string(law)
}

// mostSpun is how many points are drawn of what comes to no end.
const mostSpun = 1500
