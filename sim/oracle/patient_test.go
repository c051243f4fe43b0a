package oracle

import (
	"testing"

	"batchlab/sim/kind"
)

// patient is a cell whose calls may wait, with an operation that ends it and another that does something.
func patient() *kind.Kind {
	k := cell(nil, nil)
	k.Patient = true
	k.Ops[look].Looks = true
	k.Ops = append(k.Ops, kind.Operation{Name: "end", Lane: true, Ends: true}, kind.Operation{Name: "do", Lane: true})
	return k
}

const (
	finish kind.Verb = 2
	act    kind.Verb = 3
)

func call(verb kind.Verb, out kind.Outcome) kind.Event {
	return kind.Event{Step: 1, Source: kind.Source{Lane: 'a'}, Verb: verb, Outcome: out}
}

// TestPatient: that a call waits for ever is for the reference to judge, but not of one that ends the
// component.
func TestPatient(t *testing.T) {
	for verb, want := range map[kind.Verb]kind.LawID{act: "", look: "", finish: kind.Progress} {
		v, err := Judge(run(patient(), "7", call(verb, kind.Waits)))
		if got := v.Violation; err != nil || (got == nil) != (want == "") || got != nil && got.Law != want {
			t.Errorf("%d waits: %v, %v", verb, got, err)
		}
	}
}

// TestUsedAfterEnd: what began after the end had returned, looks and further ends aside.
func TestUsedAfterEnd(t *testing.T) {
	for _, c := range []struct {
		name         string
		events       []kind.Event
		began, ended []int64
		want         bool
	}{
		{"a call after it", []kind.Event{call(finish, kind.OK), call(act, kind.OK)}, []int64{1, 3}, []int64{2, 4}, true},
		{"a call that outlasts it", []kind.Event{call(finish, kind.OK), call(act, kind.OK)}, []int64{1, 2}, []int64{3, 4}, false},
		{"a call beside it", []kind.Event{call(act, kind.OK), call(finish, kind.OK)}, []int64{1, 2}, []int64{3, 4}, false},
		{"before it", []kind.Event{call(act, kind.OK), call(finish, kind.OK)}, []int64{1, 3}, []int64{2, 4}, false},
		{"a look", []kind.Event{call(finish, kind.OK), call(look, kind.OK)}, []int64{1, 3}, []int64{2, 4}, false},
		{"twice", []kind.Event{call(finish, kind.OK), call(finish, kind.OK)}, []int64{1, 3}, []int64{2, 4}, false},
		{"an end that has not returned", []kind.Event{call(finish, kind.Waits), call(act, kind.OK)}, []int64{1, 3}, []int64{2, 4}, false},
	} {
		if got := UsedAfterEnd(&kind.Run{Kind: patient(), Events: c.events, Began: c.began, Ended: c.ended}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestOnlyAfterEnd: of calls that ran together with the end one that began after it counts if it had to.
func TestOnlyAfterEnd(t *testing.T) {
	for _, c := range []struct {
		name  string
		lanes string // an upper case letter runs together with the one before it
		want  bool
	}{
		{"by another lane, together", "aB", false},
		{"by another lane, later", "ab", true},
		{"by the same lane", "aA", true},
		{"after a call that came after it", "aBB", true},
	} {
		r := &kind.Run{Kind: patient()}
		for i := range c.lanes {
			verb := act
			if i == 0 {
				verb = finish
			}
			e := call(verb, kind.OK)
			e.Step = i + 1
			r.Events = append(r.Events, e)
			r.Ops = append(r.Ops, kind.Op{Verb: verb, Lane: c.lanes[i] | 0x20, And: c.lanes[i] < 'a'})
			r.Began, r.Ended = append(r.Began, int64(2*i)), append(r.Ended, int64(2*i+1))
		}
		if got := OnlyAfterEnd(r); got != c.want || !UsedAfterEnd(r) {
			t.Errorf("%s: %v, used %v", c.name, got, UsedAfterEnd(r))
		}
	}
}

// TestEndSkipped: who did not come to end it has not.
func TestEndSkipped(t *testing.T) {
	for _, c := range []struct {
		want   bool
		events []kind.Event
	}{
		{true, []kind.Event{call(act, kind.Waits), call(finish, kind.Skipped)}},
		{false, []kind.Event{call(finish, kind.Skipped), call(finish, kind.OK)}},
		{false, []kind.Event{call(finish, kind.Waits)}},
		{false, []kind.Event{call(act, kind.Skipped)}},
	} {
		if got := EndSkipped(&kind.Run{Kind: patient(), Events: c.events}); got != c.want {
			t.Errorf("%v: %v", c.events, got)
		}
	}
}

// TestTextIsSeen: what a call answered is part of an outcome.
func TestTextIsSeen(t *testing.T) {
	seen := map[uint64]string{}
	for _, text := range []string{"", "1", "1 true", "1 false", "a long text of more than a word", "a long text of more than a wort"} {
		e := call(act, kind.OK)
		e.Text = text
		o := Observe(&kind.Run{Kind: patient(), Events: []kind.Event{e}, Began: []int64{1}, Ended: []int64{2}}, []byte{0, 'a'})
		if other, ok := seen[o.Digest]; ok {
			t.Errorf("%q is like %q", text, other)
		}
		seen[o.Digest] = text
	}
}
