package lab

import (
	"testing"
	"time"

	"batchlab/sim/kind"
)

// TestJudgedOnce: of runs that cannot be told apart the first is judged, and the verdict names
// the subject; whatever a judge can tell is judged again, and so is what is wrong.
func TestJudgedOnce(t *testing.T) {
	judgements := 0
	k := &kind.Kind{Name: "box", Ops: []kind.Operation{kind.Time, {Name: "give", Lane: true}}}
	k.Audit = func(*kind.Run) *kind.Breach { judgements++; return nil }
	run := func(title string) *kind.Run {
		give := kind.Event{Step: 1, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.OK, Items: []kind.Item{{Lane: 'a', N: 1}}}
		return &kind.Run{Kind: k, Ops: []kind.Op{{Verb: 1, Lane: 'a'}}, Traits: kind.Traits{Title: title, LawsOnly: true},
			Events: []kind.Event{give}}
	}
	var j judged
	judge := func(what string, r *kind.Run, want int) {
		t.Helper()
		before := judgements
		v, err := j.judge(r)
		if err != nil || v.Subject != r.Traits.Title || judgements-before != want {
			t.Errorf("%s: %d judgements, want %d; %+v, %v", what, judgements-before, want, v, err)
		}
	}
	first := run("box/first")
	judge("the first", first, 1)
	judge("another subject", run("box/second"), 0)
	first.Events[0].Arg = 7 // as a run does that uses its memory again
	judge("the first again", run("box/first"), 0)
	for what, change := range map[string]func(r *kind.Run){
		"a setting":         func(r *kind.Run) { r.Config.Values[0] = 1 },
		"an operation":      func(r *kind.Run) { r.Ops = append(r.Ops, kind.Move(time.Second)) },
		"an argument":       func(r *kind.Run) { r.Ops[0].Args[0] = 1 },
		"a waived law":      func(r *kind.Run) { r.Traits.Waives = []kind.LawID{kind.Leak} },
		"a model":           func(r *kind.Run) { r.Traits.LawsOnly = false },
		"one event more":    func(r *kind.Run) { r.Events = append(r.Events, r.Events[0]) },
		"another time":      func(r *kind.Run) { r.Events[0].At = 1 },
		"another item":      func(r *kind.Run) { r.Events[0].Items[0].N = 2 },
		"an order of calls": func(r *kind.Run) { r.Began, r.Ended = []int64{1}, []int64{1} },
	} {
		j = judged{}
		judge("as before", run("box/first"), 1)
		r := run("box/second")
		change(r)
		judge(what, r, 1)
	}
	hung := run("box/second")
	hung.Events[0].Outcome = kind.Waits
	for range 2 {
		before := judgements
		if v, err := j.judge(hung); err != nil || v.Violation == nil || judgements == before {
			t.Errorf("a call that never returns: %+v, %v", v, err)
		}
	}
}
