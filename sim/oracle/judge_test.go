package oracle

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"batchlab/sim/history"
	"batchlab/sim/kind"
)

const look kind.Verb = 1

// cell is a kind of which lanes look at a number, with the judges that a test gives it.
func cell(audit func(*kind.Run) *kind.Breach, model func(*kind.Run) kind.Followed) *kind.Kind {
	return &kind.Kind{
		Name: "cell",
		Ops: []kind.Operation{kind.Time, {Name: "look", Lane: true, Answer: func(e *kind.Event) string {
			if e.Outcome == kind.OK {
				return fmt.Sprint(e.Val)
			}
			return ""
		}}},
		Notices: []kind.Notice{{Text: "rings"}, {Text: "burns", Law: "C2-fire"}},
		Laws:    []kind.Law{{ID: "C1-seven", Text: "it is seven"}, {ID: "C2-fire", Text: "it does not burn"}},
		End:     func(kind.Config, []kind.Op) []kind.Op { return nil },
		Audit:   audit, Model: model,
	}
}

// run is a run of a cell in which lane a looks once in each step; a digit is what it sees.
func run(k *kind.Kind, seen string, more ...kind.Event) *kind.Run {
	r := &kind.Run{Kind: k, Traits: kind.Traits{Title: "cell/x", LawsOnly: k.Model == nil}}
	for i, c := range seen {
		r.Ops = append(r.Ops, kind.Op{Verb: look, Lane: 'a'})
		r.Events = append(r.Events, kind.Event{Step: i + 1, Source: kind.Source{Lane: 'a'}, Verb: look, Outcome: kind.OK, Val: c - '0'})
	}
	r.Events = append(r.Events, more...)
	return r
}

// breach is one that a kind's own judge finds, at an event from 0.
func breach(law kind.LawID, at int) *kind.Breach { return &kind.Breach{Law: law, At: at, Step: at + 1} }

// TestLaws: the laws of everything, without a kind's own.
func TestLaws(t *testing.T) {
	const lane, lab, handler = 'a', kind.LabLane, kind.HandlerLane
	event := func(step int, who byte, v kind.Verb, note string) kind.Event {
		return kind.Event{Step: step, Source: kind.Source{Lane: who}, Verb: v, Note: note}
	}
	call := func(step int, who byte, out kind.Outcome) kind.Event {
		return kind.Event{Step: step, Source: kind.Source{Lane: who}, Verb: look, Outcome: out}
	}
	broke := call(2, lane, kind.Broke)
	broke.Note = "boom"
	type events = []kind.Event
	for _, c := range []struct {
		name string
		more []kind.Event // after two looks
		law  kind.LawID
		step int
		got  string
	}{
		{"nothing", nil, "", 0, ""},
		{"a notice", events{event(2, handler, kind.FirstNotice, "")}, "", 0, ""},
		{"a notice that breaks a law", events{event(2, handler, kind.FirstNotice+1, "")}, "C2-fire", 2, "handler [] burns"},
		{"a goroutine is left", events{event(2, lab, kind.Leaked, "f in select")}, kind.Leak, 2,
			"goroutine left behind (f in select)"},
		{"it hangs", events{event(2, lab, kind.Hung, "")}, kind.Progress, 2, "lab hangs"},
		{"a race", events{event(2, lab, kind.Race, "")}, kind.NoRace, 2, "lab data race"},
		{"a panic", events{broke}, kind.NoPanic, 2, "a look -> panics (boom)"},
		{"a panic as it is meant to be", events{call(2, lane, kind.Refused)}, "", 0, ""},
		{"a crash", events{event(2, lab, kind.Crash, "")}, kind.NoPanic, 2, "panics, the program crashes"},
		{"a crash that the program asks for", events{event(2, handler, kind.Crash, "")}, "", 0, ""},
		{"a call that never returns", events{call(2, lane, kind.Waits)}, kind.Progress, 2,
			"a look -> waits                                    #2, and it never returned"},
		{"a call that waits and returns", events{call(1, lane, kind.Waits), call(2, lane, kind.OK)}, "", 0, ""},
		{"another lane's return", events{call(1, 'b', kind.Waits), call(2, lane, kind.OK)}, kind.Progress, 2,
			"b look -> waits"},
		{"a call that waits when all crashes", events{call(1, lane, kind.Waits), event(2, handler, kind.Crash, "")}, "", 0, ""},
		{"a call that is skipped", events{call(2, lane, kind.Skipped)}, "", 0, ""},
	} {
		for _, waived := range []bool{false, true} {
			r := run(cell(nil, nil), "77", c.more...)
			if waived {
				r.Traits.Waives = []kind.LawID{c.law}
			}
			v, err := Judge(r)
			w := v.Violation
			switch {
			case err != nil || v.Specified:
				t.Errorf("%s: %v, specified %v", c.name, err, v.Specified)
			case c.law == "" || waived:
				if w != nil {
					t.Errorf("%s, waived %v: %v", c.name, waived, w)
				}
			case w == nil || w.Law != c.law || w.Step != c.step || !strings.Contains(w.Got, c.got):
				t.Errorf("%s: got %v, want %s at step %d: %s", c.name, w, c.law, c.step, c.got)
			}
		}
	}
}

// TestJudge: who is heard of those who judge.
func TestJudge(t *testing.T) {
	leak := kind.Event{Step: 2, Source: kind.Source{Lane: kind.LabLane}, Verb: kind.Leaked}
	knows := func(law kind.LawID) bool { return law == "C1-seven" }
	wants := func(at int) *kind.Followed { // the model, another line at an event from 0
		b := breach(kind.SameHistory, at)
		b.Want = "a look -> 8"
		return &kind.Followed{Breach: b}
	}
	for _, c := range []struct {
		name      string
		audit     *kind.Breach
		model     *kind.Followed // nil: there is no model
		waives    []kind.LawID
		law       kind.LawID
		step      int
		specified bool
		allowed   bool
		want      string
	}{
		{"nobody finds anything", nil, &kind.Followed{Whole: true}, []kind.LawID{kind.Leak}, "", 0, false, true, ""},
		{"the laws of everything", nil, nil, nil, kind.Leak, 2, false, false, "no goroutine outlives Close"},
		{"the kind's, which is earlier", breach("C1-seven", 0), nil, nil, "C1-seven", 1, false, false, "it is seven"},
		{"the kind's at the same event", breach("C1-seven", 2), nil, nil, kind.Leak, 2, false, false, ""},
		{"the model, which is earlier", nil, wants(0), nil, kind.SameHistory, 1, false, false, "a look -> 8"},
		{"the law at the model's step, with the model's lines", breach("C1-seven", 1), wants(1), nil, "C1-seven", 2, false,
			false, "a look -> 8"},
		{"what the specification does as well", breach("C1-seven", 0), &kind.Followed{Knows: knows, Whole: true}, nil, "C1-seven", 1, true, true, ""},
		{"of which the specification knows nothing", nil, &kind.Followed{Knows: knows, Whole: true}, nil, kind.Leak, 2, false, true, ""},
		{"an order, of which a step-by-step model knows nothing", &kind.Breach{Law: "C1-seven", Step: 1, Ordered: true},
			&kind.Followed{Knows: knows, Whole: true}, nil, "C1-seven", 1, false, true, ""},
		{"a law where the model gives up", nil, &kind.Followed{Err: errors.New("too much")}, nil, kind.Leak, 2, false, false, ""},
		{"the model's, waived", nil, &kind.Followed{Breach: breach("C1-seven", 0), Whole: true}, []kind.LawID{"C1-seven"}, kind.Leak, 2, false, false, ""},
		{"both waived", nil, &kind.Followed{Breach: breach("C1-seven", 0), Whole: true}, []kind.LawID{"C1-seven", kind.Leak}, "", 0, false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := cell(func(*kind.Run) *kind.Breach { return c.audit }, nil)
			if c.model != nil {
				k.Model = func(*kind.Run) kind.Followed { return *c.model }
			}
			r := run(k, "77", leak)
			r.Traits.Waives = c.waives
			v, err := Judge(r)
			w := v.Violation
			switch {
			case err != nil || v.Specified != c.specified || v.Allowed != c.allowed || v.Subject != "cell/x":
				t.Errorf("%+v, %v; want specified %v, allowed %v", v, err, c.specified, c.allowed)
			case c.law == "" && w != nil:
				t.Error(w)
			case c.law != "" && (w == nil || w.Law != c.law || w.Step != c.step || !strings.Contains(w.Want, c.want)):
				t.Errorf("got %v, want %s at step %d: %s", w, c.law, c.step, c.want)
			}
		})
	}
}

// TestJudgeErrors: what cannot be judged is nobody's violation.
func TestJudgeErrors(t *testing.T) {
	var le *kind.LabError
	wild := run(cell(nil, func(*kind.Run) kind.Followed { return kind.Followed{Err: errors.New("too much")} }), "7")
	if v, err := Judge(wild); !errors.As(err, &le) || !le.Wild || v.Violation != nil {
		t.Errorf("got %v, %v; want a wild *LabError", v.Violation, err)
	}
	none := run(cell(nil, func(*kind.Run) kind.Followed { return kind.Followed{Err: &kind.LabError{Msg: "no run"}} }), "7")
	if _, err := Judge(none); !errors.As(err, &le) || le.Wild || err.Error() != "batchlab: no run" {
		t.Errorf("got %v, want the model's own error", err)
	}
	bad := run(cell(nil, nil), "7")
	bad.Stamped = true
	if _, err := Judge(bad); !errors.As(err, &le) || le.Wild || !strings.Contains(err.Error(), "one beginning and one end") {
		t.Errorf("got %v", err)
	}
	if Judging() {
		t.Error("judging goes on when it is over")
	}
}

// TestPromised: a model is not asked about what the subject need not promise, and a line
// that it finds is shown as it is.
func TestPromised(t *testing.T) {
	asked := 0
	k := cell(nil, func(r *kind.Run) kind.Followed {
		asked = len(r.Events)
		return kind.Followed{Breach: &kind.Breach{Law: "C1-seven", At: 1, Step: 2, Want: "a look -> 7"}}
	})
	burns := kind.Event{Step: 1, Source: kind.Source{Lane: kind.HandlerLane}, Verb: kind.FirstNotice + 1}
	r := run(k, "78")
	r.Events = []kind.Event{r.Events[0], burns, r.Events[1]}
	r.Traits.Waives = []kind.LawID{"C2-fire"}
	v, err := Judge(r)
	if err != nil || v.Violation == nil || v.Violation.Law != "C1-seven" || !strings.Contains(v.Violation.Got, "a look -> 8") || asked != 2 {
		t.Errorf("got %v, %v; the model was asked about %d events", v.Violation, err, asked)
	}
	r.Traits.Waives = nil
	if v, err := Judge(r); err != nil || v.Violation == nil || v.Violation.Law != "C2-fire" || asked != 3 {
		t.Errorf("got %v, %v; the model was asked about %d events", v.Violation, err, asked)
	}
}

// TestBefore: a violation shows up to five lines before it.
func TestBefore(t *testing.T) {
	for at, want := range map[int]int{0: 0, 3: 3, 5: 5, 7: 5, 8: 5} {
		k := cell(func(*kind.Run) *kind.Breach { return breach("C1-seven", at) }, nil)
		v, err := Judge(run(k, "12345678"))
		if err != nil || len(v.Violation.Before) != want || want > 0 && !strings.Contains(v.Violation.Before[want-1], fmt.Sprintf("a look -> %d", at)) {
			t.Errorf("at %d: %q, %v", at, v.Violation.Before, err)
		}
		if at == 8 && v.Violation.Got != "nothing" {
			t.Errorf("behind the last event is %q", v.Violation.Got)
		}
	}
}

// TestAgrees: how far a second run has to be as the first.
func TestAgrees(t *testing.T) {
	k := cell(nil, nil)
	h, early, late := history.Of(run(k, "111")), history.Of(run(k, "211")), history.Of(run(k, "112"))
	verdict := func(law kind.LawID, specified bool, branched int) Verdict {
		v := Verdict{Subject: "cell/x", Specified: specified, Branched: branched}
		if law != "" {
			v.Violation = &Violation{Law: law, Subject: v.Subject, Step: 2}
		}
		return v
	}
	for _, c := range []struct {
		v           Verdict
		early, late bool
	}{
		{verdict("", false, 0), false, false},
		{verdict("", false, 3), false, true},         // from step 3 on there are several
		{verdict("C1-seven", false, 0), false, true}, // at step 2: what comes later is of no interest
		{verdict("C1-seven", true, 0), false, false},
		{verdict("C1-seven", false, 1), true, true},
	} {
		if !c.v.Agrees(h, h) || c.v.Agrees(h, early) != c.early || c.v.Agrees(h, late) != c.late {
			t.Errorf("%+v: agrees with itself %v, early %v, late %v", c.v, c.v.Agrees(h, h), c.v.Agrees(h, early), c.v.Agrees(h, late))
		}
	}
}

// TestWrite: what a person is shown, whole.
func TestWrite(t *testing.T) {
	v := &Violation{Law: "C1-seven", Text: "it is seven", Subject: "cell/x", Step: 2, Want: "a look -> 7",
		Got: "a look -> 8", Before: []string{"a look -> 7"}, Detail: "why"}
	var b strings.Builder
	v.Write(&b, program("batchlab: 1\n"), "make replay SEED=x.seed")
	const want = `violation C1-seven in cell/x, step 2
  it is seven

    a look -> 7
  got  a look -> 8
  want a look -> 7
  why

The program:

batchlab: 1

Show it again:

    make replay SEED=x.seed
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	if got, want := v.Error(), "C1-seven in cell/x at step 2: want a look -> 7, got a look -> 8"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

type program string

func (p program) String() string { return string(p) }

// TestCause: a law is broken by a call, whatever it answered; by one that never returns; or by
// nobody, if something is missing.
func TestCause(t *testing.T) {
	lane := kind.Source{Lane: 'a'}
	missing := func(*kind.Run) *kind.Breach { return &kind.Breach{Law: "C1-seven", At: 2, Step: 2} }
	for _, c := range []struct {
		r    *kind.Run
		want Cause
	}{
		{run(cell(func(*kind.Run) *kind.Breach { return breach("C1-seven", 1) }, nil), "78"), Cause{"C1-seven", 2, "a look"}},
		{run(cell(missing, nil), "78"), Cause{"C1-seven", 2, ""}},
		{run(cell(nil, nil), "7", kind.Event{Step: 1, Source: lane, Verb: look, Outcome: kind.Waits, Note: "at a.go:7"}),
			Cause{kind.Progress, 1, "a look"}},
	} {
		v, err := Judge(c.r)
		if err != nil || v.Violation == nil || v.Violation.Cause() != c.want {
			t.Errorf("%v, %+v; want %v", err, v.Violation, c.want)
		}
	}
}
