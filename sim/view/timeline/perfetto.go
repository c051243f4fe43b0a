package timeline

import (
	"cmp"
	"encoding/json"
)

// Perfetto is the timeline as a trace in the JSON Trace Event Format, which ui.perfetto.dev reads: each run is a
// process and each goroutine a thread of it; calls, points and waits are slices, and where another goroutine goes on
// than the one that could, an arrow leads. One microsecond there is one row here: virtual time stands still most
// of the time.
func (t *Timeline) Perfetto() ([]byte, error) {
	w := &perfetto{Events: []traceEvent{}}
	for pid := range t.Runs {
		w.run(&t.Runs[pid], pid+1)
	}
	w.Other = map[string]string{"title": t.Title, "seed": t.File}
	return json.Marshal(w)
}

type perfetto struct {
	Events []traceEvent      `json:"traceEvents"`
	Unit   string            `json:"displayTimeUnit,omitempty"`
	Other  map[string]string `json:"otherData,omitempty"`
	flows  int
}

// traceEvent is an event of the format: ph X is a whole slice, M a name, i an instant, and s and f are the ends of
// an arrow.
type traceEvent struct {
	Phase    string         `json:"ph"`
	Name     string         `json:"name"`
	Category string         `json:"cat,omitempty"`
	Process  int            `json:"pid"`
	Thread   int            `json:"tid"`
	At       int            `json:"ts"`
	For      *int           `json:"dur,omitempty"`
	ID       int            `json:"id,omitempty"`
	Bind     string         `json:"bp,omitempty"`
	Scope    string         `json:"s,omitempty"`
	Args     map[string]any `json:"args,omitempty"`
}

// run adds a run. Slices of a thread lie one in the other: a call is around what is done in it, and what waits, or
// is stopped, does so up to the next thing that the goroutine does.
func (w *perfetto) run(r *Run, pid int) {
	name := func(what, name string, tid int) {
		w.Events = append(w.Events, traceEvent{Phase: "M", Name: what, Process: pid, Thread: tid,
			Args: map[string]any{"name": name}})
	}
	name("process_name", cmp.Or(r.Name, "run"), 0)
	next := r.next()
	open := make([]int, len(r.Columns)) // the call that is under way, from 1
	for c := range r.Columns {
		name("thread_name", r.Columns[c].Name, c+1)
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Column < 0 {
			w.Events = append(w.Events, traceEvent{Phase: "i", Name: r.Says(i), Category: "time", Process: pid, At: i,
				Scope: "p"})
			continue
		}
		tid := row.Column + 1
		switch row.Kind {
		case Call:
			open[row.Column] = i + 1
			continue
		case Answer:
			if from := open[row.Column]; from > 0 {
				open[row.Column] = 0
				w.slice(pid, tid, from-1, i+1, r.Rows[from-1].Text, "call", map[string]any{"answer": row.Text})
			}
			continue
		}
		to, category := i+1, "point"
		if row.Kind == Waits || row.Kind == Switch {
			to, category = next[i], "wait"
		}
		text := r.Says(i)
		if row.Kind == Switch {
			text = "stopped"
			w.arrow(pid, tid, row.To+1, i, firstOf(r, row.To, i))
		}
		args := map[string]any{}
		if row.Site != "" {
			args["site"] = row.Site
		}
		w.slice(pid, tid, i, to, text, category, args)
	}
	for c, from := range open { // calls that have not ended
		if from > 0 {
			w.slice(pid, c+1, from-1, len(r.Rows)+1, r.Rows[from-1].Text, "call", map[string]any{"answer": "none"})
		}
	}
}

// next is, of each row, the next of the same goroutine; behind all rows if there is none.
func (r *Run) next() []int {
	next, of := make([]int, len(r.Rows)), make([]int, len(r.Columns))
	for c := range of {
		of[c] = len(r.Rows)
	}
	for i := len(r.Rows) - 1; i >= 0; i-- {
		if c := r.Rows[i].Column; c >= 0 {
			next[i], of[c] = of[c], i
		}
	}
	return next
}

// firstOf is the first row of a goroutine behind another row, -1 if there is none.
func firstOf(r *Run, c, behind int) int {
	for i := behind + 1; i < len(r.Rows); i++ {
		if r.Rows[i].Column == c {
			return i
		}
	}
	return -1
}

func (w *perfetto) slice(pid, tid, from, to int, name, category string, args map[string]any) {
	length := max(to-from, 1)
	w.Events = append(w.Events, traceEvent{Phase: "X", Name: name, Category: category, Process: pid, Thread: tid,
		At: from, For: &length, Args: args})
}

// arrow leads from a slice that begins at a row to one that begins at another.
func (w *perfetto) arrow(pid, from, to, at, end int) {
	if end < 0 {
		return
	}
	w.flows++
	e := traceEvent{Phase: "s", Name: "goes on", Category: "switch", Process: pid, Thread: from, At: at, ID: w.flows}
	w.Events = append(w.Events, e)
	e.Phase, e.Thread, e.At, e.Bind = "f", to, end, "e"
	w.Events = append(w.Events, e)
}
