package view

import (
	"slices"

	"batchlab/sim/kind"
	"batchlab/sim/view/timeline"
	"batchlab/sim/weave/rt"
)

// Recording is a run that was traced, for a timeline: of its operations the first so many are the program's. What
// was called where nothing ran beside it, a trace does not tell; the run does. The event whose line is marked is
// what the run is shown for, with the note beside it.
func Recording(r *kind.Run, ops int, trace []rt.Passed, seen rt.Seen, stuck []rt.Waiter, marked,
	note string) *timeline.Recording {
	rec := &timeline.Recording{Name: r.Traits.Title, Seen: seen, Stuck: stuck, Lanes: true}
	rec.Trace = slices.DeleteFunc(slices.Clone(trace), func(p rt.Passed) bool { // of time, the clock tells more
		return p.G == "clock" && p.Site == "" && p.To == "" && p.What != "" && p.What[0] == '+'
	})
	if r.Began == nil {
		return rec
	}
	alone := map[int]bool{} // steps of which the trace does not tell
	for _, g := range kind.Parts(r.Ops) {
		for step := g.Step; step <= g.Last; step++ {
			alone[step] = step > ops || len(g.Ops) == 1 && kind.Together(r.Ops[:ops])
		}
	}
	for i, e := range r.Events {
		isMarked := marked != "" && r.Kind.Trimmed(e) == marked
		g := laneTitle(e.Source.Lane)
		if alone[e.Step] && (e.Step <= ops || isMarked) || e.Verb >= kind.Crash {
			text := r.Kind.Told(e)
			if answer := r.Kind.Answer(e); answer != "" && answer != kind.OK.String() {
				text += " → " + answer
			}
			rec.Extra = append(rec.Extra, rt.Passed{G: g, What: text, Seq: r.Ended[i]})
		}
		if isMarked {
			rec.Open = timeline.Event{G: g, Seq: r.Ended[i], Note: note}
			if e.Source.Lane == kind.HandlerLane && !alone[e.Step] {
				rec.Open.G = ""
			}
		}
	}
	for _, c := range r.Clock {
		rec.Extra = append(rec.Extra, rt.Passed{G: "clock", What: "time is +" + c.At.String(), Seq: c.Seq})
	}
	return rec
}
