package oracle

import (
	"fmt"
	"strings"
	"testing"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

// table is a kind with a law, whose two calls are of a key.
var table = &kind.Kind{
	Name: "table",
	Ops: []kind.Operation{
		kind.Time,
		{Name: "set", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'k', Max: 9}, {Form: kind.Named, Letter: 'v', Max: 9}}},
		{Name: "get", Lane: true, Params: []kind.Param{{Form: kind.Named, Letter: 'k', Max: 9}}},
	},
	Laws: []kind.Law{{ID: "T1-stored", Text: "get answers what was set"}},
}

// wrong is a verdict; an empty law is none.
func wrong(law kind.LawID, specified bool, branched int) Verdict {
	v := Verdict{Subject: "table/x", Specified: specified, Branched: branched}
	if law != "" {
		v.Violation = &Violation{Law: law, Subject: v.Subject, Step: 2, Want: "x", Got: "y"}
	}
	return v
}

// answers is a history in which a sets a value, and b gets values.
func answers(set int32, gets ...int32) history.History {
	h := history.History{Kind: table, Subject: "table/x", Events: []kind.Event{
		{Step: 1, Source: kind.Source{Lane: 'a'}, Verb: 1, Outcome: kind.Yes, Arg: 1, Val: set},
	}}
	for i, v := range gets {
		h.Events = append(h.Events, kind.Event{Step: 2 + i, Source: kind.Source{Lane: 'b'}, Verb: 2, Outcome: kind.Yes, Arg: 1, Val: v})
		if v == 0 {
			h.Events[1+i].Outcome = kind.No
		}
	}
	return h
}

// TestAgrees: how far a second run has to be as the first.
func TestAgreesUpTo(t *testing.T) {
	h, early, late := answers(1, 1, 1), answers(2, 1, 1), answers(1, 1, 0)
	for _, c := range []struct {
		v           Verdict
		early, late bool
	}{
		{wrong("", false, 0), false, false},
		{wrong("", false, 3), false, true},          // from step 3 on there are several
		{wrong("T1-stored", false, 0), false, true}, // at step 2: what comes later is of no interest
		{wrong("T1-stored", true, 0), false, false},
		{wrong("T1-stored", false, 1), true, true},
	} {
		if !c.v.Agrees(h, h) || c.v.Agrees(h, early) != c.early || c.v.Agrees(h, late) != c.late {
			t.Errorf("%+v: agrees with itself %v, early %v, late %v", c.v, c.v.Agrees(h, h), c.v.Agrees(h, early), c.v.Agrees(h, late))
		}
	}
}

type text string

func (s text) String() string { return string(s) }

// TestWrite: what a person is shown, whole.
func TestWriteWhole(t *testing.T) {
	h := answers(1, 0)
	v := violation(h, &kind.Breach{Law: "T1-stored", At: 1, Step: 2, Want: "b get k1 -> v1", Got: "b get k1 -> none"})
	v.Before, v.Detail = []string{"a set k1 v1 -> true"}, "why"
	var b strings.Builder
	v.Write(&b, text("a set k1 v1\nb get k1\n"), "make replay SEED=x.seed")
	const want = `violation T1-stored in table/x, step 2
  get answers what was set

    a set k1 v1 -> true
  got  b get k1 -> none
  want b get k1 -> v1
  why

The program:

a set k1 v1
b get k1

Show it again:

    make replay SEED=x.seed
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if got, want := fmt.Sprint(v), "T1-stored in table/x at step 2: want b get k1 -> v1, got b get k1 -> none"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestViolation: what a breach does not say the history and the law do.
func TestViolation(t *testing.T) {
	v := violation(answers(1, 1, 0), &kind.Breach{Law: "T1-stored", At: 2, Step: 3, More: ", too early"})
	if v.Want != "get answers what was set" || !strings.Contains(v.Got, "b get k1 -> false") || !strings.HasSuffix(v.Got, "#3, too early") || len(v.Before) != 2 {
		t.Errorf("%+v", v)
	}
	if violation(answers(1), nil) != nil {
		t.Error("no breach is a violation")
	}
}
